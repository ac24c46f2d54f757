"""How far each moment of a recording stands out from the rest of it, by its packets alone.

Where nothing moves, what a picture costs in bytes is noise; somebody who moves costs more, picture
after picture. Sizes are not compared as they are: each becomes its rank among pictures of its kind
within some minutes, and the rank the value that a normal distribution has there (van der Waerden,
"Order tests for the two-sample problem", 1952). So neither codec nor bit rate nor the shape of the
noise matters, and no single large picture can outweigh all others.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.sources.packet_index import PacketIndex

BIN_S: Final = 0.25
"""Half of the shortest window."""
WINDOWS_S: Final = (0.5, 1.0, 2.0, 4.0)
"""Over so many seconds are pictures taken together: events last from 0.3 s on, and somebody small
and slow adds little to each picture, but does it for seconds."""
BLOCK_S: Final = 600.0
"""Pictures are compared within about so long: light and noise change over hours, while an event of
some minutes stays the smaller part of it."""
NEAR_KEY: Final = 3
"""Pictures behind a key picture differ from later ones: they are told apart at 1, 2, 4, 8 and more
(two to the power of this) pictures behind it."""
BULK: Final = (0.05, 0.5, 0.8)
"""Shares of a block's sums by which their spread is measured, below and above the middle. What lies
higher may be motion: up to a fifth of a block may be, and is not taken for noise."""


@dataclass(frozen=True, slots=True, eq=False)
class Unrest:
    """How far each moment stands out, in standard deviations of what is usual round it."""

    values: NDArray[np.float32]
    """One row a window, one column a bin; a window has its middle at the bin's beginning."""
    block_s: float
    """Length of the blocks within which pictures were compared."""
    duration_s: float

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return max(1, round(self.duration_s / self.block_s))

    def block_of(self, block: int) -> slice:
        """The bins of a block."""
        bins = self.values.shape[1]
        first, last = (round(n * self.block_s / BIN_S) for n in (block, block + 1))
        return slice(min(first, bins), bins if block + 1 == self.blocks else min(last, bins))


def unrest_of(index: PacketIndex) -> Unrest:
    """How far each moment of a recording stands out.

    Parameters
    ----------
    index : PacketIndex
        Sound, and with one packet at least.

    Returns
    -------
    Unrest
    """
    duration_s = max(index.duration_s, BIN_S)
    block_s = duration_s / max(1, round(duration_s / BLOCK_S))
    blocks = max(1, round(duration_s / block_s))
    block = np.minimum((index.pts_s / block_s).astype(np.int64), blocks - 1)
    scores = normal_scores(index.sizes, block * KINDS + kinds_of(index))
    bins = int(duration_s / BIN_S) + 1
    at = np.minimum((np.maximum(index.pts_s, 0.0) / BIN_S).astype(np.int64), bins - 1)
    sums = np.concatenate([[0.0], np.cumsum(np.bincount(at, scores, bins))])
    unrest = Unrest(np.zeros((len(WINDOWS_S), bins), np.float32), block_s, duration_s)
    for row, window_s in enumerate(WINDOWS_S):
        whole = _windowed(sums, round(window_s / BIN_S))
        for number in range(blocks):
            bounds = unrest.block_of(number)
            unrest.values[row, bounds] = _standardised(whole[bounds])
    return unrest


KINDS: Final = 1 + 3 * (NEAR_KEY + 1)
"""Key pictures, and three kinds of others at several distances from them."""


def kinds_of(index: PacketIndex) -> NDArray[np.int64]:
    """Which kind of picture each packet holds, as far as packets tell.

    Parameters
    ----------
    index : PacketIndex

    Returns
    -------
    ndarray of int64, shape (n,)
        From 0 to `KINDS` - 1: pictures that go forward, the first of several that are shown earlier
        than one that was sent (on which the others may be built), and the others of these.
    """
    number = np.arange(len(index))
    is_back = index.pts_s < np.maximum.accumulate(index.pts_s)
    has_more, is_behind = np.append(is_back[1:], False), np.append(False, is_back[:-1])
    kind = np.where(~is_back, 0, np.where(~is_behind & has_more, 1, 2))
    # Before the first key picture of a recording that lacks it, distances count from its start.
    behind = number - np.maximum.accumulate(np.where(index.is_key, number, 0))
    near = np.minimum(np.log2(np.maximum(behind, 1)).astype(np.int64), NEAR_KEY)
    return np.where(index.is_key, 0, 1 + kind * (NEAR_KEY + 1) + near)


def normal_scores(values: NDArray[np.int32], groups: NDArray[np.int64]) -> NDArray[np.float64]:
    """Where each value stands among those of its group, as a value of a standard normal variable.

    Parameters
    ----------
    values : ndarray of int32, shape (n,)
    groups : ndarray of int64, shape (n,)

    Returns
    -------
    ndarray of float64, shape (n,)
        Equal values of a group have the same score; a group's scores have a mean of about 0.
    """
    order = np.lexsort((values, groups))
    ranked, grouped = values[order], groups[order]
    is_first = np.append(True, np.diff(grouped) != 0)
    place, count = _within(is_first)
    is_new = is_first | np.append(True, np.diff(ranked) != 0)
    tied, alike = _within(is_new)
    middle = place - tied + (alike - 1) / 2
    scores = np.empty(len(values))
    scores[order] = _normal_quantile((middle + 0.5) / count)
    return scores


def _within(is_first: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of consecutive runs: each one's place in its run, and how long that is."""
    starts = np.flatnonzero(is_first)
    lengths = np.diff(np.append(starts, len(is_first)))
    return np.arange(len(is_first)) - np.repeat(starts, lengths), np.repeat(lengths, lengths)


@cache
def _table() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    shares = np.linspace(1e-4, 1 - 1e-4, 2001)
    return shares, np.array([NormalDist().inv_cdf(share) for share in shares])


def _normal_quantile(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.interp(shares, *_table()), np.float64)


def _windowed(sums: NDArray[np.float64], bins: int) -> NDArray[np.float64]:
    """Sums over so many bins round each; at the ends those of the first and last whole window."""
    count = len(sums) - 1
    bins = min(bins, count)
    whole = sums[bins:] - sums[:-bins]
    before = bins // 2
    return np.pad(whole, (before, count - len(whole) - before), mode="edge")


def _standardised(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    low, middle, high = np.quantile(sums, BULK)
    normal = NormalDist()
    spread = max(
        (middle - low) / -normal.inv_cdf(BULK[0]), (high - middle) / normal.inv_cdf(BULK[2])
    )
    return np.asarray((sums - middle) / max(float(spread), 1e-9), np.float64)
