"""The front-end `background` on the whole road: it is its own gate, and never rests."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.analysis import Analysis
from motionapp.core.geometry import Box
from motionapp.core.models import Models
from motionapp.core.moment import Moment
from motionapp.core.person import Person
from motionapp.runtime.span import span_of
from motionapp.settings import AnalysisSettings, Settings
from motionapp.testing import Mover, Stage

HZ = 10.0
SIZE = (160, 120)
STANDS = Box(60, 40, 84, 90)
CAME_S, WENT_S = 3.0, 45.0
STAGE = Stage(
    size=SIZE,
    sigma=1.5,
    movers=(Mover(lambda t_s: (60.0, 40.0) if CAME_S <= t_s < WENT_S else None, size=(24, 50)),),
)


class Finds:
    """A person search that knows where somebody stands, or that nobody does."""

    def __init__(self, person: Box | None) -> None:
        self.person = person
        self._empty = replace(STAGE, movers=()).picture(0.0).astype(np.float32)

    def search(
        self,
        bgr: NDArray[np.uint8],
        boxes: Sequence[Box],
        *,
        known: Container[int] = (),
        wide: Container[int] = (),
    ) -> tuple[tuple[Person, ...], ...]:
        if self.person is None or not self._is_there(bgr):
            return tuple(() for _ in boxes)
        somebody = Person(self.person, 0.9, np.zeros((17, 3), np.float32))
        return ((somebody,), *[() for _ in boxes[1:]])

    def _is_there(self, bgr: NDArray[np.uint8]) -> bool:
        assert self.person is not None
        x0, y0, x1, y1 = self.person
        part = slice(y0, y1), slice(x0, x1)
        return float(np.abs(bgr[..., 1][part] - self._empty[part]).mean()) > 10


def walked(stage: Stage, duration_s: float, person: Box | None = None) -> list[Moment]:
    values = AnalysisSettings(frontend="background")
    analysis = Analysis(values, Models(people=Finds(person)))
    frames = stage.frames(duration_s, rate_hz=HZ)
    return [*map(analysis.step, frames), analysis.finish()]


def closed(moments: Sequence[Moment]) -> list[tuple[float, float]]:
    return [(event.start_s, event.end_s) for moment in moments for event in moment.closed]


def test_a_person_who_stands_still_is_one_event_for_as_long_as_they_stay() -> None:
    ((start_s, end_s),) = closed(walked(STAGE, 50.0, STANDS))

    assert start_s == pytest.approx(CAME_S, abs=0.2)
    assert end_s == pytest.approx(WENT_S, abs=3.0)


def test_what_is_no_person_is_gone_after_half_a_minute() -> None:
    first, *later = closed(walked(STAGE, 50.0))

    assert first[1] - CAME_S < 30.0
    # The place that it has left is looked at for a moment.
    assert all(start_s >= WENT_S and end_s < WENT_S + 4 for start_s, end_s in later)


def test_every_picture_is_looked_at_though_nothing_moves() -> None:
    moments = walked(replace(STAGE, movers=()), 6.0)

    assert all(moment.looked for moment in moments[:-1])
    assert closed(moments) == []


def test_what_it_finds_is_told_under_its_own_name() -> None:
    moments = walked(STAGE, 5.0)

    assert {m.motion.frontend for m in moments if m.frame is not None} == {"background"}


def test_other_thresholds_end_no_event_and_another_front_end_does() -> None:
    values = AnalysisSettings(frontend="background")
    analysis = Analysis(values)
    dull = AnalysisSettings.model_validate(
        {"frontend": "background", "background": {"sensitivity": 0.9}}
    )
    ended = []
    for frame in STAGE.frames(8.0, rate_hz=HZ):
        if frame.pts_s == 5.0:
            analysis.change(dull, Models())
        if frame.pts_s == 6.0:
            analysis.change(AnalysisSettings(), Models())
        ended += [(event.ended_by, frame.pts_s) for event in analysis.step(frame).closed]

    assert ended == [("settings", 6.0)]


def test_a_stretch_is_read_from_the_beginning_since_its_memory_has_no_end() -> None:
    asked = {"run": {"start_s": 60.0}}

    ends = span_of(Settings.model_validate(asked)).reads_from_s
    own = span_of(Settings.model_validate({**asked, "analysis": {"frontend": "background"}}))

    assert (ends, own.reads_from_s) == (50.0, 0.0)
