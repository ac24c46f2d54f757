"""False names become lines of a data set that a training reads, the worst ones first."""

from __future__ import annotations

from pathlib import Path

import pytest

from motionapp.core.errors import DataSetError
from motionapp.core.geometry import Box
from motionapp.recognition.dataset import read_data_set
from motionapp.recognition.mined import FalseName, Mined, mined_text, worst_of
from motionapp.recognition.stretch import Stretch

LEFT, MIDDLE, RIGHT = Box(0, 0, 80, 80), Box(20, 0, 100, 80), Box(40, 0, 120, 80)
"""The outer two have a third in common, each three fifths with the middle one."""


def test_the_longest_and_surest_come_first_and_only_so_many() -> None:
    short = FalseName(0.0, 1.0, "walk", 0.9, LEFT)
    long = FalseName(2.0, 5.0, "wave1", 0.6, LEFT)
    sure = FalseName(6.0, 9.0, "wave1", 0.8, LEFT)

    assert worst_of([short, long, sure], most=2) == (sure, long)


def test_those_in_one_place_at_one_time_are_one() -> None:
    """They may be of one body, whose windows would be learnt from twice."""
    found = [
        FalseName(4.0, 5.0, "run", 0.9, RIGHT),
        FalseName(1.0, 2.0, "walk", 0.5, LEFT),
        FalseName(1.5, 4.5, "wave1", 0.7, MIDDLE),
    ]

    assert worst_of(found, most=9) == (FalseName(1.0, 5.0, "wave1", 0.7, Box(0, 0, 120, 80)),)


def test_bodies_beside_one_another_stay_apart() -> None:
    """Boxes are round all the way that somebody went, so that those of different people touch."""
    left = FalseName(1.0, 4.0, "walk", 0.5, LEFT)
    right = FalseName(1.5, 4.5, "wave1", 0.7, RIGHT)

    assert worst_of([left, right], most=9) == (right, left)


def test_one_that_meets_two_joins_them() -> None:
    found = [
        FalseName(1.0, 4.0, "walk", 0.5, LEFT),
        FalseName(1.5, 3.0, "run", 0.5, RIGHT),
        FalseName(2.0, 2.5, "wave1", 0.9, MIDDLE),
    ]

    assert worst_of(found, most=9) == (FalseName(1.0, 4.0, "walk", 0.5, Box(0, 0, 120, 80)),)


def test_a_long_recording_s_names_are_compared_with_those_of_their_time_alone() -> None:
    found = [FalseName(2.0 * k, 2.0 * k + 3, "walk", 0.5, (LEFT, RIGHT)[k % 2]) for k in range(500)]
    compared = 0

    class Counted(FalseName):
        def meets(self, other: FalseName) -> bool:
            nonlocal compared
            compared += 1
            return super().meets(other)

    counted = [Counted(one.start_s, one.end_s, one.named, one.score, one.box) for one in found]

    assert len(worst_of(counted, most=9999)) == 500
    assert compared < 1500


def test_what_follows_at_once_stays_apart() -> None:
    found = [FalseName(1.0, 2.0, "walk", 0.5, LEFT), FalseName(2.0, 2.5, "run", 0.5, LEFT)]

    assert worst_of(found, most=9) == tuple(found)


def test_what_is_too_short_to_be_learnt_from_is_left_out() -> None:
    long = FalseName(2.0, 3.0, "walk", 0.5, LEFT)
    short = FalseName(1.0, 1.1, "walk", 0.9, LEFT)

    assert worst_of([short, long], most=9, shortest_s=0.16) == (long,)


@pytest.fixture
def mined(tmp_path: Path) -> str:
    """What is written of two recordings; the name of one has a comma in it."""
    for name in ("known.mp4", "sea, left.mp4", "hall.mp4"):
        (tmp_path / name).write_text(name)
    return mined_text(
        [
            Mined("hall.mp4", "hall", FalseName(0.25, 1.0, "walk", 0.512, LEFT)),
            Mined("sea, left.mp4", "sea, left", FalseName(1.0, 4.0, "run", 0.75, RIGHT)),
        ]
    )


def test_lines_are_those_of_a_data_set_with_what_a_person_wants_to_know(mined: str) -> None:
    assert mined.splitlines() == [
        "path,label,group,start_s,end_s,x0,y0,x1,y1,named,score",
        '"sea, left.mp4",unknown,"sea, left",1.000,4.000,40,0,120,80,run,0.75',
        "hall.mp4,unknown,hall,0.250,1.000,0,0,80,80,walk,0.51",
    ]


BOXED = "path,label,group,start_s,end_s,x0,y0,x1,y1"


@pytest.mark.parametrize("first", [BOXED, f"{BOXED},named,score"])
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
    assert [one.box for one in samples] == [None, None, RIGHT, LEFT]


@pytest.mark.parametrize(
    "first",
    [
        "path,label,group",
        "path,label,group,start_s,end_s",
        "path,label,group,start_s,end_s,named,score",
    ],
)
def test_below_a_line_that_names_no_box_they_are_refused(
    mined: str, tmp_path: Path, first: str
) -> None:
    """The box would be passed over, and who is largest be learnt in its place."""
    listed = tmp_path / "labels.csv"
    listed.write_text(f"{first}\nknown.mp4,walk,ann\n{mined.partition(chr(10))[2]}")

    with pytest.raises(DataSetError, match=f"line 3 has more values .* let that be {BOXED}, or"):
        read_data_set(listed, extensions=(".mp4",), fewest_labels=0)


def test_lines_that_were_mined_before_there_were_boxes_are_read(mined: str, tmp_path: Path) -> None:
    listed = tmp_path / "labels.csv"
    listed.write_text("path,label,group,start_s,end_s\nhall.mp4,unknown,hall,0.25,1,walk,0.5\n")

    (sample,) = read_data_set(listed, extensions=(".mp4",), fewest_labels=0).samples

    assert (sample.stretch, sample.box) == (Stretch(0.25, 1), None)
