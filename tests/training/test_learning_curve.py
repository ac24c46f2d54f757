"""Parts of a fold's groups are nested and show every label; what they bring is judged by its
spread."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.errors import DataSetError
from motionapp.recognition.dataset import Sample
from motionapp.training.learning_curve import (
    SHARES,
    curve_line,
    learning_curve,
    nested_parts,
    verdict_of,
)
from motionapp.training.named import Named
from motionapp.training.progress import Progress, Silent

GROUPS = tuple("abcdefgh")
SHOWN = {group: frozenset({"run", "walk"}) for group in GROUPS}
LABELS = ("run", "walk")


@given(
    st.dictionaries(
        st.sampled_from(GROUPS),
        st.frozensets(st.sampled_from(["run", "walk", "unknown"])),
        min_size=2,
    ),
    st.integers(0, 1000),
)
def test_parts_are_nested_whole_groups_that_show_all_labels(
    shown: dict[str, frozenset[str]], seed: int
) -> None:
    held_out = frozenset({min(shown)})
    side = frozenset(shown) - held_out

    parts = nested_parts(shown, held_out, seed=seed)

    assert len(parts) == len(SHARES)
    assert parts[-1].taught == side
    for one, after in zip(parts, [*parts[1:], parts[-1]], strict=True):
        assert one.taught <= after.taught
        assert one.taught | one.left_out == side
        assert not one.taught & one.left_out
        taught = frozenset[str]().union(*(shown[group] for group in one.taught))
        assert taught == frozenset[str]().union(*(shown[group] for group in side))
    assert parts == nested_parts(shown, held_out, seed=seed)


def test_another_seed_takes_other_groups() -> None:
    first = {nested_parts(SHOWN, frozenset({"a"}), seed=seed)[0].taught for seed in range(20)}

    assert len(first) > 1


def named(group: str, right: int, of: int = 10) -> Named:
    """A recording of which so many windows are right."""
    rows = np.array([[0.9, 0.1]] * right + [[0.1, 0.9]] * (of - right), np.float32)
    return Named(Sample(Path(f"{group}.mp4"), f"{group}.mp4", "run", group), rows)


def curve_of(rights: dict[int, int], *, whole: int) -> Any:
    """The curve where a part of so many groups has so many of ten windows right."""
    folds = [frozenset(GROUPS[:4]), frozenset(GROUPS[4:])]

    def name_held_out(
        held_out: frozenset[str], left_out: frozenset[str], progress: Progress
    ) -> Sequence[Named]:
        progress.advance("training 1 folds", 1, 1)
        taught = len(GROUPS) - len(held_out) - len(left_out)
        return [named(group, rights[taught]) for group in sorted(held_out)]

    full = [named(group, whole) for group in GROUPS]
    return learning_curve(SHOWN, folds, LABELS, full, name_held_out, Silent(), seed=1)


def test_the_points_are_those_of_all_folds_by_the_groups_trained_on() -> None:
    curve = curve_of({1: 4, 2: 6}, whole=8)

    assert [point["groups"] for point in curve["points"]] == [1, 2, 4]
    assert [point["window_accuracy"] for point in curve["points"]] == [0.4, 0.6, 0.8]
    assert [point["clip_accuracy"] for point in curve["points"]] == [0.0, 1.0, 1.0]
    assert curve["gain"] == {
        "per_doubling": 0.2, "standard_error": 0.0, "groups": 8, "verdict": "more",
    }  # fmt: skip
    assert curve_line(curve).startswith("more recordings would help")


def test_a_curve_that_lies_flat_says_that_more_would_hardly_help() -> None:
    curve = curve_of({1: 4, 2: 8}, whole=8)

    assert curve["gain"]["verdict"] == "enough"
    assert "hardly help" in curve_line(curve)


def test_with_one_group_to_learn_from_nothing_can_be_said() -> None:
    shown = {group: SHOWN[group] for group in "ab"}
    folds = [frozenset("a"), frozenset("b")]

    curve = learning_curve(shown, folds, LABELS, [], lambda *_: [], Silent(), seed=1)

    assert curve is None
    assert "too few groups" in curve_line(curve)


@pytest.mark.parametrize(
    ("gain", "error", "verdict"),
    [
        (0.05, 0.01, "more"),
        (0.05, 0.03, "open"),
        (0.001, 0.002, "enough"),
        (-0.05, 0.01, "worse"),
        (0.2, None, "open"),
    ],
)
def test_a_gain_counts_where_it_is_further_from_nothing_than_chance(
    gain: float, error: float | None, verdict: str
) -> None:
    assert verdict_of(gain, error) == verdict


def test_a_training_that_fails_ends_the_others() -> None:
    """The other one waits for its end, and would do so for ever."""
    failed = threading.Event()

    def name_held_out(
        held_out: frozenset[str], left_out: frozenset[str], progress: Progress
    ) -> Sequence[Named]:
        if "a" in held_out:
            failed.set()
            raise ValueError("it fails")
        failed.wait(10)
        while True:
            progress.advance("training 1 folds", 1, 2)

    folds = [frozenset(GROUPS[:4]), frozenset(GROUPS[4:])]
    with pytest.raises(ValueError, match="it fails"):
        learning_curve(SHOWN, folds, LABELS, [], name_held_out, Silent(), seed=1)


class Told(Silent):
    """Remembers what was said."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(line)


@pytest.mark.parametrize("too_few", [1, 2])
def test_what_is_too_little_to_learn_from_costs_its_figure_and_nothing_else(too_few: int) -> None:
    """`--patience` cannot spare a group of one; the networks have been trained by then."""
    folds = [frozenset(GROUPS[:4]), frozenset(GROUPS[4:])]
    progress = Told()

    def name_held_out(
        held_out: frozenset[str], left_out: frozenset[str], progress: Progress
    ) -> Sequence[Named]:
        if len(GROUPS) - len(held_out) - len(left_out) <= too_few:
            raise DataSetError("no group can be spared")
        return [named(group, 6) for group in sorted(held_out)]

    full = [named(group, 8) for group in GROUPS]
    curve = learning_curve(SHOWN, folds, LABELS, full, name_held_out, progress, seed=1)

    if too_few == 1:
        assert [point["groups"] for point in curve["points"]] == [2, 4]
    else:
        assert curve is None
    said = "the learning curve has no figure of 1 group: no group can be spared"
    assert progress.lines.count(said) == 2
