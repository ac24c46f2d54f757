"""Faults of a camera are told when they last, with begin and end; light and passers-by are none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

import motionapp
from motionapp.core.frame import level_for
from motionapp.edge.camera.frozen import FROZEN_S
from motionapp.edge.camera.health import (
    ACCEPTED_S,
    BLURRED_S,
    LONGER,
    LOST_S,
    VIEW_LOOKS,
    WAIT_S,
    Change,
    Health,
)

Picture = NDArray[np.uint8]
SHAPE = (60, 106)
VIEW_S = float(VIEW_LOOKS)


def scene(seed: int) -> NDArray[np.float64]:
    """Walls, windows and posts, without noise."""
    rng = np.random.default_rng(seed)
    picture = np.full(SHAPE, 110.0)
    for _ in range(40):
        y, x = rng.integers(0, SHAPE[0]), rng.integers(0, SHAPE[1])
        h, w = rng.integers(4, 26, 2)
        picture[y : y + h, x : x + w] = rng.uniform(20, 230)
    return cv2.GaussianBlur(picture, (0, 0), 0.6)


NOISE = np.random.default_rng(0).normal(0.0, 1.0, (32, *SHAPE)).astype(np.float32)
"""Of a sensor; one of these is taken for each look."""


class Camera:
    """A health that looks once a second, and remembers what it has told."""

    def __init__(self) -> None:
        self.health, self.told = Health(), list[Change]()
        self.now_s = 0.0
        self._rng = np.random.default_rng(1)

    def see(
        self,
        picture: NDArray[np.float64] | Callable[[], NDArray[np.float64]],
        seconds: float,
        *,
        is_moving: bool = False,
        noise: float = 1.0,
    ) -> list[Change]:
        """What is told while it looks at something for some seconds."""
        told = []
        for _ in range(round(seconds)):
            clean = picture() if callable(picture) else picture
            seen = clean + noise * NOISE[self._rng.integers(len(NOISE))] if noise else clean
            luma = np.clip(np.round(seen), 0, 255).astype(np.uint8)
            told += self.health.step(luma, self.now_s, is_moving=is_moving)
            self.now_s += 1.0
        self.told += told
        return told


HOME, ELSEWHERE = scene(1), scene(2)
LEARNT_S = 300.0


@pytest.fixture
def camera() -> Camera:
    """It has seen its view for five minutes."""
    camera = Camera()
    assert camera.see(HOME, LEARNT_S) == []
    return camera


FAULTS = {
    "covered: dark": ("covered", np.full(SHAPE, 14.0)),
    "covered: bright": ("covered", np.full(SHAPE, 220.0)),
    "covered: soft folds": (
        "covered",
        90 + 20 * cv2.GaussianBlur(scene(3) / 60.0, (0, 0), 8.0),
    ),
    "turned: elsewhere": ("turned", ELSEWHERE),
    "turned: by a fifth": ("turned", np.roll(HOME, SHAPE[1] // 5, 1)),
    "blurred": ("blurred", cv2.GaussianBlur(HOME, (0, 0), 2.5)),
}


@pytest.mark.parametrize(("kind", "picture"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_told_once_it_lasts_and_dated_back_to_its_begin(
    camera: Camera, kind: str, picture: NDArray[np.float64]
) -> None:
    needed_s = BLURRED_S if kind == "blurred" else LOST_S

    assert camera.see(picture, needed_s - VIEW_S) == []
    (begin,) = camera.see(picture, 4 * VIEW_S)

    assert (begin.kind, begin.turn) == (kind, "begins")
    assert begin.pts_s == pytest.approx(LEARNT_S, abs=2 * VIEW_S)
    assert begin.measured < begin.needed
    assert camera.health.open_faults == (kind,)


@pytest.mark.parametrize(("kind", "picture"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_that_is_gone_is_told_with_its_end(
    camera: Camera, kind: str, picture: NDArray[np.float64]
) -> None:
    camera.see(picture, 400)

    (end,) = camera.see(HOME, 4 * VIEW_S)

    assert (end.kind, end.turn) == (kind, "ends")
    assert end.pts_s == pytest.approx(LEARNT_S + 400, abs=2 * VIEW_S)
    assert end.measured >= end.needed
    assert camera.health.open_faults == ()


@pytest.mark.parametrize(("kind", "picture"), FAULTS.values(), ids=FAULTS.keys())
def test_what_does_not_last_is_no_fault(
    camera: Camera, kind: str, picture: NDArray[np.float64]
) -> None:
    """Lorries, people close to the lens, rain that dries; again and again."""
    for _ in range(4):
        camera.see(picture, LOST_S - 2 * VIEW_S)
        camera.see(HOME, 60)

    assert camera.told == []


LIGHT = {
    "a lamp goes out": 0.1 * HOME,
    "it is bright": np.clip(1.6 * HOME + 20, 0, 255),
    "fog": 180 + 0.1 * (HOME - 120),
    "a hard shadow": np.where(np.arange(SHAPE[1]) > 70, 0.4, 1.0) * HOME,
    "a lorry parks before half of it": np.where(np.arange(SHAPE[1]) > 80, 60.0, HOME),
}


@pytest.mark.parametrize("picture", LIGHT.values(), ids=LIGHT.keys())
def test_light_and_what_parks_there_are_no_faults(
    camera: Camera, picture: NDArray[np.float64]
) -> None:
    camera.see(picture, 1000)
    camera.see(HOME, 500)

    assert camera.told == []


def test_noise_of_a_night_does_not_hide_a_blur(camera: Camera) -> None:
    dim = 20 + 0.4 * HOME
    assert camera.see(dim, 600, noise=5.0) == []

    told = camera.see(cv2.GaussianBlur(dim, (0, 0), 3.0), 600, noise=2.0)

    assert [change.kind for change in told] == ["blurred"]


def test_a_camera_that_is_turned_for_good_is_left_at_peace_in_time(camera: Camera) -> None:
    begin, end = camera.see(ELSEWHERE, ACCEPTED_S + 300)

    assert (begin.turn, end.turn) == ("begins", "ends")
    assert end.pts_s - begin.pts_s == pytest.approx(ACCEPTED_S, abs=60)


def test_views_that_are_known_are_told_no_more(camera: Camera) -> None:
    camera.see(ELSEWHERE, ACCEPTED_S + 300)

    assert camera.see(HOME, 1000) == []
    assert camera.see(ELSEWHERE, 1000) == []


def test_a_view_that_was_never_learnt_as_long_is_still_another_one(camera: Camera) -> None:
    camera.see(ELSEWHERE, ACCEPTED_S + 300)

    assert [change.kind for change in camera.see(scene(9), 300)] == ["turned"]


def test_a_camera_that_always_moves_is_not_judged() -> None:
    camera, number = Camera(), iter(range(10**6))
    places = [scene(seed) for seed in range(20, 32)]

    camera.see(lambda: places[next(number) // VIEW_LOOKS % len(places)], 3000)

    assert camera.told == []


def test_a_lens_that_is_covered_from_the_first_is_told() -> None:
    (begin,) = Camera().see(np.full(SHAPE, 100.0), LOST_S + 3 * VIEW_S)

    assert begin.kind == "covered"


def test_a_black_room_is_told_once_and_then_only_if_it_is_black_for_longer(
    camera: Camera,
) -> None:
    """From pictures alone a lamp that is out and a black cover are the same."""
    black, night_s = np.full(SHAPE, 2.0), 700.0
    assert [c.kind for c in camera.see(black, night_s)] == ["covered"]
    camera.see(HOME, 200)
    camera.told.clear()

    camera.see(black, night_s)
    camera.see(HOME, 200)
    assert camera.told == []

    told = camera.see(black, LONGER * night_s + 100)
    assert [c.kind for c in told] == ["covered"]


def test_a_picture_that_stands_still_is_frozen(camera: Camera) -> None:
    assert camera.see(HOME, FROZEN_S - 1, noise=0.0) == []
    (begin,) = camera.see(HOME, 10, noise=0.0)
    (end,) = camera.see(HOME, 2)

    assert (begin.kind, begin.turn, begin.measured) == ("frozen", "begins", 0.0)
    assert begin.pts_s == pytest.approx(LEARNT_S, abs=2)
    assert (end.kind, end.turn) == ("frozen", "ends")
    assert end.pts_s == pytest.approx(LEARNT_S + FROZEN_S + 9, abs=2)


def test_a_clock_in_the_picture_does_not_hide_that_it_is_frozen(camera: Camera) -> None:
    rng = np.random.default_rng(4)

    def ticking() -> NDArray[np.float64]:
        picture = HOME.copy()
        picture[4:10, 4:28] = rng.choice([20.0, 230.0], (6, 24))
        return picture

    assert [c.kind for c in camera.see(ticking, FROZEN_S + 10, noise=0.0)] == ["frozen"]


def test_key_frames_that_change_the_picture_a_little_show_that_it_lives(camera: Camera) -> None:
    """What a codec makes of a quiet scene: exactly repeated, but for one step a minute."""
    rng, looks = np.random.default_rng(5), iter(range(10**6))
    held = [HOME]

    def quiet() -> NDArray[np.float64]:
        if next(looks) % 60 == 0:
            held[0] = HOME + (rng.random(SHAPE) < 0.3)
        return held[0]

    assert camera.see(quiet, 2000, noise=0.0) == []


def test_a_black_picture_is_not_called_frozen() -> None:
    told = Camera().see(np.zeros(SHAPE), 2000, noise=0.0)

    assert [change.kind for change in told] == ["covered"]


def test_faults_are_looked_for_while_nothing_moves_but_not_for_ever(camera: Camera) -> None:
    assert camera.see(ELSEWHERE, LOST_S, is_moving=True) == []

    told = camera.see(ELSEWHERE, WAIT_S + 5 * VIEW_S, is_moving=True)

    assert [change.kind for change in told] == ["turned"]


def test_looks_that_come_more_often_change_nothing() -> None:
    often, seldom, told = Health(), Health(), ([], [])
    for k in range(6000):
        clean = HOME if k < 3000 else ELSEWHERE
        luma = np.clip(clean + NOISE[k % 31], 0, 255).astype(np.uint8)
        told[0].extend(often.step(luma, k / 10, is_moving=False))
        if k % 10 == 0:
            told[1].extend(seldom.step(luma, k / 10, is_moving=False))

    assert [change.kind for change in told[0]] == ["turned"]
    assert told[0] == told[1]


def test_nothing_is_remembered_of_another_epoch(camera: Camera) -> None:
    camera.health.restart()

    assert camera.see(ELSEWHERE, 1000) == []
    assert camera.health.open_faults == ()


def test_an_epoch_may_have_another_size(camera: Camera) -> None:
    camera.health.restart()

    small = np.zeros((45, 80), np.uint8)
    assert camera.health.step(small, camera.now_s, is_moving=False) == ()


# ------------------------------------------------------------ real recordings


def pictures_of(path: Path) -> list[Picture]:
    """Two a second, as small as the analysis hands them over."""
    source, found = motionapp.open_source(str(path)), []
    for frame in source.frames():
        if frame.pts_s >= 0.5 * len(found):
            found.append(np.array(frame.luma_at(level_for(frame.epoch.size[0], 160))))
    source.close()
    return found


def told_of(pictures: Iterable[Picture]) -> list[Change]:
    health, told = Health(), list[Change]()
    for second, picture in enumerate(pictures):
        told += health.step(picture, float(second), is_moving=False)
    return told


def to_and_fro(pictures: list[Picture], seconds: int) -> list[Picture]:
    both = pictures + pictures[-2:0:-1]
    return [both[second % len(both)] for second in range(seconds)]


REAL = (
    "events/vtest.avi",
    "outdoor/street_people.mp4",
    "camera_trap/trap05.asf",
    "outdoor/trees_waving.mp4",
)


@pytest.mark.real
@pytest.mark.parametrize("name", REAL)
def test_real_recordings_have_their_faults_told_and_no_others(shared_data: Path, name: str) -> None:
    """`benchmarks/edge_health.py` has many more."""
    good = pictures_of(shared_data / name)
    shape = good[0].shape
    rng = np.random.default_rng(7)

    def after(made: Callable[[Picture], NDArray[np.float64]]) -> list[str]:
        bad = [
            np.clip(made(p) + rng.normal(0, 1, shape), 0, 255).astype(np.uint8)
            for p in to_and_fro(good, 400)
        ]
        return [f"{c.kind} {c.turn}" for c in told_of(to_and_fro(good, 300) + bad)]

    assert told_of(to_and_fro(good, 900)) == []
    assert after(lambda p: np.full(shape, 20.0)) == ["covered begins"]
    assert after(lambda p: np.roll(p, shape[1] // 3, 1).astype(float)[:, ::-1]) == ["turned begins"]
    assert after(lambda p: cv2.GaussianBlur(p.astype(float), (0, 0), 3.2)) == ["blurred begins"]
