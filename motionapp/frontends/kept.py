"""Pictures that a front-end keeps for one lag."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Frame


def kept_luma(frame: Frame, level: int) -> NDArray[np.uint8]:
    """Luma that may be kept: at level 0 a copy, since a view pins the decoder's picture."""
    luma = frame.luma_at(level)
    return luma if level else luma.copy()
