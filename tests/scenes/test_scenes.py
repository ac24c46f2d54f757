"""The demo, the named scenes and the training clips keep what they promise."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from motionapp.scenes.disturbances.foliage import Foliage
from motionapp.scenes.disturbances.lighting import CloudShadow, Flicker, Lamp
from motionapp.scenes.disturbances.rain import Rain
from motionapp.scenes.named import RESERVED_SEED, SCENES, demo_scene
from motionapp.scenes.people.actions import ACTIONS
from motionapp.scenes.render import Renderer
from motionapp.scenes.scene import ClutterKind, Scene
from motionapp.scenes.truth import events, truth
from motionapp.training.rendered_clutter import clutter_clip
from motionapp.training.rendered_scenes import training_clip

HOLD_S = 1.5


@pytest.mark.parametrize("seed", [RESERVED_SEED, RESERVED_SEED + 1, RESERVED_SEED + 12])
def test_the_demo_has_ten_events_one_of_each_action_with_stillness_between(seed: int) -> None:
    scene = demo_scene(seed=seed)

    happened = events(scene)

    assert sorted(label for _, _, label in happened) == sorted(ACTIONS)
    gaps = [later[0] - earlier[1] for earlier, later in itertools.pairwise(happened)]
    assert min(gaps) >= 2.5 > HOLD_S
    assert happened[0][0] >= 2.0
    assert scene.duration_s - happened[-1][1] >= 2.5
    assert all(2.4 <= end - start <= 6.6 for start, end, _ in happened)
    assert 50.0 <= scene.duration_s <= 80.0


def test_nothing_moves_between_the_events_of_the_demo() -> None:
    scene = demo_scene()
    quiet = Renderer(_without_noise(scene))
    happened = events(scene)

    still = quiet.render(0.5)
    for _, end, _ in happened:
        assert np.array_equal(still, quiet.render(end + 0.8))


def test_orders_of_the_demo_differ_by_seed() -> None:
    orders = {
        tuple(label for _, _, label in events(demo_scene(seed=RESERVED_SEED + k))) for k in range(3)
    }

    assert len(orders) == 3


def test_the_demo_refuses_the_seeds_of_training() -> None:
    with pytest.raises(ValueError, match="belongs to training"):
        demo_scene(seed=7)


def test_training_refuses_the_seeds_of_the_demo() -> None:
    with pytest.raises(ValueError, match="not one of training's"):
        training_clip("walk", 1, RESERVED_SEED)
    with pytest.raises(ValueError, match="not one of training's"):
        clutter_clip(RESERVED_SEED)


@pytest.mark.parametrize("name", sorted(SCENES))
def test_a_named_scene_renders(name: str) -> None:
    scene = SCENES[name]()

    frame = Renderer(scene).render(scene.duration_s / 2)

    assert frame.shape == (scene.size[1], scene.size[0], 3)
    assert frame.dtype == np.uint8
    assert frame.std() > 10.0


@pytest.mark.parametrize("name", ["still", "light-step", "flicker", "rain", "leaves", "flag"])
def test_a_scene_of_nuisances_has_no_events(name: str) -> None:
    assert events(SCENES[name]()) == ()


@pytest.mark.parametrize(("name", "count"), [("vehicles", 2), ("ball", 1), ("dog", 1)])
def test_things_that_travel_are_unknown_events(name: str, count: int) -> None:
    assert [label for _, _, label in events(SCENES[name]())] == ["unknown"] * count


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_a_training_clip_shows_its_action_from_the_middle_of_the_picture(action: str) -> None:
    clip = training_clip(action, person_seed=3, seed=4, framing="fixed")

    seen = [truth(clip, t).figures[0] for t in (0.3 * clip.duration_s, 0.5 * clip.duration_s)]

    assert {one.action for one in seen} == {action}
    assert all(one.box is not None for one in seen)
    assert [label for _, _, label in events(clip)] == [action]


def test_clutter_clips_show_no_named_action() -> None:
    for seed in range(30):
        assert {label for _, _, label in events(clutter_clip(seed))} <= {"unknown"}


def test_clutter_clips_show_every_thing_and_every_weather() -> None:
    clips = [clutter_clip(seed) for seed in range(200)]

    things = {thing.kind for clip in clips for thing in clip.clutter}
    weather = {type(one) for clip in clips for one in clip.disturbances}

    assert things == set(get_args(ClutterKind))
    assert weather == {Rain, Foliage, CloudShadow, Lamp, Flicker}


@pytest.mark.parametrize("kind", [Rain, Foliage, CloudShadow, Lamp])
def test_the_weather_of_clutter_clips_is_seen(kind: type) -> None:
    clip = next(
        clip for clip in map(clutter_clip, range(200))
        if [type(one) for one in clip.disturbances] == [kind]
    )  # fmt: skip
    with_it = Renderer(_without_noise(clip))
    without = Renderer(_without_noise(replace(clip, disturbances=())))

    differs = [
        np.abs(with_it.render(t).astype(int) - without.render(t)).max() for t in (0.7, 1.3, 1.9)
    ]

    assert max(differs) > 25


def test_persons_and_scenes_differ_by_seed() -> None:
    first, second = training_clip("walk", 1, 1), training_clip("walk", 2, 1)

    assert first.figures[0].body != second.figures[0].body
    assert training_clip("walk", 1, 1) == first
    assert training_clip("walk", 1, 2).figures[0].body == first.figures[0].body


def _without_noise(scene: Scene) -> Scene:
    return replace(scene, sensor=replace(scene.sensor, noise=0.0))
