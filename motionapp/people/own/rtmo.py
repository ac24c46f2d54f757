"""RTMO as MMDeploy exports it: boxes with scores (1, n, 5) and points (1, n, 17, 3)."""

from __future__ import annotations

from typing import Any  # onnxruntime has no type stubs

import numpy as np
from numpy.typing import NDArray

from motionapp.people.own.picture import fitted, planes, rows_of, surest


class Rtmo:
    """Finds people and their points in one go. Holds no state; may be shared.

    Parameters
    ----------
    session : InferenceSession
        Takes (1, 3, h, w) floats, BGR 0 to 255.
    size : tuple of int or None
        Width and height of what it takes; None where it takes any multiples of 32.
    """

    def __init__(self, session: Any, size: tuple[int, int] | None) -> None:
        self._session = session
        self._size = size
        self._input = session.get_inputs()[0].name
        outputs = session.get_outputs()
        self._boxes, self._points = sorted(outputs, key=lambda output: len(output.shape))

    def persons(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Everybody in a picture; see `PersonNetwork`."""
        size = self._size or (picture.shape[1], picture.shape[0])
        square, shown = fitted(picture, size)
        names = [self._boxes.name, self._points.name]
        values = {self._input: planes(square.astype(np.float32))}
        found, points = (np.asarray(a, np.float32)[0] for a in self._session.run(names, values))
        kept = surest(found[:, :4], found[:, 4])
        return rows_of(points[kept], found[kept, :4], found[kept, 4], shown)
