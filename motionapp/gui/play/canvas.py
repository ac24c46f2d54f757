"""A frame as the picture that the window paints: fitted, drawn upon, in Qt's byte order. No Qt.

Runs on the view thread, so that a large picture costs the window nothing. What is drawn, and how,
is for `overlay`, which draws the annotated video, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Frame
from motionapp.core.moment import Moment
from motionapp.gui.play.wish import Shows
from motionapp.overlay import draw_moment

STALE_S: Final = 1.0
"""Boxes of a moment further away than this from the picture belong to another one."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A picture ready to be painted, and what it shows."""

    bgra: NDArray[np.uint8]
    """Shape (h, w, 4), C-contiguous; at most as large as the view."""
    size: tuple[int, int]
    """Width and height of the frame."""
    index: int
    pts_s: float
    captured_ns: int | None


def shown(frame: Frame, moment: Moment | None, fit: tuple[int, int], shows: Shows) -> Shown:
    """Make a frame ready to be painted.

    Parameters
    ----------
    frame : Frame
    moment : Moment or None
        The newest one: what it knows is drawn on the picture where `shows` asks for it.
    fit : tuple of (int, int)
        Width and height of the view in device pixels.
    shows : Shows

    Returns
    -------
    Shown
        Larger than the frame only where something is drawn: letters that Qt enlarges are blurred.
    """
    bgr = frame.bgr()
    height, width = bgr.shape[:2]
    if moment is not None and _is_stale(moment, frame):
        moment = None
    scale = min(fit[0] / width, fit[1] / height)
    if moment is None:
        scale = min(scale, 1.0)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    is_own = scale > 0 and size != (width, height)
    if is_own:
        bgr = _resized(bgr, size)
    if moment is not None:
        bgr = bgr if is_own else bgr.copy()
        draw_moment(bgr, moment, style=shows.style, scale=bgr.shape[1] / width)
    bgra = np.empty((*bgr.shape[:2], 4), np.uint8)
    cv2.cvtColor(bgr, cv2.COLOR_BGR2BGRA, dst=bgra)
    return Shown(bgra, (width, height), frame.index, frame.pts_s, frame.captured_ns)


def _is_stale(moment: Moment, frame: Frame) -> bool:
    return moment.frame is not None and abs(moment.frame.pts_s - frame.pts_s) >= STALE_S


def _resized(bgr: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    # Below two thirds, interpolation between two pixels would skip some.
    is_much = 3 * size[0] < 2 * bgr.shape[1]
    how = cv2.INTER_AREA if is_much else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(bgr, size, interpolation=how), np.uint8)
