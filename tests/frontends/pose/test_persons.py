"""Who is looked for, followed, dropped: with scripted sight, and on real pictures."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.motion import Pose
from motionapp.frontends.pose import persons
from motionapp.frontends.pose.crop import Crop
from motionapp.frontends.pose.detector import Detections
from motionapp.frontends.pose.landmarks import Person
from motionapp.frontends.pose.networks import PoseNetworks
from motionapp.frontends.pose.persons import (
    PoseRules,
    PoseTracker,
    is_same,
    is_seen,
    without_duplicates,
)

FRAME = np.zeros((400, 600, 3), np.uint8)


def person_at(x: float, *, y: float = 200, size: float = 100, score: float = 1.0) -> Person:
    """Somebody whose torso, `size` tall, has its middle at x, y."""
    keypoints = np.full((33, 3), (x, y, 1.0), np.float32)
    keypoints[[11, 12], 1] -= size / 2
    keypoints[[23, 24], 1] += size / 2
    crop = Crop(x=x, y=y, side_px=3 * size, angle=0)
    return Person(Pose(keypoints=keypoints, score=score), crop, crop)


class Scene:
    """Stands for both networks: who is there, and how often each was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.people: list[Person] = []
        self.only_in_parts: list[Person] = []
        self.whole = self.parts = self.looks = 0
        monkeypatch.setattr(persons, "find_people", self._find)
        monkeypatch.setattr(persons, "find_people_in_parts", self._find_in_parts)
        monkeypatch.setattr(persons, "see_person", self._see)

    def _find(self, *_: object, min_score: float) -> Detections:
        self.whole += 1
        return detections(self.people)

    def _find_in_parts(self, *_: object, min_score: float) -> Detections:
        self.parts += 1
        return detections(self.people + self.only_in_parts)

    def _see(self, networks: object, bgr: object, crop: Crop) -> Person:
        self.looks += 1
        everybody = [*self.people, *self.only_in_parts, person_at(crop.x, score=0.1)]
        return min(everybody, key=lambda p: abs(p.crop.x - crop.x))


def detections(people: list[Person]) -> Detections:
    """What the detector would say of these: the circle is above the middle of the hips."""
    points = [
        [(p.crop.x, p.crop.y), (p.crop.x, p.crop.y - p.crop.side_px / 2.5)] + [(0, 0)] * 2
        for p in people
    ]
    return Detections(
        np.ones(len(people), np.float32),
        np.zeros((len(people), 4), np.float32),
        np.array(points, np.float32).reshape(-1, 4, 2),
    )


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Scene:
    return Scene(monkeypatch)


@pytest.fixture
def make_tracker(networks: PoseNetworks) -> Callable[..., PoseTracker]:
    return lambda **rules: PoseTracker(networks, PoseRules(**rules))


def places(poses: tuple[Pose, ...]) -> list[float]:
    return [float(pose.keypoints[0, 0]) for pose in poses]


def test_the_first_frame_is_searched(
    scene: Scene, make_tracker: Callable[..., PoseTracker]
) -> None:
    scene.people = [person_at(150), person_at(450)]

    assert places(make_tracker().step(FRAME, t_s=7.3)) == [150, 450]


def test_nobody_there_is_searched_for_now_and_then(
    scene: Scene, make_tracker: Callable[..., PoseTracker]
) -> None:
    """At 50 and at 12.5 frames a second alike: two seconds have four slots and their first."""
    for rate_hz in (50, 12.5):
        tracker = make_tracker(search_s=0.5)
        scene.whole = 0
        for index in range(int(2 * rate_hz)):
            assert tracker.step(FRAME, t_s=index / rate_hz) == ()

        assert scene.whole == 4


def test_somebody_followed_is_looked_at_once_a_frame(
    scene: Scene, make_tracker: Callable[..., PoseTracker]
) -> None:
    scene.people = [person_at(150)]
    tracker = make_tracker(max_persons=1)
    for index in range(10):
        tracker.step(FRAME, t_s=index / 5)

    assert (scene.whole, scene.parts, scene.looks) == (1, 0, 10)


def test_somebody_new_joins_at_the_next_search_behind_those_followed(
    scene: Scene, make_tracker: Callable[..., PoseTracker]
) -> None:
    tracker = make_tracker(search_s=0.5)
    scene.people = [person_at(450)]
    tracker.step(FRAME, t_s=0.0)
    scene.people = [person_at(150), person_at(450)]

    assert places(tracker.step(FRAME, t_s=0.4)) == [450]
    assert places(tracker.step(FRAME, t_s=0.5)) == [450, 150]


def test_somebody_below_the_score_is_dropped_and_searched_for_at_once(
    scene: Scene, make_tracker: Callable[..., PoseTracker]
) -> None:
    tracker = make_tracker(search_s=10.0)
    scene.people = [person_at(150)]
    tracker.step(FRAME, t_s=0.0)
    scene.people = [person_at(150, score=0.4)]

    assert tracker.step(FRAME, t_s=0.1) == ()
    assert scene.whole == 2
    tracker.step(FRAME, t_s=0.2)
    assert scene.whole == 2


def test_no_more_than_the_allowed_are_followed(
    scene: Scene, make_tracker: Callable[..., PoseTracker]
) -> None:
    scene.people = [person_at(x) for x in (100, 250, 400, 550)]
    tracker = make_tracker(max_persons=2)

    assert places(tracker.step(FRAME, t_s=0.0)) == [100, 250]


def test_parts_are_searched_only_while_nobody_is_followed(
    scene: Scene, make_tracker: Callable[..., PoseTracker]
) -> None:
    scene.only_in_parts = [person_at(150)]
    tracker = make_tracker(search_s=0.5)

    assert places(tracker.step(FRAME, t_s=0.0)) == [150]
    tracker.step(FRAME, t_s=0.5)
    assert (scene.whole, scene.parts) == (2, 1)


def test_parts_can_be_left_out(scene: Scene, make_tracker: Callable[..., PoseTracker]) -> None:
    scene.only_in_parts = [person_at(150)]

    assert make_tracker(search_parts=False).step(FRAME, t_s=0.0) == ()
    assert scene.parts == 0


def test_somebody_seen_only_in_a_part_must_be_surer(
    scene: Scene, make_tracker: Callable[..., PoseTracker]
) -> None:
    scene.only_in_parts = [person_at(150, score=0.6)]

    assert make_tracker().step(FRAME, t_s=0.0) == ()


def test_one_body_found_twice_is_one_person(
    scene: Scene, make_tracker: Callable[..., PoseTracker]
) -> None:
    scene.people = [person_at(150), person_at(170, size=60)]

    assert places(make_tracker().step(FRAME, t_s=0.0)) == [150]


def test_two_who_drift_to_one_body_become_one(
    scene: Scene, make_tracker: Callable[..., PoseTracker]
) -> None:
    scene.people = [person_at(150), person_at(250)]
    tracker = make_tracker()
    assert len(tracker.step(FRAME, t_s=0.0)) == 2
    scene.people = [person_at(150), person_at(160)]

    assert places(tracker.step(FRAME, t_s=0.1)) == [150]


def test_bodies_are_told_apart_by_their_torsos() -> None:
    first = person_at(150)

    assert is_same(first, person_at(180))
    assert not is_same(first, person_at(200))
    assert without_duplicates([first, person_at(200), person_at(160)])[1].crop.x == 200


def test_a_body_needs_half_of_its_torso_in_sight() -> None:
    keypoints = person_at(150).pose.keypoints.copy()
    keypoints[[23, 24], 2] = 0.1
    assert is_seen(Pose(keypoints=keypoints, score=1.0))
    keypoints[11, 2] = 0.1
    assert not is_seen(Pose(keypoints=keypoints, score=1.0))


def test_the_networks_see_nobody_in_noise(networks: PoseNetworks) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (180, 320, 3), np.uint8)

    assert PoseTracker(networks).step(noise, t_s=0.0) == ()


# ----------------------------------------------------------------------------------------------


@pytest.fixture
def pose_data(shared_data: Path) -> Path:
    folder = shared_data / "pose"
    if not folder.is_dir():
        pytest.skip("no photographs of people: there is no ../shared/data/pose")
    return folder


def pictures(path: Path, every: int) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    """Time and picture of every so many frames of a video."""
    capture = cv2.VideoCapture(str(path))
    rate_hz, index = capture.get(cv2.CAP_PROP_FPS), 0
    while True:
        is_read, bgr = capture.read()
        if not is_read:
            return
        if index % every == 0:
            yield index / rate_hz, bgr.astype(np.uint8, copy=False)
        index += 1


@pytest.mark.real
@pytest.mark.parametrize("name", ["person.mp4", "person_walk.mp4"])
def test_one_person_is_seen_in_every_frame(
    networks: PoseNetworks, pose_data: Path, name: str
) -> None:
    """Upright, once, and with the head above the feet."""
    tracker = PoseTracker(networks)
    seen = [tracker.step(bgr, t_s=t_s) for t_s, bgr in pictures(pose_data / name, every=3)]

    assert sum(len(poses) == 1 for poses in seen) >= 0.98 * len(seen)
    for pose in (poses[0] for poses in seen if poses):
        nose, ankle = pose.keypoints[0, :2], pose.keypoints[27, :2]
        assert nose[1] < ankle[1] - 60


@pytest.mark.real
def test_the_same_frames_give_the_same_poses(networks: PoseNetworks, pose_data: Path) -> None:
    frames = list(pictures(pose_data / "person.mp4", every=10))
    runs = []
    for _ in range(2):
        tracker = PoseTracker(networks)
        runs.append([tracker.step(bgr, t_s=t_s)[0].keypoints.tobytes() for t_s, bgr in frames])

    assert runs[0] == runs[1]


@pytest.mark.real
def test_left_is_the_person_s_own_left(networks: PoseNetworks, pose_data: Path) -> None:
    """The man of this video faces the camera, so his left is on the picture's right."""
    _, bgr = next(pictures(pose_data / "person.mp4", every=1))

    (pose,) = PoseTracker(networks).step(bgr, t_s=0.0)

    x = pose.keypoints[:, 0]
    assert x[11] > x[12] + 10
    assert x[23] > x[24]


@pytest.mark.real
def test_most_points_of_people_alone_are_right(networks: PoseNetworks, pose_data: Path) -> None:
    """The short form of `benchmarks/pose_accuracy.py`: shoulders, hips, knees within 0.2 torsos."""
    document = json.loads((pose_data / "annotations.json").read_text())
    right = total = 0
    for image in document["images"]:
        entries = [a for a in document["annotations"] if a["image_id"] == image["id"]]
        tall = [a for a in entries if a["bbox"][3] > 100 and a["num_keypoints"] >= 5]
        if len(tall) != 1 or tall[0]["iscrowd"]:
            continue
        truth = np.array(tall[0]["keypoints"], np.float64).reshape(17, 3)
        visible = [i for i in (5, 6, 11, 12, 13, 14) if truth[i, 2] == 2]
        if not truth[[5, 12], 2].all():
            continue
        reach = 0.2 * float(np.linalg.norm(truth[5, :2] - truth[12, :2]))
        bgr = cv2.imread(str(pose_data / "images" / image["file_name"]))
        assert bgr is not None
        poses = PoseTracker(networks).step(bgr.astype(np.uint8, copy=False), t_s=0.0)
        total += len(visible)
        right += max((near(pose, truth, visible, reach) for pose in poses), default=0)

    assert total > 50
    assert right >= 0.6 * total


def near(pose: Pose, truth: NDArray[np.float64], visible: list[int], reach: float) -> int:
    """How many of the visible COCO points the pose has right."""
    blaze = {5: 11, 6: 12, 11: 23, 12: 24, 13: 25, 14: 26}
    places = pose.keypoints[[blaze[i] for i in visible], :2]
    return int((np.linalg.norm(places - truth[visible, :2], axis=1) <= reach).sum())
