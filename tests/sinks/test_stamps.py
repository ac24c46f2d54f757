"""From seconds of the time line to a recording's own stamps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from motionapp.sinks.stamps import MOST_STRETCHES, StampLedger
from motionapp.testing import frame_at

ONE, TWO = Path("one.mp4"), Path("two.mp4")


def ledger(stamps: Iterable[tuple[float, float]], border_s: float = 1e9) -> StampLedger:
    """Of frames with a stamp in seconds and a time."""
    made = StampLedger(lambda pts_s: ONE if pts_s < border_s else TWO)
    for stamp_s, pts_s in stamps:
        made.step(replace(frame_at(0), pts=round(stamp_s * 1000), pts_s=pts_s))
    return made


@given(st.floats(-1e5, 1e5), st.integers(2, 50))
def test_a_recording_that_begins_anywhere_is_one_piece(begin_s: float, count: int) -> None:
    begin_s = round(begin_s, 3)
    made = ledger((begin_s + 0.04 * n, 0.04 * n) for n in range(count))

    (piece,) = made.pieces(0.02, 0.5)

    assert (piece.path, piece.from_s, piece.to_s) == (ONE, 0.02, 0.5)
    assert abs(piece.zero_s - begin_s) < 0.001


def test_a_gap_is_no_border() -> None:
    made = ledger([(5.0, 0.0), (5.04, 0.04), (905.0, 900.0)])

    assert len(made.pieces(0, 1000)) == 1


def test_each_joined_file_has_its_own_stamps() -> None:
    made = ledger([(5.0, 0.0), (6.0, 1.0), (0.0, 2.0), (1.0, 3.0)], border_s=2.0)

    before, after = made.pieces(1.5, 2.5)

    assert (before.path, before.from_s, before.to_s, before.zero_s) == (ONE, 1.5, 2.0, 5.0)
    assert (after.path, after.from_s, after.to_s, after.zero_s) == (TWO, 2.0, 2.5, -2.0)
    assert not made.jumps_back


def test_stamps_that_begin_again_in_a_file_are_ambiguous() -> None:
    made = ledger([(0.0, 0.0), (1.0, 1.0), (0.0, 2.0), (1.0, 3.0)])

    assert made.jumps_back
    assert made.pieces(2.5, 3.0) == ()


def test_what_lies_in_no_file_has_no_pieces() -> None:
    made = StampLedger(lambda pts_s: None)
    made.step(frame_at(0))

    assert made.pieces(0, 1) == ()


def test_stamps_that_jump_for_ever_take_no_more_memory() -> None:
    made = StampLedger(lambda pts_s: ONE)
    frame = frame_at(0)

    for number in range(MOST_STRETCHES + 10):
        made.step(replace(frame, pts=0, pts_s=float(number)))

    assert made.jumps_back
    assert len(made._stretches) == MOST_STRETCHES
