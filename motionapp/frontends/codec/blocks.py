"""The velocities of an encoder's blocks, laid on a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Blocks, Frame, blocks_of
from motionapp.core.looks import Beat
from motionapp.core.window import TIME_TOLERANCE_S

LAID: Final = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
FILLED_CELLS: Final = 5
"""Side of the square of cells from which one is filled that was made from no other picture."""
CELL_BYTES: Final = 8
LEAST_KNOWN: Final = np.float32(0.5 / FILLED_CELLS**2)
"""Share of them that is none: half of one."""


class NewestField:
    """What the encoder said last, for each pixel; read once a lag.

    A key picture says nothing: the next one is read, and what was said before holds meanwhile, for
    a lag at most.

    Parameters
    ----------
    size : tuple of int
        Width and height of the display picture, in pixels.
    level : int
        How often it is halved.
    lag_s : float
        Greater than 0.
    """

    def __init__(self, size: tuple[int, int], level: int, lag_s: float) -> None:
        self._size, self._level, self._lag_s = size, level, lag_s
        self._beat = Beat(lag_s)
        self._is_due = True
        self._said_s = 0.0
        self._field: NDArray[np.float32] | None = None

    def pass_by(self, frame: Frame) -> None:
        """Take note of a frame that nobody looks at."""
        self._is_due = self._beat.step(frame.pts_s) or self._is_due

    def step(self, frame: Frame) -> NDArray[np.float32] | None:
        """The velocities at a frame.

        Returns
        -------
        ndarray of float32, shape (h, w, 2), or None
            Full-frame pixels per second, read-only; None where nothing has been said of late.
        """
        self.pass_by(frame)
        if self._is_due and (blocks := blocks_of(frame.pixels)) is not None:
            self._field = laid_on(blocks, self._size, self._level)
            self._field.flags.writeable = False
            self._said_s, self._is_due = frame.pts_s, False
        # One lag, which is one picture where they come seldom.
        longest_s = max(self._lag_s, frame.duration_s) + TIME_TOLERANCE_S
        if frame.pts_s - self._said_s > longest_s:
            self._field = None
        return self._field


def laid_on(blocks: Blocks, size: tuple[int, int], level: int) -> NDArray[np.float32]:
    """A velocity for each pixel of a picture that was halved.

    Single cells that go their own way are the encoder's noise: the median of nine is taken.

    Parameters
    ----------
    blocks : Blocks
    size : tuple of int
        Width and height of the display picture, in pixels.
    level : int
        How often it was halved.

    Returns
    -------
    ndarray of float32, shape (h, w, 2)
        Full-frame pixels per second; a new array.
    """
    parts: Sequence[Any] = (blocks.velocity_px_s[..., 0], blocks.velocity_px_s[..., 1])
    if blocks.is_known is not None:
        parts = _filled(parts, blocks.is_known)
    if min(parts[0].shape) > 1:
        parts = [cv2.medianBlur(part, 3) for part in parts]
    calm = np.asarray(cv2.merge(parts), np.float32)
    scale, small = 1 << level, (max(1, size[0] >> level), max(1, size[1] >> level))
    across, down = (cell / scale for cell in blocks.cell_px)
    if blocks.corner_px == (0.0, 0.0) and across.is_integer() and down.is_integer():
        # A fifth of the time that any other place takes.
        laid = _enlarged(calm, int(across), int(down))[: small[1], : small[0]]
        return np.ascontiguousarray(laid)
    left, top = (
        (scale / 2 - corner) / cell - 0.5
        for corner, cell in zip(blocks.corner_px, blocks.cell_px, strict=True)
    )
    to_cells = np.array([[1 / across, 0, left], [0, 1 / down, top]], np.float64)
    warped = cv2.warpAffine(calm, to_cells, small, flags=LAID, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, np.float32)


def _enlarged(cells: NDArray[np.float32], across: int, down: int) -> NDArray[np.float32]:
    """Each cell as so many pixels, from the middle of one to that of the next.

    Of most pictures the greater part does not move: only what does, and a cell round it, is made.
    """
    rows, columns = cells.shape[:2]
    as_bytes = cells.view(np.uint8).reshape(rows, -1)
    x, y, width, height = cv2.boundingRect(as_bytes)
    laid = np.zeros((rows * down, columns * across, 2), np.float32)
    if not width:
        return laid
    left, right = max(0, x // CELL_BYTES - 1), min(columns, (x + width - 1) // CELL_BYTES + 2)
    top, bottom = max(0, y - 1), min(rows, y + height + 1)
    part = laid[top * down : bottom * down, left * across : right * across]
    cv2.resize(cells[top:bottom, left:right], part.shape[1::-1], dst=part)
    return laid


def _filled(
    parts: Sequence[NDArray[np.float32]], known: NDArray[np.bool_]
) -> list[NDArray[np.float32]]:
    """Cells of which nothing is known move as those around them; they are few."""
    unknown = (~known).reshape(-1).nonzero()[0]
    three = cv2.merge((*parts, known.astype(np.float32)))
    mean = cv2.blur(three, (FILLED_CELLS, FILLED_CELLS)).reshape(-1, 3).take(unknown, axis=0)
    around = mean / np.maximum(mean[:, 2:], LEAST_KNOWN)
    filled = [part.copy() for part in parts]
    for part, way in zip(filled, around.T, strict=False):
        part.put(unknown, way)
    return filled
