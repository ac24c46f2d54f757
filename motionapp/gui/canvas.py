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
from motionapp.overlay.draw import draw_flow


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
    if moment is not None and (shows.mask or shows.flow or shows.arrows):
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
    draw_flow(bgr, motion, frame_height, colours=shows.flow, arrows=shows.arrows)
    if shows.mask and motion.mask is not None:
        tint_mask(bgr, motion.mask)
    return bgr


def _resized(bgr: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    # Below two thirds, interpolation between two pixels would skip some.
    is_much = 3 * size[0] < 2 * bgr.shape[1]
    how = cv2.INTER_AREA if is_much else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(bgr, size, interpolation=how), np.uint8)
