"""What lasts counts, and what is gone for a while is over."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from motionapp.edge.camera.lasting import Lasting


def test_it_counts_from_when_it_first_held() -> None:
    lasting = Lasting(gone_s=2.0)

    told = [lasting.step(float(t), holds=t >= 3, needed_s=5.0) for t in range(10)]

    assert told == [None] * 8 + [("begins", 3.0), None]


def test_a_pause_while_it_waits_begins_anew() -> None:
    lasting = Lasting(gone_s=2.0)

    told = [lasting.step(float(t), holds=t != 4, needed_s=5.0) for t in range(10)]

    assert told == [None] * 10


def test_a_short_pause_while_it_is_open_does_not_end_it() -> None:
    lasting = Lasting(gone_s=2.0)

    told = [lasting.step(float(t), holds=t not in (4, 7, 8, 9), needed_s=1.0) for t in range(10)]

    assert [each for each in told if each] == [("begins", 0.0), ("ends", 7.0)]


@given(st.lists(st.booleans(), max_size=60), st.integers(1, 6), st.integers(0, 4))
def test_it_is_open_after_so_many_looks_that_hold_until_so_many_do_not(
    looks: list[bool], needed: int, gone: int
) -> None:
    """Against the plainest way to say it: runs of looks, one a second."""
    lasting, is_open, run = Lasting(float(gone)), False, 0
    for second, holds in enumerate(looks):
        told = lasting.step(float(second), holds=holds, needed_s=float(needed))
        run = run + 1 if holds != is_open else 0
        if run > (gone if is_open else needed):
            first = second - run + 1
            assert told == ("ends" if is_open else "begins", float(first))
            is_open, run = not is_open, 0
        else:
            assert told is None
        assert lasting.is_open is is_open
