"""How much of a difference is only light: one gain and one offset for the whole picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ROUNDS = 4
"""Rounds of fitting and leaving out what does not fit; more change nothing visible."""

SMALLEST_SPREAD = 4.0
"""Grey levels: below this spread a picture is flat, and only an offset can be told."""


@dataclass(frozen=True, slots=True)
class LightChange:
    """`now` is about ``gain * then + offset`` where nothing moves."""

    gain: float = 1.0
    offset: float = 0.0

    def table(self) -> NDArray[np.uint8]:
        """Look-up table of 256 entries that gives an earlier picture the light of now."""
        levels = np.arange(256, dtype=np.float32) * self.gain + self.offset
        return np.asarray(np.clip(np.rint(levels), 0, 255), np.uint8)


def fit_light(then: NDArray[np.uint8], now: NDArray[np.uint8]) -> LightChange:
    """The change of light between two pictures, robust against what moves in them.

    Parameters
    ----------
    then, now : ndarray of uint8, same shape
        Every few pixels of the two pictures are enough.

    Returns
    -------
    LightChange
        Least squares, refitted without the half that fits worst; clipped pixels are left out.

    References
    ----------
    Rousseeuw, "Least median of squares regression", JASA 79, 1984 (trimming the worst half).
    """
    # Clipped pixels do not change with the light.
    usable = (then > 4) & (then < 250) & (now > 4) & (now < 250)
    x, y = then[usable].astype(np.float64), now[usable].astype(np.float64)
    # Of so few, any fit is as good as none.
    if x.size < 16:
        return LightChange()
    gain, offset = 1.0, float(np.median(y - x))
    for _ in range(ROUNDS):
        misfit = np.abs(gain * x + offset - y)
        near = misfit <= np.partition(misfit, x.size // 2)[x.size // 2]
        kept_x, kept_y = x[near], y[near]
        spread = float(kept_x.std())
        # On a flat picture gain and offset cannot be told apart, and a gain would be of noise.
        if spread < SMALLEST_SPREAD:
            gain = 1.0
        else:
            covariance = float(((kept_x - kept_x.mean()) * (kept_y - kept_y.mean())).mean())
            # No lamp or cloud does more; beyond, the two pictures have nothing in common.
            gain = float(np.clip(covariance / spread**2, 0.2, 5.0))
        offset = float(np.median(kept_y - gain * kept_x))
    return LightChange(gain, offset)
