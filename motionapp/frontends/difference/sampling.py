"""A few pixels that stand for a whole picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SAMPLED_PX = 4096
"""About so many pixels are enough for noise and light: every fourth one in both directions."""


def sampled(luma: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Every few pixels in both directions: enough for noise and light, and soon looked through."""
    step = max(1, round((luma.size / SAMPLED_PX) ** 0.5))
    return np.ascontiguousarray(luma[::step, ::step])
