"""Disturbances: pure functions of the time, of the strength that they state, in their places."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.scenes.disturbances.foliage import Foliage
from motionapp.scenes.disturbances.lighting import (
    READOUT_S,
    CloudShadow,
    ExposureSteps,
    Flicker,
    Lamp,
)
from motionapp.scenes.disturbances.rain import Rain
from motionapp.scenes.disturbances.stamp import Clock, FrameCounter
from motionapp.scenes.disturbed import DISTURBANCES, DURATION_S, disturbed_scene
from motionapp.scenes.named import RESERVED_SEED, SCENES
from motionapp.scenes.render import Renderer
from motionapp.scenes.scene import Disturbance, Scene, Sensor
from motionapp.scenes.truth import events, truth
from motionapp.sources.synthetic import SyntheticSource

SIZE = (320, 180)
EVERY: tuple[Disturbance, ...] = (
    Rain(3), Foliage(3), Flicker(), ExposureSteps(), Lamp(), CloudShadow(3), Clock(),
    FrameCounter(),
)  # fmt: skip
ACTING_S = 3.5  # a moment at which each of them but the exposure does something


def grey(level: int = 120) -> NDArray[np.uint8]:
    return np.full((SIZE[1], SIZE[0], 3), level, np.uint8)


def change(disturbance: Disturbance, t_s: float, level: int = 120) -> NDArray[np.float64]:
    """By what share every pixel of a grey picture is brighter or darker: shape (h, w)."""
    shown = disturbance.over(grey(level), t_s).mean(axis=2)
    return shown / level - 1.0


@pytest.mark.parametrize("disturbance", EVERY, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("t_s", [0.0, 2.53, ACTING_S, 14.9])
def test_the_given_picture_stays_as_it_is_and_the_same_time_gives_the_same(
    disturbance: Disturbance, t_s: float
) -> None:
    picture = grey()

    first = disturbance.over(picture, t_s)
    disturbance.over(picture, t_s + 1.0)
    again = disturbance.over(picture, t_s)

    assert (picture == 120).all()
    assert first.shape == picture.shape
    assert first.dtype == np.uint8
    assert np.array_equal(first, again)


def test_rain_is_everywhere_and_never_twice_the_same() -> None:
    rain = Rain(4)

    now, next_frame, later = (np.abs(change(rain, t, 90)) > 0.02 for t in (1.0, 1.04, 6.0))

    assert 0.01 < now.mean() < 0.2
    assert all(part.any() for half in np.hsplit(now, 4) for part in np.vsplit(half, 3))
    assert (now & next_frame).sum() < 0.5 * now.sum()
    assert (now & later).sum() < 0.5 * now.sum()


def test_rain_is_not_seen_before_what_is_as_bright_as_the_sky() -> None:
    assert np.abs(change(Rain(4), 1.0, 212)).max() < 0.02


def test_foliage_sways_in_its_corners() -> None:
    foliage = Foliage(5, falls_at_s=())
    shown = [foliage.over(grey(), t).astype(int) for t in np.arange(0.0, 6.0, 0.5)]

    moved = np.max([np.abs(a - shown[0]).max(axis=2) for a in shown[1:]], axis=0) > 20

    h, w = moved.shape
    assert moved.mean() > 0.03
    assert not moved[:, int(0.50 * w) : int(0.70 * w)].any()
    assert not moved[int(0.62 * h) :, : int(0.6 * w)].any()
    assert moved[: h // 2, : w // 3].any()
    assert moved[h // 2 :, -w // 4 :].any()


def test_a_leaf_falls_from_its_moment_on_until_it_is_out_of_the_picture() -> None:
    with_leaf, without = Foliage(5, falls_at_s=(2.0,)), Foliage(5, falls_at_s=())

    rows = {}
    for t in (1.9, 2.4, 3.4, 7.0):
        differs = with_leaf.over(grey(), t).astype(int) - without.over(grey(), t)
        rows[t] = np.flatnonzero(np.abs(differs).max(axis=(1, 2)) > 20)

    assert rows[1.9].size == rows[7.0].size == 0
    assert 0 < rows[2.4].max() < rows[3.4].min()
    assert np.ptp(rows[2.4]) < 12


def test_flicker_is_a_ripple_of_its_depth_that_runs_through_the_rows() -> None:
    flicker = Flicker(depth=0.05, ripple_hz=120.0)

    rows = change(flicker, 1.0, 200)

    assert np.ptp(rows, axis=1).max() == 0.0
    assert rows.max() == pytest.approx(0.05, abs=0.006)
    assert rows.min() == pytest.approx(-0.05, abs=0.006)
    crossings = np.count_nonzero(np.diff(rows[:, 0] > 0.0))
    assert crossings == pytest.approx(2 * 120 * READOUT_S, abs=1)


def test_flicker_at_a_multiple_of_the_frame_rate_stands_still() -> None:
    flicker = Flicker(ripple_hz=100.0)

    assert np.array_equal(change(flicker, 1.0), change(flicker, 1.04))
    assert not np.array_equal(change(flicker, 1.0), change(flicker, 1.043))


def test_the_exposure_falls_by_a_fifth_comes_back_and_at_last_stays_down() -> None:
    steps = ExposureSteps(dips_s=(2.0,), step_s=8.0)

    gains = {t: float(change(steps, t, 220).mean()) for t in (1.99, 2.06, 2.18, 2.3, 8.1, 20.0)}

    assert gains[1.99] == gains[2.3] == 0.0
    assert gains[2.06] == pytest.approx(-0.20, abs=0.02)
    assert -0.20 < gains[2.18] < -0.02
    assert gains[8.1] == gains[20.0] == gains[2.06]


def test_exposure_bends_the_tone_curve_too() -> None:
    steps = ExposureSteps(dips_s=(2.0,))

    assert change(steps, 2.06, 40).mean() < change(steps, 2.06, 220).mean() - 0.03


def test_a_lamp_brightens_a_part_by_more_than_forty_per_cent_and_little_elsewhere() -> None:
    lamp = Lamp(switched_s=(2.0, 4.0), place=(0.25, 0.5))

    shown = change(lamp, 3.0, 100)

    assert not change(lamp, 1.99).any()
    assert not change(lamp, 4.2).any()
    assert shown[90, 80] > 0.5
    assert (shown > 0.4).mean() > 0.05
    assert shown[:, -40:].max() < 0.12
    assert np.abs(np.diff(shown, axis=1)).max() < 0.03  # soft: no edge anywhere


def test_the_shadow_of_a_cloud_comes_in_at_one_side_and_goes_out_at_the_other() -> None:
    cloud = CloudShadow(2, start_s=1.0, pass_s=6.0)

    sides = {t: change(cloud, t)[:, [8, -8]].mean(axis=0) for t in (0.9, 2.6, 5.2, 7.0)}

    assert not sides[0.9].any()
    assert not sides[7.0].any()
    assert sides[2.6][0] < -0.15
    assert sides[2.6][1] == pytest.approx(0.0, abs=0.01)
    assert sides[5.2][1] < -0.15
    assert min(change(cloud, t).min() for t in (3.0, 4.0)) == pytest.approx(-0.35, abs=0.02)


def test_a_cloud_has_no_sudden_moment() -> None:
    cloud = CloudShadow(2, start_s=1.0, pass_s=6.0)
    times = np.arange(0.9, 7.2, 0.04)

    shown = [change(cloud, float(t)) for t in times]

    assert max(np.abs(b - a).max() for a, b in pairwise(shown)) < 0.05


def test_a_clock_changes_at_whole_seconds_and_only_in_its_corner() -> None:
    clock = Clock()

    seconds = [clock.over(grey(), t) for t in (3.0, 3.04, 3.96, 4.0)]

    assert np.array_equal(seconds[0], seconds[1])
    assert np.array_equal(seconds[0], seconds[2])
    changed = (seconds[3] != seconds[0]).any(axis=2)
    assert changed.any()
    assert not changed[SIZE[1] // 8 :].any()
    assert not changed[:, SIZE[0] // 2 :].any()


def test_a_counter_changes_with_every_frame_of_its_rate() -> None:
    counter = FrameCounter(rate_hz=25.0)

    shown = [counter.over(grey(), t) for t in (0.0, 0.02, 0.04, 0.08)]

    assert np.array_equal(shown[0], shown[1])
    assert not np.array_equal(shown[1], shown[2])
    assert not np.array_equal(shown[2], shown[3])


@pytest.mark.parametrize("name", DISTURBANCES)
def test_a_scene_is_the_same_whatever_rate_and_order_it_is_seen_at(name: str) -> None:
    scene = disturbed_scene(name, person=True, size=SIZE)
    one, other = Renderer(scene), Renderer(scene)

    forward = [one.render(t) for t in (2.52, 6.0, 7.52)]
    backward = [other.render(t) for t in (7.52, 6.0, 2.52)][::-1]

    assert all(np.array_equal(a, b) for a, b in zip(forward, backward, strict=True))


@pytest.mark.parametrize("name", DISTURBANCES)
def test_a_disturbance_makes_no_true_event_and_a_walker_one(name: str) -> None:
    alone, walked = SCENES[name](), SCENES[f"{name}+person"]()

    ((start_s, end_s, label),) = events(walked)

    assert events(alone) == ()
    assert label == "walk"
    assert 4.0 < start_s < 5.5
    assert 9.5 < end_s < 11.0
    assert alone.duration_s == walked.duration_s == DURATION_S
    assert alone.seed >= RESERVED_SEED
    assert alone.sensor.noise > 1.0


def test_the_walker_is_a_third_of_the_pictures_height() -> None:
    scene = disturbed_scene("clock", person=True)

    (walker,) = truth(scene, 7.5).figures

    assert walker.box is not None
    assert walker.box[3] - walker.box[1] == pytest.approx(scene.size[1] / 3, rel=0.08)


def test_burned_in_text_has_no_noise() -> None:
    scene = disturbed_scene("clock")
    quiet = replace(scene, sensor=Sensor(noise=0.0))

    noisy, clean = (Renderer(each).render(1.0).astype(int) for each in (scene, quiet))

    letters = clean.min(axis=2) >= 244
    letters[scene.size[1] // 8 :] = False
    assert letters.sum() > 20
    assert np.abs(noisy - clean)[letters].max() == 0


def test_scenes_without_disturbances_are_as_they_were() -> None:
    scene: Scene = SCENES["still"]()

    assert scene.disturbances == ()


def test_a_source_is_found_by_the_name_with_a_person() -> None:
    source = SyntheticSource.named("lamp+person")

    assert source.info.name == "synthetic:lamp+person"
    assert source.info.size == (640, 360)
    assert source.info.rate_hz == 25.0
