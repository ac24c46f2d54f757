"""How far a measured share may be from what other people, days or cameras would give.

Recordings of one group are alike: nine people of ten recordings each are not ninety observations,
and hardly more than nine. So intervals are taken over groups.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

LEVEL: Final = 0.95
FEWEST_TO_DRAW: Final = 30
"""Groups. Of 800 simulated data sets (4 or 10 recordings a group, 80 or 95 % right, correlated by
0.15 within groups) the bootstrap's interval held the truth in 57 to 85 % with 5 groups, 80 to 91 %
with 10, 84 to 93 % with 20, 90 to 96 % with 30; that of the effective number in 93 to 100 % with
any number of groups, and for these few it is the honest one."""
DRAWS: Final = 4000
"""Of the bootstrap: its ends are steady to a tenth of a point or two."""
SEED: Final = 1

_NORMAL: Final = statistics.NormalDist().inv_cdf((1 + LEVEL) / 2)
_T: Final = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
    2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
    2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045,
)  # fmt: skip
"""Student's t, 97.5 %, by degrees of freedom from 1 on."""

Method = Literal["bootstrap over groups", "Wilson, effective number"]


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the truth lies with the probability `LEVEL`."""

    low: float
    high: float
    method: Method


def wilson(share: float, count: float, z: float = _NORMAL) -> tuple[float, float]:
    """The score interval of a share of independent observations.

    ``(p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n)``

    Parameters
    ----------
    share : float
        p, 0 to 1.
    count : float
        n, above 0; need not be whole.
    z : float
        How many standard deviations to either side.

    Returns
    -------
    (float, float)
        Within 0 to 1, `share` between them.

    References
    ----------
    Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
    American Statistical Association 22, 1927.
    """
    square = z * z
    middle = share + square / (2 * count)
    half = z * math.sqrt(share * (1 - share) / count + square / (4 * count * count))
    whole = 1 + square / count
    return max(0.0, min(share, (middle - half) / whole)), min(
        1.0, max(share, (middle + half) / whole)
    )


def effective_count(right: NDArray[np.int64], counts: NDArray[np.int64]) -> float:
    """How many independent observations those of some groups are worth.

    Parameters
    ----------
    right : ndarray of int64, shape (groups,)
        How many of each group are right.
    counts : ndarray of int64, shape (groups,)
        Of how many; all above 0, at least two groups.

    Returns
    -------
    float
        From the number of groups, where all of a group are alike, to that of observations, where
        groups differ no more than chance lets them.

    References
    ----------
    Kish, "Survey sampling", 1965: the number over the design effect, which is the variance between
    groups over that of independent draws.
    """
    whole, groups = int(counts.sum()), len(counts)
    share = right.sum() / whole
    drawn = share * (1 - share) / whole
    if drawn == 0:
        return float(whole)  # all alike: nothing tells how much groups would differ
    off = right - share * counts
    between = groups / (groups - 1) * float(np.sum(off * off)) / whole**2
    return min(float(whole), max(float(groups), whole * drawn / between if between else whole))


def interval(right: Sequence[int], counts: Sequence[int]) -> Interval | None:
    """Where the share of what is right lies for groups like these.

    Parameters
    ----------
    right : sequence of int
        How many of each group are right.
    counts : sequence of int
        Of how many; groups of none are left out.

    Returns
    -------
    Interval or None
        None with fewer than two groups: nothing tells how much groups differ.

    Notes
    -----
    From `FEWEST_TO_DRAW` groups on, groups are drawn with replacement (percentiles of the bootstrap
    over clusters); but where all of all groups are right, or none, that would be no interval at
    all. Else Wilson's interval of the effective number, made wider as Student's t is than the
    normal distribution.

    References
    ----------
    Davison, Hinkley, "Bootstrap methods and their application", 1997, section 3.8. Korn, Graubard,
    "Confidence intervals for proportions with small expected number of positive counts estimated
    from survey data", Survey Methodology 24, 1998. Dean, Pagano, "Evaluating confidence interval
    methods for binomial proportions in clustered surveys", Journal of Survey Statistics and
    Methodology 3, 2015.
    """
    pairs = [(one, of) for one, of in zip(right, counts, strict=True) if of]
    if len(pairs) < 2:
        return None
    rights, wholes = (np.array(column, np.int64) for column in zip(*pairs, strict=True))
    share = float(rights.sum() / wholes.sum())
    if len(pairs) >= FEWEST_TO_DRAW and 0 < share < 1:
        return Interval(*_drawn(rights, wholes), "bootstrap over groups")
    freedom = len(pairs) - 1
    wider = _NORMAL / (_T[freedom - 1] if freedom <= len(_T) else _NORMAL)
    low, high = wilson(share, effective_count(rights, wholes) * wider**2)
    return Interval(low, high, "Wilson, effective number")


def _drawn(right: NDArray[np.int64], counts: NDArray[np.int64]) -> tuple[float, float]:
    """Percentiles of the share over groups drawn with replacement."""
    drawing = np.random.default_rng(SEED)
    shares = []
    for _ in range(DRAWS):  # one by one: a thousand groups at once would take 32 MB
        chosen = drawing.integers(0, len(counts), len(counts))
        shares.append(right[chosen].sum() / counts[chosen].sum())
    low, high = np.quantile(shares, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


@dataclass(frozen=True, slots=True)
class Spread:
    """How much the values of some folds or groups differ."""

    count: int
    mean: float
    deviation: float | None
    """Standard deviation, with one less than `count` below the line; None of one value."""
    low: float
    high: float


def spread_of(values: Sequence[float]) -> Spread | None:
    """Mean, deviation and range of some values; None of none."""
    if not values:
        return None
    return Spread(
        count=len(values),
        mean=statistics.fmean(values),
        deviation=statistics.stdev(values) if len(values) > 1 else None,
        low=min(values),
        high=max(values),
    )
