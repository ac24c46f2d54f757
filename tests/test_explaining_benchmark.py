"""A short form of benchmarks/explaining.py: what explains a wave lies on the arm that waves."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

pytestmark = pytest.mark.train

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"


@pytest.fixture(scope="module", autouse=True)
def _found() -> Iterator[None]:
    sys.path.insert(0, str(BENCHMARKS))
    yield
    sys.path.remove(str(BENCHMARKS))


def load() -> Any:
    """The benchmark, which no type checker sees."""
    return importlib.import_module("explaining")


def test_grad_cam_of_a_wave_lies_on_the_arm() -> None:
    """Of ten clips, where a guess would lie on it in three."""
    benchmark = load()

    figures = benchmark.measure(benchmark.shipped(), 10, 850_000)

    ways = figures["ways"]
    assert ways["Grad-CAM"]["centre"] >= 0.8
    assert ways["occlusion"]["centre"] >= 0.8
    assert ways["Grad-CAM"]["chance"] < 0.4
    assert ways["drawn weights"]["centre"] <= 0.5  # it is the network that is told of


def test_a_map_lies_on_the_arm_where_it_is_and_a_blank_one_never() -> None:
    benchmark = load()
    arm = np.zeros((benchmark.FINE_PX, benchmark.FINE_PX), np.uint8)
    arm[40:60, 150:250] = 255
    held = np.zeros((8, 8), np.float32)
    blank = benchmark.hit_of(held, arm, margin_px=32)
    held[1, 5:8] = 1.0

    on, beside = (benchmark.hit_of(own, arm, margin_px=32) for own in (held, held[::-1]))

    assert (on.peak, on.centre, on.most) == (True, True, True)
    assert (beside.peak, beside.centre, beside.most) == (False, False, False)
    assert (blank.peak, blank.centre, blank.most) == (False, False, False)
    assert 0.15 < on.chance < 0.3
