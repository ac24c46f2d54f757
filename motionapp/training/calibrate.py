"""Makes a network's probabilities mean what they say, from answers on what it never saw.

References
----------
Guo, Pleiss, Sun, Weinberger, "On calibration of modern neural networks", ICML 2017.
Neyman, Pearson, "On the problem of the most efficient tests of statistical hypotheses",
Philosophical Transactions A 231, 1933: the threshold bounds the one error, right names that are
lost, and within that bound makes the other, names for what has none, as small as it gets.
"""

from __future__ import annotations

import math
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
HIGHEST_IN_VIEW = 0.7
"""... or this, where windows of nothing that has a name are held out and fewer of them have one
then. Between two movements a mean over `smooth_s`, 2 s, is below 0.7 for 0.8 s: 0.4 s to either
side, as far as a border may be off; a higher threshold would take more."""
USUAL_THRESHOLD = 0.5
DECIMALS = 4
"""Of what is written into the contract."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a network's answers are divided by, and below what it declines."""

    temperature: float = 1.0
    threshold: float = USUAL_THRESHOLD


def calibrate(
    answers: NDArray[np.float32],
    truth: NDArray[np.int64],
    labels: int,
    *,
    nameless: NDArray[np.float32] | None = None,
) -> Calibration:
    """The temperature with the least surprise, and a threshold that loses few right answers.

    Parameters
    ----------
    answers : ndarray of float32, shape (windows, outputs)
        Bare answers on held-out windows; a reject output may follow the labels.
    truth : ndarray of int64, shape (windows,)
        The right label of each.
    labels : int
        How many labels there are.
    nameless : ndarray of float32, shape (windows, outputs), optional
        Bare answers on held-out windows that show none of the labels. With them, the threshold is
        the one at which fewest of these have a name, of those that lose as few right answers and
        are no lower than it would be without; of equals the lowest.

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
    threshold = min(max(lost, LOWEST_THRESHOLD), HIGHEST_THRESHOLD)
    if nameless is not None and len(nameless):
        named = _false_names(softmax(nameless / np.float32(temperature)), labels)
        threshold = _above(named, threshold, max(threshold, min(lost, HIGHEST_IN_VIEW)))
    return Calibration(round(temperature, DECIMALS), round(threshold, DECIMALS))


def _false_names(shares: NDArray[np.float32], labels: int) -> NDArray[np.float32]:
    """What the names of windows that should have none are worth, of those that the reject output,
    if there is one, does not decline."""
    best = shares[:, :labels].max(1)
    named: NDArray[np.float32] = best[best >= shares.max(1)]
    return named


def _above(named: NDArray[np.float32], low: float, high: float) -> float:
    """The lowest threshold from `low` to `high` that leaves as few of `named` as `high` does."""
    declined = named[(named >= low) & (named < high)]
    if not len(declined):
        return low
    step = 10.0**-DECIMALS
    return min(high, (math.floor(float(declined.max()) / step) + 1) * step)


def _surprise(answers: NDArray[np.float32], truth: NDArray[np.int64]) -> float:
    """Mean negative logarithm of the right output's share."""
    right = softmax(answers)[np.arange(len(truth)), truth]
    return float(-np.mean(np.log(np.maximum(right, 1e-9))))
