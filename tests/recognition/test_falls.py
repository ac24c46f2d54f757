"""Falls: rendered bodies that fall, and bodies that go down in every other way."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.assembly import load_models, make_analysis, open_source
from motionapp.core.clip import Prediction
from motionapp.core.event import UNKNOWN, Event
from motionapp.core.frame import Epoch, Frame
from motionapp.core.geometry import Box
from motionapp.core.motion import Motion, Pose
from motionapp.core.stopwatch import Stopwatch
from motionapp.core.track import Group
from motionapp.recognition.falls import LABEL, Falls
from motionapp.recognition.names import Names, Said
from motionapp.recognition.naming import Naming
from motionapp.recognition.posture import posture_of
from motionapp.runtime.walk import walk
from motionapp.scenes.people.performance import Performance
from motionapp.scenes.people.skeleton import Foot, blend, joints_of
from motionapp.scenes.people.skeleton import Pose as Held
from motionapp.scenes.people.style import ease
from motionapp.scenes.pinhole import Pinhole
from motionapp.settings import Settings, apply_changes
from motionapp.testing import GreyPixels

EPOCH = Epoch(0, (320, 240), Fraction(1, 1000))
BOX = Box(100, 40, 220, 230)
BEGINS_S = 1.5

FEET_AHEAD = Foot(0.35, 0.06, 0.0, 20.0)
STANDING = Held()
SITTING = Held(up=0.28, forward=-0.22, lean=5.0)
ON_THE_FLOOR = Held(
    up=0.08, forward=-0.2, lean=5.0, curve=15.0, left_foot=FEET_AHEAD, right_foot=FEET_AHEAD
)
ON_THE_BACK = Held(
    up=0.07, forward=-0.2, lean=-85.0, curve=0.0, left_foot=FEET_AHEAD, right_foot=FEET_AHEAD
)
ON_THE_SIDE = Held(up=0.07, side=0.3, side_lean=85.0)

Joints = Callable[[float], NDArray[np.float64]]


def between(*stages: tuple[float, float, Held], first: Held = STANDING) -> Joints:
    """A body that goes from one posture to the next, each from and until a time."""

    def joints(t_s: float) -> NDArray[np.float64]:
        held = first
        for from_s, until_s, then in stages:
            held = blend(held, then, ease((t_s - from_s) / (until_s - from_s)))
        return joints_of(held, stature_m=1.72, heading_deg=60.0)

    return joints


def falling(how: Held, *, takes_s: float = 0.7, first: Held = STANDING) -> Joints:
    """A body that falls, faster and faster."""

    def joints(t_s: float) -> NDArray[np.float64]:
        done = min(1.0, max(0.0, (t_s - BEGINS_S) / takes_s))
        return joints_of(blend(first, how, done**2), stature_m=1.72, heading_deg=60.0)

    return joints


def acting(action: str) -> Joints:
    return Performance(action, heading_deg=60.0).joints


def poses(joints: Joints, *, until_s: float, rate_hz: float) -> list[tuple[float, Pose]]:
    """What a network sees of a body, with its trembling."""
    camera = Pinhole(60.0, 4.0, (160.0, 120.0), (0.0, 0.8, 0.0), tilt_deg=12.0)
    rng = np.random.default_rng(7)
    seen = []
    for k in range(math.ceil(until_s * rate_hz)):
        points = camera.see(joints(k / rate_hz)).points[:17] + rng.normal(0.0, 0.8, (17, 2))
        keypoints = np.column_stack((points, np.full(17, 0.7))).astype(np.float32)
        seen.append((k / rate_hz, Pose(keypoints, 0.8, person=1)))
    return seen


def told(
    joints: Joints, *, until_s: float = 4.5, rate_hz: float = 25.0, renumbered_s: float = 1e9
) -> tuple[list[Prediction], Falls]:
    """What is said of a body; from a time on it has another number, as after it was lost."""
    falls, said = Falls(), []
    for index, (pts_s, pose) in enumerate(poses(joints, until_s=until_s, rate_hz=rate_hz)):
        person = 1 if pts_s < renumbered_s else 2
        frame = Frame(index, index, pts_s, 1 / rate_hz, EPOCH, GreyPixels())
        motion = Motion(poses=(Pose(pose.keypoints, pose.score, person),))
        group = Group(5, BOX, BOX, (1,), is_seen=True, is_confirmed=True, born_s=0.0, person=person)
        said += falls.step(frame, motion, [group], {}, Stopwatch(None))
    return said, falls


FALLS = {
    "backwards": falling(ON_THE_BACK),
    "to the side": falling(ON_THE_SIDE),
    "to the other side": falling(ON_THE_SIDE.mirrored()),
    "quickly": falling(ON_THE_SIDE, takes_s=0.5),
}

NO_FALLS = {
    "lies down": between((1.0, 2.8, ON_THE_FLOOR), (3.0, 4.6, ON_THE_BACK)),
    "sits down on the floor": between((1.0, 2.8, ON_THE_FLOOR)),
    "sits down on a chair": between((1.0, 2.0, SITTING)),
    "sits and lies down": between((0.5, 2.3, ON_THE_SIDE), first=ON_THE_FLOOR),
    **{name: acting(name) for name in ("crouch", "bend", "jump", "jack", "walk", "run", "kick")},
}


@pytest.mark.parametrize("rate_hz", [30.0, 25.0, 15.0, 10.0])
@pytest.mark.parametrize("name", FALLS)
def test_a_body_that_falls_is_called_so_from_when_it_began(name: str, rate_hz: float) -> None:
    said, falls = told(FALLS[name], rate_hz=rate_hz)

    assert [one.label for one in said[:2]] == [UNKNOWN, LABEL]
    assert said[1].centre_s == pytest.approx(BEGINS_S, abs=0.5)
    assert said[1].end_s <= BEGINS_S + 1.2
    assert falls.label_of(5) is not None


def with_holes(keypoints: NDArray[np.float32], points: list[int], hole: float) -> Pose:
    seen = keypoints.copy()
    seen[points, :2] = hole
    return Pose(seen, 0.8, person=1)


@pytest.mark.parametrize("hole", [np.nan, np.inf])
@pytest.mark.parametrize("name", FALLS)
def test_points_that_are_no_numbers_are_not_seen(name: str, hole: float) -> None:
    """A fall was judged by them, and ended in an error."""
    rng, falls, said = np.random.default_rng(1), Falls(), []
    for index, (pts_s, pose) in enumerate(poses(FALLS[name], until_s=4.5, rate_hz=25.0)):
        gone = list(range(17)) if index % 9 == 4 else rng.choice(17, 3, replace=False).tolist()
        motion = Motion(poses=(with_holes(pose.keypoints, gone, hole),))
        frame = Frame(index, index, pts_s, 1 / 25, EPOCH, GreyPixels())
        group = Group(5, BOX, BOX, (1,), is_seen=True, is_confirmed=True, born_s=0.0, person=1)
        said += falls.step(frame, motion, [group], {}, Stopwatch(None))

    assert [one.label for one in said[:2]] == [UNKNOWN, LABEL]
    assert said[1].centre_s == pytest.approx(BEGINS_S, abs=0.5)
    assert all(math.isfinite(one.score) for one in said)


@pytest.mark.parametrize("gone", [[0, 1, 2, 3, 4], [5, 6], [11, 12]])
def test_without_head_shoulders_or_hips_no_posture_is_told(gone: list[int]) -> None:
    (_, pose), *_ = poses(FALLS["quickly"], until_s=0.1, rate_hz=25.0)

    assert posture_of(with_holes(pose.keypoints, gone, np.nan).keypoints) is None
    assert posture_of(with_holes(pose.keypoints, gone[1:], np.nan).keypoints) is not None


def test_a_point_that_is_not_there_moves_no_other() -> None:
    (_, pose), *_ = poses(FALLS["quickly"], until_s=0.1, rate_hz=25.0)
    whole = posture_of(pose.keypoints)
    holed = posture_of(with_holes(pose.keypoints, [9, 13], np.nan).keypoints)

    assert whole is not None
    assert holed is not None
    assert holed.top_y == whole.top_y
    assert holed.trunk_px == whole.trunk_px
    assert holed.length_px == pytest.approx(whole.length_px, rel=0.05)


@pytest.mark.parametrize("rate_hz", [25.0, 10.0])
@pytest.mark.parametrize("name", NO_FALLS)
def test_a_body_that_goes_down_on_purpose_is_not_called_so(name: str, rate_hz: float) -> None:
    said, falls = told(NO_FALLS[name], until_s=6.0, rate_hz=rate_hz)

    assert said == []
    assert falls.label_of(5) is None


def test_who_lay_from_the_beginning_has_not_fallen() -> None:
    assert told(between(first=ON_THE_BACK))[0] == []


def test_who_is_lost_while_falling_and_found_again_has_fallen() -> None:
    said, _ = told(FALLS["to the side"], renumbered_s=BEGINS_S + 0.35)

    assert LABEL in [one.label for one in said]


def test_who_gets_up_again_is_not_called_fallen_any_more() -> None:
    up = between((6.0, 7.5, STANDING), first=ON_THE_SIDE)
    down = FALLS["to the side"]

    said, falls = told(lambda t: down(t) if t < 5 else up(t), until_s=12.0)

    labels = [one.label for one in said]
    assert labels[0] == labels[-1] == UNKNOWN
    assert set(labels[1:-1]) == {LABEL}
    assert falls.label_of(5) in (None, (UNKNOWN, pytest.approx(1.0, abs=0.5)))


def test_a_fall_is_told_with_its_figures() -> None:
    said, _ = told(FALLS["to the side"])

    assert "of its standing height within 0.8 s" in said[1].reason


def test_after_a_rest_nobody_is_known() -> None:
    _, falls = told(FALLS["to the side"])

    falls.restart()

    assert falls.label_of(5) is None


def events_of(path: Path) -> list[Event]:
    settings = apply_changes(Settings(), {"analysis.frontend": "pose"}).analysis
    source = open_source(path, decode_threads=1)
    analysis = make_analysis(settings, load_models(settings), source_name="recording")
    closed = [event for moment in walk(source.frames(), analysis) for event in moment.closed]
    source.close()
    return closed


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "began_s"),
    [
        ("safety/fall/gmdcsa24_s3_fall_16.mp4", 1.8),
        ("safety/fall/gmdcsa24_s3_fall_20.mp4", 2.3),
        ("urfd/fall/fall-01-cam0.mp4", None),
        ("urfd/fall/fall-02-cam0.mp4", None),
    ],
)
def test_a_filmed_fall_is_an_event_of_that_name(
    name: str, began_s: float | None, shared_data: Path
) -> None:
    events = events_of(shared_data / name)

    assert LABEL in [event.label for event in events]
    starts = [part.start_s for event in events for part in event.segments if part.label == LABEL]
    if began_s is not None:
        assert starts[0] == pytest.approx(began_s, abs=0.5)


@pytest.mark.real
@pytest.mark.parametrize(
    "name",
    [
        "urfd/adl/adl-01-cam0.mp4",  # sits down
        "urfd/adl/adl-38-cam0.mp4",  # lies down on a bed
        "safety/adl/gmdcsa24_s3_adl_19.mp4",  # picks something up
    ],
)
def test_filmed_daily_living_has_no_fall(name: str, shared_data: Path) -> None:
    assert LABEL not in [event.label for event in events_of(shared_data / name)]


class Says(Falls):
    """Falls that are known of already, by the number of the body."""

    def __init__(self, **labels: str) -> None:
        super().__init__()
        self._labels = labels

    def label_of(self, group_id: int) -> tuple[str, float] | None:
        label = self._labels.get(f"body{group_id}")
        return None if label is None else (label, 0.9)


class Walks(Says):
    """Stands in for a network that calls everybody a walker."""

    def label_of(self, group_id: int) -> tuple[str, float] | None:
        return "walk", 0.7


def test_a_fall_outranks_what_a_network_says_and_only_that() -> None:
    network, falls = cast(Naming, Walks()), Says(body1=LABEL, body2="unknown")
    names = Names([network], falls)
    walks = tuple(Prediction(body, 0.0, 1.0, "walk", 0.7, (0.7,)) for body in (1, 2, 3))
    said = (
        Said("actions", walks, network.label_of),
        Said("falls", (Prediction(1, 0.0, 1.0, LABEL, 0.9, (0.9,)),), falls.label_of),
    )

    assert [names.label_of(body) for body in (1, 2, 3)] == [
        (LABEL, 0.9), ("walk", 0.7), ("walk", 0.7),
    ]  # fmt: skip
    told = {(one.subject_id, one.label) for one in names.decided(said)}
    assert told == {(1, LABEL), (2, "walk"), (3, "walk")}


def test_without_a_network_and_without_falls_nothing_is_named() -> None:
    names = Names()

    assert names.label_of(1) is None
    assert names.decided(()) == ()
    assert names.forget_s == 0.0


def test_who_may_be_nobody_has_no_name_unless_they_fell() -> None:
    names = Names([cast(Naming, Walks())], Says(body1=LABEL))
    bodies = [
        Group(body, BOX, BOX, (body,), is_seen=True, is_confirmed=True, born_s=0.0, person=body)
        for body in (1, 2)
    ]

    sure, faint = (
        names.labelled(bodies),
        names.labelled([b._replace(is_faint=True) for b in bodies]),
    )

    assert [body.label for body in sure] == [LABEL, "walk"]
    assert [body.label for body in faint] == [LABEL, None]
