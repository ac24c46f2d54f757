"""Smoothing looks back only, forgets who has gone, and prefers steady answers to odd ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.clip import Prediction
from motionapp.recognition.smoothing import Smoother

LABELS = ("run", "walk")


def answer(end_s: float, run: float, walk: float, *, subject_id: int = 1) -> Prediction:
    return Prediction(subject_id, end_s - 0.48, end_s, "walk", max(run, walk), (run, walk))


def smoother(smooth_s: float = 0.8, threshold: float = 0.5) -> Smoother:
    return Smoother(LABELS, smooth_s=smooth_s, threshold=threshold)


def test_one_odd_answer_does_not_rename_a_movement() -> None:
    smooth = smoother()

    for number, (run, walk) in enumerate([(0.1, 0.9), (0.1, 0.9), (0.9, 0.1), (0.1, 0.9)]):
        smooth.step([answer(0.16 * number, run, walk)], 0.16 * number)

    assert smooth.label_of(1) == ("walk", pytest.approx(0.7))


def test_without_smoothing_the_newest_answer_counts_alone() -> None:
    smooth = smoother(smooth_s=0.0)
    smooth.step([answer(0.0, 0.1, 0.9)], 0.0)
    smooth.step([answer(0.32, 0.8, 0.2)], 0.32)

    assert smooth.label_of(1) == ("run", pytest.approx(0.8))


@pytest.mark.parametrize(("cadence_s", "smooth_s"), [(0.64, 0.0), (1.0, 0.5), (3.0, 2.0)])
def test_who_is_looked_at_seldom_has_a_name_from_the_second_look_on(
    cadence_s: float, smooth_s: float
) -> None:
    """They were forgotten before the next look, each of which was then the first."""
    smooth = Smoother(LABELS, smooth_s=smooth_s, threshold=0.5, cadence_s=cadence_s)
    named = []

    for tick in range(round(5 * cadence_s / 0.04)):
        look, is_look = divmod(tick * 0.04 + 1e-9, cadence_s)
        answers = [answer(look * cadence_s, 0.1, 0.9)] if is_look < 0.039 else []
        smooth.step(answers, tick * 0.04)
        if look >= 1:
            named.append(smooth.label_of(1))

    assert named == [("walk", pytest.approx(0.9))] * len(named)


def test_answers_older_than_the_window_no_longer_count() -> None:
    smooth = smoother(smooth_s=0.4)
    smooth.step([answer(0.0, 1.0, 0.0)], 0.0)
    smooth.step([answer(0.48, 0.0, 1.0)], 0.48)

    assert smooth.label_of(1) == ("walk", pytest.approx(1.0))


def test_a_body_that_nobody_looked_at_has_no_label() -> None:
    assert smoother().label_of(1) is None


def test_a_body_has_no_name_before_it_was_looked_at_for_a_while() -> None:
    """A car that passes gives one odd answer, as sure of itself as any."""
    smooth = smoother()

    smooth.step([answer(0.0, 0.0, 1.0)], 0.0)
    smooth.step([answer(0.16, 0.0, 1.0)], 0.16)
    before = smooth.label_of(1)
    smooth.step([answer(0.32, 0.0, 1.0)], 0.32)

    assert before == ("unknown", pytest.approx(1.0))
    assert smooth.label_of(1) == ("walk", pytest.approx(1.0))


def test_bodies_are_smoothed_apart() -> None:
    smooth = smoother()
    for now_s in (0.0, 0.32):
        smooth.step([answer(now_s, 0.9, 0.1), answer(now_s, 0.1, 0.9, subject_id=2)], now_s)

    assert smooth.label_of(1) == ("run", pytest.approx(0.9))
    assert smooth.label_of(2) == ("walk", pytest.approx(0.9))


def test_a_mean_below_the_threshold_is_unknown_with_the_best_ones_score() -> None:
    smooth = smoother(threshold=0.6)
    smooth.step([answer(0.0, 0.45, 0.55)], 0.0)

    assert smooth.label_of(1) == ("unknown", pytest.approx(0.55))


def test_what_the_reject_output_took_can_outvote_every_label() -> None:
    smooth = smoother(threshold=0.1)
    smooth.step([answer(0.0, 0.2, 0.3)], 0.0)

    assert smooth.label_of(1) == ("unknown", pytest.approx(0.3))


def test_a_body_is_forgotten_some_time_after_its_last_answer() -> None:
    smooth = smoother()
    smooth.step([answer(0.6, 0.1, 0.9)], 0.6)
    smooth.step([answer(1.0, 0.1, 0.9)], 1.0)

    smooth.step([], 1.0 + smooth.forget_s)
    still_known = smooth.label_of(1)
    smooth.step([], 1.01 + smooth.forget_s)

    assert still_known == ("walk", pytest.approx(0.9))
    assert smooth.label_of(1) is None


def test_a_restart_forgets_everybody() -> None:
    smooth = smoother()
    smooth.step([answer(0.0, 0.1, 0.9)], 0.0)

    smooth.restart()

    assert smooth.label_of(1) is None


def test_the_lag_is_half_the_window() -> None:
    assert smoother(smooth_s=0.8).lag_s == pytest.approx(0.4)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.floats(0, 2))
def test_the_label_is_that_of_the_plain_mean_over_the_window(
    shares: list[float], smooth_s: float
) -> None:
    smooth = smoother(smooth_s=smooth_s, threshold=0.0)
    times = [0.16 * number for number in range(len(shares))]
    for time_s, share in zip(times, shares, strict=True):
        smooth.step([answer(time_s, share, 1 - share)], time_s)

    window = [share for time_s, share in zip(times, shares, strict=True)
              if times[-1] - time_s <= smooth_s]  # fmt: skip
    run = sum(window) / len(window)

    named = smooth.label_of(1)
    assert named is not None
    assert named[1] == pytest.approx(max(run, 1 - run))
