"""How fast what moves has been lately: what a drawn flow is measured by."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

TAIL: Final = 95.0
"""Per cent of what moves at a frame: the tip of a swung arm, and a few wild pixels, are beyond."""
RISES_S: Final = 0.3
"""Half of the way up takes so long: a flash of one picture is no speed of this scene, ..."""
FALLS_S: Final = 5.0
"""... and half of the way down so long. By each picture alone, the round number near it changed two
to seven times a second in five recordings; with this, once in two to seven seconds."""


class Lately:
    """Follows the speed of what moves, up soon and down slowly; still pictures change nothing."""

    def __init__(self) -> None:
        self._speed_px_s = 0.0
        self._at_s: float | None = None

    def step(self, speed_px_s: NDArray[np.float32], mask: NDArray[np.uint8], pts_s: float) -> float:
        """What hardly anything that moves exceeds.

        Parameters
        ----------
        speed_px_s : ndarray of float32, shape (h, w)
            Of every pixel.
        mask : ndarray of uint8, shape (h, w)
            Above 0 where something moves.
        pts_s : float
            Later than at the step before.

        Returns
        -------
        float
            Pixels per second; 0.0 as long as nothing has moved.
        """
        moving = speed_px_s[mask > 0]
        if not moving.size:
            return self._speed_px_s
        now = float(np.percentile(moving, TAIL))
        if self._at_s is None:
            self._speed_px_s = now
        else:
            half_s = RISES_S if now > self._speed_px_s else FALLS_S
            keep = 0.5 ** ((pts_s - self._at_s) / half_s)
            self._speed_px_s = keep * self._speed_px_s + (1 - keep) * now
        self._at_s = pts_s
        return self._speed_px_s
