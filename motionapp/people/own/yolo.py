"""YOLO-pose as Ultralytics exports it: rows of a box, a score and 17 points.

Columns of one output (1, 56, n) are candidates, with doubles; rows of (1, n, 57) are people.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.people.own.finder import Answer, Kind


def _shown(bgr: NDArray[np.uint8]) -> NDArray[np.float32]:
    """RGB, 0 to 1."""
    return np.multiply(bgr[:, :, ::-1], np.float32(1 / 255), dtype=np.float32)


def _understood(outputs: Sequence[NDArray[np.float32]]) -> Answer:
    """Of either layout: of candidates there are 21 for 32 by 32 pixels, so never 57."""
    (rows,) = outputs
    if rows.shape[1] == 57:
        return Answer(rows[:, :4], rows[:, 4], rows[:, 6:].reshape(-1, 17, 3))
    rows = rows.T
    half = rows[:, 2:4] * np.float32(0.5)
    boxes = np.concatenate((rows[:, :2] - half, rows[:, :2] + half), axis=1)
    return Answer(boxes, rows[:, 4], rows[:, 5:].reshape(-1, 17, 3))


YOLO: Final = Kind(_shown, _understood)
