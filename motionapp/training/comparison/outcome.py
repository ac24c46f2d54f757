"""What a comparison comes to: every candidate with its figures, and what to take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from motionapp.core.version import __version__
from motionapp.training.comparison.candidate import Candidate
from motionapp.training.comparison.choose import (
    LIVE_LOAD,
    Option,
    Recommendation,
    front,
    recommend,
)
from motionapp.training.comparison.finding import Finding, Spread
from motionapp.training.comparison.hardware import BOX_SLOWER, Live, to_run, to_train
from motionapp.training.comparison.searched import Searched
from motionapp.training.search.trial import NOTE

SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class Speeds:
    """Milliseconds for one clip here: medians."""

    float32_ms: tuple[float, float]
    """On one thread, and on two."""
    int8_ms: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Compared:
    """A candidate and what is known of it."""

    candidate: Candidate
    parameters: int | None = None
    multiply_adds: int | None = None
    """Of one clip."""
    finding: Finding | None = None
    """Of its full training, else of its screening."""
    speeds: Speeds | None = None
    picture_ms: float | None = None
    """What its front-end takes for a picture."""
    reason: str = ""
    """Why it was not trained in full; empty if it was."""
    searched: Searched | None = None
    """What was found before it was trained in full."""

    @property
    def accuracy(self) -> float:
        """By which candidates are held against each other: share of windows that is right, mean
        over groups, less what it owes to having been chosen on them; 0 where nothing is known."""
        if self.finding is None:
            return 0.0
        optimism = None if self.searched is None else self.searched.optimism
        return max(0.0, self.finding.of_windows.mean - (optimism or 0.0))

    @property
    def state(self) -> str:
        """`full`, `screened`, or `left out`."""
        if self.finding is None or not self.finding.groups:
            return "left out"
        return "full" if self.finding.is_full else "screened"

    @property
    def clip_ms(self) -> tuple[float, float] | None:
        """For one clip of the file that is a model, on one thread and on two."""
        if self.finding is None or self.speeds is None:
            return None
        is_small = self.finding.precision == "int8"
        return self.speeds.int8_ms if is_small else self.speeds.float32_ms


@dataclass(frozen=True, slots=True)
class Facts:
    """Of what data, and how they were used."""

    data: str
    recordings: int
    groups: int
    labels: tuple[str, ...]
    seconds: float
    unreadable: int
    rate_hz: float
    cadence_s: float
    """Seconds between two names of a body."""
    protocol: str
    minutes: float | None
    """The limit that was asked for."""
    took_s: float
    """By the last run."""
    cores: int
    screening_steps: int = 0
    """0 where all were trained in full at once."""
    command: str = ""
    trials: int | None = None
    """Of a search before each full training; None where there was none."""
    searched_for: tuple[str, ...] = ()
    """The names of its parameters."""
    earlier: int = 0
    """So many were trained in full by earlier runs of the same command."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a comparison comes to."""

    facts: Facts
    compared: tuple[Compared, ...]

    @property
    def in_full(self) -> tuple[Compared, ...]:
        """Those that were trained in full, the most accurate first."""
        return _ranked([one for one in self.compared if one.state == "full"])

    @property
    def screened(self) -> tuple[Compared, ...]:
        """Those that were screened only, the most accurate first."""
        return _ranked([one for one in self.compared if one.state == "screened"])

    @property
    def left_out(self) -> tuple[Compared, ...]:
        """Those of which no accuracy is known."""
        return tuple(one for one in self.compared if one.state == "left out")

    def live(self, one: Compared) -> Live | None:
        """What naming one body live costs with a candidate; None where it was not timed."""
        clip_ms = one.clip_ms
        if clip_ms is None or one.picture_ms is None:
            return None
        return Live(one.picture_ms, clip_ms[0], self.facts.rate_hz, self.facts.cadence_s)

    @property
    def options(self) -> tuple[Option, ...]:
        """What there is to choose from: those trained in full."""
        return tuple(filter(None, (self._option(one) for one in self.in_full)))

    @property
    def front(self) -> tuple[Option, ...]:
        """The options that no other is better than in one way without being worse in another."""
        return front(self.options)

    @property
    def recommendation(self) -> Recommendation | None:
        """What to take; None where none was trained in full."""
        return recommend(self.options)

    def _option(self, one: Compared) -> Option | None:
        live = self.live(one)
        if live is None or one.finding is None:
            return None
        spread = one.finding.of_windows
        return Option(
            one.candidate.name,
            one.accuracy,
            spread.error,
            live.cost_ms,
            one.finding.file_bytes,
            live.load,
        )

    def document(self) -> dict[str, Any]:
        """As JSON has it; the schema is `docs/schemas/compare.schema.json`."""
        picked = self.recommendation
        return {
            "schema": SCHEMA,
            "version": __version__,
            "data": asdict(self.facts),
            "rules": {"live_load": LIVE_LOAD, "box_slower": BOX_SLOWER},
            "note": None if self.facts.trials is None else NOTE,
            "candidates": [self._entry(one) for one in self.compared],
            "front": [option.name for option in self.front],
            "recommendation": None
            if picked is None
            else {
                where: {"candidate": pick.option.name, "reason": pick.reason}
                for where, pick in (("desktop", picked.desktop), ("edge", picked.edge))
            },
        }

    def _entry(self, one: Compared) -> dict[str, Any]:
        live, finding = self.live(one), one.finding
        return {
            "name": one.candidate.name,
            "frontend": one.candidate.frontend,
            "architecture": one.candidate.architecture,
            "width": one.candidate.recipe.width,
            "state": one.state,
            "reason": one.reason,
            "parameters": one.parameters,
            "multiply_adds": one.multiply_adds,
            "picture_ms": one.picture_ms,
            "float32_ms": None if one.speeds is None else list(one.speeds.float32_ms),
            "int8_ms": None if one.speeds is None else list(one.speeds.int8_ms),
            "cost_ms": None if live is None else live.cost_ms,
            "load": None if live is None else live.load,
            "needs": None if live is None else to_run(live),
            "training_needs": None
            if finding is None
            else to_train(finding.network_s, finding.peak_bytes),
            "window_accuracy": None if finding is None else _told(finding.of_windows),
            "clip_accuracy": None if finding is None else _told(finding.of_clips),
            "training": None if finding is None else finding.document(),
            "accuracy": None if one.state == "left out" else one.accuracy,
            "search": None if one.searched is None else one.searched.document(),
        }


def _ranked(compared: Sequence[Compared]) -> tuple[Compared, ...]:
    return tuple(sorted(compared, key=lambda one: (-one.accuracy, one.candidate.name)))


def _told(spread: Spread) -> dict[str, float] | None:
    return asdict(spread) if spread.groups else None
