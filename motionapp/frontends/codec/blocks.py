"""The velocities of an encoder's blocks, laid on a picture."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Blocks, Frame, blocks_of
from motionapp.core.looks import Beat
from motionapp.core.window import TIME_TOLERANCE_S

LAID: Final = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
FILLED_CELLS: Final = 5
"""Side of the square of cells from which one is filled that was made from no other picture."""


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
    calm = blocks.velocity_px_s
    if blocks.is_known is not None:
        calm = _filled(calm, blocks.is_known)
    if min(calm.shape[:2]) > 1:
        parts = [cv2.medianBlur(part, 3) for part in cv2.split(calm)]
        calm = np.asarray(cv2.merge(parts), np.float32)
    scale, small = 1 << level, (max(1, size[0] >> level), max(1, size[1] >> level))
    across, down = (cell / scale for cell in blocks.cell_px)
    if blocks.corner_px == (0.0, 0.0) and across.is_integer() and down.is_integer():
        # A fifth of the time that any other place takes.
        whole = (calm.shape[1] * int(across), calm.shape[0] * int(down))
        laid = cv2.resize(calm, whole, interpolation=cv2.INTER_LINEAR)[: small[1], : small[0]]
        return np.ascontiguousarray(laid, np.float32)
    left, top = (
        (scale / 2 - corner) / cell - 0.5
        for corner, cell in zip(blocks.corner_px, blocks.cell_px, strict=True)
    )
    to_cells = np.array([[1 / across, 0, left], [0, 1 / down, top]], np.float64)
    laid = cv2.warpAffine(calm, to_cells, small, flags=LAID, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(laid, np.float32)


def _filled(velocity: NDArray[np.float32], known: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Cells of which nothing is known move as those around them."""
    side = (FILLED_CELLS, FILLED_CELLS)
    share = cv2.blur(known.astype(np.float32), side)
    around = cv2.blur(velocity, side) / np.maximum(share, np.float32(1e-6))[..., None]
    filled = np.where(known[..., None], velocity, around * (share > 0)[..., None])
    return np.asarray(filled, np.float32)
