"""Splits go by groups, and what cannot be split is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.errors import DataSetError, SettingsError
from motionapp.recognition.dataset import DataSet, Sample
from motionapp.training.protocols import (
    EVALUATION_KINDS,
    TRAINING_KINDS,
    Protocol,
    held_out,
    parse_protocol,
)


def data(groups: int, *, has_groups: bool = True) -> DataSet:
    samples = tuple(
        Sample(Path(f"{label}{group}.mp4"), f"{label}{group}.mp4", label, f"p{group:02}")
        for group in range(groups)
        for label in ("run", "walk")
    )
    return DataSet(Path("set.csv"), samples, has_groups)


@pytest.mark.parametrize(
    ("text", "protocol"),
    [
        ("logo", Protocol("logo")),
        ("none", Protocol("none")),
        ("kfold:5", Protocol("kfold", folds=5)),
        ("holdout:0.2", Protocol("holdout", share=0.2)),
    ],
)
def test_protocols_are_read_and_written_alike(text: str, protocol: Protocol) -> None:
    assert parse_protocol(text, TRAINING_KINDS) == protocol
    assert str(protocol) == text


@pytest.mark.parametrize(
    "text",
    ["", "all", "kfold", "kfold:1", "kfold:x", "holdout:0", "holdout:1", "holdout", "logo:3"],
)
def test_what_is_no_protocol_of_training_is_refused_with_the_choices(text: str) -> None:
    with pytest.raises(SettingsError, match="choose from logo, kfold:K, holdout:F, none"):
        parse_protocol(text, TRAINING_KINDS)


@pytest.mark.parametrize("text", ["holdout:0.5", "none"])
def test_evaluation_knows_fewer_protocols(text: str) -> None:
    assert parse_protocol("all", EVALUATION_KINDS) == Protocol("all")
    with pytest.raises(SettingsError, match="choose from all, logo, kfold:K"):
        parse_protocol(text, EVALUATION_KINDS)


def test_leave_one_group_out_holds_out_each_group_once() -> None:
    folds = held_out(data(3), Protocol("logo"), seed=1)

    assert folds == (frozenset({"p00"}), frozenset({"p01"}), frozenset({"p02"}))


@given(st.integers(2, 12), st.integers(2, 12), st.integers(0, 5))
def test_folds_hold_out_every_group_exactly_once(groups: int, folds: int, seed: int) -> None:
    if folds > groups:
        with pytest.raises(DataSetError, match="needs at least"):
            held_out(data(groups), Protocol("kfold", folds=folds), seed=seed)
        return

    parts = held_out(data(groups), Protocol("kfold", folds=folds), seed=seed)

    assert len(parts) == folds
    assert sorted(group for part in parts for group in part) == list(data(groups).fold_groups)


@given(st.integers(2, 12), st.floats(0.01, 0.99), st.integers(0, 5))
def test_a_holdout_leaves_something_on_either_side(groups: int, share: float, seed: int) -> None:
    (part,) = held_out(data(groups), Protocol("holdout", share=share), seed=seed)

    assert 1 <= len(part) <= groups - 1
    assert abs(len(part) - share * groups) <= 1


def test_the_seed_decides_which_groups_go_together() -> None:
    protocol = Protocol("kfold", folds=3)

    assert held_out(data(9), protocol, seed=1) == held_out(data(9), protocol, seed=1)
    assert held_out(data(9), protocol, seed=1) != held_out(data(9), protocol, seed=2)


def test_nothing_is_held_out_where_nothing_is_asked_for() -> None:
    assert held_out(data(1), Protocol("none"), seed=1) == ()


def test_leave_one_out_without_groups_is_refused_by_name() -> None:
    with pytest.raises(
        DataSetError, match=r"--protocol logo needs groups, and set\.csv names none"
    ):
        held_out(data(4, has_groups=False), Protocol("logo"), seed=1)


def test_a_single_group_cannot_be_split() -> None:
    with pytest.raises(DataSetError, match="one group only"):
        held_out(data(1), Protocol("logo"), seed=1)
