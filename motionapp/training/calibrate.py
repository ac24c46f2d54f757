"""Makes a network's probabilities mean what they say, from answers on what it never saw.

References
----------
Guo, Pleiss, Sun, Weinberger, "On calibration of modern neural networks", ICML 2017.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motionapp.recognition.onnx import softmax

TEMPERATURES = np.geomspace(0.2, 5.0, 65)
LOST_SHARE = 0.05
"""At most so many right answers may fall below the threshold ..."""
LOWEST_THRESHOLD, HIGHEST_THRESHOLD = 0.3, 0.6
"""... which stays between these: lower says nothing, higher asks for more than half the votes
of a smoothed second."""
USUAL_THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a network's answers are divided by, and below what it declines."""

    temperature: float = 1.0
    threshold: float = USUAL_THRESHOLD


def calibrate(answers: NDArray[np.float32], truth: NDArray[np.int64], labels: int) -> Calibration:
    """The temperature with the least surprise, and a threshold that loses few right answers.

    Parameters
    ----------
    answers : ndarray of float32, shape (windows, outputs)
        Bare answers on held-out windows; a reject output may follow the labels.
    truth : ndarray of int64, shape (windows,)
        The right label of each.
    labels : int
        How many labels there are.

    Returns
    -------
    Calibration
        The usual values where there are no answers.
    """
    if not len(answers):
        return Calibration()
    temperature = float(min(TEMPERATURES, key=lambda t: _surprise(answers / t, truth)))
    shares = softmax(answers / np.float32(temperature))[:, :labels]
    right = shares.argmax(1) == truth
    if not right.any():
        return Calibration(temperature)
    lost = float(np.quantile(shares[right].max(1), LOST_SHARE))
    return Calibration(
        round(temperature, 4),
        round(min(max(lost, LOWEST_THRESHOLD), HIGHEST_THRESHOLD), 4),
    )


def _surprise(answers: NDArray[np.float32], truth: NDArray[np.int64]) -> float:
    """Mean negative logarithm of the right output's share."""
    right = softmax(answers)[np.arange(len(truth)), truth]
    return float(-np.mean(np.log(np.maximum(right, 1e-9))))
