"""Why is there no event at an instant of a recording, or why has it that name: asked and answered,
with the smallest change of a setting that would change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from motionapp.assembly import load_models
from motionapp.core.errors import SettingsError
from motionapp.core.event import WHOLE_PICTURE
from motionapp.core.models import Models
from motionapp.explain.counterfactual import Counterfactual, find_counterfactual
from motionapp.explain.inquiry import Answer
from motionapp.explain.place import Place
from motionapp.explain.stretch import Stretch
from motionapp.settings import Settings, apply_changes
from motionapp.settings.tree import AnalysisSettings


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of an instant, and what could be changed."""

    name: str
    """Of the recording."""
    zone: str
    """Where was looked: names with commas between them."""
    settings: AnalysisSettings
    """Those that the question was asked with."""
    answer: Answer
    remedy: Counterfactual | None
    note: str = ""
    """Why nothing could be named; empty where it was, or had no need to be."""


def ask_why(
    spec: str,
    at_s: float,
    settings: Settings,
    *,
    zone: str | None = None,
    place: Place | None = None,
    threads: int = 1,
    is_wanted: Callable[[], bool] = lambda: True,
) -> Reply:
    """Look at a stretch of a recording again, and again with other settings.

    Parameters
    ----------
    spec : str
        The recording, as `open_source` understands it.
    at_s : float
        The instant, in seconds from the first frame.
    settings : Settings
    zone : str, optional
        This one only.
    place : Place, optional
        Only what is near it.
    threads : int
        Of networks.
    is_wanted : callable
        Asked before each frame.

    Raises
    ------
    SettingsError
        There is no such zone or instant.
    SourceError
        It cannot be read there.
    NotWanted
        The answer is not wanted any longer.
    """
    analysis = in_zone(settings.analysis, zone)
    settings = settings.model_copy(update={"analysis": analysis})
    stretch, note = Stretch(spec, at_s, place=place, is_wanted=is_wanted), ""
    try:
        models = load_models(analysis, threads=threads)
        finder = Models(people=models.people)
        answer = stretch.ask(analysis, finder)
        if answer.event is not None:  # only then there is anything to name
            if models.recogniser is not None or models.falls:
                answer = stretch.ask(analysis, models)
            else:
                note = models.note
        remedy = _remedy(answer, settings, stretch, finder)
    finally:
        stretch.close()
    where = zone or ", ".join(_included(analysis)) or WHOLE_PICTURE
    return Reply(stretch.name, where, analysis, answer, remedy, note)


_HAS_NO_EVENTS: Final = {
    "line": "a line has crossings and no events; there is no such zone to watch",
    "privacy": "it is covered, and nobody sees what is there; there is no such zone to watch",
    "exclude": "it is left out; there is no such zone to watch",
}
"""What is said of zones that are none to watch."""


def in_zone(settings: AnalysisSettings, name: str | None) -> AnalysisSettings:
    """Only the zone that is asked about is watched: whether it has an event hangs on no other.

    Raises
    ------
    SettingsError
        There is no such zone.
    """
    if name is None or (name == WHOLE_PICTURE and not _included(settings)):
        return settings
    if name not in _included(settings):
        there = ", ".join(_included(settings)) or f"only {WHOLE_PICTURE}"
        kinds = {zone.name: zone.kind for zone in settings.zones}
        said = _HAS_NO_EVENTS.get(kinds.get(name, ""), "there is no such zone to watch")
        raise SettingsError(f"--zone {name}: {said}, but {there}")
    zones = tuple(zone for zone in settings.zones if zone.kind != "include" or zone.name == name)
    return settings.model_copy(update={"zones": zones})


def _included(settings: AnalysisSettings) -> list[str]:
    return [zone.name for zone in settings.zones if zone.kind == "include"]


def _remedy(
    answer: Answer, settings: Settings, stretch: Stretch, finder: Models
) -> Counterfactual | None:
    is_named = answer.event is not None

    def ask(changes: Mapping[str, object]) -> Answer:
        changed = apply_changes(settings, changes).analysis
        return stretch.ask(changed, load_models(changed) if is_named else finder)

    return find_counterfactual(answer, settings.analysis, ask)
