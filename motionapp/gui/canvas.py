"""A frame as the picture that the window paints: fitted, tinted, in Qt's byte order. No Qt.

Runs on the view thread, so that a large picture costs the window nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Frame
from motionapp.core.moment import Moment
from motionapp.gui.state import Shows
from motionapp.overlay import tint_mask
from motionapp.overlay.flow import flow_picture

FULL_COLOUR_HEIGHTS_S = 0.5
"""Picture heights per second that have the fullest colour of the flow. One scale for all
pictures, unlike in a file: so noise stays pale while nothing moves."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A picture ready to be painted, and what it shows."""

    bgra: NDArray[np.uint8]
    """Shape (h, w, 4), C-contiguous; at most as large as the view."""
    size: tuple[int, int]
    """Width and height of the frame, the unit of every box."""
    index: int
    pts_s: float
    captured_ns: int | None


def shown(frame: Frame, moment: Moment | None, fit: tuple[int, int], shows: Shows) -> Shown:
    """Make a frame ready to be painted.

    Parameters
    ----------
    frame : Frame
    moment : Moment or None
        The newest one: its mask and flow are laid over the picture where `shows` asks for them.
    fit : tuple of (int, int)
        Width and height of the view in device pixels.
    shows : Shows

    Returns
    -------
    Shown
        Never larger than the frame: Qt enlarges when it paints, which costs less.
    """
    bgr = frame.bgr()
    height, width = bgr.shape[:2]
    scale = min(fit[0] / width, fit[1] / height)
    if 0 < scale < 1:
        bgr = _resized(bgr, (max(1, round(width * scale)), max(1, round(height * scale))))
    if moment is not None and (shows.mask or shows.flow):
        bgr = _tinted(bgr, moment, shows, height)
    bgra = np.empty((*bgr.shape[:2], 4), np.uint8)
    cv2.cvtColor(bgr, cv2.COLOR_BGR2BGRA, dst=bgra)
    return Shown(bgra, (width, height), frame.index, frame.pts_s, frame.captured_ns)


def _tinted(
    bgr: NDArray[np.uint8], moment: Moment, shows: Shows, frame_height: int
) -> NDArray[np.uint8]:
    """After fitting, when there are fewer pixels to mix."""
    motion = moment.motion
    bgr = bgr.copy()
    if shows.flow and motion.flow is not None:
        bgr = _with_flow(bgr, motion.flow, FULL_COLOUR_HEIGHTS_S * frame_height)
    if shows.mask and motion.mask is not None:
        tint_mask(bgr, motion.mask)
    return bgr


def _with_flow(
    bgr: NDArray[np.uint8], flow: NDArray[np.float32], full_px_s: float
) -> NDArray[np.uint8]:
    """The colours of the flow over the picture, the fuller the faster.

    Mixed by OpenCV from weights at analysis scale: 3 ms at 928x522, where `overlay.flow`, which
    also draws the legend of a file that has no window round it, takes some 60.
    """
    height, width = bgr.shape[:2]
    colours = flow_picture(flow, full_px_s=full_px_s)
    opacity = (255 - colours.min(axis=2)).astype(np.float32) * np.float32(0.75 / 255)
    opacity = np.asarray(cv2.resize(opacity, (width, height)), np.float32)
    mixed = cv2.blendLinear(cv2.resize(colours, (width, height)), bgr, opacity, 1 - opacity)
    return np.asarray(mixed, np.uint8)


def _resized(bgr: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    # Below two thirds, interpolation between two pixels would skip some.
    is_much = 3 * size[0] < 2 * bgr.shape[1]
    how = cv2.INTER_AREA if is_much else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(bgr, size, interpolation=how), np.uint8)
