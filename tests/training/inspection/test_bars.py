"""Bars that somebody put round a picture are no part of it; dark rooms are."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from motionapp.training.inspection.bars import inside
from motionapp.training.inspection.seeing import see
from tests.training.inspection.conftest import Planted, performance

SHOWN = np.random.default_rng(1).integers(60, 250, (90, 160), np.uint8)
ALL = (slice(0, 90), slice(0, 160))


def framed(top: int, bottom: int, left: int, right: int, value: int = 0) -> np.ndarray:
    return np.pad(SHOWN, ((top, bottom), (left, right)), constant_values=value)


@pytest.mark.parametrize(("rows", "columns"), [(20, 0), (0, 40), (12, 16)])
def test_bars_on_both_sides_are_left_out(rows: int, columns: int) -> None:
    noise = np.random.default_rng(2).integers(0, 9, (90 + 2 * rows, 160 + 2 * columns), np.uint8)

    kept = inside([np.maximum(framed(rows, rows, columns, columns), noise)])

    found = framed(rows, rows, columns, columns)[kept]
    lost = (4 if rows else 0, 4 if columns else 0)
    assert found.shape == (90 - lost[0], 160 - lost[1])
    assert found.min() >= 60


def test_a_picture_without_bars_is_kept_as_it_is() -> None:
    assert inside([SHOWN]) == ALL


@pytest.mark.parametrize("sides", [(20, 0, 0, 0), (20, 5, 0, 0), (0, 0, 30, 0), (200, 200, 0, 0)])
def test_what_is_dark_on_one_side_or_mostly_is_no_bar(sides: tuple[int, int, int, int]) -> None:
    whole = framed(*sides)

    assert whole[inside([whole])].shape == whole.shape


def test_somebody_white_before_black_is_no_framed_picture() -> None:
    silhouette = np.zeros((90, 160), np.uint8)
    cv2.ellipse(silhouette, (80, 45), (15, 30), 0, 0, 360, 255, -1)

    assert inside([silhouette]) == ALL
    assert inside([np.zeros_like(silhouette)]) == ALL


def test_where_somebody_comes_into_the_dark_that_is_no_bar() -> None:
    later = framed(20, 20, 0, 0)
    later[5:15, 40:90] = 200

    assert inside([framed(20, 20, 0, 0), later]) == (slice(0, 130), slice(0, 160))


def test_a_copy_with_bars_moves_as_its_original(healthy: Planted) -> None:
    from motionapp.recognition.dataset import read_data_set
    from motionapp.training.inspection.check import inspect
    from motionapp.training.inspection.finding import Kind
    from motionapp.training.progress import Silent

    shown = [np.pad(one, ((24, 24), (0, 0), (0, 0))) for one in performance("across", 0)]
    healthy.add("across/dan.mp4", "across", "dan", shown)
    data = read_data_set(healthy.listed(), extensions=(".mp4",))

    found = [one for one in inspect(data, Silent()).findings if one.kind is Kind.LEAK]

    assert [set(one.recordings) for one in found] == [{"across/ann.mp4", "across/dan.mp4"}]
    assert see(data.samples[-1:]).movement is not None
