"""Probabilities come to mean what they say, and the threshold loses few right answers."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.recognition.onnx import softmax
from motionapp.training.calibrate import (
    HIGHEST_IN_VIEW,
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


def shared(*best: float) -> NDArray[np.float32]:
    """Answers of which the first of two labels has the given shares."""
    shares = np.array(best, np.float32)
    return np.log(np.stack([shares, 1 - shares], axis=1))


def certain(count: int = 400) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Nine of ten are sure and right; in one of ten, sure and wrong: so the temperature is 1."""
    wrong = count // 10
    return shared(*[0.9] * count), np.array([1] * wrong + [0] * (count - wrong))


def test_names_for_what_has_none_raise_the_threshold_above_them_and_no_further() -> None:
    without = calibrate(*certain(), labels=2)

    seen = calibrate(*certain(), labels=2, nameless=shared(0.62, 0.55, 0.66, 0.97))

    assert without.threshold == HIGHEST_THRESHOLD
    assert 0.66 < seen.threshold < 0.661
    assert seen.temperature == without.temperature


@pytest.mark.parametrize("score", [0.55, 0.95])
def test_what_no_threshold_in_reach_declines_leaves_it_where_it_was(score: float) -> None:
    seen = calibrate(*certain(), labels=2, nameless=shared(score))

    assert seen.threshold == HIGHEST_THRESHOLD


def test_the_threshold_stays_where_borders_between_movements_still_hold() -> None:
    seen = calibrate(*certain(), labels=2, nameless=shared(*np.linspace(0.6, 0.8, 400)))

    assert seen.threshold == pytest.approx(HIGHEST_IN_VIEW, abs=0.001)


def test_right_answers_are_not_paid_for_names_of_nothing() -> None:
    """A tenth of what is right lies at 0.62: a threshold above would lose more than its share."""
    sure, truth = certain()
    faint = shared(*[0.62] * 40), np.zeros(40, np.int64)
    answers_ = np.concatenate([sure, faint[0]])
    truth = np.concatenate([truth, faint[1]])

    seen = calibrate(answers_, truth, labels=2, nameless=shared(0.61, 0.68))

    shares = softmax(answers_ / np.float32(seen.temperature))
    assert np.mean(shares[truth == 0][:, 0] < seen.threshold) <= 0.05


def test_what_the_reject_output_declines_has_no_name() -> None:
    """Its best label has 0.65 of the two, and less than the reject output has."""
    known, truth = certain()
    known = np.concatenate([known, np.full((len(known), 1), -9, np.float32)], axis=1)
    declined = np.log(np.array([[0.65, 0.05, 0.95]], np.float32))

    seen = calibrate(known, truth, labels=2, nameless=declined)

    assert seen.threshold == HIGHEST_THRESHOLD
