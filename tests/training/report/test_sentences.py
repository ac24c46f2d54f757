"""Each figure's sentence says what to do about it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.training.report import sentences
from motionapp.training.report.sentences import listed, percent
from motionapp.training.scores import document
from tests.training.report.conftest import LABELS, sample, windows_of


@given(st.floats(0, 1))
def test_shares_have_a_tenth_only_where_they_are_neither_none_nor_all(value: float) -> None:
    assert percent(value).endswith("\u202f%")
    assert ("." in percent(value)) == (value not in (0, 1))


def test_the_weakest_label_is_named_with_the_way_in_which_it_is_weak(
    figures: dict[str, Any],
) -> None:
    rows = figures["per_label"]
    rows[0] |= {"precision": 0.9, "recall": 0.2, "f1": 0.33}
    assert "The weakest is run: only 20.0" in sentences.by_label(figures)

    rows[0] |= {"precision": 0.2, "recall": 0.9}
    assert "of what is called so, 20.0" in sentences.by_label(figures)

    rows[0] |= {"precision": None, "recall": 0.0, "f1": 0.0}
    assert "Nothing was ever called run" in sentences.by_label(figures)


def test_the_commonest_mistake_is_told_and_what_had_no_window(figures: dict[str, Any]) -> None:
    figures["confusion"] = [[1, 0, 0, 2], [2, 1, 0, 0], [1, 0, 2, 0]]

    said = sentences.confusion(figures)

    assert "skip is called run (2 of 3)" in said
    assert "Of 2, no window was cut" in said


@pytest.mark.parametrize(
    ("error", "said"), [(0.02, "mean what they say"), (0.07, "roughly"), (0.2, "do not read")]
)
def test_scores_that_are_off_are_not_to_be_read_as_probabilities(
    figures: dict[str, Any], error: float, said: str
) -> None:
    figures["calibration"]["error"] = error

    assert said in sentences.calibration(figures)


def test_the_first_time_that_is_as_good_as_any_is_told(figures: dict[str, Any]) -> None:
    figures["seconds_seen"] = [
        {"seconds": seconds, "named": 1.0, "right": right, "long_enough": 3}
        for seconds, right in ((0.5, 0.0), (1.0, 0.79), (2.0, 0.8), (4.0, 0.8))
    ]

    assert "After 1 s" in sentences.seconds_seen(figures)
    assert "hardly more later" in sentences.seconds_seen(figures)


def test_learning_by_heart_is_told_from_learning_on_and_from_rest() -> None:
    falling = [{"step": n, "loss": 1 / (n + 1)} for n in range(20)]
    by_heart = [one | {"held_out_loss": 0.5 + 0.01 * one["step"]} for one in falling]
    at_rest = [{"step": n, "loss": 0.2} for n in range(20)]

    assert "by heart" in sentences.history(by_heart)
    assert "The network of step 0 was kept" in sentences.history(by_heart)
    assert "still falls" in sentences.history(falling)
    assert "come to rest" in sentences.history(at_rest)


def test_where_neither_loss_falls_any_more_nothing_is_learnt_by_heart() -> None:
    """A training that `--patience` ended is past its best by a few looks, always."""
    records = [
        {"step": n, "loss": 0.5, "held_out_loss": 0.10 if n == 4 else 0.12} for n in range(8)
    ]

    said = sentences.history(records)

    assert "by heart" not in said
    assert "no better after step 4. The network of step 4 was kept" in said


def test_a_wide_interval_asks_for_groups_and_one_group_has_none(figures: dict[str, Any]) -> None:
    assert "more groups, not more recordings" in sentences.headline(figures)

    one = document(LABELS, [windows_of(sample("run", "ann"), 0.9)], threshold=0.5)

    assert "is not known" in sentences.headline(one)
    assert sentences.method(one) == ""


def test_a_group_without_a_window_is_not_said_to_fare_like_the_others() -> None:
    """Its recordings are asked in vain, and all others may well be right."""
    fine = {"clip_accuracy": 1.0, "window_accuracy": 0.99}
    of = {"group": "eve", "clip_accuracy": 0.0, "window_accuracy": None}
    groups = [{"group": "ann", **fine}, {"group": "bob", **fine}]

    assert sentences.groups({"groups": groups}).startswith("All groups fare alike")
    said = sentences.groups({"groups": [*groups, of]})
    assert said.startswith("There is no window of eve: ")
    assert "All groups fare alike" not in said


@given(st.lists(st.text(st.characters(codec="ascii", categories=["L"]), min_size=1), min_size=1))
def test_of_many_names_some_are_listed_and_the_others_counted(names: list[str]) -> None:
    said = listed(names, 3)

    assert all(name in said for name in names[:3])
    assert ("more" in said.split()) or len(names) <= 3 or "more" in names


def test_what_declines_nothing_is_not_said_to_decline() -> None:
    """It "gives 1.3 % wrong names instead of 1.3 %"."""
    after = {"threshold": 0.5, "right": 0.987, "wrong": 0.013, "unknown": 0.0}
    figures = {"window_accuracy": 0.987, "after_rejection": after}

    assert "declines none" in sentences.rejection(figures)
    some = {**after, "right": 0.98, "wrong": 0.01, "unknown": 0.01}
    assert "instead of" in sentences.rejection({**figures, "after_rejection": some})
