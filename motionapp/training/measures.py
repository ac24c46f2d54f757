"""How good names are, as plain numbers of a table: per label, over all labels, and whether a score
means what it says. Knows no recordings and no networks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

BINS: Final = 15
"""Of the calibration error: as many as in the paper below."""
LEAST_REST: Final = 1e-6
"""What shares in 32 bits lack to 1 is rounding where it is less."""


@dataclass(frozen=True, slots=True)
class LabelMeasures:
    """How one label fares. Shares are 0 to 1."""

    shown: int
    """How many show it."""
    precision: float | None
    """Of those called so, the share that shows it; None where nothing was called so."""
    recall: float | None
    """Of those that show it, the share called so; None where nothing shows it."""
    f1: float | None
    """The harmonic mean of both; None where nothing shows it and nothing was called so."""


def confusion_of(pairs: Iterable[tuple[int, int | None]], labels: int) -> NDArray[np.int64]:
    """How often each label was called what.

    Parameters
    ----------
    pairs : iterable of (int, int or None)
        The right label's number, and what was said; None where nothing was.
    labels : int
        How many there are.

    Returns
    -------
    ndarray of int64, shape (labels, labels + 1)
        Rows are truth; the last column counts those of which nothing was said.
    """
    table = np.zeros((labels, labels + 1), dtype=np.int64)
    for truth, said in pairs:
        table[truth, labels if said is None else said] += 1
    return table


def label_measures(confusion: NDArray[np.int64]) -> tuple[LabelMeasures, ...]:
    """Precision, recall and F1 of every label.

    Parameters
    ----------
    confusion : ndarray of int64, shape (labels, labels + 1)
        See `confusion_of`.

    Notes
    -----
    Precision is ``TP / (TP + FP)``, recall ``TP / (TP + FN)``, and F1
    ``2 TP / (2 TP + FP + FN)``, which is their harmonic mean.

    References
    ----------
    van Rijsbergen, "Information retrieval", 2nd edition, 1979, chapter 7.
    """
    square = confusion[:, :-1]
    shown, called, right = confusion.sum(1), square.sum(0), np.diagonal(square)
    return tuple(
        LabelMeasures(
            shown=int(shown[label]),
            precision=_ratio(right[label], called[label]),
            recall=_ratio(right[label], shown[label]),
            f1=_ratio(2 * right[label], shown[label] + called[label]),
        )
        for label in range(len(confusion))
    )


def balanced_accuracy(measures: Sequence[LabelMeasures]) -> float | None:
    """The mean recall over the labels that are shown, 0 to 1; None where none is.

    Every label counts the same, however often it is shown: who always says the most frequent one
    of n has 1 / n.

    References
    ----------
    Brodersen, Ong, Stephan, Buhmann, "The balanced accuracy and its posterior distribution",
    ICPR 2010.
    """
    return _mean([one.recall for one in measures if one.recall is not None])


def macro_f1(measures: Sequence[LabelMeasures]) -> float | None:
    """The mean F1 over the labels that are shown, 0 to 1; None where none is.

    References
    ----------
    Opitz, Burst, "Macro F1 and macro F1", 2019: the mean of the labels' F1, and not the F1 of
    their means.
    """
    return _mean([one.f1 for one in measures if one.shown and one.f1 is not None])


@dataclass(frozen=True, slots=True)
class Bin:
    """The windows whose score lies within a range."""

    low: float
    high: float
    """The range; the lower end is outside but for 0."""
    windows: int
    score: float | None
    """Their mean score; None without windows."""
    right: float | None
    """The share of them that is right; None without windows."""


def calibration_bins(
    scores: NDArray[np.floating], right: NDArray[np.bool_], bins: int = BINS
) -> tuple[Bin, ...]:
    """How right windows are whose scores are alike.

    Parameters
    ----------
    scores : ndarray, shape (windows,)
        Probabilities of the best labels, 0 to 1.
    right : ndarray of bool, shape (windows,)
        Whether those labels are right.
    bins : int
        Ranges of the same width, at least 1.
    """
    edges = np.arange(bins + 1) / bins
    place = np.clip(np.ceil(np.asarray(scores, np.float64) * bins).astype(int) - 1, 0, bins - 1)
    found = []
    for number in range(bins):
        inside = place == number
        count = int(inside.sum())
        found.append(
            Bin(
                low=float(edges[number]),
                high=float(edges[number + 1]),
                windows=count,
                score=float(np.mean(scores[inside], dtype=np.float64)) if count else None,
                right=float(np.mean(right[inside])) if count else None,
            )
        )
    return tuple(found)


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """The expected calibration error (ECE), 0 to 1; None without windows.

    ``sum over bins of (windows of the bin / all windows) × |share right − mean score|``: by how
    much a score is off, on average. 0 where of all windows with a score of 0.8, say, 80 % are
    right.

    References
    ----------
    Guo, Pleiss, Sun, Weinberger, "On calibration of modern neural networks", ICML 2017, equation 3.
    """
    filled = [
        (one.windows, abs(one.right - one.score))
        for one in bins
        if one.right is not None and one.score is not None
    ]
    whole = sum(windows for windows, _ in filled)
    return sum(windows * off for windows, off in filled) / whole if whole else None


def untempered(probabilities: NDArray[np.float32], temperature: float) -> NDArray[np.float32]:
    """The probabilities as they were before the answers were divided by a temperature.

    Parameters
    ----------
    probabilities : ndarray of float32, shape (windows, labels)
        ``softmax(answers / T)``; what a row lacks to 1 is the reject output's share.
    temperature : float
        T, above 0.

    Returns
    -------
    ndarray of float32, shape (windows, labels)
        ``softmax(answers)``, which is ``p ** T`` made to sum to 1 again.

    Notes
    -----
    A reject output with a share below `LEAST_REST` counts as if there were none.
    """
    shares = np.asarray(probabilities, np.float64)
    rest = 1 - shares.sum(1, keepdims=True)
    powers = np.hstack([shares, np.where(rest < LEAST_REST, 0.0, rest)]) ** temperature
    whole = powers.sum(1, keepdims=True)
    before: NDArray[np.float32] = (powers / np.where(whole > 0, whole, 1.0)).astype(np.float32)
    return before[:, :-1]


def _ratio(part: int, whole: int) -> float | None:
    return float(part / whole) if whole else None


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
