"""RTMPose with SimCC heads: a row of shares for each point across, and one down.

References
----------
Li et al., "SimCC: a Simple Coordinate Classification Perspective for Human Pose Estimation", ECCV
2022; Jiang et al., "RTMPose", 2023.
"""

from __future__ import annotations

from typing import Any, Final  # onnxruntime has no type stubs

import numpy as np
from numpy.typing import NDArray

from motionapp.people.own.picture import planes

MEAN: Final = np.array([123.675, 116.28, 103.53], np.float32)
SPREAD: Final = np.array([58.395, 57.12, 57.375], np.float32)
"""Of ImageNet's pictures, RGB: what such networks are trained with."""


class RtmPose:
    """Finds the points of the one person in a picture. Holds no state; may be shared.

    Parameters
    ----------
    session : InferenceSession
        Takes (1, 3, h, w) floats, RGB less the mean over the spread.
    size : tuple of int
        Width and height of what it takes.
    """

    def __init__(self, session: Any, size: tuple[int, int]) -> None:
        self._session = session
        self.size = size
        self._input = session.get_inputs()[0].name

    def points(self, square: NDArray[np.uint8]) -> NDArray[np.float32]:
        """17 × (y, x, score), as shares of the picture; see `PointNetwork`."""
        rgb = (square[:, :, ::-1].astype(np.float32) - MEAN) / SPREAD
        answers = self._session.run(None, {self._input: planes(rgb)})
        across, down = (np.asarray(answer, np.float32)[0] for answer in answers)
        # A network of 16-bit floats may overflow: of such a point nothing is known.
        score = np.nan_to_num(np.minimum(across.max(axis=1), down.max(axis=1)), nan=0.0)
        y = down.argmax(axis=1) / down.shape[1]
        x = across.argmax(axis=1) / across.shape[1]
        return np.stack((y, x, np.clip(score, 0, 1)), axis=1).astype(np.float32)
