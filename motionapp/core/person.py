"""A person in one picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """Somebody, as one picture shows them."""

    box: Box
    """In full-frame display pixels; inside the picture."""
    score: float
    """How sure the network is that a person is there, 0 to 1."""
    keypoints: NDArray[np.float32]
    """Shape (17, 3): x and y in full-frame display pixels, visibility 0 to 1 (COCO's order)."""
    is_cut: bool = False
    """The look ended before they did: there is more of them in the picture."""
