"""Which trials there are, and which are given up, follows from earlier generations alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.training.search.trial import (
    BESIDE,
    FIRST,
    Asked,
    Made,
    best_of,
    is_given_up,
    known_to,
    least_of,
    unseen_of,
)

SHARES = st.floats(0.0, 1.0)
FOLDS = st.lists(SHARES, min_size=1, max_size=4).map(tuple)


def made(number: int, *folds: float, is_pruned: bool = False, trouble: str = "") -> Made:
    return Made(number, {}, folds, is_pruned, trouble)


@given(st.integers(0, 300))
def test_a_trial_knows_of_earlier_ones_only_and_of_no_fewer_than_the_one_before(
    number: int,
) -> None:
    assert 0 <= known_to(number) <= number
    assert known_to(number) <= known_to(number + 1)


def test_the_first_know_nothing_and_the_later_all_but_a_few() -> None:
    """The sampler models nothing before it knows of so many."""
    assert [known_to(number) for number in range(FIRST)] == [0] * FIRST
    assert known_to(FIRST) == FIRST
    assert known_to(FIRST + BESIDE + 5) == FIRST + 5


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


WHOLE = st.integers(2, 4).flatmap(
    lambda folds: st.lists(st.tuples(*[SHARES] * folds), min_size=1, max_size=8)
)


@given(WHOLE)
def test_chosen_by_the_other_folds_nothing_is_better_than_the_best_by_all(
    folds: list[tuple[float, ...]],
) -> None:
    trials = [made(number, *one) for number, one in enumerate(folds)]
    best, unseen = best_of(trials), unseen_of(trials)

    assert best is not None
    assert unseen is not None
    assert min(min(one) for one in folds) <= unseen <= best.value + 1e-9


def test_what_is_best_on_every_fold_is_worth_what_it_says() -> None:
    assert unseen_of([made(0, 0.5, 0.6), made(1, 0.9, 0.8)]) == pytest.approx(0.85)


def test_what_is_best_by_the_luck_of_one_fold_is_worth_what_others_would_have_chosen() -> None:
    trials = [made(0, 0.9, 0.5, 0.5), made(1, 0.5, 0.7, 0.6), made(2, 0.99, is_pruned=True)]

    assert best_of(trials) == trials[0]
    # Without the first fold, the second trial; without either other, the first.
    assert unseen_of(trials) == pytest.approx((0.5 + 0.5 + 0.5) / 3)


def test_of_a_single_fold_nobody_knows_how_lucky_the_best_was() -> None:
    assert unseen_of([made(0, 0.9), made(1, 0.8)]) is None
    assert unseen_of([]) is None
