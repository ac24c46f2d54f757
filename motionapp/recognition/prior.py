"""How frequent movements are where a network is used, for bodies that travel.

A network is trained on every movement alike; on a street nearly everybody who travels walks. By
Bayes' rule its shares are weighed by how much more frequent a movement is there.

References
----------
Saerens, Latinne, Decaestecker, "Adjusting the outputs of a classifier to new a priori
probabilities", Neural Computation 14(1), 2002.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.core.clip import Going
from motionapp.core.contract import Prior

TRAVELS: Final = 0.15
"""Body heights per second: people on streets walk at 0.38 to 0.60 (median); a box that trembles by
a tenth seems to go at 0.05 (standard deviation over a clip of a second). A prior for everybody
made walkers of 5 in 34 who stood."""

RUNS: Final = 1.2
"""Body heights per second: people break into a run at 2.05 m/s (Hreljac, "Preferred and
energetically optimal gait transition speeds in human locomotion", Medicine and Science in Sports
and Exercise 25(10), 1993). Towards a camera they seem slower, and nobody seems faster."""

PRIORS: Final[Mapping[Prior, float]] = {"equal": 1.0, "room": 3.0, "street": 10.0}
"""How often who travels walks, or runs where that is too fast for walking, for once that they do
another movement. Tried for walking were 1, 3 and 10, on the three streets that bars are measured on
(ADR 14): with 10 the boxes that are called another movement go to none. An office, a field and
shops were looked at afterwards; nine of eleven walkers there go."""


def weighed(
    shares: NDArray[np.float32], labels: Sequence[str], goings: Sequence[Going], prior: Prior
) -> NDArray[np.float32]:
    """A network's shares where movements are as frequent as `prior` says.

    Parameters
    ----------
    shares : ndarray of float32, shape (clips, outputs)
        Of the labels, and of the reject output where there is one; each row sums to 1.
    labels : sequence of str
        In the order of the outputs.
    goings : sequence of Going
        Of each clip's body; the shares of who stands stay as they are.
    prior : str

    Returns
    -------
    ndarray of float32, same shape
    """
    weights = np.ones_like(shares)
    for row, going in enumerate(goings):
        for number, label in enumerate(labels):
            if label == usual_at(going.speed):
                weights[row, number] = PRIORS[prior]
    found = shares * weights
    rows: NDArray[np.float32] = found / found.sum(axis=1, keepdims=True)
    return rows


def usual_at(speed: float) -> str | None:
    """The movement that is frequent at a speed in body heights per second; None of who stands."""
    if speed <= TRAVELS:
        return None
    return "walk" if speed <= RUNS else "run"
