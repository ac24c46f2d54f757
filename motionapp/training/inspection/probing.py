"""Whether labels can be told from still pictures, and not by luck: by the most alike of another
group, against labels dealt at random."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

LUCK: Final = 0.005
"""Of healthy data sets, so many are called unhealthy by one probe; one in a hundred by the two."""
DEALS: Final = 4999
"""Labels are dealt anew so often: the least chance that can be told is 1 in 5000, well below."""
MOST_PROBED: Final = 2000
"""Samples, evenly taken: their distances fill 32 MB, and 3 in 100 more than chance is told."""


@dataclass(frozen=True, slots=True)
class Probe:
    """How well labels are told from still pictures by the most alike of another group."""

    samples: int
    right: float
    """Share of samples, 0 to 1."""
    chance: float
    """The same where labels are dealt at random, on average."""
    by_luck: float
    """... that is exceeded in a share `LUCK` of the deals."""
    p: float
    """How often dealt labels were told as well, 0 to 1."""

    @property
    def tells(self) -> bool:
        """Whether the labels can be told, and not by luck."""
        return self.p <= LUCK


def probe(
    pictures: NDArray[np.float64], labels: Sequence[str], groups: Sequence[str], *, seed: int
) -> Probe | None:
    """Name each picture by the most alike of all other groups.

    Parameters
    ----------
    pictures : ndarray of float64, shape (samples, cells)
    labels, groups : sequence of str
    seed : int
        Of how labels are dealt.

    Returns
    -------
    Probe or None
        None with fewer than two labels, or where none is in two groups.

    Notes
    -----
    How bright a picture is on the whole does not count: no front-end sees it, and the weather of a
    day tells what was recorded on it (the wall of `weizmann_full` names 30 % rightly by its
    brightness and 14 % without, where chance is 10 %).

    Under the null hypothesis pictures know nothing of labels, so that the labels within a group
    may change places; and those of groups with one label each, as a whole, with each other's.
    """
    pairs = Counter(label for label, _ in set(zip(labels, groups, strict=True)))
    if len(pairs) < 2 or max(pairs.values()) < 2:
        return None
    step = -(-len(labels) // MOST_PROBED)
    truth = np.unique(np.array(labels), return_inverse=True)[1][::step]
    group = np.unique(np.array(groups), return_inverse=True)[1][::step]
    far = _distances(pictures[::step])
    far[group[:, None] == group[None]] = np.inf
    nearest = far.argmin(1)
    generator = np.random.default_rng(seed)
    right = float(np.mean(truth == truth[nearest]))
    deals = _Deals.of(truth, group)
    dealt = np.empty(DEALS)
    for number in range(DEALS):
        labels_of_deal = deals.deal(generator)
        dealt[number] = np.count_nonzero(labels_of_deal == labels_of_deal[nearest])
    dealt /= len(truth)
    return Probe(
        samples=len(truth),
        right=right,
        chance=float(dealt.mean()),
        by_luck=float(np.quantile(dealt, 1 - LUCK)),
        p=float(1 + np.count_nonzero(dealt >= right)) / (1 + DEALS),
    )


def _distances(pictures: NDArray[np.float64]) -> NDArray[np.float64]:
    """Squares of the distances of all from all, but for the mean of each."""
    shape = pictures - pictures.mean(1, keepdims=True)
    squares = np.square(shape).sum(1)
    return np.asarray(squares[:, None] + squares[None] - 2 * shape @ shape.T, np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class _Deals:
    """How labels may be dealt anew, given the groups."""

    labels: NDArray[np.int64]
    groups: NDArray[np.int64]
    in_order: NDArray[np.int64]
    """The places, sorted by group."""
    uniform: tuple[NDArray[np.int64], ...]
    """The places of each group with one label only."""

    @staticmethod
    def of(labels: NDArray[np.int64], groups: NDArray[np.int64]) -> _Deals:
        """Look at the groups once."""
        in_order = np.argsort(groups, kind="stable")
        starts = np.flatnonzero(np.diff(groups[in_order])) + 1
        each = np.split(in_order, starts)
        uniform = tuple(places for places in each if len(np.unique(labels[places])) == 1)
        return _Deals(labels, groups, in_order, uniform)

    def deal(self, generator: np.random.Generator) -> NDArray[np.int64]:
        """The labels at random, as far as the groups leave a choice."""
        dealt = np.empty_like(self.labels)
        shuffled = np.lexsort((generator.random(len(self.labels)), self.groups))
        dealt[self.in_order] = self.labels[shuffled]
        for places, other in zip(
            self.uniform, generator.permutation(len(self.uniform)), strict=True
        ):
            dealt[places] = self.labels[self.uniform[other][0]]
        return dealt
