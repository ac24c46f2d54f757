"""People are followed with few searches, keep their ids when they cross, and are given up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.people.follow import Followed, FollowRules, PersonFollower
from motionapp.people.networks import Lightning, MultiPose
from motionapp.scenes.named import crossing_scene
from motionapp.scenes.render import Renderer
from motionapp.scenes.truth import truth

STEP_S = 0.08
GREY = np.full((360, 640, 3), 90, np.uint8)


class Stage:
    """Both networks at once: sees bright upright rectangles as people."""

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


def follower(rules: FollowRules | None = None) -> PersonFollower:
    """One over the staged networks."""
    stage = Stage()
    return PersonFollower(stage, stage, rules)


def ids(followed: tuple[Followed, ...]) -> list[int]:
    return [each.person_id for each in followed]


def test_one_who_walks_keeps_the_id_with_a_search_a_second() -> None:
    people = follower()

    for index in range(50):
        (one,) = people.step(picture(50 + 4 * index), t_s=index * STEP_S)
        assert one.person_id == 1
        assert one.person.box.iou(Box(50 + 4 * index, 120, 90 + 4 * index, 240)) > 0.7

    assert people.searches <= 5


def test_who_is_gone_is_shown_no_more_and_who_is_back_soon_is_the_same() -> None:
    people = follower()
    shown = [ids(people.step(picture(100), t_s=k * STEP_S)) for k in range(5)]
    shown += [ids(people.step(picture(None), t_s=k * STEP_S)) for k in range(5, 15)]
    back = [ids(people.step(picture(100), t_s=k * STEP_S)) for k in range(15, 20)]

    assert shown == [[1]] * 5 + [[]] * 10
    assert back[-1] == [1]


def test_who_comes_back_late_is_somebody_new() -> None:
    people = follower()
    people.step(picture(100), t_s=0.0)
    for index in range(1, 40):
        people.step(picture(None), t_s=index * STEP_S)

    late = [ids(people.step(picture(100), t_s=4.0 + k * STEP_S)) for k in range(15)]

    assert late[-1] == [2]


def test_an_empty_picture_costs_a_search_a_second_and_no_more() -> None:
    people = follower()

    for index in range(50):
        assert people.step(GREY, t_s=index * STEP_S) == ()

    assert people.searches <= 5


def test_what_moves_and_is_nobody_yet_is_asked_for_sooner() -> None:
    people = follower()
    people.step(GREY, t_s=0.0)

    found = people.step(picture(300), t_s=0.24, bodies=[Box(298, 118, 342, 242)])

    assert ids(found) == [1]


def test_a_restart_begins_with_one_again() -> None:
    people = follower()
    people.step(picture(100), t_s=0.0)
    people.restart()

    assert ids(people.step(picture(300), t_s=0.0)) == [1]


def test_two_who_cross_keep_their_ids(multipose: MultiPose, lightning: Lightning) -> None:
    """The hardest of ten: for half a second both look at the same person, the wrong one stays."""
    scene = crossing_scene(9_000_002)
    renderer, people = Renderer(scene), PersonFollower(multipose, lightning)
    named: dict[int, list[int]] = {0: [], 1: []}

    for index in range(40, 82):
        t_s = index * STEP_S
        boxes = {f.index: Box(*f.box) for f in truth(scene, t_s).figures if f.box is not None}
        followed = people.step(renderer.render(t_s), t_s=t_s, bodies=tuple(boxes.values()))
        for each in followed:
            here = {i for i, box in boxes.items() if box.iou(each.person.box) > 0.5}
            if len(here) == 1:
                named[here.pop()].append(each.person_id)

    for before_and_after in named.values():
        assert before_and_after[:8] == before_and_after[:1] * 8
        assert before_and_after[-6:] == before_and_after[:1] * 6
    assert named[0][0] != named[1][0]
