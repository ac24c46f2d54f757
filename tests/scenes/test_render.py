"""Pictures and their truth: repeatable, and in agreement with each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from motionapp.scenes.named import SCENES
from motionapp.scenes.people.skeleton import JOINT_INDEX
from motionapp.scenes.render import Renderer, render
from motionapp.scenes.scene import Clutter, Light, Scene, Sensor, joints_px
from motionapp.scenes.truth import flow, truth
from motionapp.training.rendered_scenes import training_clip

QUIET = Sensor(noise=0.0)


def plain(scene: Scene) -> Scene:
    """The scene without noise and shadows: only figures change."""
    return replace(scene, sensor=QUIET, light=Light(shadow=0.0))


@pytest.mark.parametrize("name", ["walk", "rain", "leaves", "vehicles", "flicker", "clouds"])
def test_the_same_scene_and_time_give_the_same_bytes_in_any_order(name: str) -> None:
    scene = SCENES[name]()
    forward, backward = Renderer(scene), Renderer(scene)
    times = [0.4, 1.2, 2.04, 3.0]

    there = [forward.render(t) for t in times]
    back = [backward.render(t) for t in reversed(times)][::-1]

    assert all(np.array_equal(a, b) for a, b in zip(there, back, strict=True))
    assert np.array_equal(render(scene, times[1]), there[1])


def test_a_frame_belongs_to_the_caller() -> None:
    scene = plain(SCENES["still"]())
    renderer = Renderer(scene)

    first = renderer.render(1.0)
    first[:] = 0

    assert renderer.render(1.0).any()


def test_noise_differs_from_frame_to_frame_and_has_its_strength() -> None:
    scene = replace(SCENES["still"](), sensor=Sensor(noise=3.0))
    clean = Renderer(replace(scene, sensor=QUIET)).render(0.0).astype(int)
    renderer = Renderer(scene)
    first, second = (renderer.render(t).astype(int) for t in (0.0, 0.04))

    assert 1.8 < np.std(first - clean) < 4.5
    assert np.std(first - second) > 1.2 * np.std(first - clean)


def test_a_frame_does_not_depend_on_the_frame_rate() -> None:
    scene = SCENES["jack"]()
    fast, slow = Renderer(scene), Renderer(scene)

    at_50 = {k: fast.render(k / 50) for k in range(100, 121)}

    for k in range(100, 121, 4):
        assert np.array_equal(at_50[k], slow.render((k // 4) / 12.5))


def test_boxes_are_tight_and_hold_their_masks() -> None:
    scene = SCENES["crossing"]()

    for t in np.arange(2.0, scene.duration_s - 2.0, 0.9):
        for one in truth(scene, float(t)).figures:
            assert one.box is not None
            x0, y0, x1, y1 = one.box
            outside = one.mask.copy()
            outside[y0:y1, x0:x1] = False
            assert not outside.any()
            assert 0 <= x0 < x1 <= scene.size[0]
            assert 0 <= y0 < y1 <= scene.size[1]


def test_masks_of_two_figures_share_no_pixel() -> None:
    scene = SCENES["crossing"]()
    middle = 0.5 * scene.duration_s

    masks = [one.mask for one in truth(scene, middle).figures]

    assert len(masks) == 2
    assert not (masks[0] & masks[1]).any()


def test_what_differs_from_the_background_is_the_mask() -> None:
    scene = plain(training_clip("walk", 2, 2, framing="fixed"))
    t = 0.5 * scene.duration_s
    with_figure = Renderer(scene).render(t).astype(int)
    without = Renderer(replace(scene, figures=())).render(t).astype(int)

    changed = np.abs(with_figure - without).max(axis=2) > 24
    (one,) = truth(scene, t).figures

    assert (changed & one.mask).sum() > 0.75 * one.mask.sum()
    assert (changed & ~one.mask).sum() < 0.12 * one.mask.sum()


def test_a_figure_outside_the_picture_has_no_box_but_joints() -> None:
    scene = SCENES["walk"]()

    (one,) = truth(scene, scene.figures[0].cues[0].start_s).figures

    assert one.box is None
    assert not one.mask.any()
    assert np.isfinite(one.joints).all()


def test_a_figure_is_named_during_its_cue_only() -> None:
    scene = SCENES["wave2"]()
    cue = scene.figures[0].cues[0]

    named = [truth(scene, t).figures[0].action for t in (cue.start_s - 0.1, cue.start_s, cue.end_s)]

    assert named == [None, "wave2", None]


@pytest.mark.parametrize("action", ["walk", "run", "jack", "wave1", "bend"])
def test_flow_agrees_with_the_movement_of_joints(action: str) -> None:
    scene = plain(training_clip(action, 6, 6, size=(360, 288), framing="fixed"))
    figure, t, step = scene.figures[0], 0.45 * scene.duration_s, 0.005
    before, now, after = (joints_px(scene, figure, at) for at in (t - step, t, t + step))
    assert before is not None
    assert now is not None
    assert after is not None
    expected = (after[0] - before[0]) / (2 * step)
    field = flow(scene, t)

    # A point in the middle of the upper trunk is hidden by nothing but an arm.
    place = JOINT_INDEX["chest"]
    x, y = np.floor(now[0][place]).astype(int)
    around = field[y - 3 : y + 4, x - 3 : x + 4].reshape(-1, 2)
    error = np.linalg.norm(around - expected[place], axis=1).min()
    assert error < 0.15 * np.linalg.norm(expected[place]) + 6.0
    (one,) = truth(scene, t).figures
    assert np.abs(field[~_grown(one.mask)]).max() == 0.0
    assert np.abs(field).max() < 3.0 * np.abs(expected).max() + 1.0


def test_flow_carries_a_crossing_body_along() -> None:
    scene = plain(training_clip("walk", 3, 3, size=(360, 288), framing="fixed"))
    t = 0.5 * scene.duration_s
    figure = scene.figures[0]
    along = figure.cues[0].performance.velocity[0] * figure.stature_px

    (one,) = truth(scene, t).figures

    assert np.median(flow(scene, t)[one.mask][:, 0]) == pytest.approx(along, rel=0.25)


def test_still_figures_have_no_flow() -> None:
    scene = SCENES["still"]()

    assert not flow(scene, 1.0).any()


def test_flow_of_things_is_known_too() -> None:
    scene = SCENES["vehicles"]()

    assert np.abs(flow(scene, 2.5)[..., 0]).max() > 50.0


def test_a_light_step_brightens_everything_from_its_moment_on() -> None:
    scene = SCENES["light-step"]()
    renderer = Renderer(replace(scene, sensor=QUIET))

    before, after = renderer.render(3.9).mean(), renderer.render(4.1).mean()

    assert after / before == pytest.approx(scene.light.step_gain, abs=0.06)


@pytest.mark.parametrize("kind", ["curtain", "pendulum", "blob", "flag", "ball", "vehicle", "dog"])
def test_every_kind_of_clutter_moves(kind: str) -> None:
    scene = replace(
        plain(training_clip("stand", 1, 1, framing="fixed")),
        figures=(),
        clutter=(Clutter(kind, 5, (0.4, 0.8), 0.4),),  # type: ignore[arg-type]
    )
    renderer = Renderer(scene)

    assert np.abs(renderer.render(1.0).astype(int) - renderer.render(1.4)).max() > 8


def test_an_open_shutter_smears_what_moves() -> None:
    sharp = plain(training_clip("run", 2, 2, framing="fixed"))
    blurred = replace(sharp, sensor=replace(QUIET, shutter_s=0.03))
    t = 0.5 * sharp.duration_s

    difference = np.abs(Renderer(sharp).render(t).astype(int) - Renderer(blurred).render(t))

    assert difference.max() > 20


def _grown(mask: np.ndarray) -> np.ndarray:
    grown = mask.copy()
    for _ in range(3):
        padded = np.pad(grown, 1)
        grown = padded[1:-1, 1:-1] | padded[:-2, 1:-1] | padded[2:, 1:-1]
        grown = grown | padded[1:-1, :-2] | padded[1:-1, 2:]
    return grown
