"""Seconds of motion per place, and their picture."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.core.motion import Motion, Region
from motionapp.overlay.heat import heat_picture, ticks
from motionapp.sinks.heat import HeatSink
from motionapp.testing import frames_from

SIZE = (640, 360)


def moving(mask: np.ndarray) -> Motion:
    return Motion(strength=0.1, regions=(Region(Box(0, 0, 9, 9), 9.0, 2.0),), mask=mask)


def half(side: int, shape: tuple[int, int] = (180, 320)) -> np.ndarray:
    mask = np.zeros(shape, np.uint8)
    mask[:, side * shape[1] // 2 : (side + 1) * shape[1] // 2] = 255
    return mask


def accept(sink: HeatSink, motions: list[Motion], **options: object) -> None:
    pictures = [
        np.full((SIZE[1], SIZE[0]), 60 + 10 * n % 190, np.uint8) for n in range(len(motions))
    ]
    for frame, motion in zip(frames_from(pictures, **options), motions, strict=True):  # type: ignore[arg-type]
        sink.accept(Moment("a", frame, motion))


@pytest.mark.parametrize("rate_hz", [10.0, 25.0, 50.0])
def test_seconds_add_up_whatever_the_rate(tmp_path: Path, rate_hz: float) -> None:
    sink = HeatSink(tmp_path)

    accept(sink, [moving(half(n % 4 == 0)) for n in range(int(2 * rate_hz))], rate_hz=rate_hz)

    assert sink.heat_s is not None
    assert sink.heat_s[:, 160:] == pytest.approx(0.5, abs=2 / rate_hz)
    assert sink.heat_s[:, :160] == pytest.approx(1.5, abs=2 / rate_hz)


def test_specks_without_a_region_are_no_motion(tmp_path: Path) -> None:
    sink = HeatSink(tmp_path)

    accept(sink, [Motion(mask=half(0))] * 3)

    assert sink.heat_s is not None
    assert sink.heat_s.max() == 0


def test_a_size_change_is_fitted_into_the_first_picture(tmp_path: Path) -> None:
    sink = HeatSink(tmp_path)

    accept(sink, [moving(half(0)), moving(np.full((90, 90), 255, np.uint8))])

    assert sink.heat_s is not None
    assert sink.heat_s.shape == (180, 320)
    assert sink.heat_s[90, 160] == pytest.approx(0.04)  # the square stands in the middle
    assert sink.heat_s[90, 319] == 0


def test_the_scene_beneath_is_the_first_one_in_which_all_is_still(tmp_path: Path) -> None:
    sink = HeatSink(tmp_path)
    still = Motion(mask=np.zeros((180, 320), np.uint8))

    accept(sink, [Motion(), moving(half(0)), still, still, moving(half(0))])

    assert sink._still is not None
    assert (sink._still == 80).all()


def test_the_picture_is_warm_where_it_moved_and_dim_elsewhere(tmp_path: Path) -> None:
    sink = HeatSink(tmp_path)
    accept(sink, [moving(half(1))] * 25)

    sink.close()

    picture = np.asarray(cv2.imread(str(tmp_path / "heatmap.png")))
    assert picture.shape[1] == 640
    assert 360 < picture.shape[0] < 420  # with its legend
    dim, warm = picture[180, 80].astype(int), picture[180, 560].astype(int)
    assert dim.max() - dim.min() <= 1
    assert warm[2] > max(warm[0] + 50, dim[2] + 100)


def test_a_picture_of_any_size_has_a_legend() -> None:
    for size in [(8, 8), (64, 48), (960, 540), (300, 1000)]:
        still = np.full((size[1], size[0], 3), 120, np.uint8)

        picture = heat_picture(np.full((10, 10), 3.0, np.float32), still)

        assert picture.shape[1] == size[0]
        assert picture.shape[0] > size[1]


@given(st.floats(0.1, 1e6))
def test_ticks_are_round_rise_and_reach_into_the_last_part(full_s: float) -> None:
    found = ticks(full_s)

    assert found[0] == 0
    assert list(found) == sorted(set(found))
    assert full_s / 3 < found[-1] <= full_s * 1.001
    assert all(f"{tick:.0e}"[0] in "125" for tick in found[1:])
