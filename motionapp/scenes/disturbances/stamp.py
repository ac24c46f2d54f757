"""Text that a recorder burns into the picture: date and time, or a counter of frames."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Final

import cv2
import numpy as np
from numpy.typing import NDArray

TEXT: Final = 1 / 25
"""Height of a digit in picture heights: 14 pixels of 360."""

_EARLY_S: Final = 1e-6  # a frame at 3.0 s may lie a rounding error before it


@dataclass(frozen=True, slots=True)
class Clock:
    """Date and time in the upper left corner; its digits change every second.

    `first` is what it shows at the scene's start.
    """

    first: datetime = datetime(2024, 5, 17, 9, 59, 51)
    is_burned_in: ClassVar[bool] = True

    def over(self, picture: NDArray[np.uint8], t_s: float) -> NDArray[np.uint8]:
        """The picture with the time on it."""
        shown = self.first + timedelta(seconds=math.floor(t_s + _EARLY_S))
        return _written(picture, shown.strftime("%Y-%m-%d %H:%M:%S"), at_the_top=True)


@dataclass(frozen=True, slots=True)
class FrameCounter:
    """Counts at `rate_hz` in the lower left corner, from `first` on."""

    rate_hz: float = 25.0
    first: int = 41_860
    is_burned_in: ClassVar[bool] = True

    def over(self, picture: NDArray[np.uint8], t_s: float) -> NDArray[np.uint8]:
        """The picture with the count on it."""
        count = self.first + math.floor((t_s + _EARLY_S) * self.rate_hz)
        return _written(picture, f"CAM 02  {count:06d}", at_the_top=False)


def _written(picture: NDArray[np.uint8], text: str, *, at_the_top: bool) -> NDArray[np.uint8]:
    """White letters with a black edge, every one in a cell of its own as recorders do."""
    canvas = picture.copy()
    h = canvas.shape[0]
    tall = TEXT * h
    scale = tall / 21.0  # this face's capitals are 21 pixels high at scale 1
    line = max(1, round(tall / 9))
    y = round(0.03 * h + tall) if at_the_top else round(0.965 * h)
    for edge, colour in ((line + 2, (16, 16, 16)), (line, (244, 244, 244))):
        for cell, letter in enumerate(text):
            wide = cv2.getTextSize(letter, cv2.FONT_HERSHEY_SIMPLEX, scale, line)[0][0]
            x = round(0.02 * h + (cell + 0.5) * 0.92 * tall - 0.5 * wide)
            cv2.putText(
                canvas, letter, (x, y), cv2.FONT_HERSHEY_SIMPLEX, scale, colour, edge, cv2.LINE_AA
            )
    return canvas
