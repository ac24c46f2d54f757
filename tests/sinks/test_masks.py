"""Masks as pictures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.frame import level_for
from motionapp.core.moment import Moment
from motionapp.core.motion import Motion
from motionapp.sinks.masks import MasksSink, full_size
from motionapp.testing import EPOCH, frame_at


def read(path: Path) -> np.ndarray:
    return np.asarray(cv2.imread(str(path), cv2.IMREAD_UNCHANGED))


def test_masks_are_named_by_index_and_hold_0_and_255(tmp_path: Path) -> None:
    mask = np.zeros((12, 16), np.uint8)
    mask[3:5, 2:7] = 255
    epoch = replace(EPOCH, size=(1283, 963))  # 80 and 60 times as large, and three over
    sink = MasksSink(tmp_path)
    for index, motion in enumerate([Motion(), Motion(mask=mask), Motion(mask=mask * 0)]):
        sink.accept(Moment("a", frame_at(index, epoch=epoch), motion))

    sink.close()

    assert sorted(path.name for path in (tmp_path / "masks").iterdir()) == [
        "000000.png", "000001.png", "000002.png",
    ]  # fmt: skip
    first, second, third = (read(tmp_path / "masks" / f"00000{n}.png") for n in range(3))
    assert second.shape == (963, 1283)
    assert (np.unique(second).tolist(), first.max(), third.max()) == ([0, 255], 0, 0)
    rows, columns = np.nonzero(second)
    assert (columns.min(), columns.max() + 1) == (160, 560)
    assert (rows.min(), rows.max() + 1) == (240, 400)


@given(st.integers(1, 4000), st.integers(1, 3000))
def test_a_pixel_of_the_mask_stands_for_as_many_as_were_halved(width: int, height: int) -> None:
    level = level_for(width)
    mask = np.full((max(1, height >> level), max(1, width >> level)), 255, np.uint8)

    large = full_size(mask, (width, height))

    assert large.shape == (height, width)
    assert (large[:, -1] == 0).all() == bool(width % 2**level and width >> level)


@pytest.mark.parametrize("mode", [cv2.IMREAD_GRAYSCALE, cv2.IMREAD_UNCHANGED])
def test_every_reader_gets_8_bits(tmp_path: Path, mode: int) -> None:
    sink = MasksSink(tmp_path)
    sink.accept(Moment("a", frame_at(0), Motion(mask=np.full((48, 64), 255, np.uint8))))

    sink.close()

    picture = cv2.imread(str(tmp_path / "masks" / "000000.png"), mode)
    assert picture is not None
    assert picture.dtype == np.uint8
    assert picture.min() == 255
