"""What a person has asked the window for: one value, changed by making another. No Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path

from motionapp.core.cover import Cover
from motionapp.frontends import registry
from motionapp.gui.play.recorder import Plan
from motionapp.overlay import Style
from motionapp.privacy import cover_of
from motionapp.runtime import BEGINNING, Place
from motionapp.settings import AnalysisSettings, Settings, apply_changes, sensitivity_paths

EXAMPLE = "synthetic:walk"
"""Shown when no source is given and the demo's clip is not there."""

LEAD_IN_S = 2.0
"""A click on an event begins so much earlier: the gate needs it, and the eye too."""

SLOWEST, FASTEST = 0.1, 8.0
"""Seconds of a recording a second."""


@dataclass(frozen=True, slots=True)
class Shows:
    """Which parts of what is found are drawn over the picture."""

    boxes: bool = True
    tracks: bool = False
    trails: bool = False
    skeletons: bool = True
    mask: bool = False
    difference: bool = False
    flow: bool = False
    arrows: bool = False
    suppressed: bool = False
    valid: bool = True

    @property
    def style(self) -> Style:
        """The same, as it is drawn in files; events and time stand beside the picture."""
        return Style(
            groups=self.boxes,
            tracks=self.tracks,
            trails=self.trails,
            poses=self.skeletons,
            mask=self.mask,
            difference=self.difference,
            flow=self.flow,
            arrows=self.arrows,
            suppressed=self.suppressed,
            valid=self.valid,
            events=False,
            status=False,
        )


@dataclass(frozen=True, slots=True)
class Loop:
    """A stretch of a recording that begins again when it has ended; the end is not part of it."""

    start_s: float = 0.0
    end_s: float = math.inf


@dataclass(frozen=True, slots=True)
class Play:
    """How a source is played. Seeking, stepping and opening it afresh leave it as it is."""

    is_paused: bool = False
    """A recording stands still; of a camera, the picture."""
    rate: float = 1.0
    """Seconds of a recording a second, `SLOWEST` to `FASTEST`."""
    loop: Loop | None = None
    """None: it ends where it ends."""
    until_s: float | None = None
    """It is paused at the last picture before this second; None: nowhere."""
    is_recorded: bool = False
    """What comes is written to a file, by hand; by event, the wish's plan says."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The source that shall play, how it shall be analysed, and how it is played."""

    spec: str
    settings: AnalysisSettings
    opening: int = 1
    """Counts: another number opens the source afresh, at `place`."""
    place: Place = BEGINNING
    play: Play = Play()
    steps: int = 0
    """So many frames on from where it was held, since it was opened."""
    plan: Plan | None = None
    """Where recordings go, and whether events are recorded; None: nothing can be."""
    other: AnalysisSettings | None = None
    """B: how the same frames are analysed beside it; None: they are not."""

    @property
    def cover(self) -> Cover:
        """What no picture may show: of two settings beside each other, what either covers."""
        cover = cover_of(self.settings.zones)
        return cover if self.other is None else cover.united(cover_of(self.other.zones))

    def opened(self, spec: str, *, loops: bool = False) -> Wish:
        """Another source, from its beginning."""
        play = Play(loop=Loop() if loops else None)
        return replace(self._at(BEGINNING), spec=spec, play=play, other=None)

    def beside(self, other: AnalysisSettings | None, at_s: float) -> Wish:
        """Analysed by other settings, too, or no more, from a second on."""
        is_other_way = (other is None) != (self.other is None)
        wish = self.sought(at_s) if is_other_way else self
        return replace(wish, other=other)

    def by(self, settings: AnalysisSettings) -> Wish:
        """Analysed by these settings. Zones lie on the picture, which both see: B has the same."""
        other = self.other
        if other is not None and settings.zones != self.settings.zones:
            other = other.model_copy(update={"zones": settings.zones})
        return replace(self, settings=settings, other=other)

    def sought(self, at_s: float) -> Wish:
        """The same source from a second on."""
        return self._at(Place(max(0.0, at_s)))

    def played(self, from_s: float, until_s: float) -> Wish:
        """A stretch once, from a moment before it on, and paused at its end."""
        play = replace(self.play, is_paused=False, loop=None, until_s=until_s)
        return replace(self.sought(from_s - LEAD_IN_S), play=play)

    def stepped_on(self) -> Wish:
        """Held one frame further on."""
        return replace(self.held(), steps=self.steps + 1)

    def stepped_back(self, from_s: float) -> Wish:
        """Held at the last frame before a second."""
        return self.held()._at(Place(from_s, is_before=True))

    def held(self, is_paused: bool = True) -> Wish:
        """Paused, or going on."""
        return replace(self, play=replace(self.play, is_paused=is_paused))

    def stood(self) -> Wish:
        """Paused where it was to be paused."""
        return replace(self, play=replace(self.play, is_paused=True, until_s=None))

    def at_rate(self, rate: float) -> Wish:
        """Slower or faster, as far as it goes."""
        rate = min(FASTEST, max(SLOWEST, rate))
        return replace(self, play=replace(self.play, rate=rate))

    def recorded(self, is_recorded: bool) -> Wish:
        """Written to a file from now on, or no more."""
        return replace(self, play=replace(self.play, is_recorded=is_recorded))

    def planned(self, plan: Plan | None) -> Wish:
        """Recorded by this plan."""
        return replace(self, plan=plan)

    def looped(self, loop: Loop | None) -> Wish:
        """A stretch again and again, or no more."""
        return replace(self, play=replace(self.play, loop=loop, until_s=None))

    def _at(self, place: Place) -> Wish:
        play = replace(self.play, until_s=None)
        return replace(self, opening=self.opening + 1, place=place, steps=0, play=play)

    def with_frontend(self, frontend: str) -> Wish:
        """Seen otherwise: by a front-end or a preset of one, ``flow:best`` say."""
        return self._with(registry.chosen(self.settings, frontend))

    def with_classifier(self, classifier: str) -> Wish:
        """Named by another network, or by none."""
        recognition = self.settings.recognition.model_copy(update={"classifier": classifier})
        return self._with(self.settings.model_copy(update={"recognition": recognition}))

    def with_sensitivity(self, sensitivity: float) -> Wish:
        """Every front-end more or less sensitive: the slider means the same for all."""
        changes = dict.fromkeys(sensitivity_paths(), sensitivity)
        changed = apply_changes(Settings(analysis=self.settings), changes)
        return self._with(changed.analysis)

    @property
    def sensitivity(self) -> float:
        """Of the chosen front-end."""
        return float(getattr(self.settings, self.settings.frontend).sensitivity)

    def _with(self, settings: AnalysisSettings) -> Wish:
        return replace(self, settings=settings)


def first_wish(spec: str | None, settings: AnalysisSettings, demo: Path) -> Wish:
    """What the window begins with: the named source, else the demo's clip, else an example."""
    if spec is not None:
        return Wish(spec, settings)
    return Wish(str(demo) if demo.is_file() else EXAMPLE, settings, play=Play(loop=Loop()))
