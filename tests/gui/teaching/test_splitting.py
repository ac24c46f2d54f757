"""What is held out: a take of every movement, or a person, and never all that there is of one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.gui.teaching.needs import need_of
from motionapp.gui.teaching.splitting import (
    HeldOut,
    can_hold_out_people,
    groups_of,
    protocol_of,
)
from motionapp.gui.teaching.takes import NOTHING, Take, TakeSet
from motionapp.recognition.dataset import DataSet, Sample


def a_set(*performed: tuple[str, str]) -> TakeSet:
    """Takes by label and person."""
    takes = tuple(
        Take(f"{number}.mp4", label, person, 2.0)
        for number, (label, person) in enumerate(performed)
    )
    labels = dict.fromkeys(label for label, _ in performed if label != NOTHING)
    return TakeSet(Path("takes"), takes, tuple(labels))


PERFORMED = st.lists(
    st.tuples(
        st.sampled_from(["wave", "clap", "box", NOTHING]),
        st.sampled_from(["", "eva", "ira", "udo", "ada", "max", "leo", "ina"]),
    ),
    max_size=40,
)


@pytest.mark.parametrize("held_out", ["take", "person"])
@given(performed=PERFORMED)
def test_no_split_takes_all_of_a_movement(
    held_out: HeldOut, performed: list[tuple[str, str]]
) -> None:
    """Whatever groups a fold may be dealt."""
    takes = a_set(*performed)
    if need_of(takes, held_out).is_in_the_way:
        return
    groups = groups_of(takes, held_out)
    folds = int(protocol_of(takes, held_out).removeprefix("kfold:"))
    count = len(set(groups.values()))
    assert 2 <= folds <= count
    largest = -(-count // folds)
    for label in takes.labels:
        assert len({groups[one.file] for one in takes.of(label)}) > largest or folds == count
        assert len({groups[one.file] for one in takes.of(label)}) >= 2


def test_a_group_of_takes_shows_every_movement() -> None:
    takes = a_set(*[(label, "") for label in ("wave", "clap", NOTHING) for _ in range(5)])
    groups = groups_of(takes, "take")

    shown = {
        group: {one.label for one in takes.takes if groups[one.file] == group}
        for group in set(groups.values())
    }

    assert len(shown) == 5
    assert all(labels == {"wave", "clap", NOTHING} for labels in shown.values())
    assert protocol_of(takes, "take") == "kfold:3"


def test_the_splits_of_train_can_be_made_of_it() -> None:
    """By the very code that makes them, where a movement has fewer takes than another."""
    protocols = pytest.importorskip("motionapp.training.protocols")
    takes = a_set(*[("wave", "")] * 9, *[("clap", "")] * 2)
    groups = groups_of(takes, "take")
    data = DataSet(
        Path("labels.csv"),
        tuple(Sample(Path(one.file), one.file, one.label, groups[one.file]) for one in takes.takes),
    )
    protocol = protocols.parse_protocol(protocol_of(takes, "take"), protocols.TRAINING_KINDS)

    for seed in range(20):
        assert len(protocols.held_out(data, protocol, seed=seed)) == 2


def test_people_can_be_held_out_once_two_do_every_movement() -> None:
    two = [("wave", "eva"), ("wave", "ira"), ("clap", "eva")]

    assert not can_hold_out_people(a_set(*two))
    assert need_of(a_set(*two, ("clap", "eva")), "person").kind == "person"
    assert can_hold_out_people(a_set(*two, ("clap", "ira")))
    groups = groups_of(a_set(("wave", ""), ("clap", ""), ("wave", "eva")), "person")
    assert groups["0.mp4"] == groups["1.mp4"] != groups["2.mp4"]
