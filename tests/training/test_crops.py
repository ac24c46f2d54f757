"""Crops as training material: repeatable, of every movement, and like the road's own clips."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from motionapp.core.errors import SettingsError
from motionapp.core.representation import Representation
from motionapp.frontends import registry
from motionapp.scenes.people.actions import ACTIONS
from motionapp.training.crop_clips import CROPPED, CropCutter, moments_of
from motionapp.training.crop_likeness import pair_of
from motionapp.training.crop_people import WALKING
from motionapp.training.crop_views import TALL_PX, CropOrder
from motionapp.training.progress import Silent
from motionapp.training.recipe import Recipe
from motionapp.training.rendered import crop_orders, render_for
from motionapp.training.rendered_scenes import TRAINING_SEEDS, training_clip

SHAPE = Representation("absdiff")
LABELS = (*ACTIONS, "unknown")


def test_the_same_order_gives_the_same_numbers_and_another_other_ones() -> None:
    order = CropOrder("walk", 5, 7)

    first, again, other, elsewhere = (
        CropCutter(SHAPE).clip(one.crop())
        for one in (order, order, CropOrder("walk", 6, 7), CropOrder("walk", 5, 8))
    )

    assert first is not None
    assert again is not None
    assert other is not None
    assert elsewhere is not None
    np.testing.assert_array_equal(first.maps, again.maps)
    assert np.abs(first.maps - other.maps).max() > 0.3
    assert np.abs(first.maps - elsewhere.maps).max() > 0.3


@pytest.mark.parametrize("frontend", CROPPED)
@pytest.mark.parametrize("label", LABELS)
def test_every_movement_becomes_a_clip_by_every_front_end(label: str, frontend: str) -> None:
    shape = registry.representation(frontend)
    cutter = CropCutter(shape)

    clips = [cutter.clip(CropOrder(label, person, 3).crop()) for person in range(4)]

    found = [clip for clip in clips if clip is not None]
    assert found
    for clip in found:
        assert clip.maps.shape == (shape.channels, shape.side_px, shape.side_px)
        assert 0.3 < np.abs(clip.maps).max() <= 1.0


@pytest.mark.parametrize("frontend", CROPPED)
def test_a_longer_clip_looks_longer(frontend: str) -> None:
    shape = replace(registry.representation(frontend), steps=12)

    clip = CropCutter(shape).clip(CropOrder("walk", 2, 0).crop())

    assert clip is not None
    assert clip.maps.shape[0] == 12 * shape.planes
    assert clip.end_s - clip.start_s == pytest.approx(0.96)


@pytest.mark.parametrize("rate_hz", [7.5, 10.0, 12.5, 25.0, 30.0, 50.0])
def test_a_map_is_the_newest_pictures_at_or_before_its_time(rate_hz: float) -> None:
    crop = replace(CropOrder("walk", 2, 0).crop(), rate_hz=rate_hz, phase=0.4)

    moments = moments_of(crop, SHAPE)

    wanted = [moment.t_s for moment in moments if moment.is_wanted]
    assert 3 <= len(wanted) <= SHAPE.steps
    assert wanted[-1] <= 0.2 + 0.005 < wanted[-1] + 1 / rate_hz + 1e-9
    assert CropCutter(SHAPE).clip(crop) is not None


def test_what_takes_seconds_to_see_is_refused() -> None:
    with pytest.raises(SettingsError, match="use absdiff, flow, pose"):
        CropCutter(Representation("background"))


@pytest.mark.parametrize(("action", "least"), [("walk", 0.92), ("run", 0.92), ("jack", 0.92)])
def test_a_crop_is_like_the_roads_own_clip_of_the_same_scene(action: str, least: float) -> None:
    """Figures for a hundred scenes: benchmarks/crops.py."""
    scene = replace(training_clip(action, 1002, 10_000), disturbances=())

    pair = pair_of(scene, SHAPE)

    assert pair is not None
    assert pair.likeness > least
    assert 0.9 < pair.energy < 1.1
    assert pair.overlap > 0.7


def test_people_are_seen_from_everywhere_as_on_a_street() -> None:
    crops = [CropOrder("walk", person, 0).crop() for person in range(150)]
    acts = [crop.actors[0].act for crop in crops]
    straight = [crop.actors[0].act for crop in crops if not crop.actors[0].turn_deg_s]

    headings = np.histogram([act.heading_deg for act in acts], 8, (-180, 180))[0]
    speeds = np.array([act.speed for act in straight])
    tilts = np.array([crop.camera.tilt_deg for crop in crops])
    tall = [
        crop.camera.px_per_m * crop.actors[0].body.stature_m
        for crop in crops
        if crop.camera.tilt_deg < 10
    ]

    assert headings.min() >= 6
    assert WALKING[0] - 1e-6 <= speeds.min() < 0.35
    assert 1.0 < speeds.max() <= WALKING[1] + 1e-6
    assert 20 < len(crops) - len(straight) < 55
    assert min(act.speed for act in acts) < 0.15  # who turns nearly on the spot
    assert tilts.min() < 5 < 55 < tilts.max() <= 60
    assert TALL_PX[0] - 2 <= min(tall) < 40 < 110 < max(tall) <= TALL_PX[1] * 1.02
    assert sum(len(crop.actors) > 1 for crop in crops) > 20
    assert sum(crop.screen is not None for crop in crops) > 15
    assert sum(bool(crop.actors[0].loads) for crop in crops) > 40


def test_a_recipe_with_crops_looks_at_each_person_once_and_twice_at_who_walks() -> None:
    rendered = render_for(Recipe(crops=3), ("walk", "juggle"), SHAPE, Silent())

    assert rendered is not None
    assert set(rendered.labels.tolist()) == {"walk", "unknown"}
    assert 6 <= len(rendered.windows) == len(rendered.labels) <= 9
    assert 3 < np.count_nonzero(rendered.labels == "walk") <= 6


def test_scenes_come_first_and_are_the_same_with_and_without_crops() -> None:
    shape = replace(SHAPE, side_px=16)

    alone = render_for(Recipe(clutter=1), ("walk",), shape, Silent())
    both = render_for(Recipe(clutter=1, crops=1), ("walk",), shape, Silent())

    assert alone is not None
    assert both is not None
    assert len(both.windows) > len(alone.windows)
    np.testing.assert_array_equal(both.windows.maps[: len(alone.windows)], alone.windows.maps)


def test_other_seeds_draw_other_people() -> None:
    people = [{order.person for order in crop_orders(50, LABELS, seed=seed)} for seed in range(9)]

    assert all(len(one) == 50 for one in people)
    assert len(set().union(*people)) == 450
    assert max(set().union(*people)) < TRAINING_SEEDS


def test_a_movement_is_the_same_crop_whatever_else_is_asked_for() -> None:
    few, many = (
        [order for order in crop_orders(2, labels, seed=1) if order.label == "walk"]
        for labels in (("walk",), LABELS)
    )

    assert few == many


def test_who_does_what_the_recordings_name_is_not_unknown() -> None:
    orders = crop_orders(60, ("walk", "kick"), seed=1)

    others = {order.action for order in orders if order.label == "unknown"}
    assert {order.label for order in orders} == {"walk", "unknown"}
    assert "kick" not in others
    assert len(others) > 5


def test_nobody_is_drawn_for_a_label_that_no_figure_knows() -> None:
    with pytest.raises(ValueError, match="'juggle'"):
        CropOrder("juggle", 1, 1).crop()
