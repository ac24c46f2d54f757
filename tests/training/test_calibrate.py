"""Probabilities come to mean what they say, and the threshold loses few right answers."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.recognition.onnx import softmax
from motionapp.training.calibrate import (
    HIGHEST_THRESHOLD,
    LOWEST_THRESHOLD,
    Calibration,
    calibrate,
)


def answers(
    *, gain: float, right_share: float, count: int = 2000
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Two labels; the network is equally sure each time, and right in `right_share` of them."""
    drawing = np.random.default_rng(1)
    truth = drawing.integers(0, 2, count)
    chosen = np.where(drawing.random(count) < right_share, truth, 1 - truth)
    return (gain * np.eye(2)[chosen]).astype(np.float32), truth


@pytest.mark.parametrize("gain", [0.5, 1.4, 4.0])
def test_mean_probability_becomes_the_share_of_right_answers(gain: float) -> None:
    given, truth = answers(gain=gain, right_share=0.8)

    calibration = calibrate(given, truth, labels=2)

    shares = softmax(given / np.float32(calibration.temperature))
    assert shares.max(1).mean() == pytest.approx(0.8, abs=0.02)


def test_the_threshold_stays_within_its_bounds() -> None:
    sure = calibrate(*answers(gain=9.0, right_share=1.0), labels=2)
    guessing = calibrate(*answers(gain=0.1, right_share=0.5), labels=2)

    assert sure.threshold == HIGHEST_THRESHOLD
    assert LOWEST_THRESHOLD <= guessing.threshold <= HIGHEST_THRESHOLD


def test_without_answers_the_usual_values_are_taken() -> None:
    empty = np.zeros((0, 3), np.float32)

    assert calibrate(empty, np.zeros(0, np.int64), labels=2) == Calibration()
