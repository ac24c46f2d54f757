"""Still views of a sample: its first picture, and its background without what moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.recognition.stretch import Stretch

MOVED: Final = 20
"""Grey levels between the 5th and the 95th percentile of a cell's values over time, from which on
somebody moves there. With 12, shadows and a camera's exposure left a third of the rooms of `urfd`
without a still place; who passes changes a cell by 40 and more."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A sample without movement; arrays of shape (h, w)."""

    first: NDArray[np.uint8]
    """Its first picture, grey."""
    background: NDArray[np.uint8]
    """The median over time."""
    is_still: NDArray[np.bool_]
    """Where nothing moves, not even in a neighbouring cell."""


def view_of(
    pictures: NDArray[np.uint8], times_s: NDArray[np.float64], stretch: Stretch
) -> View | None:
    """The still views of a stretch of a recording; None if no picture lies in it.

    Parameters
    ----------
    pictures : ndarray of uint8, shape (frames, h, w)
    times_s : ndarray of float64, shape (frames,)
    stretch : Stretch
    """
    shown = pictures[(times_s >= stretch.start_s) & (times_s < stretch.end_s)]
    if not len(shown):
        return None
    low, middle, high = np.percentile(shown, (5, 50, 95), axis=0)
    moved = (high - low >= MOVED).astype(np.uint8)
    beside = cv2.dilate(moved, np.ones((3, 3), np.uint8)) > 0
    return View(shown[0], np.rint(middle).astype(np.uint8), ~beside)
