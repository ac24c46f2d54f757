"""The smallest change of one setting that lets motion through, found by trying.

A gate's figures say where to begin; whether it is enough, and whether the next gate lets the
motion through too, only looking again can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from motionapp.core.errors import SettingsError
from motionapp.explain.inquiry import Answer
from motionapp.explain.verdicts import Verdict, rounded_down, rounded_up
from motionapp.settings.tree import AnalysisSettings

Changes = Mapping[str, object]
Ask = Callable[[Changes], Answer]
"""Looks at the same stretch again with other values at some key paths. Raises `SettingsError`
where a value does not fit."""

GREATEST = {"sensitivity": 10.0, "light_share": 1.0}
"""Settings that have to be raised, and how far they can be; all others are lowered, down to 0."""

HALVINGS = 5
"""Between a value that is enough and one that is not: of the difference, a thirtieth is left."""

MOST_TOGETHER = 4
"""Settings that are changed together where none is enough alone."""


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """Settings with which there is an event, or a name; it was looked at again with them."""

    changes: Changes
    """Values by key path: one, unless none was enough alone."""
    answer: Answer
    """What was found then."""


def find_counterfactual(
    answer: Answer, settings: AnalysisSettings, ask: Ask
) -> Counterfactual | None:
    """What to change so that the motion of `answer` gets through.

    Parameters
    ----------
    answer : Answer
        Of a question that was asked with `settings`.
    settings : AnalysisSettings
    ask : callable
        Asks again with changes; it is called about ten times.

    Returns
    -------
    Counterfactual or None
        None where nothing stopped it, or nothing that can be set would let it through.
    """
    stop = answer.stop
    if stop is None or stop.setting is None:
        return None
    is_enough = _named if stop.gate == "label" else _found_at(answer)
    search = _Search(ask, is_enough)
    if stop.setting == "analysis.zones":
        return search.first(_other_zones(settings))
    return search.alone(stop) or search.together(answer)


def _named(answer: Answer) -> bool:
    last = answer.verdicts[-1] if answer.verdicts else None
    return answer.event is not None and last is not None and last.passed


def _found_at(asked: Answer) -> Callable[[Answer], bool]:
    time_s = asked.at_s if asked.seen_s is None else asked.seen_s
    return lambda answer: answer.covers(time_s)


def _other_zones(settings: AnalysisSettings) -> Iterator[Changes]:
    """Without one of those that leave something out; then without any zone.

    What is private stays covered, whatever could be found beneath; lines hide nothing.
    """
    zones = [zone.model_dump() for zone in settings.zones]
    for zone in zones:
        if zone["kind"] == "exclude":
            yield {"analysis.zones": [other for other in zones if other is not zone]}
    kept = [zone for zone in zones if zone["kind"] in ("privacy", "line")]
    if len(kept) < len(zones):
        yield {"analysis.zones": kept}


class _Search:
    """Tries changes until one is enough."""

    def __init__(self, ask: Ask, is_enough: Callable[[Answer], bool]) -> None:
        self._ask = ask
        self._is_enough = is_enough

    def first(self, candidates: Iterator[Changes]) -> Counterfactual | None:
        """The first of some changes that is enough."""
        tried = (self._tried(changes) for changes in candidates)
        return next((remedy for remedy in tried if remedy is not None), None)

    def alone(self, stop: Verdict) -> Counterfactual | None:
        """The one setting that stopped it, as little changed as is enough."""
        setting, value = stop.setting, stop.needed
        if setting is None or value is None:
            return None
        if isinstance(value, bool):
            return self._tried({setting: value})
        found = self._tried({setting: value})
        if found is not None:  # the gate's own figure: less would not do
            return found
        # One look at the far end says whether it is worth going there.
        farthest = GREATEST.get(setting.rpartition(".")[2], 0.0)
        found = None if value == farthest else self._tried({setting: farthest})
        return found and self._nearer(setting, found, value, farthest)

    def together(self, answer: Answer) -> Counterfactual | None:
        """One setting after the other, as the gates stop what moves."""
        changes: dict[str, object] = {}
        now = answer
        for _ in range(MOST_TOGETHER):
            stop = now.stop
            if stop is None or stop.setting is None or stop.needed is None:
                return None
            if stop.setting in changes and changes[stop.setting] == stop.needed:
                return None
            changes[stop.setting] = stop.needed
            try:
                now = self._ask(changes)
            except SettingsError:
                return None
            if self._is_enough(now):
                return Counterfactual(changes, now)
        return None

    def _tried(self, changes: Changes) -> Counterfactual | None:
        try:
            answer = self._ask(changes)
        except SettingsError:  # beyond what the setting takes: the search has come to its end
            return None
        return Counterfactual(changes, answer) if self._is_enough(answer) else None

    def _nearer(
        self, setting: str, found: Counterfactual, short_of: float, enough: float
    ) -> Counterfactual:
        """Halve the way from a value that is enough to one that is not."""
        rounded = rounded_up if enough > short_of else rounded_down
        for _ in range(HALVINGS):
            middle = rounded((enough + short_of) / 2)
            if middle in (enough, short_of):
                break
            nearer = self._tried({setting: middle})
            if nearer is None:
                short_of = middle
            else:
                enough, found = middle, nearer
        return found
