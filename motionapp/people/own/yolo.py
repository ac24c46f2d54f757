"""YOLO-pose as Ultralytics exports it: rows of a box, a score and 17 points.

Columns of one output (1, 56, n) are candidates, with doubles; rows of (1, n, 57) are people.
"""

from __future__ import annotations

from typing import Any  # onnxruntime has no type stubs

import numpy as np
from numpy.typing import NDArray

from motionapp.people.own.picture import fitted, planes, rows_of, surest


class YoloPose:
    """Finds people and their points in one go. Holds no state; may be shared.

    Parameters
    ----------
    session : InferenceSession
        Takes (1, 3, h, w) floats, RGB 0 to 1.
    size : tuple of int or None
        Width and height of what it takes; None where it takes any multiples of 32.
    """

    def __init__(self, session: Any, size: tuple[int, int] | None) -> None:
        self._session = session
        self._size = size
        self._input = session.get_inputs()[0].name

    def persons(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Everybody in a picture; see `PersonNetwork`."""
        size = self._size or (picture.shape[1], picture.shape[0])
        square, shown = fitted(picture, size)
        rgb = np.multiply(square[:, :, ::-1], np.float32(1 / 255), dtype=np.float32)
        (answer,) = self._session.run(None, {self._input: planes(rgb)})
        boxes, scores, points = _parts(np.asarray(answer, np.float32)[0])
        kept = surest(boxes, scores)
        return rows_of(points[kept], boxes[kept], scores[kept], shown)


def _parts(
    answer: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Boxes x0, y0, x1, y1, scores and points (n, 17, 3) of either layout."""
    if answer.shape[1] == 57:
        return answer[:, :4], answer[:, 4], answer[:, 6:].reshape(-1, 17, 3)
    rows = answer.T
    half = rows[:, 2:4] * np.float32(0.5)
    boxes = np.concatenate((rows[:, :2] - half, rows[:, :2] + half), axis=1).astype(np.float32)
    return boxes, rows[:, 4], rows[:, 5:].reshape(-1, 17, 3)
