"""False names become lines of a data set that a training reads, the worst ones first."""

from __future__ import annotations

from pathlib import Path

import pytest

from motionapp.recognition.dataset import read_data_set
from motionapp.recognition.mined import FalseName, Mined, mined_text, worst_of
from motionapp.recognition.stretch import Stretch


def test_the_longest_and_surest_come_first_and_only_so_many() -> None:
    short = FalseName(0.0, 1.0, "walk", 0.9)
    long = FalseName(2.0, 5.0, "wave1", 0.6)
    sure = FalseName(6.0, 9.0, "wave1", 0.8)

    assert worst_of([short, long, sure], most=2) == (sure, long)


def test_bodies_beside_one_another_are_one_stretch() -> None:
    """A line of a data set is a time: two that overlap would be learnt from twice."""
    found = [
        FalseName(4.0, 5.0, "run", 0.9),
        FalseName(1.0, 2.0, "walk", 0.5),
        FalseName(1.5, 4.5, "wave1", 0.7),
    ]

    assert worst_of(found, most=9) == (FalseName(1.0, 5.0, "wave1", 0.7),)


def test_what_follows_at_once_stays_apart() -> None:
    found = [FalseName(1.0, 2.0, "walk", 0.5), FalseName(2.0, 2.5, "run", 0.5)]

    assert worst_of(found, most=9) == tuple(found)


def test_what_is_too_short_to_be_learnt_from_is_left_out() -> None:
    long = FalseName(2.0, 3.0, "walk", 0.5)

    assert worst_of([FalseName(1.0, 1.1, "walk", 0.9), long], most=9, shortest_s=0.16) == (long,)


@pytest.fixture
def mined(tmp_path: Path) -> str:
    """What is written of two recordings; the name of one has a comma in it."""
    for name in ("known.mp4", "sea, left.mp4", "hall.mp4"):
        (tmp_path / name).write_text(name)
    return mined_text(
        [
            Mined("hall.mp4", "hall", FalseName(0.25, 1.0, "walk", 0.512)),
            Mined("sea, left.mp4", "sea, left", FalseName(1.0, 4.0, "run", 0.75)),
        ]
    )


def test_lines_are_those_of_a_data_set_with_what_a_person_wants_to_know(mined: str) -> None:
    assert mined.splitlines() == [
        "path,label,group,start_s,end_s,named,score",
        '"sea, left.mp4",unknown,"sea, left",1.000,4.000,run,0.75',
        "hall.mp4,unknown,hall,0.250,1.000,walk,0.51",
    ]


@pytest.mark.parametrize(
    "first", ["path,label,group,start_s,end_s", "path,label,group,start_s,end_s,named,score"]
)
def test_below_the_lines_of_a_data_set_they_are_learnt_as_unknown(
    mined: str, tmp_path: Path, first: str
) -> None:
    listed = tmp_path / "labels.csv"
    own = f"{first}\nknown.mp4,walk,ann,,2\nknown.mp4,wave,ann,2,\n"
    listed.write_text(own + mined.partition("\n")[2])

    samples = read_data_set(listed, extensions=(".mp4",)).samples

    assert [(one.name, one.label, one.fold_group, one.stretch) for one in samples[2:]] == [
        ("sea, left.mp4", "unknown", "sea, left", Stretch(1, 4)),
        ("hall.mp4", "unknown", "hall", Stretch(0.25, 1)),
    ]
