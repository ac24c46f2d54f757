"""Which candidates are worth having, and which to take: rules over plain numbers.

References
----------
Breiman, Friedman, Olshen, Stone, "Classification and regression trees", 1984, section 3.4.3: of
what is within one standard error of the best, the simplest; here, the cheapest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LIVE_LOAD: Final = 0.5
"""Share of a core that front-end and network may take together where a camera is followed: the
other half decodes, follows bodies and looks for people, which costs the same behind all of them."""


@dataclass(frozen=True, slots=True)
class Option:
    """A candidate that was trained in full, as far as it matters for choosing."""

    name: str
    accuracy: float
    """Mean over groups, 0 to 1."""
    error: float
    """Its standard error."""
    cost_ms: float
    """Of naming one body once, preprocessing included."""
    file_bytes: int
    load: float
    """Share of one core of this machine that one body takes at the cameras' rate."""


@dataclass(frozen=True, slots=True)
class Pick:
    """One of the options, and why."""

    option: Option
    reason: str
    """One sentence."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What to take where."""

    desktop: Pick
    edge: Pick


def front(options: Sequence[Option]) -> tuple[Option, ...]:
    """Those that no other is better than in one way without being worse in another: the Pareto
    front, by cost. Of several that are alike in both, the smallest file stands for all.
    """
    found: list[Option] = []
    for one in sorted(options, key=lambda o: (o.cost_ms, -o.accuracy, o.file_bytes, o.name)):
        if not found or one.accuracy > found[-1].accuracy:
            found.append(one)
    return tuple(found)


def recommend(options: Sequence[Option]) -> Recommendation | None:
    """What to take on a desktop, and on a small box; None where there is nothing to choose from.

    Notes
    -----
    Desktop: the most accurate of those that keep up with a camera (`LIVE_LOAD`); of equals the
    cheaper. Where none keeps up, the one that comes nearest to it. Edge: of those within one
    standard error of the best, the cheapest; of equals the smaller file.
    """
    if not options:
        return None
    best = _most_accurate(options)
    return Recommendation(_desktop(options, best), _edge(options, best))


def _desktop(options: Sequence[Option], best: Option) -> Pick:
    live = [one for one in options if one.load <= LIVE_LOAD]
    if not live:
        nearest = min(options, key=lambda one: (one.load, -one.accuracy, one.name))
        return Pick(
            nearest,
            f"none keeps up with a camera on this machine, and {nearest.name} comes nearest to it: "
            f"it takes {_share(nearest)} of a core.",
        )
    chosen = _most_accurate(live)
    if chosen == best:
        return Pick(
            chosen,
            f"it is the most accurate, {_percent(chosen)} of windows, and keeps up with a camera: "
            f"it takes {_share(chosen)} of a core.",
        )
    return Pick(
        chosen,
        f"it is the most accurate that keeps up with a camera, {_percent(chosen)} of windows at "
        f"{_share(chosen)} of a core, where {best.name} has {_percent(best)} and takes "
        f"{_share(best)}.",
    )


def _edge(options: Sequence[Option], best: Option) -> Pick:
    least = best.accuracy - best.error
    within = [one for one in options if one.accuracy >= least]
    chosen = min(within, key=lambda one: (one.cost_ms, one.file_bytes, -one.accuracy, one.name))
    if chosen == best:
        return Pick(
            chosen,
            f"it is the most accurate, {_percent(chosen)} of windows, and the cheapest of "
            f"those within one standard error ({100 * best.error:.1f} points) of it: "
            f"{chosen.cost_ms:.2g} ms a name.",
        )
    return Pick(
        chosen,
        f"with {_percent(chosen)} of windows it is within one standard error "
        f"({100 * best.error:.1f} points) of the best ({best.name}, {_percent(best)}), and the "
        f"cheapest of those: {chosen.cost_ms:.2g} ms a name for {best.cost_ms:.2g} ms.",
    )


def _most_accurate(options: Sequence[Option]) -> Option:
    return min(options, key=lambda one: (-one.accuracy, one.cost_ms, one.file_bytes, one.name))


def _percent(option: Option) -> str:
    return f"{100 * option.accuracy:.1f} %"


def _share(option: Option) -> str:
    return f"{100 * option.load:.0f} %" if option.load >= 0.01 else "less than 1 %"
