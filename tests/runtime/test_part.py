"""Parts hand over to one another at rests, and together they find what the whole has."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from motionapp.analysis import Analysis
from motionapp.core.event import Event
from motionapp.core.frame import Frame
from motionapp.runtime.part import Part, PartWalk
from motionapp.scenes.people.body import Body
from motionapp.scenes.people.performance import Performance
from motionapp.scenes.scene import Cue, Figure, Scene
from motionapp.settings import AnalysisSettings
from motionapp.sources.synthetic import SyntheticSource

SETTINGS = AnalysisSettings()
LENGTH_S = 40.0


@cache
def frames() -> tuple[Frame, ...]:
    """Three movements; behind each nothing moves for longer than a rest needs."""
    cues = (
        Cue(Performance("wave1"), 1.5, 3.5),
        Cue(Performance("jack"), 17.0, 18.5),
        Cue(Performance("wave2"), 30.0, 32.0),
    )
    figure = Figure(Body(), (80.0, 106.0), 40.0, cues)
    scene = Scene("three movements", (160, 120), LENGTH_S, 20_113_001, figures=(figure,))
    return tuple(SyntheticSource(scene, rate_hz=15).frames())


class Walked:
    """What a part has found, and where it began and ended."""

    def __init__(self, part: Part, given: Sequence[Frame]) -> None:
        self.walk = PartWalk(part, Analysis(SETTINGS))
        moments = list(self.walk.moments(given))
        self.events = [event for moment in moments for event in moment.closed]
        self.times_s = [moment.frame.pts_s for moment in moments if moment.frame is not None]


def walked(part: Part) -> Walked:
    from_s = part.reads_from_s(Analysis(SETTINGS).rest_s)
    return Walked(part, [frame for frame in frames() if frame.pts_s >= from_s])


@cache
def whole() -> Walked:
    return walked(Part())


def parts(borders_s: Sequence[float]) -> list[Walked]:
    edges = [0.0, *sorted(borders_s), math.inf]
    return [walked(Part(*pair)) for pair in pairwise(edges)]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(0.1, LENGTH_S), min_size=1, max_size=3, unique=True))
@example([1.5])
@example([3.5, 3.6, 17.0])
@example([16.9, 17.1, 30.0])
@example([LENGTH_S])
def test_parts_find_together_what_the_whole_has(borders_s: list[float]) -> None:
    found = parts(borders_s)

    assert [event for part in found for event in part.events] == whole().events
    assert [t_s for part in found for t_s in part.times_s] == whole().times_s
    for before, after in pairwise(found):
        assert before.walk.handed_over_s == after.walk.owned_from_s


def test_whoever_is_about_at_a_border_belongs_to_the_part_before() -> None:
    first, second = parts([17.8])

    assert [round(event.start_s) for event in first.events] == [2, 17]
    assert [round(event.start_s) for event in second.events] == [30]


def test_a_part_behind_whose_border_nothing_rests_is_empty() -> None:
    last = Walked(Part(31.0), [frame for frame in frames() if 16.0 <= frame.pts_s < 33.0])

    assert last.walk.owned_from_s is None
    assert last.times_s == []
    assert last.events == []


def test_a_part_that_waits_too_long_for_its_beginning_is_given_up() -> None:
    impatient = walked(Part(17.2, math.inf, patience_s=1.0))

    assert impatient.walk.is_given_up
    assert impatient.events == []


def test_a_part_that_waits_for_its_end_reads_on_however_long_that_takes() -> None:
    first = walked(Part(0.0, 17.2, patience_s=1.0))

    assert not first.walk.is_given_up
    assert first.walk.handed_over_s is not None
    assert first.walk.handed_over_s > 18.2
    assert [round(event.start_s) for event in first.events] == [2, 17]


def test_whoever_watches_hears_of_frames_before_the_part_too() -> None:
    heard: list[float] = []
    given = [frame for frame in frames() if frame.pts_s >= 1.0]

    walk = PartWalk(Part(20.0, 25.0), Analysis(SETTINGS))
    moments = list(walk.moments(given, on_frame=lambda frame: heard.append(frame.pts_s)))

    assert heard[0] == given[0].pts_s
    assert walk.owned_from_s is not None
    assert moments[0].frame is not None
    assert moments[0].frame.pts_s == pytest.approx(walk.owned_from_s)
    assert moments[0].closed == ()


def test_the_event_that_ends_at_the_rest_is_told_by_the_part_before() -> None:
    rest_s = next(
        moment.frame.pts_s
        for moment in PartWalk(Part(), Analysis(SETTINGS)).moments(frames())
        if moment.frame is not None and moment.frame.pts_s > 18 and moment.is_resting
    )
    events: list[Event] = []
    first, second = parts([rest_s - 0.01])

    events += first.events
    assert first.walk.handed_over_s == pytest.approx(rest_s)
    assert [round(event.start_s) for event in events] == [2, 17]
    assert [round(event.start_s) for event in second.events] == [30]
