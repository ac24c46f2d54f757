"""Pictures that use little of their range: fog, night, and thermal cameras with 16 bits.

Somebody in them differs from the ground by less than a grey level of 8 bits, or by a few. Such
pictures are stretched by their own measured range before motion is looked for. The range is that of
the last full block of seconds and of the running one, so that it widens at once and narrows slowly,
and a run that starts anywhere has the same one two blocks later.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Protocol, runtime_checkable

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Blocks, Epoch, Frame, Pixels, blocks_of
from motionapp.core.looks import Beat
from motionapp.core.window import BLOCK_S
from motionapp.privacy import covered_mask

NARROW: Final = 0.16
"""A picture that uses less of its range is stretched; the darkest recording of a street by day that
was looked at uses a quarter."""

ENDS: Final = (0.005, 0.995)
"""Below and above the range may lie so much of the picture: a lamp, a burned-in clock."""

MARGIN: Final = 0.5
"""The range is widened by so much of itself on either side: somebody who comes in may be hotter."""

MOST_GAIN_8_BIT: Final = 4.0
"""Of 8 bits, more would show the steps between grey levels; ..."""

LEAST_STEPS: Final = 24
"""... of more bits, so many steps are always told apart from white to black."""

MEASURED_S: Final = 0.5
"""So often the range is measured."""

SAMPLED_PX: Final = 4096


@runtime_checkable
class DeepPixels(Protocol):
    """Pictures that may have more than 8 bits."""

    def deep_at(self, level: int) -> NDArray[np.uint16] | None:
        """Stored luma over all of 16 bits, halved `level` times; None where there are only 8."""
        ...


@dataclass(frozen=True, slots=True)
class _Range:
    """From the darkest to the brightest that counts, as shares of the full range."""

    low: float
    high: float

    def united(self, other: _Range) -> _Range:
        return _Range(min(self.low, other.low), max(self.high, other.high))


class Stretch:
    """Measures the range of pictures, and stretches those that use little of it."""

    def __init__(self) -> None:
        self._reset(0)

    def start(self, epoch: Epoch) -> None:
        """Begin on an epoch."""
        is_whole = epoch.cover.is_empty
        covered = None if is_whole else covered_mask(epoch.cover, epoch.size, epoch.level)
        self._reset(epoch.level, covered)

    def _reset(self, level: int, covered: NDArray[np.uint8] | None = None) -> None:
        self._level, self._covered = level, covered
        self._beat = Beat(MEASURED_S)
        self._block: int | None = None
        self._last: _Range | None = None
        self._running: _Range | None = None
        self._table: NDArray[np.uint8] | None = None
        self._is_deep = False

    def step(self, frame: Frame) -> Frame:
        """The frame with its pictures stretched; the frame itself where they use their range."""
        if self._beat.step(frame.pts_s) and not frame.is_flagged:
            self._measure(frame)
        if self._table is None:
            return frame
        return replace(frame, pixels=StretchedPixels(frame.pixels, self._table, self._is_deep))

    def _measure(self, frame: Frame) -> None:
        block = int(frame.pts_s // BLOCK_S)
        if block != self._block:
            follows = self._block is not None and block == self._block + 1
            self._last, self._running, self._block = self._running if follows else None, None, block
        deep = deep_of(frame.pixels, self._level)
        self._is_deep = deep is not None
        seen = _range_of(frame.luma_at(self._level) if deep is None else deep, self._covered)
        self._running = seen if self._running is None else self._running.united(seen)
        known = self._running if self._last is None else self._running.united(self._last)
        self._table = _table(known, self._is_deep) if known.high - known.low < NARROW else None


class StretchedPixels:
    """A frame's pictures, stretched.

    Parameters
    ----------
    pixels : Pixels
    table : ndarray of uint8
        What each stored value is shown as: of 256 entries, or of 65536 for deep pictures.
    is_deep : bool
    """

    __slots__ = ("_is_deep", "_lumas", "_pixels", "_table")

    def __init__(self, pixels: Pixels, table: NDArray[np.uint8], is_deep: bool) -> None:
        self._pixels, self._table, self._is_deep = pixels, table, is_deep
        self._lumas: dict[int, NDArray[np.uint8]] = {}

    def luma_at(self, level: int) -> NDArray[np.uint8]:
        """Read-only stretched luma, halved `level` times: shape (h, w)."""
        if level not in self._lumas:
            deep = deep_of(self._pixels, level) if self._is_deep else None
            if deep is not None:
                luma = self._table[deep]
            else:
                table = self._table[:: len(self._table) // 256]
                luma = np.asarray(cv2.LUT(self._pixels.luma_at(level), table), np.uint8)
            luma.flags.writeable = False
            self._lumas[level] = luma
        return self._lumas[level]

    def bgr(self) -> NDArray[np.uint8]:
        """The stretched picture in colour; of a deep one the grey alone."""
        if self._is_deep:
            bgr = np.asarray(cv2.cvtColor(self.luma_at(0), cv2.COLOR_GRAY2BGR), np.uint8)
        else:
            bgr = np.asarray(cv2.LUT(self._pixels.bgr(), self._table), np.uint8)
        bgr.flags.writeable = False
        return bgr

    def blocks(self) -> Blocks | None:
        """What the encoder says: it saw the picture as it came."""
        return blocks_of(self._pixels)


def deep_of(pixels: Pixels, level: int) -> NDArray[np.uint16] | None:
    """Luma over all of 16 bits, halved `level` times; None where there are only 8."""
    return pixels.deep_at(level) if isinstance(pixels, DeepPixels) else None


def _range_of(
    luma: NDArray[np.uint8] | NDArray[np.uint16], covered: NDArray[np.uint8] | None
) -> _Range:
    step = max(1, round((luma.size / SAMPLED_PX) ** 0.5))
    sample = luma[::step, ::step]
    # Of what is covered nobody knows how bright it is.
    seen = None if covered is None else covered[::step, ::step] == 0
    values = np.sort(sample if seen is None or not seen.any() else sample[seen], axis=None)
    low, high = (int(values[round(end * (len(values) - 1))]) for end in ENDS)
    most = 255 if luma.dtype == np.uint8 else 65535
    return _Range(low / most, high / most)


def _table(known: _Range, is_deep: bool) -> NDArray[np.uint8]:
    entries = 1 << 16 if is_deep else 256
    least = LEAST_STEPS / entries if is_deep else 1 / MOST_GAIN_8_BIT
    span = max((known.high - known.low) * (1 + 2 * MARGIN), least)
    low = (known.low + known.high - span) / 2
    values = (np.arange(entries, dtype=np.float32) / (entries - 1) - low) * (255 / span)
    table: NDArray[np.uint8] = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return table
