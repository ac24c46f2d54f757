"""People on the whole road: two walkers with the shipped network, and what costs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.analysis import Analysis
from motionapp.assembly import load_models
from motionapp.core.clip import MotionClip, Prediction
from motionapp.core.contract import ModelContract
from motionapp.core.event import Event
from motionapp.core.frame import Frame
from motionapp.core.geometry import Box
from motionapp.core.models import Models
from motionapp.core.moment import Moment
from motionapp.core.person import Person
from motionapp.core.representation import Representation
from motionapp.core.track import Group
from motionapp.explain.stretch import Stretch
from motionapp.scenes.named import SCENES, crossing_scene
from motionapp.scenes.truth import truth
from motionapp.settings.tree import AnalysisSettings
from motionapp.sources.synthetic import SyntheticSource

RATE_HZ = 12
WALK = crossing_scene(9_000_001)
FIRST_S, LAST_S = 0.5, 5.0


def values(**changes: object) -> AnalysisSettings:
    return AnalysisSettings.model_validate({"recognition": {"classifier": "none"}, **changes})


@cache
def frames_of(scene_name: str = "") -> tuple[Frame, ...]:
    """The two walkers from before they come in until they have met, or a scene by name."""
    scene = SCENES[scene_name]() if scene_name else WALK
    frames = SyntheticSource(scene, rate_hz=RATE_HZ).frames(0.0 if scene_name else FIRST_S)
    taken = []
    for frame in frames:
        if frame.pts_s > LAST_S:
            break
        taken.append(frame)
    return tuple(taken)


@cache
def networks() -> Models:
    return load_models(values())


def run(
    frames: Sequence[Frame], settings: AnalysisSettings | None = None, models: Models | None = None
) -> list[Moment]:
    analysis = Analysis(settings or values(), models or Models())
    return [*map(analysis.step, frames), analysis.finish()]


@cache
def walked() -> list[Moment]:
    return run(frames_of(), models=networks())


def true_boxes(t_s: float) -> list[Box]:
    """Of those who are wholly in the picture."""
    boxes = [Box(*one.box) for one in truth(WALK, t_s).figures if one.box is not None]
    return [box for box in boxes if box.x0 > 0 and box.x1 < WALK.size[0]]


def groups_of(moments: Sequence[Moment]) -> list[tuple[Group, ...]]:
    return [moment.groups for moment in moments]


def seen(moment: Moment) -> list[Group]:
    return [group for group in moment.groups if group.is_seen]


def closed(moments: Sequence[Moment]) -> list[Event]:
    return [event for moment in moments for event in moment.closed]


class Noting:
    """Finds somebody wherever it is asked, or nobody anywhere, and counts."""

    def __init__(self, *, finds: bool = True) -> None:
        self.finds = finds
        self.searches = 0

    def search(
        self,
        bgr: NDArray[np.uint8],
        boxes: Sequence[Box],
        *,
        known: Sequence[int] = (),
        wide: Sequence[int] = (),
    ) -> tuple[tuple[Person, ...], ...]:
        self.searches += len(boxes)
        points = np.zeros((17, 3), np.float32)
        size = (bgr.shape[1], bgr.shape[0])
        found = [(Person(box.clipped(size), 0.9, points),) if self.finds else () for box in boxes]
        return tuple(found)


class Walking:
    """Calls everything a walk."""

    takes_nobody: ClassVar[bool] = False

    def __init__(self) -> None:
        shape = Representation(frontend="absdiff", side_px=32)
        self.contract = ModelContract("fake", "1", ("walk", "run"), shape, "none")

    def classify(self, clips: Sequence[MotionClip]) -> tuple[Prediction, ...]:
        return tuple(
            Prediction(clip.subject_id, clip.start_s, clip.end_s, "walk", 0.9, (0.9, 0.1))
            for clip in clips
        )


def test_two_walkers_are_two_people_each_with_the_box_of_the_whole() -> None:
    found = total = pairs = 0
    for moment in walked()[:-1]:
        assert moment.frame is not None
        boxes = true_boxes(moment.frame.pts_s)
        if moment.frame.pts_s < 2.0:  # until then they come in
            continue
        people = [group.box for group in seen(moment)]
        hits = [any(box.iou(one) >= 0.5 for one in people) for box in boxes]
        found, total = found + sum(hits), total + len(hits)
        pairs += len(boxes) == 2 == len(people)

    assert total >= 50
    assert found / total >= 0.85
    assert pairs / (total / 2) >= 0.7


@pytest.mark.parametrize("name", ["wave1", "wave2", "jack"])
def test_who_moves_their_arms_is_one_person(name: str) -> None:
    """A look at each arm shows a half of them, another one."""
    moments = run(frames_of(name), models=networks())

    bodies = [[g for g in moment.groups if g.is_seen and g.is_confirmed] for moment in moments]
    assert {g.person for groups in bodies for g in groups if g.person} == {1}
    people = [g.group_id for groups in bodies for g in groups if g.person]
    assert len(people) >= 10
    assert len(set(people)) == 1


def test_both_walkers_are_told_to_be_people_with_what_moves_of_them() -> None:
    people = {g.person: g for moment in walked() for g in moment.groups if g.person and g.is_seen}

    assert len(people) >= 2
    assert all(group.moving is not None for group in people.values())
    assert not any(group.is_nobody for group in people.values())


def test_the_same_input_gives_the_same_bodies_and_events_twice() -> None:
    again = run(frames_of(), models=networks())

    assert groups_of(again) == groups_of(walked())
    assert closed(again) == closed(walked())


def test_a_network_that_is_loaded_afresh_gives_the_same_bodies() -> None:
    assert groups_of(run(frames_of(), models=load_models(values()))) == groups_of(walked())


def test_off_gives_exactly_what_no_finder_gives() -> None:
    off = run(frames_of(), values(people="off"), networks())
    without = run(frames_of())

    assert groups_of(off) == groups_of(without)
    assert [moment.tracks for moment in off] == [moment.tracks for moment in without]
    assert closed(off) == closed(without)
    assert {group.person for moment in off for group in moment.groups} == {0}
    assert groups_of(off) != groups_of(walked())


def test_off_loads_no_finder() -> None:
    assert load_models(values(people="off")).people is None
    assert load_models(values()).people is not None


def test_at_rest_nobody_is_looked_for() -> None:
    finder = Noting()

    moments = run(frames_of("still"), models=Models(people=finder))

    assert finder.searches == 0
    assert not any(moment.groups for moment in moments)


@pytest.mark.parametrize("searches_hz", [0.5, 2.0])
def test_while_people_walk_no_more_is_searched_than_is_allowed(searches_hz: float) -> None:
    finder = Noting()

    run(frames_of(), values(people_searches_hz=searches_hz), Models(people=finder))

    assert 2 <= finder.searches <= 2 + searches_hz * (LAST_S - FIRST_S)


def test_a_finder_that_finds_no_one_leaves_boxes_and_events_as_they_are() -> None:
    finder = Noting(finds=False)
    with_it, without = run(frames_of(), models=Models(people=finder)), run(frames_of())

    assert finder.searches > 0
    assert [m.tracks for m in with_it] == [m.tracks for m in without]
    assert closed(with_it) == closed(without)


def test_a_body_that_is_nobody_is_told_without_a_name() -> None:
    moments = run(frames_of(), AnalysisSettings(), Models(Walking(), people=Noting(finds=False)))

    nobody = [group for moment in moments for group in moment.groups if group.is_nobody]
    assert len(nobody) > 20
    assert {group.label for group in nobody} == {None}


def test_the_event_of_nobody_has_no_movements_name() -> None:
    settings = AnalysisSettings(people_searches_hz=6.0)  # both are asked about twice in time
    moments = run(frames_of(), settings, Models(Walking(), people=Noting(finds=False)))

    labels = {event.label for event in closed(moments)}
    labels |= {segment.label for event in closed(moments) for segment in event.segments}
    assert "walk" not in labels


def test_nobody_is_looked_for_in_a_damaged_picture() -> None:

    finder = Noting()
    flagged = [replace(frame, is_flagged=frame.pts_s >= 1.5) for frame in frames_of()]

    run(flagged, models=Models(people=finder))
    before = finder.searches
    run([frame for frame in flagged if not frame.is_flagged], models=Models(people=finder))

    assert before == finder.searches - before


def test_a_damaged_picture_leads_nobody_astray() -> None:
    """What the decoder makes up is somewhere else, and so would be who is followed in it."""
    frames = list(frames_of())
    for k in (30, 38, 39):
        elsewhere = SyntheticSource(WALK, rate_hz=RATE_HZ).frames(frames[k].pts_s + 0.6)
        frames[k] = replace(frames[k], pixels=next(iter(elsewhere)).pixels, is_flagged=True)

    moments = run(frames, models=networks())

    for k in (31, 32, 40, 41):
        told = {g.group_id: g.box for g in seen(moments[k]) if g.person}
        true = {g.group_id: g.box for g in seen(walked()[k]) if g.person}
        assert told.keys() == true.keys()
        assert all(box.iou(true[number]) >= 0.6 for number, box in told.items())


def changed_in_the_middle(first: str, then: str) -> list[Moment]:
    frames = frames_of()
    analysis = Analysis(values(people=first), networks())
    moments = [analysis.step(frame) for frame in frames[:36]]
    analysis.change(values(people=then), networks())
    moments += [analysis.step(frame) for frame in frames[36:]]
    return [*moments, analysis.finish()]


@pytest.mark.parametrize(("first", "then"), [("auto", "off"), ("off", "auto")])
def test_switching_people_ends_the_open_event_with_settings(first: str, then: str) -> None:
    moments = changed_in_the_middle(first, then)

    assert [event.ended_by for event in closed(moments[:36])] == []
    assert {event.ended_by for event in moments[36].closed} == {"settings"}
    assert {event.ended_by for event in moments[-1].closed} == {"end"}
    persons = [
        any(g.person for m in part for g in m.groups) for part in (moments[:36], moments[36:])
    ]
    assert persons == [first == "auto", then == "auto"]


def test_searching_more_often_ends_nothing() -> None:
    frames = frames_of()
    analysis = Analysis(values(), networks())
    moments = [analysis.step(frame) for frame in frames[:36]]
    analysis.change(values(people_searches_hz=4.0), networks())
    moments += [analysis.step(frame) for frame in frames[36:]]
    moments.append(analysis.finish())

    assert {event.ended_by for event in closed(moments)} == {"end"}


@pytest.mark.parametrize("frontend", ["absdiff", "flow"])
def test_people_stand_behind_every_front_end(frontend: str) -> None:
    moments = run(frames_of(), values(frontend=frontend), Models(people=networks().people))

    assert any(group.person for moment in moments for group in moment.groups)


def test_a_stretch_that_is_asked_about_finds_the_same_people_as_a_run() -> None:
    finder = Noting()
    stretch = Stretch("synthetic:wave1", 2.5)
    try:
        answer = stretch.ask(values(), Models(people=finder))
    finally:
        stretch.close()

    assert answer.event is not None
    assert finder.searches
