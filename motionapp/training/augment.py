"""Changes windows so that what they show stays the same: nobody moves exactly alike twice.

Tempo is left to the recordings. What is changed: side, place, size and slant of the body; how
strongly its parts stand out from the wall behind it; camera noise; parts that are hidden.

Works window by window in numpy and OpenCV: the same in whole batches of torch took 54 ms a batch
of 64, more than half of the step that it prepares; this takes a tenth of that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.representation import Mirror

Maps = NDArray[Any]  # uint8 magnitudes or int8 flow, (side, side, channels)

NOISE_BANK = 64
"""Noise is drawn once for so many windows, and each time another stretch of it is used."""
PATCHES = 4
"""A window's contrast changes over so many patches a side."""
FAINTEST = 0.3
"""A window whose strongest part is below this is not made any brighter."""


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How far windows are changed; all of it is drawn anew for every window."""

    shift: float = 0.07
    """Share of the side."""
    scale: float = 0.2
    """Size, as a logarithm: 0.2 is from 0.82 to 1.22 times."""
    stretch: float = 0.1
    """Width against height, likewise."""
    slant: float = 0.1
    """Radians."""
    patchy: float = 0.6
    """Share of windows whose parts stand out differently, as clothes and walls make them."""
    gamma: float = 0.6
    """Contrast, as a logarithm."""
    noise: float = 0.06
    """Largest standard deviation."""
    erase: float = 0.3
    """Share of windows with a hidden rectangle ..."""
    erase_side: float = 0.56
    """... of at most this share of the side."""
    travel: float = 0.1
    """How quickly a body goes and how broad it is, as logarithms."""
    tremble: float = 0.03
    """... and where it goes besides, in its heights per second: boxes are not exact."""
    drop_outs: float = 0.0
    """Share of windows in which pictures were lost ..."""
    longest: float = 0.4
    """... for at most this share of the clip: the map before is seen again."""

    def scaled(self, times: float) -> Augmentation:
        """So many times as far, and no share of windows above 1; drop-outs stay as they are."""
        own = {
            name: getattr(self, name) * times
            for name in (
                "shift",
                "scale",
                "stretch",
                "slant",
                "gamma",
                "noise",
                "travel",
                "tremble",
            )
        }
        shares = {name: min(1.0, getattr(self, name) * times) for name in ("patchy", "erase")}
        return replace(self, **own, **shares)


class Augmenter:
    """Draws changed copies of windows.

    Parameters
    ----------
    augmentation : Augmentation
    mirror : str
        The representation's rule for what a mirrored scene does to a clip.
    planes : int
        Channels of one map; flow has two, the horizontal one first, limbs those on the left first.
    drawing : numpy.random.Generator
        Where every draw comes from.
    """

    def __init__(
        self,
        augmentation: Augmentation,
        *,
        mirror: Mirror,
        planes: int,
        drawing: np.random.Generator,
    ) -> None:
        self._how = augmentation
        self._mirror = mirror
        self._planes = planes
        self._drawing = drawing
        self._bank: NDArray[np.float32] = np.zeros(0, np.float32)
        self._before: tuple[dict[str, Any], int] | None = None
        """What the bank was drawn from, and for how many numbers a window."""

    def kept(self) -> dict[str, Any] | None:
        """From what its noise was drawn, as JSON has it; None before it was."""
        return (
            None if self._before is None else {"state": self._before[0], "count": self._before[1]}
        )

    def take_up(self, kept: dict[str, Any] | None) -> None:
        """Draw the noise that another had; where the draws stand is left to who drew them."""
        if kept is not None:
            self._drawing.bit_generator.state = kept["state"]
            self._fill(int(kept["count"]))

    def batch(self, maps: Maps) -> NDArray[np.float32]:
        """Changed copies as numbers.

        Parameters
        ----------
        maps : ndarray of uint8 or int8, shape (windows, side, side, channels)

        Returns
        -------
        ndarray of float32, same shape
            0 to 1 for uint8, -1 to 1 for int8.
        """
        standing = np.tile(np.array([0, 0, 1], np.float32), (len(maps), 1))
        return self.clips(maps, standing)[0]

    def clips(
        self, maps: Maps, goings: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Changed copies of maps as numbers, and of how their bodies go.

        Parameters
        ----------
        maps : ndarray of uint8 or int8, shape (windows, side, side, channels)
        goings : ndarray of float32, shape (windows, 3)
            Right, down, aspect. Who is mirrored goes the other way.
        """
        changed = np.empty(maps.shape, np.float32)
        if self._how.drop_outs:
            maps = self._lossy(maps)
        turned = [self._change(window, copy) for window, copy in zip(maps, changed, strict=True)]
        ways = goings * np.exp(self._drawing.normal(0, self._how.travel, goings.shape))
        ways[:, 0] *= turned
        ways[:, :2] += self._drawing.normal(0, self._how.tremble, (len(ways), 2))
        return changed, ways.astype(np.float32)

    def _lossy(self, maps: Maps) -> Maps:
        """Copies in some of which a few maps in a row are the one before them once more."""
        steps = maps.shape[-1] // self._planes
        seen = maps.copy()
        for window in seen:
            if steps < 2 or self._drawing.random() >= self._how.drop_outs:
                continue
            lost = int(self._drawing.integers(1, max(1, round(steps * self._how.longest)) + 1))
            first = int(self._drawing.integers(1, steps))
            by_step = window.reshape(*window.shape[:2], steps, self._planes)
            by_step[:, :, first : first + lost] = by_step[:, :, first - 1 : first]
        return seen

    def _change(self, window: Maps, copy: NDArray[np.float32]) -> float:
        """Write a changed copy; -1 where it is mirrored, else 1."""
        flip = -1.0 if self._mirror != "none" and self._drawing.random() < 0.5 else 1.0
        largest = np.iinfo(window.dtype).max
        if window.dtype == np.uint8:
            bent = cv2.LUT(window, self._contrast())  # which drops the axis of one map
            moved = self._moved(bent.reshape(window.shape), flip)
        else:
            moved = self._moved(window.astype(np.float32), flip)
        np.multiply(moved, self._patches(window.shape[0]) / np.float32(largest), out=copy)
        copy += self._noise(copy.size).reshape(copy.shape)
        self._hide(copy)
        copy /= max(float(np.abs(copy).max()), FAINTEST)
        np.clip(copy, 0.0 if window.dtype == np.uint8 else -1.0, 1.0, out=copy)
        return flip

    def _between(self, extent: float) -> float:
        return float(self._drawing.uniform(-extent, extent))

    def _contrast(self) -> NDArray[np.uint8]:
        table = (np.arange(256) / 255) ** math.exp(self._between(self._how.gamma))
        return np.rint(table * 255).astype(np.uint8)

    def _moved(self, window: Maps, flip: float) -> Maps:
        how, side = self._how, window.shape[0]
        angle, scale = self._between(how.slant), math.exp(self._between(how.scale))
        wide = math.exp(self._between(how.stretch))
        turn = np.array(
            [
                [math.cos(angle) * scale * wide * flip, -math.sin(angle) * scale],
                [math.sin(angle) * scale * flip, math.cos(angle) * scale / wide],
            ]
        )
        middle = (side - 1) / 2
        there = middle + side * np.array([self._between(how.shift), self._between(how.shift)])
        matrix = np.column_stack([turn, there - turn @ [middle, middle]])
        moved = cv2.warpAffine(
            window, matrix, (side, side), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        ).reshape(window.shape)
        if flip < 0 and self._mirror == "flip-negate-x":
            moved[..., :: self._planes] *= -1
        if flip < 0 and self._mirror == "flip-swap":
            moved = moved.reshape(side, side, -1, 2)[..., ::-1].reshape(moved.shape)
        return moved

    def _patches(self, side: int) -> NDArray[np.float32]:
        """A soft field of 0.1 to 1, or 1 everywhere; shape (side, side, 1)."""
        if self._drawing.random() >= self._how.patchy:
            return np.ones((side, side, 1), np.float32)
        coarse = self._drawing.random((PATCHES, PATCHES), dtype=np.float32) * 1.2 + 0.1
        field = cv2.resize(coarse, (side, side), interpolation=cv2.INTER_LINEAR)
        return np.minimum(field, 1.0)[:, :, None]

    def _noise(self, count: int) -> NDArray[np.float32]:
        if not self._bank.size:
            self._fill(count)
        first = int(self._drawing.integers(self._bank.size - count))
        level = np.float32(self._how.noise * self._drawing.random())
        return self._bank[first : first + count] * level

    def _fill(self, count: int) -> None:
        self._before = (dict(self._drawing.bit_generator.state), count)
        self._bank = self._drawing.standard_normal(NOISE_BANK * count, dtype=np.float32)

    def _hide(self, copy: NDArray[np.float32]) -> None:
        if self._drawing.random() >= self._how.erase:
            return
        side = copy.shape[0]
        width, height = self._drawing.random(2) * self._how.erase_side * side
        x, y = self._drawing.random(2) * side
        rows = slice(max(0, round(y - height / 2)), max(0, round(y + height / 2)))
        columns = slice(max(0, round(x - width / 2)), max(0, round(x + width / 2)))
        copy[rows, columns] = 0.0
