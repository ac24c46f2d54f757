"""benchmarks/pose_errors.py finds in drawn errors what they were drawn from."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from motionapp.scenes.people.skeleton import Pose, joints_of
from motionapp.training.crop_poses import drawn_errors, swapped
from motionapp.training.pose_errors import ARMS, HEIGHTS_PX, KINDS, LEGS, MEASURED, OTHER_SIDE

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
TALL_PX = 80
PEOPLE = 120
STEP_S = 0.04
TIMES_S = tuple(np.arange(75) * STEP_S)
JOINTS = joints_of(Pose(), stature_m=1.0, heading_deg=0.0)[:17, :2] * [1, -1] * TALL_PX


@pytest.fixture(scope="module", autouse=True)
def _found() -> Iterator[None]:
    sys.path.insert(0, str(BENCHMARKS))
    yield
    sys.path.remove(str(BENCHMARKS))


def load(name: str) -> Any:
    """A benchmark, which no type checker sees."""
    return importlib.import_module(name)


def track_of(seed: int) -> list[Any]:
    """The frames of somebody who stands, as the benchmark sees them."""
    rng = np.random.default_rng([seed, 3])
    hidden = np.zeros((len(TIMES_S), 17), np.bool_)
    errors, scores = drawn_errors(rng, TIMES_S, TALL_PX, hidden=hidden)
    points = swapped(np.dstack([JOINTS + errors * TALL_PX, scores]), rng, TIMES_S, MEASURED)
    put_right = load("pose_errors").put_right
    return [
        put_right(t_s, pose, JOINTS, TALL_PX, hidden[0])
        for t_s, pose in zip(TIMES_S, points, strict=True)
    ]


def test_what_is_measured_is_what_was_drawn() -> None:
    measured = load("pose_error_figures").Measured()
    for seed in range(PEOPLE):
        measured.tracks.append((TALL_PX, STEP_S, track_of(seed)))

    told = load("pose_error_figures").figures(measured)

    at = HEIGHTS_PX.index(TALL_PX)
    for name in KINDS:
        kind, found = MEASURED.points[name], told[name]
        assert found["sd"][at] == pytest.approx(kind.at("sd", TALL_PX), rel=0.1)
        assert found["score"][at] == pytest.approx(kind.at("score", TALL_PX), abs=0.03)
        assert found["gap"][at] == pytest.approx(kind.at("gap", TALL_PX), abs=0.02)
        assert found["astray"][at] == pytest.approx(kind.at("astray", TALL_PX), abs=0.03)
        if name in ("middle", "end"):  # of the others too few go astray to tell
            assert found["astray_s"] == pytest.approx(kind.astray_s, rel=0.25)
            assert found["astray_sd"] == pytest.approx(kind.astray_sd, rel=0.1)
        assert found["steady"] == pytest.approx(kind.steady, abs=0.1)
        assert found["memory_s"] == pytest.approx(kind.memory_s, rel=0.35)
        assert found["slope"] == pytest.approx(kind.slope, rel=0.35)
    assert told["together"]["limb"] == pytest.approx(MEASURED.together.limb, abs=0.08)
    assert told["together"]["score"] == pytest.approx(MEASURED.together.score, abs=0.08)
    shares = [told["swaps"][limbs][0] for limbs in ("arms", "legs", "both")]
    assert shares == pytest.approx(list(MEASURED.swaps), abs=0.02)
    assert told["lost"][at] == 0.0  # nobody is, in what is drawn


def test_a_flip_is_counted_once_for_each_change_of_sides() -> None:
    pose = np.column_stack([JOINTS, np.ones(17)]).astype(np.float32)
    other = pose.copy()
    for limbs in (ARMS, LEGS):
        other[list(limbs)] = pose[OTHER_SIDE[list(limbs)]]
    track = [(0.1 * k, other if 4 <= k < 7 else pose) for k in range(11)]

    flips_hz, seen_s = load("pose_flips").flips_hz([track])

    assert seen_s == pytest.approx(1.0)
    assert flips_hz == pytest.approx(2.0)
