"""What a person has asked the window for: one value, changed by making another. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from motionapp.frontends import registry
from motionapp.overlay import Style
from motionapp.settings import AnalysisSettings, Settings, apply_changes, sensitivity_paths

EXAMPLE = "synthetic:walk"
"""Shown when no source is given and the demo's clip is not there."""

LEAD_IN_S = 2.0
"""A click on an event begins so much earlier: the gate needs it, and the eye too."""


@dataclass(frozen=True, slots=True)
class Shows:
    """Which parts of what is found are drawn over the picture."""

    boxes: bool = True
    tracks: bool = False
    skeletons: bool = True
    mask: bool = False
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
            poses=self.skeletons,
            mask=self.mask,
            flow=self.flow,
            arrows=self.arrows,
            suppressed=self.suppressed,
            valid=self.valid,
            events=False,
            status=False,
        )


@dataclass(frozen=True, slots=True)
class Wish:
    """The source that shall play and how it shall be analysed."""

    spec: str
    settings: AnalysisSettings
    opening: int = 1
    """Counts: another number opens the source afresh, at `start_s`."""
    start_s: float = 0.0
    loops: bool = False
    """A recording begins again when it has ended."""

    def opened(self, spec: str, *, loops: bool = False) -> Wish:
        """Another source, from its beginning."""
        return replace(self, spec=spec, opening=self.opening + 1, start_s=0.0, loops=loops)

    def sought(self, start_s: float) -> Wish:
        """The same source from `start_s` on."""
        return replace(self, opening=self.opening + 1, start_s=max(0.0, start_s))

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
    return Wish(str(demo) if demo.is_file() else EXAMPLE, settings, loops=True)
