"""A user's network that finds everybody in a picture: what its kinds have in common.

Knows pictures, sessions and doubles; how a kind is shown a picture and what it answers, the kind
itself knows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple  # onnxruntime has no type stubs

import numpy as np
from numpy.typing import NDArray

from motionapp.people.own.picture import fitted, planes, rows_of, surest


class Answer(NamedTuple):
    """Whom a network says that it sees, in pixels of what it was shown; some of them twice."""

    boxes: NDArray[np.float32]
    """Shape (n, 4): x0, y0, x1, y1."""
    scores: NDArray[np.float32]
    """Shape (n,)."""
    points: NDArray[np.float32]
    """Shape (n, 17, 3): x, y and a score."""


class Kind(NamedTuple):
    """How networks of one kind are shown pictures and understood."""

    shown: Callable[[NDArray[np.uint8]], NDArray[np.float32]]
    """What they take for a BGR picture of shape (h, w, 3): the same shape as floats."""
    understood: Callable[[Sequence[NDArray[np.float32]]], Answer]
    """What the first entry of each of their outputs says."""


class OwnFinder:
    """Finds people and their points in one go. Holds no state; may be shared.

    Parameters
    ----------
    session : InferenceSession
        Takes (1, 3, h, w) floats.
    size : tuple of int or None
        Width and height of what it takes; None where it takes any multiples of 32.
    kind : Kind
    """

    def __init__(self, session: Any, size: tuple[int, int] | None, kind: Kind) -> None:
        self._session = session
        self._size = size
        self._kind = kind
        self._input = session.get_inputs()[0].name

    def persons(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Everybody in a picture; see `PersonNetwork`."""
        size = self._size or (picture.shape[1], picture.shape[0])
        square, part = fitted(picture, size)
        values = {self._input: planes(self._kind.shown(square))}
        outputs = [np.asarray(one, np.float32)[0] for one in self._session.run(None, values)]
        boxes, scores, points = self._kind.understood(outputs)
        kept = surest(boxes, scores)
        return rows_of(points[kept], boxes[kept], scores[kept], part)
