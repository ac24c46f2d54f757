"""Flow between two pictures: its presets, and how exact they are where the truth is known."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import pytest

from motionapp.files.flo import flo_field
from motionapp.frontends.flow.checking import comes_home
from motionapp.frontends.flow.dense import PICTURES, RUNS, DenseFlow
from motionapp.settings.frontends import FLOW_PRESETS, FlowPreset


def cloth(seed: int, size: tuple[int, int]) -> np.ndarray:
    """A texture with something to hold on to at every scale."""
    width, height = size
    rng = np.random.default_rng(seed)
    total = np.zeros((height, width), np.float32)
    for sigma in (1.5, 4, 12, 36):
        layer = cv2.GaussianBlur(
            rng.normal(0, 1, (height, width)).astype(np.float32), (0, 0), sigma
        )
        total += layer / layer.std()
    return np.clip(128 + 28 * total, 0, 255).astype(np.uint8)


@lru_cache
def walk_by(shift_px: tuple[float, float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A thing that passes before a wall which itself turns a little: two pictures and the truth."""
    size = (480, 320)
    wall, thing = cloth(1, size), cloth(2, size)
    turn = np.vstack([cv2.getRotationMatrix2D((240, 160), 1.0, 1.01), [0, 0, 1]])
    place = np.zeros((320, 480), np.uint8)
    cv2.ellipse(place, (200, 160), (60, 90), 0, 0, 360, 255, -1)
    move = np.array([[1, 0, shift_px[0]], [0, 1, shift_px[1]]], np.float64)
    later = cv2.warpAffine(wall, turn[:2], size, borderMode=cv2.BORDER_REFLECT)
    moved = cv2.warpAffine(thing, move, size, borderMode=cv2.BORDER_REFLECT)
    there = cv2.warpAffine(place, move, size)
    x, y = np.meshgrid(np.arange(480.0), np.arange(320.0))
    truth = np.dstack([x, y, np.ones_like(x)]) @ turn[:2].T - np.dstack([x, y])
    truth[place > 127] = shift_px
    then = np.where(place > 127, thing, wall).astype(np.uint8)
    now = np.where(there > 127, moved, later).astype(np.uint8)
    return then, now, truth.astype(np.float32)


def error_px(preset: FlowPreset, shift_px: tuple[float, float]) -> float:
    then, now, truth = walk_by(shift_px)
    apart = np.linalg.norm(DenseFlow(PICTURES[preset]).displacement(then, now) - truth, axis=2)
    return float(apart.mean())


@pytest.mark.parametrize(
    ("shift_px", "most_px"), [((6.0, 2.0), 0.35), ((22.0, -6.0), 0.9), ((45.0, 0.0), 3.0)]
)
def test_best_is_nearer_to_the_truth_than_the_others(
    shift_px: tuple[float, float], most_px: float
) -> None:
    best, fast, ultrafast = (error_px(name, shift_px) for name in ("best", "fast", "ultrafast"))

    assert best < 0.8 * min(fast, ultrafast)
    assert best < most_px


def test_fast_is_nearer_to_the_truth_than_ultrafast() -> None:
    assert error_px("fast", (6.0, 2.0)) < 0.9 * error_px("ultrafast", (6.0, 2.0))


def test_what_costs_more_takes_longer() -> None:
    """Processor time, the least of three: they are factors apart."""
    then, now, _ = walk_by((6.0, 2.0))
    spent = []
    for name in ("ultrafast", "fast", "best"):
        dense = DenseFlow(PICTURES[name])
        took = []
        for _ in range(3):
            began = time.process_time()
            dense.displacement(then, now)
            took.append(time.process_time() - began)
        spent.append(min(took))

    assert spent[0] < spent[1]
    assert spent[1] * 3 < spent[2]


@pytest.mark.parametrize("preset", FLOW_PRESETS)
def test_the_same_pictures_give_the_same_flow(preset: FlowPreset) -> None:
    """From fresh buffers and from used ones."""
    then, now, _ = walk_by((6.0, 2.0))
    dense = DenseFlow(PICTURES[preset])

    first = dense.displacement(then, now)
    dense.displacement(now, then)

    assert np.array_equal(dense.displacement(then, now), first)
    assert np.array_equal(DenseFlow(PICTURES[preset]).displacement(then, now), first)


@pytest.mark.parametrize("preset", FLOW_PRESETS)
def test_one_picture_twice_has_no_flow(preset: FlowPreset) -> None:
    then, _, _ = walk_by((6.0, 2.0))

    assert np.abs(DenseFlow(PICTURES[preset]).displacement(then, then)).max() < 0.05


@pytest.mark.parametrize("preset", FLOW_PRESETS)
@pytest.mark.parametrize("size", [(16, 16), (17, 300), (300, 16), (33, 29), (641, 479)])
def test_pictures_of_odd_sizes_are_taken(preset: FlowPreset, size: tuple[int, int]) -> None:
    picture = cloth(3, size)

    flow = DenseFlow(PICTURES[preset]).displacement(picture, picture)

    assert flow.shape == (size[1], size[0], 2)
    assert np.isfinite(flow).all()


def test_pictures_too_small_for_the_search_do_not_move() -> None:
    flow = DenseFlow(PICTURES["fast"]).displacement(
        np.zeros((8, 40), np.uint8), np.ones((8, 40), np.uint8)
    )

    assert flow.shape == (8, 40, 2)
    assert not flow.any()


def test_what_is_covered_does_not_come_home() -> None:
    """Right of a thing that goes to the right."""
    then, now, _ = walk_by((22.0, -6.0))
    dense = DenseFlow(PICTURES["fast"])

    home = comes_home(dense.displacement(then, now), dense.displacement(now, then))

    covered = np.zeros_like(home)
    covered[120:190, 264:276] = True
    assert home[covered].mean() < 0.5
    assert home[40:280, 20:120].mean() > 0.95


# -- real pictures -----------------------------------------------------------------------------


def scenes_in(folder: Path) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    for scene in sorted(folder.glob("*/")):
        then, now = (
            np.asarray(cv2.imread(str(scene / name), cv2.IMREAD_GRAYSCALE), np.uint8)
            for name in ("frame10.png", "frame11.png")
        )
        yield then, now, flo_field(zipfile.ZipFile(scene / "flow10.flo.zip").read("flow10.flo"))


@pytest.mark.real
@pytest.mark.parametrize(("preset", "most_px"), [("fast", 0.70), ("best", 0.32)])
def test_on_middlebury_it_errs_by_little(
    shared_data: Path, preset: FlowPreset, most_px: float
) -> None:
    """Mean end-point error of four scenes, unknown pixels left out."""
    errors = []
    for then, now, truth in scenes_in(shared_data / "middlebury"):
        known = np.abs(truth).max(-1) < 1e9
        apart = np.linalg.norm(DenseFlow(PICTURES[preset]).displacement(then, now) - truth, axis=-1)
        errors.append(float(apart[known].mean()))

    assert len(errors) == 4
    assert np.mean(errors) <= most_px


def test_every_preset_of_the_settings_is_known() -> None:
    assert tuple(PICTURES) == tuple(RUNS) == FLOW_PRESETS
