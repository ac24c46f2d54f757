"""Which trials there are, and which are given up, follows from earlier generations alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.training.search.trial import (
    FIRST_GENERATION,
    NEXT_GENERATION,
    Asked,
    Made,
    best_of,
    generations,
    is_given_up,
    least_of,
)

SHARES = st.floats(0.0, 1.0)
FOLDS = st.lists(SHARES, min_size=1, max_size=4).map(tuple)


def made(number: int, *folds: float, is_pruned: bool = False, trouble: str = "") -> Made:
    return Made(number, {}, folds, is_pruned, trouble)


@given(st.integers(1, 200))
def test_every_trial_is_of_one_generation(trials: int) -> None:
    found = [number for numbers in generations(trials) for number in numbers]

    assert found == list(range(trials))


@given(st.integers(1, 100), st.integers(0, 100))
def test_more_trials_change_nothing_about_which_came_before_which(few: int, more: int) -> None:
    """A search that is prolonged goes on as if it had been that long from the first."""
    starts = [numbers.start for numbers in generations(few)]

    assert [numbers.start for numbers in generations(few + more)][: len(starts)] == starts


def test_the_first_generation_is_as_long_as_the_sampler_draws_at_random() -> None:
    sizes = [len(numbers) for numbers in generations(22)]

    assert sizes == [FIRST_GENERATION, NEXT_GENERATION, NEXT_GENERATION, 2]


def test_below_the_median_of_those_before_a_trial_is_given_up() -> None:
    earlier = [made(0, 0.9, 0.7, 0.8), made(1, 0.5, 0.5, 0.5), made(2, 0.7, is_pruned=True)]

    least = least_of(earlier, folds=3)

    assert least == (0.7, pytest.approx(0.65))
    assert is_given_up(Asked(3, {}, least), [0.69])
    assert not is_given_up(Asked(3, {}, least), [0.7])
    assert is_given_up(Asked(3, {}, least), [0.8, 0.4])


@given(st.lists(FOLDS, max_size=12), st.integers(1, 4))
def test_after_the_last_fold_nothing_is_given_up(
    earlier: list[tuple[float, ...]], folds: int
) -> None:
    least = least_of([made(n, *one) for n, one in enumerate(earlier)], folds)

    assert len(least) <= folds - 1
    assert not is_given_up(Asked(0, {}, least), [0.0] * folds)


@given(FOLDS)
def test_without_trials_before_nothing_is_given_up(folds: tuple[float, ...]) -> None:
    assert not is_given_up(Asked(0, {}, least_of([], 4)), folds)


def test_the_best_was_made_to_its_end_and_of_equals_is_the_first() -> None:
    trials = [
        made(0, 0.5, 0.5), made(1, 0.99, is_pruned=True), made(2, 0.7, 0.7), made(3, 0.7, 0.7),
        made(4, 0.0, trouble="it came to no numbers"),
    ]  # fmt: skip

    best = best_of(trials)

    assert best is not None
    assert best.number == 2
    assert best_of([trials[1], trials[4]]) is None


def test_a_trial_is_told_with_the_means_after_each_fold() -> None:
    one = made(0, 0.8, 0.6, 0.7)

    assert one.means == (0.8, pytest.approx(0.7), pytest.approx(0.7))
    assert one.document()["window_accuracy"] == one.value == pytest.approx(0.7)
