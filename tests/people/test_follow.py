"""People are followed with few searches, keep their ids when they cross, and are given up."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Epoch, Frame
from motionapp.core.geometry import Box
from motionapp.people.agenda import AgendaRules
from motionapp.people.follow import PersonFollower
from motionapp.people.following import Followed, FollowRules
from motionapp.people.networks import Lightning, MultiPose
from motionapp.people.search import lies_at
from motionapp.scenes.named import crossing_scene
from motionapp.scenes.render import Renderer
from motionapp.scenes.truth import truth
from motionapp.sources.picture import BgrPicture

STEP_S = 0.08
GREY = np.full((360, 640, 3), 90, np.uint8)


class Stage:
    """Both networks at once: sees bright upright rectangles as people."""

    size = (192, 192)

    def persons(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        rows = np.zeros((6, 56), np.float32)
        bright = picture[:, :, 0] > 200
        if bright.any():
            shares = _shares(bright)
            rows[0, 51:] = (*shares, 0.8)
            rows[0, :51] = _points(shares, 0.8).ravel()
        return rows

    def points(self, square: NDArray[np.uint8]) -> NDArray[np.float32]:
        bright = square[:, :, 0] > 200
        if not bright.any():
            return np.zeros((17, 3), np.float32)
        return _points(_shares(bright), 0.8)


def _shares(bright: NDArray[np.bool_]) -> tuple[float, float, float, float]:
    ys, xs = np.nonzero(bright)
    h, w = bright.shape
    return ys.min() / h, xs.min() / w, (ys.max() + 1) / h, (xs.max() + 1) / w


def _points(shares: tuple[float, float, float, float], score: float) -> NDArray[np.float32]:
    y0, x0, y1, x1 = shares
    along = np.linspace(0, 1, 17)
    across = np.tile([0, 1], 9)[:17]
    points = (y0 + along * (y1 - y0), x0 + across * (x1 - x0), np.full(17, score))
    return np.stack(points, axis=1).astype(np.float32)


def picture(x: int | None) -> NDArray[np.uint8]:
    """A grey picture with a bright upright rectangle at `x`."""
    bgr = GREY.copy()
    if x is not None:
        bgr[120:240, x : x + 40] = 255
    return bgr


def step(
    people: PersonFollower, bgr: NDArray[np.uint8], t_s: float, bodies: Sequence[Box] = ()
) -> tuple[Followed, ...]:
    """The people in a picture, where some bodies move that are nobody yet."""
    epoch = Epoch(0, (bgr.shape[1], bgr.shape[0]), Fraction(1, 1000))
    frame = Frame(0, 0, t_s, STEP_S, epoch, pixels=BgrPicture(bgr))

    def strangers(known: Sequence[Box]) -> list[Box]:
        return [box for box in bodies if not any(lies_at(one, box) for one in known)]

    return people.step(frame, strangers=strangers)


def follower(rules: FollowRules | None = None) -> PersonFollower:
    """One over the staged networks."""
    stage = Stage()
    return PersonFollower(stage, stage, rules)


def ids(followed: tuple[Followed, ...]) -> list[int]:
    return [each.person_id for each in followed]


def test_one_who_walks_keeps_the_id_with_a_search_a_second() -> None:
    people = follower()

    for index in range(50):
        (one,) = step(people, picture(50 + 4 * index), index * STEP_S)
        assert one.person_id == 1
        assert one.person.box.iou(Box(50 + 4 * index, 120, 90 + 4 * index, 240)) > 0.7

    assert people.searches <= 6


def test_who_is_gone_is_shown_no_more_and_who_is_back_soon_is_the_same() -> None:
    people = follower()
    shown = [ids(step(people, picture(100), k * STEP_S)) for k in range(5)]
    shown += [ids(step(people, picture(None), k * STEP_S)) for k in range(5, 15)]
    back = [ids(step(people, picture(100), k * STEP_S)) for k in range(15, 20)]

    assert shown == [[1]] * 5 + [[]] * 10
    assert back[-1] == [1]


def test_who_comes_back_late_is_somebody_new() -> None:
    people = follower()
    step(people, picture(100), 0.0)
    for index in range(1, 40):
        step(people, picture(None), index * STEP_S)

    late = [ids(step(people, picture(100), 4.0 + k * STEP_S)) for k in range(15)]

    assert late[-1] == [2]


def test_an_empty_picture_costs_a_search_a_second_and_no_more() -> None:
    people = follower()

    for index in range(50):
        assert step(people, GREY, index * STEP_S) == ()

    assert people.searches <= 6


def test_what_moves_and_is_nobody_yet_is_asked_for_sooner() -> None:
    people = follower()
    step(people, GREY, 0.0)

    step(people, picture(300), 0.24, [Box(298, 118, 342, 242)])
    found = step(people, picture(300), 0.36, [Box(298, 118, 342, 242)])

    assert ids(found) == [1]


def test_a_restart_begins_with_one_again() -> None:
    people = follower()
    step(people, picture(100), 0.0)
    people.restart()

    assert ids(step(people, picture(300), 0.0)) == [1]


def test_who_is_back_is_not_followed_where_as_many_as_may_be_already_are() -> None:
    people = follower(FollowRules(most=1))
    both = np.maximum(picture(100), picture(400))
    for k in range(3):
        step(people, picture(100), k * STEP_S)
    for k in range(3, 12):
        other = ids(step(people, picture(400), k * STEP_S, [Box(398, 118, 442, 242)]))

    after = [ids(step(people, both, k * STEP_S)) for k in range(12, 24)]

    assert other == [2]
    assert {len(each) for each in after} == {1}


def test_the_box_of_who_leaves_ends_with_the_picture() -> None:
    people = follower(FollowRules(look_s=10.0))  # carried along in between
    boxes: list[Box] = []
    for k in range(20):
        bgr = GREY.copy()
        bgr[120:240, 540 + 8 * k : 580 + 8 * k] = 255
        boxes += [one.person.box for one in step(people, bgr, k * STEP_S)]

    assert max(box.x1 for box in boxes) == 640
    assert all(box.area and box == box.clipped((640, 360)) for box in boxes)


def test_other_rules_count_for_searches_too_while_it_runs() -> None:
    people = follower()
    step(people, GREY, 0.0)

    people.change(Stage(), Stage(), FollowRules(agenda=AgendaRules(whole_s=100.0)))
    for k in range(1, 60):
        step(people, GREY, k * STEP_S)

    assert people.searches == 1


def test_two_who_cross_keep_their_ids(multipose: MultiPose, lightning: Lightning) -> None:
    """The hardest of ten: for half a second both look at the same person, the wrong one stays."""
    scene = crossing_scene(9_000_002)
    renderer, people = Renderer(scene), PersonFollower(multipose, lightning)
    named: dict[int, list[int]] = {0: [], 1: []}

    for index in range(40, 82):
        t_s = index * STEP_S
        boxes = {f.index: Box(*f.box) for f in truth(scene, t_s).figures if f.box is not None}
        followed = step(people, renderer.render(t_s), t_s, tuple(boxes.values()))
        for each in followed:
            here = {i for i, box in boxes.items() if box.iou(each.person.box) > 0.5}
            if len(here) == 1:
                named[here.pop()].append(each.person_id)

    for before_and_after in named.values():
        assert before_and_after[:8] == before_and_after[:1] * 8
        assert before_and_after[-6:] == before_and_after[:1] * 6
    assert named[0][0] != named[1][0]
