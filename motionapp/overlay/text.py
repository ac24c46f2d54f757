"""Short texts on dark plates, placed so that they stay in the picture and off each other."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.overlay.palette import OUTLINE_COLOUR, PLATE_COLOUR, TEXT_COLOUR, Colour
from motionapp.overlay.style import Sizes

WEIGHT: Final = 500
PLATE_OPACITY: Final = 0.8
"""White letters have nine times the light of a plate on white, and a chequered wall below one is
not read along."""
_LONGEST: Final = 48
"""Characters; a label is a file's business and may be as long as it likes."""


class Plates:
    """The plates of one picture. Remembers where they are, so that a new one keeps clear."""

    def __init__(self, bgr: NDArray[np.uint8], sizes: Sizes) -> None:
        self._bgr = bgr
        self._sizes = sizes
        self._taken: list[Box] = []

    def beside(self, box: Box, text: str, colour: Colour) -> Box:
        """Write `text` on top of `box`, inside it where there is no room above.

        Parameters
        ----------
        box : Box
            What is named, in the picture's pixels.
        text : str
        colour : tuple of int
            Of the edge that ties the plate to its box.

        Returns
        -------
        Box
            The plate's place.
        """
        width, height = self.extent(text)
        above = Box(box.x0, box.y0 - height, box.x0 + width, box.y0)
        inside = Box(box.x0, box.y0, box.x0 + width, box.y0 + height)
        below = Box(box.x0, box.y1, box.x0 + width, box.y1 + height)
        return self._write(self._free(above, inside, below), text, colour)

    def at(
        self, x: int, y: int, text: str, colour: Colour | None = None, *, more_px: int = 0
    ) -> Box:
        """Write `text` with the plate's upper left corner at `(x, y)`, whatever is there.

        The plate is `more_px` wider than its text needs.
        """
        width, height = self.extent(text)
        width += more_px
        return self._write(self._inside(Box(x, y, x + width, y + height)), text, colour)

    def legend(self, rows: Sequence[tuple[str, Colour]]) -> Box:
        """Explain colours on one plate in the upper right corner, in small letters.

        Parameters
        ----------
        rows : sequence of (str, tuple of int)
            What each colour stands for, and the colour.

        Returns
        -------
        Box
            The plate's place.
        """
        pad, text_px = self._pad, self._small_px
        row_px, gap_px = text_px + max(3, pad // 2), self._sizes.gap_px
        width = text_px + 3 * pad + max(text_width(text, text_px) for text, _ in rows)
        x = self._bgr.shape[1] - width - gap_px
        place = self._inside(Box(x, gap_px, x + width, gap_px + row_px * len(rows) + pad))
        self._lay(place)
        for number, (text, colour) in enumerate(rows):
            left, top = place.x0 + pad, place.y0 + pad + number * row_px
            self._bgr[top : top + text_px, left : left + text_px] = colour
            at = left + text_px + pad, top + round(text_px * 0.87)
            cv2.putText(self._bgr, text, at, TEXT_COLOUR, _font(), text_px, WEIGHT)
        return place

    def bare(self, x: int, y: int, text: str, colour: Colour) -> None:
        """Write small `text` without a plate but with a dark edge, its lower left at `(x, y)`."""
        text_px = self._small_px
        for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            place = x + dx, y + dy
            cv2.putText(self._bgr, text, place, OUTLINE_COLOUR, _font(), text_px, WEIGHT)
        cv2.putText(self._bgr, text, (x, y), colour, _font(), text_px, WEIGHT)

    def extent(self, text: str) -> tuple[int, int]:
        """Width and height of the plate of `text`, in pixels."""
        pad = self._pad
        return text_width(_shortened(text), self._sizes.text_px) + 3 * pad, self._height

    @property
    def _pad(self) -> int:
        return max(2, self._sizes.text_px // 4)

    @property
    def _small_px(self) -> int:
        return max(9, round(self._sizes.text_px * 0.72))

    @property
    def _height(self) -> int:
        return round(self._sizes.text_px * 1.25) + self._pad

    def _free(self, *places: Box) -> Box:
        """The first place that is in the picture and free; else the last plate is passed below."""
        height = self._bgr.shape[0]
        for place in places:
            put = self._inside(place)
            if place.y0 >= 0 and place.y1 <= height and not self._blocked(put):
                return put
        put = self._inside(places[0])
        for _ in range(len(self._taken)):
            blocker = self._blocked(put)
            if blocker is None or blocker.y1 + put.height > height:
                break
            put = Box(put.x0, blocker.y1, put.x1, blocker.y1 + put.height)
        return put

    def _blocked(self, place: Box) -> Box | None:
        return next((taken for taken in self._taken if taken.intersection(place)), None)

    def _inside(self, place: Box) -> Box:
        height, width = self._bgr.shape[:2]
        x0 = max(0, min(place.x0, width - place.width))
        y0 = max(0, min(place.y0, height - place.height))
        return Box(x0, y0, x0 + place.width, y0 + place.height)

    def _lay(self, place: Box) -> Box:
        """Darken what lies under a plate; the part of it that is in the picture."""
        self._taken.append(place)
        height, width = self._bgr.shape[:2]
        seen = place.clipped((width, height))
        if seen.area:
            under = self._bgr[seen.y0 : seen.y1, seen.x0 : seen.x1]
            plate = np.full_like(under, PLATE_COLOUR)
            cv2.addWeighted(under, 1 - PLATE_OPACITY, plate, PLATE_OPACITY, 0, dst=under)
        return seen

    def _write(self, place: Box, text: str, colour: Colour | None) -> Box:
        seen = self._lay(place)
        if seen.area == 0:
            return place
        if colour is not None:
            edge = max(2, self._pad * 2 // 3)
            self._bgr[seen.y0 : seen.y1, seen.x0 : min(seen.x0 + edge, seen.x1)] = colour
        baseline = place.y0 + (place.height + round(self._sizes.text_px * 0.74)) // 2
        cv2.putText(
            self._bgr,
            _shortened(text),
            (place.x0 + 2 * self._pad, baseline),
            TEXT_COLOUR,
            _font(),
            self._sizes.text_px,
            WEIGHT,
        )
        return place


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def fitted_text(text: str, text_px: int, room_px: int) -> str:
    """As much of a text as fits, with an ellipsis where some is left out."""
    line = " ".join(text.split())
    if text_width(line, text_px) <= room_px:
        return line
    while line and text_width(f"{line}…", text_px) > room_px:
        line = line[:-1]
    return f"{line.rstrip()}…"


def _font() -> cv2.FontFace:
    """A face of its own for every text: a shared one would be shared between threads."""
    return cv2.FontFace("sans")


@functools.lru_cache(maxsize=512)
def text_width(text: str, text_px: int) -> int:
    """How many pixels a text takes, whatever its digits are."""
    # Digits differ in width; a plate that trembles with every tick of a clock is unpleasant.
    steady = "".join("0" if letter.isdigit() else letter for letter in text)
    extent = cv2.getTextSize((0, 0), steady, (0, 0), _font(), text_px, WEIGHT)
    return int(extent[0]) + int(extent[2])
