"""Figures of how good names are agree with the plainest way of counting them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.recognition.onnx import softmax
from motionapp.training.measures import (
    balanced_accuracy,
    calibration_bins,
    calibration_error,
    confusion_of,
    label_measures,
    macro_f1,
    untempered,
)

LABELS = 3
PAIRS = st.lists(
    st.tuples(st.integers(0, LABELS - 1), st.none() | st.integers(0, LABELS - 1)), max_size=30
)
SCORED = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


@given(PAIRS)
def test_precision_recall_and_f1_are_what_counting_one_by_one_gives(
    pairs: list[tuple[int, int | None]],
) -> None:
    measures = label_measures(confusion_of(pairs, LABELS))

    for label, found in enumerate(measures):
        right = sum(truth == said == label for truth, said in pairs)
        shown = sum(truth == label for truth, _ in pairs)
        called = sum(said == label for _, said in pairs)
        assert found.shown == shown
        assert found.precision == (right / called if called else None)
        assert found.recall == (right / shown if shown else None)
        if found.precision and found.recall:
            harmonic = 2 / (1 / found.precision + 1 / found.recall)
            assert found.f1 == pytest.approx(harmonic)
        else:
            assert found.f1 == (0.0 if shown or called else None)


@given(PAIRS, st.permutations(range(LABELS)))
def test_means_over_labels_do_not_depend_on_their_order(
    pairs: list[tuple[int, int | None]], order: list[int]
) -> None:
    turned = [(order[truth], None if said is None else order[said]) for truth, said in pairs]

    first, second = (label_measures(confusion_of(one, LABELS)) for one in (pairs, turned))

    for mean in (balanced_accuracy, macro_f1):
        one, other = mean(first), mean(second)
        assert one is None or 0 <= one <= 1
        assert (one is None) == (not pairs)
        assert one == (None if other is None else pytest.approx(other))


@given(st.lists(st.integers(0, LABELS - 1), min_size=1, max_size=30))
def test_who_always_says_the_same_has_a_balanced_accuracy_of_one_over_the_labels(
    truths: list[int],
) -> None:
    measures = label_measures(confusion_of([(truth, truths[0]) for truth in truths], LABELS))

    assert balanced_accuracy(measures) == pytest.approx(1 / len(set(truths)))


@given(SCORED, st.integers(1, 20))
def test_bins_hold_each_window_once_and_within_their_range(
    scored: list[tuple[float, bool]], count: int
) -> None:
    scores, right = np.array([one for one, _ in scored]), np.array([one for _, one in scored])

    bins = calibration_bins(scores, right, count)

    assert len(bins) == count
    assert sum(one.windows for one in bins) == len(scored)
    for one in bins:
        if one.score is not None and one.right is not None:
            assert one.low - 1e-12 <= one.score <= one.high + 1e-12
            assert 0 <= one.right <= 1


@given(SCORED)
def test_the_calibration_error_of_one_bin_is_the_distance_of_the_means(
    scored: list[tuple[float, bool]],
) -> None:
    scores, right = np.array([one for one, _ in scored]), np.array([one for _, one in scored])

    error = calibration_error(calibration_bins(scores, right, 1))

    assert error == pytest.approx(abs(scores.mean() - right.mean()))


@given(st.integers(1, 10), st.integers(0, 10))
def test_scores_that_are_right_as_often_as_they_say_have_no_error(of: int, right: int) -> None:
    right = min(right, of)

    bins = calibration_bins(np.full(of, right / of), np.arange(of) < right)

    assert calibration_error(bins) == pytest.approx(0, abs=1e-9)


def test_without_windows_there_is_no_calibration_error() -> None:
    assert calibration_error(calibration_bins(np.zeros(0), np.zeros(0, np.bool_))) is None


@given(
    st.lists(st.lists(st.floats(-4, 4, width=32), min_size=4, max_size=4), min_size=1, max_size=5),
    st.floats(0.5, 4.0),
)
def test_a_temperature_can_be_taken_back_with_the_reject_output_at_the_end(
    rows: list[list[float]], temperature: float
) -> None:
    answers = np.array(rows, np.float32)
    tempered = softmax(answers / np.float32(temperature))[:, :-1]

    before = untempered(tempered, temperature)

    assert before == pytest.approx(softmax(answers)[:, :-1], abs=2e-3)


def test_without_a_reject_output_the_shares_still_sum_to_one() -> None:
    shares = softmax(np.array([[3.0, 1.0, -2.0]], np.float32) / np.float32(0.3))

    assert untempered(shares, 0.3).sum() == pytest.approx(1.0, abs=1e-5)
