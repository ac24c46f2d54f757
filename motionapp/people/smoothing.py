"""Points without their jitter: the One-Euro filter, by seconds."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class OneEuroRules:
    """How much is smoothed; speeds are in lengths of the person per second.

    At 25 frames a second a wrist that waves at up to two lengths a second comes 36 ms late, and of
    a still point's jitter (a hundredth of the length) 0.31 are left.
    """

    rest_hz: float = 0.6
    """Cut-off of what stands still."""
    rise: float = 2.0
    """By so many Hz the cut-off rises with a length per second."""
    speed_hz: float = 1.0
    """Cut-off of the measured speed."""


class OneEuro:
    """Smooths the points of one person.

    Parameters
    ----------
    rules : OneEuroRules

    References
    ----------
    Casiez, Roussel, Vogel, "1 € Filter", CHI 2012.
    """

    def __init__(self, rules: OneEuroRules) -> None:
        self._rules = rules
        self._t_s = 0.0
        self._points: NDArray[np.float32] | None = None
        self._speeds: NDArray[np.float32] | None = None

    def step(
        self, points: NDArray[np.float32], *, t_s: float, length_px: float
    ) -> NDArray[np.float32]:
        """The smoothed points.

        Parameters
        ----------
        points : ndarray of float32, shape (n, 2)
        t_s : float
            Later than the one before; otherwise the points are given back as they were.
        length_px : float
            The person's length: what speeds are measured by; greater than 0.

        Returns
        -------
        ndarray of float32, shape (n, 2)
        """
        lasted_s = t_s - self._t_s
        if self._points is None or self._speeds is None:
            self._points, self._speeds = points.copy(), np.zeros_like(points)
        elif lasted_s > 0:
            measured = (points - self._points) / (lasted_s * length_px)
            self._speeds += _share(self._rules.speed_hz, lasted_s) * (measured - self._speeds)
            speed = np.linalg.norm(self._speeds, axis=1, keepdims=True)
            cut_off_hz = self._rules.rest_hz + self._rules.rise * speed
            share = 1 / (1 + 1 / (2 * math.pi * cut_off_hz * lasted_s))
            self._points = (self._points + share * (points - self._points)).astype(np.float32)
        self._t_s = t_s
        return self._points.copy()


def _share(cut_off_hz: float, lasted_s: float) -> float:
    """How much of a new value a low pass takes after so many seconds."""
    return 1 / (1 + 1 / (2 * math.pi * cut_off_hz * lasted_s))
