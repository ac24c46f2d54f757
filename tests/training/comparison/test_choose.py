"""What is chosen is never worse than what could be had for less."""

from __future__ import annotations

import itertools
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from motionapp.training.comparison.choose import LIVE_LOAD, Option, front, recommend

SHARES = st.floats(0.0, 1.0)
OPTIONS = st.builds(
    Option,
    name=st.text("abc", min_size=1, max_size=3),
    accuracy=st.sampled_from([0.5, 0.8, 0.9, 0.93]) | SHARES,
    error=st.floats(0.0, 0.1),
    cost_ms=st.sampled_from([1.0, 2.0, 5.0]) | st.floats(0.1, 1000.0),
    file_bytes=st.integers(1, 10**7),
    load=st.floats(0.001, 3.0),
)
LISTS = st.lists(OPTIONS, min_size=1, max_size=12, unique_by=lambda option: option.name)

GOOD = Option("vgg16 behind absdiff", 0.94, 0.01, 5.0, 200_000, 0.1)
CHEAP = Option("lenet5 behind absdiff", 0.935, 0.012, 2.0, 100_000, 0.05)
POOR = Option("alexnet behind absdiff", 0.80, 0.02, 1.0, 150_000, 0.02)


def is_beaten(one: Option, other: Option) -> bool:
    """By one that is no worse in anything, and better in something."""
    no_worse = other.accuracy >= one.accuracy and other.cost_ms <= one.cost_ms
    return no_worse and (other.accuracy, other.cost_ms) != (one.accuracy, one.cost_ms)


@given(LISTS)
def test_nothing_on_the_front_is_beaten_and_whatever_is_not_on_it_is(options: list[Option]) -> None:
    found = front(options)

    assert not any(is_beaten(one, other) for one in found for other in options)
    for one in options:
        alike = any((f.accuracy, f.cost_ms) == (one.accuracy, one.cost_ms) for f in found)
        assert alike or any(is_beaten(one, other) for other in found)


@given(LISTS)
def test_along_the_front_more_cost_buys_more_accuracy(options: list[Option]) -> None:
    found = front(options)

    assert all(a.cost_ms < b.cost_ms for a, b in itertools.pairwise(found))
    assert all(a.accuracy < b.accuracy for a, b in itertools.pairwise(found))


@given(LISTS, st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_decides_nothing(options: list[Option], chance: object) -> None:
    mixed = list(options)
    chance.shuffle(mixed)  # type: ignore[attr-defined]

    assert recommend(mixed) == recommend(options)
    assert front(mixed) == front(options)


@given(LISTS)
def test_the_edge_gets_the_cheapest_within_one_standard_error_of_the_best(
    options: list[Option],
) -> None:
    picked = recommend(options)

    assert picked is not None
    top = max(one.accuracy for one in options)
    errors = [one.error for one in options if one.accuracy == top]
    assert picked.edge.option.accuracy >= top - max(errors)
    for one in options:
        if one.accuracy >= top:
            assert picked.edge.option.cost_ms <= one.cost_ms


@given(LISTS)
def test_the_desktop_gets_the_most_accurate_that_keeps_up(options: list[Option]) -> None:
    picked = recommend(options)

    assert picked is not None
    live = [one for one in options if one.load <= LIVE_LOAD]
    if live:
        assert picked.desktop.option in live
        assert picked.desktop.option.accuracy == max(one.accuracy for one in live)
    else:
        assert picked.desktop.option.load == min(one.load for one in options)


@given(LISTS)
def test_each_reason_is_one_sentence_that_names_figures(options: list[Option]) -> None:
    picked = recommend(options)

    assert picked is not None
    for pick in (picked.desktop, picked.edge):
        assert pick.reason.endswith(".")
        assert any(letter.isdigit() for letter in pick.reason)


def test_the_reason_for_the_edge_names_the_best_and_what_is_saved() -> None:
    picked = recommend([GOOD, CHEAP, POOR])

    assert picked is not None
    assert picked.desktop.option == GOOD
    assert picked.edge.option == CHEAP
    assert picked.edge.reason == (
        "with 93.5 % of windows it is within one standard error (1.0 points) of the best "
        "(vgg16 behind absdiff, 94.0 %), and the cheapest of those: 2 ms a name for 5 ms."
    )


def test_where_nothing_keeps_up_that_is_said() -> None:
    picked = recommend([replace(GOOD, load=0.9), replace(CHEAP, load=0.7)])

    assert picked is not None
    assert picked.desktop.option.name == CHEAP.name
    assert picked.desktop.reason.startswith("none keeps up with a camera")


def test_of_nothing_nothing_is_recommended() -> None:
    assert recommend([]) is None
    assert front([]) == ()
