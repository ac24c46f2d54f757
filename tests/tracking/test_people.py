"""People in the road: what moves becomes somebody, on rendered scenes with a finder that knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.frame import Frame
from motionapp.core.geometry import Box
from motionapp.core.models import Models
from motionapp.core.motion import Region
from motionapp.core.person import Person
from motionapp.core.seams import PersonFinder
from motionapp.core.track import Group
from motionapp.gate import make_gate
from motionapp.scenes.named import SCENES
from motionapp.scenes.truth import truth
from motionapp.settings.tree import AnalysisSettings
from motionapp.sources.synthetic import SyntheticSource
from motionapp.tracking import RegionTracker
from motionapp.tracking.asking import RETRY_S, SURE
from motionapp.tracking.known import ENOUGH
from motionapp.tracking.people import People, people_of

RATE_HZ = 12
VALUES = AnalysisSettings()


class Truthful:
    """Finds whoever is in the scene at the bodies that are asked about."""

    def __init__(self, scene: str) -> None:
        self._scene = SCENES[scene]()
        self.now_s = 0.0
        self.asked: list[tuple[float, Box]] = []
        self.wide: list[bool] = []

    def search(
        self,
        bgr: NDArray[np.uint8],
        boxes: Sequence[Box],
        *,
        known: Sequence[int] = (),
        wide: Sequence[int] = (),
    ) -> tuple[tuple[Person, ...], ...]:
        assert bgr.shape == (*self._scene.size[::-1], 3)
        self.asked += [(self.now_s, box) for box in boxes]
        self.wide += [k in wide for k in range(len(boxes))]
        everybody = self.boxes()
        return tuple(
            tuple(
                Person(one, 0.9, np.zeros((17, 3), np.float32))
                for one in everybody
                if one.intersection(box) > 0
            )
            for box in boxes
        )

    def boxes(self) -> list[Box]:
        """Where everybody is."""
        figures = truth(self._scene, self.now_s).figures
        return [Box(*figure.box) for figure in figures if figure.box is not None]


class Halving(Truthful):
    """Finds the upper half of whoever is there, and the whole with a wider look."""

    def search(
        self,
        bgr: NDArray[np.uint8],
        boxes: Sequence[Box],
        *,
        known: Sequence[int] = (),
        wide: Sequence[int] = (),
    ) -> tuple[tuple[Person, ...], ...]:
        whole = super().search(bgr, boxes, known=known, wide=wide)
        return whole if wide or known else tuple(tuple(map(upper_half, found)) for found in whole)


def upper_half(whole: Person) -> Person:
    x0, y0, x1, y1 = whole.box
    return replace(whole, box=Box(x0, y0, x1, (y0 + y1) // 2), is_cut=True)


class Faint(Truthful):
    """Is hardly sure of anybody, and at the first look only where `is_lucky`."""

    def __init__(self, scene: str, *, is_lucky: bool = False) -> None:
        super().__init__(scene)
        self._is_lucky = is_lucky

    def search(
        self,
        bgr: NDArray[np.uint8],
        boxes: Sequence[Box],
        *,
        known: Sequence[int] = (),
        wide: Sequence[int] = (),
    ) -> tuple[tuple[Person, ...], ...]:
        found = super().search(bgr, boxes, known=known, wide=wide)
        if self._is_lucky and len(self.asked) > 1:
            return tuple(() for _ in boxes)
        return tuple(tuple(replace(one, score=0.6 * ENOUGH) for one in each) for each in found)


class Nobody(Truthful):
    """Finds no one."""

    def boxes(self) -> list[Box]:
        return []


@cache
def frames_of(scene: str, from_s: float, until_s: float) -> tuple[Frame, ...]:
    frames = SyntheticSource(SCENES[scene](), rate_hz=RATE_HZ).frames(from_s)
    return tuple(_until(frames, until_s))


def _until(frames: Iterable[Frame], until_s: float) -> Iterable[Frame]:
    for frame in frames:
        if frame.pts_s > until_s:
            return
        yield frame


class Told:
    """What people and bodies were at each frame."""

    def __init__(self, finder: Truthful, people: People | None = None) -> None:
        self.finder = finder
        self.people = people or People(finder, 2.0)
        self._tracker = RegionTracker(VALUES.tracking)
        self.regions: list[tuple[Region, ...]] = []
        self.groups: list[tuple[Group, ...]] = []

    def over(self, frames: Sequence[Frame]) -> Told:
        session = make_gate(VALUES).start(frames[0].epoch)
        for frame in frames:
            self.finder.now_s = frame.pts_s
            motion = session.step(frame)
            self.regions.append(self.people.step(frame, motion))
            bodies = self._tracker.step(self.regions[-1], frame.pts_s, frame.duration_s)
            self.groups.append(self.people.ask(frame, bodies.groups))
        return self

    def restart(self) -> None:
        self.people.restart()
        self._tracker.restart()


def seen(groups: Iterable[Group]) -> list[Group]:
    return [group for group in groups if group.is_seen]


def test_one_arm_that_waves_carries_the_box_of_the_whole_person() -> None:
    frames = frames_of("wave1", 1.0, 4.5)
    told = Told(Truthful("wave1")).over(frames)

    asked_s, _ = told.finder.asked[0]
    later = [
        (frame.pts_s, seen(groups))
        for frame, groups in zip(frames, told.groups, strict=True)
        if frame.pts_s > asked_s and seen(groups)
    ]

    assert len(later) >= 0.8 * RATE_HZ * (4.5 - asked_s)
    for pts_s, groups in later:
        told.finder.now_s = pts_s
        (group,) = groups
        (whole,) = told.finder.boxes()
        assert group.person == 1
        assert group.box.iou(whole) >= 0.5
        assert group.moving is not None
        assert group.moving.area < 0.8 * group.box.area


def test_who_was_seen_in_part_is_soon_seen_whole() -> None:
    frames = frames_of("wave1", 1.0, 4.5)
    told = Told(Halving("wave1")).over(frames)

    (first_s, _), (then_s, _) = told.finder.asked[:2]
    assert told.finder.wide[:3] == [False, True, False]
    assert RETRY_S <= then_s - first_s <= RETRY_S + 2 / RATE_HZ
    for frame, groups in zip(frames, told.groups, strict=True):
        if frame.pts_s > then_s + 1 / RATE_HZ and seen(groups):
            told.finder.now_s = frame.pts_s
            (group,) = seen(groups)
            assert group.person == 1
            assert group.box.height >= 0.8 * told.finder.boxes()[0].height


def test_who_is_faint_is_soon_looked_at_again_and_sure_by_two_answers() -> None:
    frames = frames_of("wave1", 1.0, 4.5)
    told = Told(Faint("wave1")).over(frames)

    (first_s, _), (then_s, _) = told.finder.asked[:2]
    assert RETRY_S <= then_s - first_s <= RETRY_S + 2 / RATE_HZ
    for frame, groups in zip(frames, told.groups, strict=True):
        for group in seen(groups):
            assert group.is_faint == (group.person > 0 and frame.pts_s < then_s)


def test_who_was_called_a_person_once_and_faintly_never_counts_as_one() -> None:
    frames = frames_of("wave1", 1.0, 4.5)
    told = Told(Faint("wave1", is_lucky=True)).over(frames)

    looks_s = [asked_s for asked_s, _ in told.finder.asked]
    assert looks_s[2] - looks_s[0] <= 2 * RETRY_S + 3 / RATE_HZ
    people = [group for groups in told.groups for group in groups if group.person]
    assert people
    assert all(group.is_faint for group in people)


def test_before_the_first_answer_the_arm_is_what_moves() -> None:
    frames = frames_of("wave1", 1.0, 4.5)
    told = Told(Truthful("wave1")).over(frames)
    asked_s, _ = told.finder.asked[0]

    before = [
        r for f, rs in zip(frames, told.regions, strict=True) for r in rs if f.pts_s <= asked_s
    ]

    assert before
    assert {region.person for region in before} == {0}


def test_two_arms_that_wave_are_one_person() -> None:
    frames = frames_of("wave2", 1.0, 4.5)
    told = Told(Truthful("wave2")).over(frames)
    asked_s, _ = told.finder.asked[0]

    after = [
        seen(groups)
        for frame, groups in zip(frames, told.groups, strict=True)
        if frame.pts_s > asked_s + 0.1
    ]

    assert {len(groups) for groups in after} <= {0, 1}
    assert {group.person for groups in after for group in groups} == {1}
    assert len({group.group_id for groups in after for group in groups}) == 1


def test_without_an_answer_motion_alone_counts() -> None:
    frames = frames_of("wave1", 1.0, 4.5)
    told = Told(Nobody("wave1")).over(frames)

    session = make_gate(VALUES).start(frames[0].epoch)
    assert told.regions == [session.step(frame).regions for frame in frames]


def test_a_body_that_was_empty_twice_is_nobody_from_then_on() -> None:
    frames = frames_of("wave1", 1.0, 4.5)
    told = Told(Nobody("wave1")).over(frames)

    sure_s = told.finder.asked[SURE - 1][0]
    first_id = next(g.group_id for groups in told.groups for g in groups if g.is_confirmed)
    for frame, groups in zip(frames, told.groups, strict=True):
        for group in groups:
            if group.group_id == first_id:
                assert group.is_nobody is (frame.pts_s >= sure_s)


def test_the_second_look_is_wider_than_the_first() -> None:
    told = Told(Nobody("wave1")).over(frames_of("wave1", 1.0, 4.5))

    assert told.finder.wide[:2] == [False, True]


def test_somebody_is_nobody_no_more_when_found() -> None:
    class Late(Truthful):
        def boxes(self) -> list[Box]:
            return super().boxes() if len(self.asked) > SURE else []

    finder = Late("wave1")
    told = Told(finder, People(finder, 30.0)).over(frames_of("wave1", 1.0, 4.5))

    was_nobody = [any(group.is_nobody for group in groups) for groups in told.groups]
    assert any(was_nobody)
    found = [group for groups in told.groups for group in groups if group.person]
    assert not any(group.is_nobody for group in found)


def test_who_is_known_is_somebody_also_where_they_are_missed() -> None:
    class Once(Truthful):
        def boxes(self) -> list[Box]:
            return super().boxes() if len(self.asked) <= 1 else []

    finder = Once("wave1")
    told = Told(finder, People(finder, 30.0)).over(frames_of("wave1", 1.0, 6.0))

    people = [group for groups in told.groups for group in groups if group.person]
    assert len(finder.asked) > 1 + SURE
    assert people
    assert not any(group.is_nobody for group in people)


def test_where_nothing_moves_nobody_is_looked_for() -> None:
    told = Told(Truthful("wave1")).over(frames_of("wave1", 0.0, 1.4))

    assert told.finder.asked == []


def test_the_same_frames_give_the_same_bodies_twice_and_after_a_restart() -> None:
    frames = frames_of("wave2", 1.0, 4.5)
    told = Told(Truthful("wave2")).over(frames)
    again = Told(Truthful("wave2")).over(frames)
    told.restart()
    told.over(frames)

    assert told.groups == again.groups + again.groups
    assert told.finder.asked == again.finder.asked + again.finder.asked


def test_no_more_is_searched_than_the_setting_allows() -> None:
    finder = Truthful("wave2")
    people = People(finder, 0.5)

    Told(finder, people).over(frames_of("wave2", 1.0, 4.5))

    assert 1 <= len(finder.asked) <= 2 + 0.5 * 3.5


@pytest.mark.parametrize(
    ("mode", "finder", "are_looked_for"),
    [("auto", Truthful("wave1"), True), ("off", Truthful("wave1"), False), ("auto", None, False)],
)
def test_people_are_looked_for_where_it_is_on_and_somebody_can(
    mode: str, finder: PersonFinder | None, are_looked_for: bool
) -> None:
    values = AnalysisSettings.model_validate({"people": mode})

    assert (people_of(values, Models(people=finder)) is not None) is are_looked_for
