"""What was measured of a training on takes: the part of ``train --json`` that the window shows. No
Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from motionapp.gui.teaching.takes import TakeSet

Verdict = Literal["more", "enough", "worse", "open"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Clip(_Part):
    """A take that was held out, and what it was called."""

    path: str
    label: str
    predicted: str | None
    """None where nothing moved for long enough."""


class Wrong(_Part):
    """A second of a take that was named most confidently wrong."""

    path: str
    label: str
    predicted: str
    score: float


class Point(_Part):
    """How right names are, trained on so many groups of each fold."""

    groups: float
    window_accuracy: float | None
    clip_accuracy: float | None


class Gain(_Part):
    """What twice as many groups brought."""

    verdict: Verdict


class Curve(_Part):
    """Accuracy against the number of groups that were trained on."""

    points: tuple[Point, ...]
    gain: Gain | None


class How(_Part):
    """How it was measured."""

    frontend: str | None = None


class Figures(_Part):
    """All of it."""

    labels: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    """Rows are truth; the last column counts takes of which nothing was said."""
    clips: tuple[Clip, ...]
    worst: tuple[Wrong, ...] = ()
    learning_curve: Curve | None = None
    how: How | None = None

    @property
    def rights(self) -> tuple[int, int]:
        """How many takes that were held out have the right name, of how many."""
        return sum(one.predicted == one.label for one in self.clips), len(self.clips)

    @property
    def named_wrongly(self) -> dict[str, str]:
        """What takes were called wrongly while they were held out, by file; empty: nothing."""
        return {one.path: one.predicted or "" for one in self.clips if one.predicted != one.label}

    @property
    def verdict(self) -> Verdict | None:
        """Whether more takes would help; None where nobody has asked."""
        curve = self.learning_curve
        if curve is None:
            return None
        return "open" if curve.gain is None else curve.gain.verdict

    def by_person(self, takes: TakeSet) -> dict[str, tuple[int, int]]:
        """Of each person who was named: how many of their takes are right, of how many."""
        whose = {one.file: one.person for one in takes.takes if one.person}
        found: dict[str, tuple[int, int]] = {}
        for one in self.clips:
            person = whose.get(one.path)
            if person is not None:
                right, of = found.get(person, (0, 0))
                found[person] = right + (one.predicted == one.label), of + 1
        return dict(sorted(found.items()))

    def curve(self) -> Sequence[tuple[float, float, float]]:
        """Groups trained on, shares of windows and of takes that are right; empty where nobody has
        asked."""
        points = () if self.learning_curve is None else self.learning_curve.points
        return [
            (one.groups, one.window_accuracy, one.clip_accuracy)
            for one in points
            if one.window_accuracy is not None and one.clip_accuracy is not None
        ]
