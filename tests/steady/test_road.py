"""Walkers before a camera that shakes, from the frame to the event."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from motionapp.analysis import Analysis
from motionapp.core.event import Event
from motionapp.core.frame import Frame
from motionapp.core.moment import Moment
from motionapp.scenes.disturbances.shake import Shake
from motionapp.scenes.named import crossing_scene
from motionapp.scenes.scene import Scene
from motionapp.scenes.truth import truth
from motionapp.settings import AnalysisSettings, load_settings
from motionapp.sources.synthetic import SyntheticSource
from motionapp.steady.pictures import BACK
from motionapp.testing import frames_from

SEED = 9_100_001
RATE_HZ = 15


def settings(**changes: object) -> AnalysisSettings:
    plain = {"analysis.recognition.classifier": "none", "analysis.people": "off"}
    own = {f"analysis.{key}": value for key, value in changes.items()}
    return load_settings(changes={**plain, **own}).analysis


def scene(*shakes: Shake, people: bool = True) -> Scene:
    whole = crossing_scene(SEED)
    return replace(whole, disturbances=shakes, figures=whole.figures if people else ())


@functools.lru_cache(maxsize=4)
def frames_of(of: Scene) -> tuple[Frame, ...]:
    """At half the usual rate, which is enough for shakes of 6 Hz and takes half the time; a scene
    that several tests look at is drawn once."""
    return tuple(SyntheticSource(of, rate_hz=RATE_HZ).frames())


def moments(frames: Iterable[Frame], values: AnalysisSettings) -> list[Moment]:
    analysis = Analysis(values)
    return [*(analysis.step(frame) for frame in frames), analysis.finish()]


def events_of(found: Iterable[Moment]) -> list[Event]:
    return [event for moment in found for event in moment.closed]


def events(of: Scene, **changes: object) -> list[Event]:
    return events_of(moments(frames_of(of), settings(**changes)))


@pytest.fixture(scope="module")
def steady_walk() -> Event:
    (event,) = events(scene())
    return event


@pytest.mark.parametrize("frontend", ["absdiff", "flow", "background"])
@pytest.mark.parametrize("shake", [Shake(2), Shake(1, roll_deg=0.8)])
def test_walkers_make_the_same_event_before_a_camera_that_shakes(
    steady_walk: Event, shake: Shake, frontend: str
) -> None:
    (event,) = events(scene(shake), frontend=frontend)
    assert event.start_s == pytest.approx(steady_walk.start_s, abs=0.3)
    assert event.end_s == pytest.approx(steady_walk.end_s, abs=0.3)


@pytest.mark.parametrize("shake", [Shake(2), Shake(4, swing_px=3.0), Shake(5, pan_px_s=8.0),
                                   Shake(6, start_s=3.0, end_s=6.0)])  # fmt: skip
def test_a_camera_that_shakes_before_nobody_makes_no_event(shake: Shake) -> None:
    assert events(scene(shake, people=False)) == []


def test_a_background_is_not_learnt_of_the_first_swing() -> None:
    slow = Shake(4, swing_px=8.0, slow_hz=0.5, fast_hz=2.0)
    assert events(scene(slow, people=False), frontend="background", steady="off") != []
    assert events(scene(slow, people=False), frontend="background") == []


def test_a_background_sees_nobody_where_a_camera_that_turns_to_and_fro_does_not_look() -> None:
    rng = np.random.default_rng(1)
    fine = cv2.GaussianBlur(rng.integers(0, 255, (220, 440), np.uint8), (0, 0), 4.0)
    wall = cv2.normalize(fine, np.empty_like(fine), 60, 180, cv2.NORM_MINMAX)
    pictures = []
    for index in range(int(12.5 * 24)):
        turned = np.array([[1.0, 0, 60 - 20 * math.cos(2 * math.pi * index / 200)], [0, 1, 20]])
        seen = cv2.warpAffine(wall, turned, (320, 180), flags=BACK)
        grain = rng.normal(0, 2, seen.shape)
        pictures.append(np.clip(seen + grain, 0, 255).astype(np.uint8))
    frames = frames_from(pictures, rate_hz=12.5)
    assert events_of(moments(frames, settings(frontend="background"))) == []


def test_without_it_the_same_shake_is_one_long_event() -> None:
    (event,) = events(scene(Shake(2), people=False), steady="off")
    assert event.duration_s > 5


def test_boxes_lie_on_the_people_in_the_picture_that_shakes() -> None:
    shake = Shake(2)
    of = scene(shake)
    found = moments(frames_of(of), settings())
    hit = seen = 0
    for moment in found:
        if moment.frame is None or not 3.0 <= moment.frame.pts_s < 4.0:
            continue
        across, down, _ = shake.way_at(moment.frame.pts_s)
        for figure in truth(of, moment.frame.pts_s).figures:
            if figure.box is None:
                continue
            seen += 1
            x0, y0, x1, y1 = figure.box
            x, y = (x0 + x1) / 2 + across, (y0 + y1) / 2 + down
            boxes = [region.box for region in moment.motion.regions]
            hit += any(b.x0 <= x < b.x1 and b.y0 <= y < b.y1 for b in boxes)
    assert seen >= 25
    assert hit >= 0.9 * seen


def test_a_still_camera_gives_the_very_same_with_it_as_without() -> None:
    frames = frames_of(scene())
    told = [
        [(m.motion.regions, m.tracks, m.groups, m.closed) for m in moments(frames, values)]
        for values in (settings(steady="auto"), settings(steady="off"))
    ]
    assert told[0] == told[1]


def test_a_camera_that_turns_to_another_scene_begins_anew() -> None:
    found = moments(frames_of(scene(Shake(2, pan_px_s=30.0))), settings())
    assert "epoch" in [event.ended_by for event in events_of(found)]


def test_it_says_by_how_much_the_picture_was_moved_back() -> None:
    found = moments(frames_of(scene(Shake(2), people=False)), settings())
    told = [moment.motion.reasons.camera_px for moment in found if moment.frame is not None]
    assert told[0] == 0.0
    assert 4.0 < float(np.median(told[50:])) < 40.0


def test_once_the_camera_stands_nothing_is_moved_back_any_more() -> None:
    of = replace(scene(Shake(2, start_s=1.0, end_s=2.5), people=False), duration_s=9.0)
    analysis = Analysis(settings())
    last = [analysis.step(frame) for frame in frames_of(of)][-1]
    assert last.motion.reasons.camera_px == 0.0
    assert last.motion.valid is None


def test_a_front_end_with_a_width_of_its_own_keeps_its_mask_before_a_camera_that_shakes() -> None:
    """Flow at twice the gate's width: its mask lies in what the gate sees, at its own scale."""
    wide = {"flow": {"width": 640}}
    of = replace(scene(Shake(2)), duration_s=4.5)
    found = moments(frames_of(of), settings(frontend="flow", **wide))
    looked = [m.motion for m in found if m.motion.reasons.declined != "priming"]
    shown = [motion for motion in looked if motion.frontend == "flow" and motion.reasons.camera_px]
    assert len(shown) > 30
    assert all(m.mask is not None and m.mask.shape == (360, 640) for m in shown)
    assert any(m.regions for m in shown)


@pytest.mark.parametrize(
    ("corners", "shake"),
    [
        (((0.05, 0.05), (0.5, 0.05), (0.5, 0.5), (0.05, 0.5)), Shake(2)),
        (((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)), Shake()),
    ],
)
def test_before_a_camera_that_shakes_the_edges_of_a_cover_are_nobody(
    corners: tuple[tuple[float, float], ...], shake: Shake
) -> None:
    """They stand in the picture while the scene moves; with half of it covered, two quarters say
    whether it does."""
    zone = {"name": "private", "kind": "privacy", "polygon": corners}

    assert events(scene(shake, people=False), zones=[zone]) == []
