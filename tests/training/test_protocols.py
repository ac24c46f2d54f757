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


def shown(**groups: str) -> DataSet:
    """A data set of these labels, each by the people of some letters."""
    samples = tuple(
        Sample(Path(f"{label}{group}.mp4"), f"{label}{group}.mp4", label, group)
        for label, people in groups.items()
        for group in people
    )
    return DataSet(Path("set.csv"), samples)


@pytest.mark.parametrize(
    "protocol",
    [Protocol("logo"), Protocol("kfold", folds=2), Protocol("kfold", folds=4)],
)
def test_a_label_of_one_group_cannot_be_held_out(protocol: Protocol) -> None:
    with pytest.raises(DataSetError, match=r"all recordings of hop .* are of one group, b, and"):
        held_out(shown(walk="abcd", hop="b", run="abcd"), protocol, seed=1)


def refused(data: DataSet, protocol: Protocol, seed: int) -> str:
    """Why a split is refused; empty where it is not."""
    try:
        held_out(data, protocol, seed=seed)
    except DataSetError as error:
        return str(error)
    return ""


def test_a_holdout_is_refused_only_where_it_takes_the_label_s_only_group() -> None:
    data, protocol = shown(walk="abcd", hop="b"), Protocol("holdout", share=0.25)
    without_hop = shown(walk="abcd", run="abcd")

    for seed in range(20):
        (part,) = held_out(without_hop, protocol, seed=seed)
        assert bool(refused(data, protocol, seed)) == ("b" in part)


def test_all_groups_of_a_label_in_one_fold_are_refused_as_well() -> None:
    data, protocol = shown(walk="abcdef", hop="ab"), Protocol("holdout", share=0.67)

    reasons = {refused(data, protocol, seed) for seed in range(12)}

    assert len(reasons) == 2
    assert "holds out all 2 groups that show hop in the data set set.csv at once" in max(reasons)


def test_what_has_no_name_may_be_of_one_group() -> None:
    """It is learnt as nothing, and never measured."""
    data = shown(walk="abc", run="abc", unknown="b")

    assert len(held_out(data, Protocol("logo"), seed=1)) == 3
    assert held_out(shown(walk="abc", hop="b"), Protocol("none"), seed=1) == ()
