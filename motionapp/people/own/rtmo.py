"""RTMO as MMDeploy exports it: boxes with scores (1, n, 5) and points (1, n, 17, 3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.people.own.finder import Answer, Kind


def _shown(bgr: NDArray[np.uint8]) -> NDArray[np.float32]:
    """BGR, 0 to 255."""
    return bgr.astype(np.float32)


def _understood(outputs: Sequence[NDArray[np.float32]]) -> Answer:
    """In either order: the points have an axis more."""
    found, points = sorted(outputs, key=np.ndim)
    return Answer(found[:, :4], found[:, 4], points)


RTMO: Final = Kind(_shown, _understood)
