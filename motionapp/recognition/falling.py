"""Whether a body falls: how far it drops in a short time, and how flat it lies then.

A plain rule that steps: postures of one body in, a judgement out; its weights were learnt and stand
in `FALL`. It looks at the past only, measures in standing lengths and in seconds, and knows nothing
of networks, front-ends and bodies beside.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Any, Final, NamedTuple  # a queue of any looks

import numpy as np
from numpy.typing import NDArray

from motionapp.core.window import TIME_TOLERANCE_S
from motionapp.recognition.posture import Posture

STEADIED_S: Final = 0.2
"""A posture is the median of so many seconds: single points jump."""

DROPS_S: Final = 0.8
"""A fall takes no longer: who lies down does it in parts, each of them less far."""

SUDDEN_S: Final = 0.4
"""What is fastest of it. Whoever crouches is slower than who falls."""

AFTER_S: Final = 1.2
"""So long after the drop they are seen to lie: the points are lost while somebody tumbles."""

MEMORY_S: Final = 4.0
"""A body is as tall as it was seen in so many seconds: while it falls it looks short."""

TALL: Final = 0.8
"""Of the lengths seen, the one that so many do not reach: foreshortening only ever makes less."""

BEGUN: Final = 0.15
"""A fall has begun when so much of its way is done."""


class Figures(NamedTuple):
    """What a judgement is made of, in standing lengths."""

    drop: float
    """How far the top came down within `DROPS_S`, at most within the last `AFTER_S`."""
    sudden: float
    """The same within `SUDDEN_S`."""
    trunk: float
    """How much higher one end of the trunk is than the other; 0.29 in who stands."""
    breadth: float
    """-1 for a line that stands, 0 for a square, 1 for a line that lies."""


@dataclass(frozen=True, slots=True)
class FallRule:
    """A weighted sum of the figures, made a probability; above one half it is a fall."""

    weights: Figures
    bias: float

    def probability(self, figures: Figures) -> float:
        """How probable a fall is, 0 to 1."""
        total = sum(w * f for w, f in zip(self.weights, figures, strict=True)) + self.bias
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


FALL: Final = FallRule(Figures(drop=2.92, sudden=11.40, trunk=-5.43, breadth=5.05), bias=-5.35)
"""Learnt from 33 falls (22 of UR Fall Detection, seen from the side, and 11 of GMDCSA-24) and 38
stretches of daily living of the same two sets, half of the weight each: of a recording the instant
that looks most like a fall decides. The bias lies halfway between nine tenths of the falls and nine
tenths of the rest: 0.3 below where learning left it."""


class Judgement(NamedTuple):
    """What is said of a body at an instant."""

    probability: float
    began_s: float
    """When the drop began that is judged."""
    figures: Figures


class Falling:
    """The last seconds of one body; memory is bounded by `MEMORY_S`.

    Parameters
    ----------
    rule : FallRule
    """

    def __init__(self, rule: FallRule) -> None:
        self._rule = rule
        self._seen: deque[tuple[float, Posture]] = deque()
        self._tops: deque[tuple[float, float]] = deque()
        """Steadied, in pixels."""
        self._drops: deque[tuple[float, float, float, float]] = deque()
        """When, the drop and the sudden drop until then, and when it began."""

    @property
    def last_s(self) -> float:
        """When it was seen last."""
        return self._seen[-1][0]

    @property
    def place(self) -> tuple[float, float]:
        """Where it was then."""
        return self._seen[-1][1].x, self._seen[-1][1].y

    @property
    def standing_px(self) -> float:
        """How tall it would stand, by the last seconds; at least a pixel."""
        lengths = [posture.length_px for _, posture in self._seen]
        return max(1.0, float(np.quantile(lengths, TALL)))

    def step(self, pts_s: float, posture: Posture) -> Judgement:
        """Take in a look, and judge.

        Parameters
        ----------
        pts_s : float
            Later than the look before.
        posture : Posture
        """
        self._seen.append((pts_s, posture))
        _forget(self._seen, pts_s - MEMORY_S)
        length = self.standing_px
        now = self._steadied(pts_s)
        self._tops.append((pts_s, float(now[0])))
        _forget(self._tops, pts_s - DROPS_S)
        drop, began_s = self._dropped(pts_s, DROPS_S, length)
        sudden, _ = self._dropped(pts_s, SUDDEN_S, length)
        self._drops.append((pts_s, drop, sudden, began_s))
        _forget(self._drops, pts_s - AFTER_S)
        _, drop, _, began_s = max(self._drops, key=lambda one: one[1])
        figures = Figures(
            drop=drop,
            sudden=max(one[2] for one in self._drops),
            trunk=abs(float(now[1])) / length,
            breadth=float(now[2]),
        )
        return Judgement(self._rule.probability(figures), began_s, figures)

    def _steadied(self, pts_s: float) -> NDArray[np.float64]:
        """Top, trunk and breadth: medians of the newest looks."""
        since_s = pts_s - STEADIED_S + TIME_TOLERANCE_S
        newest = [(p.top_y, p.trunk_px, p.breadth) for t, p in self._seen if t > since_s]
        steadied: NDArray[np.float64] = np.median(np.array(newest), axis=0)
        return steadied

    def _dropped(self, pts_s: float, within_s: float, length: float) -> tuple[float, float]:
        """How far the top is below where it was highest, and when it began to come down."""
        since_s = pts_s - within_s - TIME_TOLERANCE_S
        tops = [(t, y) for t, y in self._tops if t >= since_s]
        highest = min(y for _, y in tops)
        way = tops[-1][1] - highest
        began_s = max(t for t, y in tops if y <= highest + BEGUN * way)
        return way / length, began_s


def _forget(looks: deque[Any], before_s: float) -> None:
    """Leave out what is older; the first of each look is its time."""
    while looks[0][0] < before_s - TIME_TOLERANCE_S:
        looks.popleft()
