"""Pictures in which the scene lies where it was first seen."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Blocks, Pixels, blocks_of
from motionapp.steady.way import Way

BACK: Final = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP


class Canvas:
    """What was last seen of each place of the scene.

    Where the camera does not look now, the last picture of it stays: what is compared there does
    not differ, whoever compares it.
    """

    def __init__(self) -> None:
        self._seen: dict[tuple[int, bool], NDArray[np.uint8]] = {}
        """By level, and whether in colour."""

    def lay(self, level: int, picture: NDArray[np.uint8]) -> None:
        """Begin with a whole picture of the scene."""
        self._seen[level, picture.ndim == 3] = picture.copy()

    def painted(self, level: int, picture: NDArray[np.uint8], way: Way) -> NDArray[np.uint8]:
        """The scene with what a picture shows of it now; a fresh array, read-only.

        Parameters
        ----------
        level : int
        picture : ndarray of uint8, shape (h, w) or (h, w, 3)
            Halved `level` times.
        way : Way
            Where the scene lies in it.
        """
        key = level, picture.ndim == 3
        size, seen = (picture.shape[1], picture.shape[0]), self._seen.get(key)
        is_new = seen is None or seen.shape != picture.shape
        border = cv2.BORDER_REPLICATE if is_new else cv2.BORDER_TRANSPARENT
        after = cv2.warpAffine(
            picture, way.matrix(level), size, dst=None if is_new else seen, flags=BACK,
            borderMode=border,
        )  # fmt: skip
        self._seen[key] = np.asarray(after, np.uint8)
        fresh = self._seen[key].copy()
        fresh.flags.writeable = False
        return fresh


class SteadiedPixels:
    """A frame's pictures with the scene where it was first seen.

    Parameters
    ----------
    pixels : Pixels
        The pictures as they came.
    way : Way
        Where the scene lies in them.
    canvas : Canvas
        What lies beyond the picture.
    """

    __slots__ = ("_bgr", "_canvas", "_lumas", "_pixels", "way")

    def __init__(self, pixels: Pixels, way: Way, canvas: Canvas) -> None:
        self._pixels, self._canvas = pixels, canvas
        self.way = way
        self._lumas: dict[int, NDArray[np.uint8]] = {}
        self._bgr: NDArray[np.uint8] | None = None

    def luma_at(self, level: int) -> NDArray[np.uint8]:
        """Read-only full-range luma, halved `level` times: shape (h, w)."""
        if level not in self._lumas:
            luma = self._pixels.luma_at(level)
            self._lumas[level] = self._canvas.painted(level, luma, self.way)
        return self._lumas[level]

    def bgr(self) -> NDArray[np.uint8]:
        """Read-only colour picture at full size: shape (h, w, 3), blue first."""
        if self._bgr is None:
            self._bgr = self._canvas.painted(0, self._pixels.bgr(), self.way)
        return self._bgr

    def blocks(self) -> Blocks | None:
        """What the encoder says, at its places of the scene, and turned with them; what the camera
        does is still in it."""
        told = blocks_of(self._pixels)
        return None if told is None else _in_scene(told, self.way)


def _in_scene(told: Blocks, way: Way) -> Blocks:
    """Cells of the picture as cells of the scene."""
    (left, top), (wide, tall) = told.corner_px, told.cell_px
    # From cells to pixels, from the scene to the picture, and back to cells.
    to_px = np.array([[wide, 0, left + wide / 2 - 0.5], [0, tall, top + tall / 2 - 0.5], [0, 0, 1]])
    moved = np.linalg.inv(to_px) @ np.vstack([way.matrix(), [0, 0, 1]]) @ to_px
    size = (told.velocity_px_s.shape[1], told.velocity_px_s.shape[0])
    there = cv2.warpAffine(
        told.velocity_px_s, moved[:2], size, flags=BACK, borderMode=cv2.BORDER_REPLICATE
    )
    turned = there @ np.linalg.inv(way.matrix()[:, :2]).T.astype(np.float32)
    turned.flags.writeable = False
    known = None
    if told.is_known is not None:
        seen = told.is_known.astype(np.uint8)
        how = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
        known = np.asarray(cv2.warpAffine(seen, moved[:2], size, flags=how), np.uint8) > 0
    return Blocks(np.asarray(turned, np.float32), known, told.corner_px, told.cell_px)


def covered(way: Way, shape: tuple[int, int], level: int) -> NDArray[np.uint8]:
    """Which places of the scene a picture shows: 255 or 0, at a level."""
    return _ones_moved(way, shape, level, cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP)


def valid_in_picture(way: Way, shape: tuple[int, int], level: int) -> NDArray[np.uint8]:
    """Which part of a picture shows places of the scene: 255 or 0, at a level, read-only."""
    return _ones_moved(way, shape, level, cv2.INTER_NEAREST)


def _ones_moved(way: Way, shape: tuple[int, int], level: int, how: int) -> NDArray[np.uint8]:
    ones = np.full(shape, 255, np.uint8)
    moved = cv2.warpAffine(
        ones, way.matrix(level), shape[::-1], flags=how, borderMode=cv2.BORDER_CONSTANT
    )
    moved.flags.writeable = False
    return np.asarray(moved, np.uint8)
