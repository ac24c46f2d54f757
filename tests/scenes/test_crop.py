"""Crops: people from any side, the same bytes each time, and as tall as they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from motionapp.core.geometry import Box
from motionapp.scenes.crop import Actor, Backcloth, BoxError, Crop, Screen
from motionapp.scenes.crop_render import CropRenderer, CropStage
from motionapp.scenes.people.body import Body
from motionapp.scenes.people.carriage import Carriage
from motionapp.scenes.people.carried import Load, LoadKind
from motionapp.scenes.people.performance import REGISTRY, Performance
from motionapp.scenes.pinhole import Pinhole
from motionapp.scenes.scene import Backdrop, Light, Sensor

BODY = Body(garment="coat", hem=0.7)
SIZE = (160, 160)
WHOLE = Box(0, 0, *SIZE)
QUIET = Sensor(noise=0.0)


def walker(heading_deg: float = 90.0, **changes: object) -> Crop:
    """Somebody on a plain wall, 100 pixels tall, seen from 20° above."""
    camera = Pinhole(100 / BODY.stature_m, 6.0, (80.0, 80.0), (0.0, 0.86, 0.0), tilt_deg=20.0)
    crop = Crop(
        (Actor(BODY, Performance("walk", heading_deg=heading_deg)),), camera, SIZE,
        Backcloth(Backdrop("plain", 3), at=(0.5, 0.5)), light=Light(shadow=0.0), sensor=QUIET,
    )  # fmt: skip
    return replace(crop, **changes)  # type: ignore[arg-type]


def drawn(crop: Crop, t_s: float = 0.0) -> np.ndarray:
    return CropRenderer(CropStage(crop), WHOLE).colour(t_s)


def person_px(crop: Crop) -> np.ndarray:
    """Where the picture differs from the empty one."""
    nobody = replace(crop, camera=replace(crop.camera, at_px=(-900.0, 80.0)))
    apart = np.abs(drawn(crop).astype(int) - drawn(nobody)).max(axis=2)
    return np.argwhere(apart > 12)


def test_the_same_moment_gives_the_same_bytes_in_any_order() -> None:
    crop = walker(sensor=Sensor(noise=3.0), quality=60)
    there, back = (CropRenderer(CropStage(crop), WHOLE) for _ in range(2))
    times = [-0.2, 0.0, 0.2]

    forward = [there.luma(t) for t in times]
    backward = [back.luma(t) for t in reversed(times)][::-1]

    assert all(np.array_equal(a, b) for a, b in zip(forward, backward, strict=True))
    assert not np.array_equal(forward[0], forward[1])


@pytest.mark.parametrize("heading_deg", range(0, 360, 45))
def test_the_box_holds_what_is_drawn_from_every_side(heading_deg: int) -> None:
    crop = walker(float(heading_deg))
    rows, columns = person_px(crop).T

    box = CropStage(crop).box(0.0)

    assert box is not None
    assert abs(rows.min() - box.y0) <= 3
    assert abs(rows.max() - box.y1) <= 4
    assert abs(columns.min() - box.x0) <= 3
    assert abs(columns.max() - box.x1) <= 4


def test_seen_from_above_a_body_is_short_and_its_head_large() -> None:
    level, above = (
        walker(0.0, camera=replace(walker().camera, tilt_deg=tilt, distance_m=3.0))
        for tilt in (0.0, 60.0)
    )

    tall, short = (CropStage(crop).box(0.0) for crop in (level, above))

    assert tall is not None
    assert short is not None
    assert 0.5 * tall.height < short.height < 0.85 * tall.height


@pytest.mark.parametrize("action", sorted(REGISTRY))
def test_every_movement_can_be_drawn(action: str) -> None:
    crop = walker(actors=(Actor(BODY, Performance(action, heading_deg=130.0), since_s=0.7),))

    assert len(person_px(crop)) > 400


@pytest.mark.parametrize("kind", ["rucksack", "satchel", "shopping", "box", "trolley", "umbrella"])
def test_what_is_carried_is_seen_from_some_side(kind: LoadKind) -> None:
    act = Performance("walk", heading_deg=200.0)
    without, laden = (
        drawn(walker(actors=(Actor(BODY, act, loads=loads),))).astype(int)
        for loads in ((), (Load(kind, (20, 20, 220)),))
    )

    assert (np.abs(laden - without).max(axis=2) > 20).sum() > 15


def test_a_person_without_a_carriage_of_their_own_moves_as_the_movement_says() -> None:
    act = Performance("walk")
    pose = act.pose(0.3)

    assert Carriage().of(pose) == pose
    assert Carriage(right="pocket").of(pose).right_arm != pose.right_arm


def test_a_screen_hides_the_legs_and_may_cut_the_box() -> None:
    screen = Screen("wall", 100.0, 0.0, 160.0, (90, 90, 90))
    open_, hidden = walker(), walker(screen=screen)
    cut = walker(screen=screen, box_error=BoxError(is_cut=True))

    boxes = [CropStage(crop).box(0.0) for crop in (open_, hidden, cut)]

    assert person_px(open_)[:, 0].max() > 115
    assert person_px(hidden)[:, 0].max() < 103
    assert boxes[0] == boxes[1]
    assert boxes[2] is not None
    assert boxes[2].y1 == 100


def test_box_errors_are_as_large_as_they_say() -> None:
    right = CropStage(walker()).box(0.0)
    wrong = CropStage(walker(box_error=BoxError((0.1, 0.0), (0.0, 0.1)))).box(0.0)

    assert right is not None
    assert wrong is not None
    assert wrong.centre[0] - right.centre[0] == pytest.approx(0.1 * right.width, abs=1.0)
    assert wrong.height == pytest.approx(1.1 * right.height, abs=1.0)


def test_a_given_picture_stands_behind_where_one_is_asked_for() -> None:
    empty = np.full((90, 120, 3), 255, np.uint8)
    cloth = Backcloth(Backdrop("plain", 3), at=(0.5, 0.5), given=0.3)

    with_it = CropRenderer(CropStage(walker(backcloth=cloth)), WHOLE, [empty])
    without = CropRenderer(CropStage(walker(backcloth=cloth)), WHOLE)

    assert with_it.luma(0.0)[2, 2] == 255
    assert without.luma(0.0)[2, 2] < 240


def test_a_part_of_the_picture_is_that_part_of_the_whole() -> None:
    cloth = Backcloth(Backdrop("stone", 3))
    part = Box(40, 20, 120, 150)
    whole = CropRenderer(CropStage(walker(backcloth=cloth)), WHOLE).luma(0.1)

    cut = CropRenderer(CropStage(walker(backcloth=cloth)), part).luma(0.1)

    assert np.abs(whole[20:150, 40:120].astype(int) - cut).max() <= 1


@pytest.mark.parametrize("action", ["walk", "side"])
@pytest.mark.parametrize("turn_deg_s", [0.0, 90.0, -40.0])
def test_who_goes_round_a_bend_always_goes_where_they_face(action: str, turn_deg_s: float) -> None:
    act = Performance(action, heading_deg=30.0)
    actor = Actor(Body(), act, place_m=(1.0, -2.0), turn_deg_s=turn_deg_s)

    assert actor.ground_m(0.0) == (1.0, -2.0)
    for t_s in (-0.8, 0.0, 0.5):
        earlier, later = (np.array(actor.ground_m(t_s + step)) for step in (-1e-4, 1e-4))
        facing = replace(act, heading_deg=30.0 + turn_deg_s * t_s)
        way = np.array(facing.velocity) * actor.body.stature_m
        assert (later - earlier) / 2e-4 == pytest.approx(way, abs=1e-5)
