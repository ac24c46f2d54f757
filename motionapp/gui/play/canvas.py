"""A frame as the picture that the window paints: fitted, drawn upon, in Qt's byte order. No Qt.

Runs on the view thread, so that a large picture costs the window nothing. What is drawn, and how,
is for `overlay`, which draws the annotated video, too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Frame, SmallColours
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.gui.play.wish import Shows
from motionapp.overlay import Style, draw_moment, part_of

FADES_FROM_S: Final = 0.3
"""Boxes that are older than this beside their picture grow fainter ..."""
DIVIDER: Final = (255, 255, 255, 255)
STALE_S: Final = 1.0
"""... until they are gone: they belong to another one."""

Compares = Literal["side", "divider"]
"""How two analyses of one picture are shown: two pictures, or one that is divided."""
Follows = Literal["smooth", "synced"]
"""`smooth` shows the newest picture, with what was found last; `synced` the picture that belongs to
what was found."""


@dataclass(frozen=True, slots=True)
class Look:
    """How pictures are made ready."""

    fit: tuple[int, int] = (1280, 720)
    """Width and height of the place for them, in device pixels."""
    shows: Shows = Shows()
    part: Box | None = None
    """What is seen of the frame; None: all of it."""
    is_mirrored: bool = False
    """Left and right are exchanged."""
    follows: Follows = "smooth"
    compares: Compares = "divider"
    divider: float = 0.5
    """Where a divided picture is, 0 to 1 of its width: A to the left, B to the right."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A picture ready to be painted, and what it shows."""

    bgra: NDArray[np.uint8]
    """Shape (h, w, 4), C-contiguous; at most as large as the place for it."""
    size: tuple[int, int]
    """Width and height of the frame."""
    part: Box
    """What of the frame it shows ..."""
    is_mirrored: bool
    """... and whether left and right are exchanged."""
    index: int
    pts_s: float
    captured_ns: int | None


def shown(frame: Frame, moment: Moment | None, look: Look) -> Shown:
    """Make a frame ready to be painted.

    Parameters
    ----------
    frame : Frame
    moment : Moment or None
        The newest one: what it knows is drawn on the picture where it is asked for, the fainter the
        older it is.
    look : Look

    Returns
    -------
    Shown
        Larger than the frame only where something is drawn: letters that Qt enlarges are blurred.
    """
    bgr, part, size = _seen(frame, look)
    strength = 0.0 if moment is None else _strength(moment, frame)
    scale = min(look.fit[0] / part.width, look.fit[1] / part.height)
    if not strength:
        scale = min(scale, 1.0)
    fitted = max(1, round(part.width * scale)), max(1, round(part.height * scale))
    if scale > 0 and fitted != (bgr.shape[1], bgr.shape[0]):
        bgr = _resized(bgr, fitted)
    if look.is_mirrored:
        bgr = np.asarray(cv2.flip(bgr, 1), np.uint8)
    if moment is not None and strength:
        seen = part_of(moment, part, size, is_mirrored=look.is_mirrored)
        bgr = _drawn(bgr, seen, look.shows.style, bgr.shape[1] / part.width, strength)
    bgra = np.empty((*bgr.shape[:2], 4), np.uint8)
    cv2.cvtColor(bgr, cv2.COLOR_BGR2BGRA, dst=bgra)
    return Shown(bgra, size, part, look.is_mirrored, frame.index, frame.pts_s, frame.captured_ns)


def divided(first: Shown, second: Shown, share: float) -> Shown:
    """The left part of one picture and the right part of another of the same frame.

    Parameters
    ----------
    first, second : Shown
        Of the same look.
    share : float
        Of the width that is the first's, 0 to 1.
    """
    height, width = first.bgra.shape[:2]
    right = second.bgra
    if right.shape != first.bgra.shape:  # one has nothing drawn on it, and was not enlarged
        right = np.asarray(cv2.resize(right, (width, height)), np.uint8)
    edge = round(min(1.0, max(0.0, share)) * width)
    bgra = first.bgra.copy()
    bgra[:, edge:] = right[:, edge:]
    bgra[:, max(0, edge - 1) : edge + 1] = DIVIDER
    return replace(first, bgra=bgra)


def _seen(frame: Frame, look: Look) -> tuple[NDArray[np.uint8], Box, tuple[int, int]]:
    """What is seen of a frame, halved where it is shown that small; which part that is, and the
    frame's width and height."""
    size, pixels = frame.epoch.size, frame.pixels
    part = _part(look.part, size)
    larger = max(part.width / max(1, look.fit[0]), part.height / max(1, look.fit[1]))
    if larger >= 2 and isinstance(pixels, SmallColours):
        level = int(math.log2(larger))
        x0, y0, x1, y1 = (edge >> level for edge in part)
        rows, columns = slice(y0, max(y0 + 1, y1)), slice(x0, max(x0 + 1, x1))
        return pixels.bgr_at(level)[rows, columns], part, size
    whole = frame.bgr()
    size = whole.shape[1], whole.shape[0]
    part = _part(look.part, size)
    return whole[part.y0 : part.y1, part.x0 : part.x1], part, size


def _part(asked: Box | None, size: tuple[int, int]) -> Box:
    """What is seen, as far as it lies in the frame, which may have another size by now."""
    whole = Box(0, 0, *size)
    part = whole if asked is None else asked.clipped(size)
    return part if part.area else whole


def _strength(moment: Moment, frame: Frame) -> float:
    """How strongly what is known is drawn, 0 to 1."""
    if moment.frame is None:
        return 1.0
    age_s = abs(moment.frame.pts_s - frame.pts_s)
    return min(1.0, max(0.0, (STALE_S - age_s) / (STALE_S - FADES_FROM_S)))


def _drawn(
    bgr: NDArray[np.uint8], moment: Moment, style: Style, scale: float, strength: float
) -> NDArray[np.uint8]:
    over = bgr.copy()
    draw_moment(over, moment, style=style, scale=scale)
    if strength < 1:
        cv2.addWeighted(over, strength, bgr, 1 - strength, 0, dst=over)
    return over


def _resized(bgr: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    # Means over areas of any size cost 49 ms of a 4K picture, halving it exactly a few. Below the
    # double, interpolation between two pixels reaches each of them.
    while bgr.shape[1] >= 2 * size[0] and bgr.shape[0] >= 2 * size[1]:
        half = bgr.shape[1] // 2, bgr.shape[0] // 2
        bgr = np.asarray(cv2.resize(bgr, half, interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(cv2.resize(bgr, size, interpolation=cv2.INTER_LINEAR), np.uint8)
