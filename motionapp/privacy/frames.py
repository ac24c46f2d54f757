"""Frames whose pictures are covered, in grey and in colour, at every scale.

Nothing else of the program can tell what was there: what is covered is one flat dark grey.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any, Final, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.cover import Cover
from motionapp.core.frame import Blocks, Frame, Pixels, blocks_of
from motionapp.privacy.cover import covered_cells, covered_mask, covered_parts

LEVEL: Final = 48
"""Grey level of what is covered: dark, and still told from a black picture."""
DEEP_LEVEL: Final = LEVEL * 257
"""The same of 16 bits."""

Picture = TypeVar("Picture", NDArray[np.uint8], NDArray[np.uint16])


class CoveredPixels:
    """A frame's pictures with parts of them covered.

    Parameters
    ----------
    pixels : Pixels
        The pictures as they came.
    cover : Cover
    size : tuple of int
        Width and height of the display picture, in pixels.
    """

    __slots__ = ("_bgr", "_cover", "_lock", "_lumas", "_pixels", "_size")

    def __init__(self, pixels: Pixels, cover: Cover, size: tuple[int, int]) -> None:
        self._pixels, self._cover, self._size = pixels, cover, size
        self._lock = threading.Lock()
        self._lumas: dict[int, NDArray[np.uint8]] = {}
        self._bgr: NDArray[np.uint8] | None = None

    def luma_at(self, level: int) -> NDArray[np.uint8]:
        """Read-only full-range luma, halved `level` times: shape (h, w)."""
        with self._lock:
            if level not in self._lumas:
                luma = self._pixels.luma_at(level)
                self._lumas[level] = self._filled(luma, LEVEL, level)
            return self._lumas[level]

    def bgr(self) -> NDArray[np.uint8]:
        """Read-only colour picture at full size: shape (h, w, 3), blue first."""
        with self._lock:
            if self._bgr is None:
                self._bgr = self._filled(self._pixels.bgr(), LEVEL, 0)
            return self._bgr

    def deep_at(self, level: int) -> NDArray[np.uint16] | None:
        """Luma over all of 16 bits, halved `level` times; None where there are only 8."""
        # Only some pictures can be asked (`steady.stretch.DeepPixels`), a room that lies above.
        pixels: Any = self._pixels
        deep = pixels.deep_at(level) if hasattr(pixels, "deep_at") else None
        return None if deep is None else self._filled(deep, DEEP_LEVEL, level)

    def blocks(self) -> Blocks | None:
        """What the encoder says, and nothing of what is covered, in whole or in part."""
        told = blocks_of(self._pixels)
        if told is None:
            return None
        velocity = told.velocity_px_s.copy()
        shape = (velocity.shape[0], velocity.shape[1])
        velocity[covered_cells(self._cover, self._size, shape, told.corner_px, told.cell_px)] = 0
        velocity.flags.writeable = False
        return replace(told, velocity_px_s=velocity)

    @property
    def under(self) -> Pixels:
        """The pictures as they came: for `covered_by` alone."""
        return self._pixels

    def _filled(self, picture: Picture, value: int, level: int) -> Picture:
        # A picture of another shape would be covered somewhere else.
        assert picture.shape[:2] == covered_mask(self._cover, self._size, level).shape
        filled = picture.copy()
        for place, mask in covered_parts(self._cover, self._size, level):
            part = filled[place]
            cv2.copyTo(np.full_like(part, value), mask, part)
        filled.flags.writeable = False
        return filled


def covered(frame: Frame, cover: Cover) -> Frame:
    """The frame with at least this covered; the frame itself where it is already.

    Parameters
    ----------
    frame : Frame
    cover : Cover

    Returns
    -------
    Frame
        Of an epoch that has the cover.
    """
    has = frame.epoch.cover
    return frame if has.includes(cover) else covered_by(frame, has.united(cover))


def covered_by(frame: Frame, cover: Cover) -> Frame:
    """The frame covered by this and by nothing else, whatever covered it before.

    Whoever takes a privacy zone away while a picture is held sees what lay beneath.

    Parameters
    ----------
    frame : Frame
    cover : Cover
    """
    if frame.epoch.cover == cover:
        return frame
    pixels, epoch = frame.pixels, replace(frame.epoch, cover=cover)
    while isinstance(pixels, CoveredPixels):
        pixels = pixels.under
    if not cover.is_empty:
        covered_mask(cover, epoch.size, 0)  # what cannot be covered is said before it is shown
        pixels = CoveredPixels(pixels, cover, epoch.size)
    return replace(frame, pixels=pixels, epoch=epoch)
