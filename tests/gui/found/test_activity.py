"""The curve of what moves: nothing that moved is lost from it, however long the recording."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.gui.found.activity import FINEST_S, MOST_BINS, UNSEEN, Activity

LOOKS = st.lists(st.tuples(st.floats(0, 20_000), st.floats(0, 1, width=32)), max_size=40)


@given(looks=LOOKS, from_s=st.floats(0, 20_000), length_s=st.floats(0.01, 30_000),
       count=st.integers(1, 300))  # fmt: skip
def test_every_motion_stands_in_the_part_that_it_is_in(
    looks: list[tuple[float, float]], from_s: float, length_s: float, count: int
) -> None:
    activity = Activity()
    for pts_s, strength in looks:
        activity.note(pts_s, strength)

    curve = activity.curve(from_s, from_s + length_s, count)

    assert curve.shape == (count,)
    for pts_s, strength in looks:
        part = int((pts_s - from_s) / length_s * count)
        if 0 <= part < count and pts_s >= from_s:
            assert curve[part] >= np.float32(strength)
    if not looks:
        assert (curve == UNSEEN).all()


def test_what_nobody_has_looked_at_is_told_from_what_stood_still() -> None:
    activity = Activity()
    activity.note(1.0, 0.0)

    curve = activity.curve(0.0, 2.0, 4)

    assert curve.tolist() == [UNSEEN, UNSEEN, 0.0, UNSEEN]


def test_a_long_recording_is_kept_coarser_and_no_larger() -> None:
    activity = Activity()
    activity.note(10.0, 0.5)

    activity.note(100 * MOST_BINS * FINEST_S, 0.25)

    assert activity.bin_s > 60 * FINEST_S
    assert activity.curve(0.0, 20.0, 1)[0] == pytest.approx(0.5)
    activity.clear()
    assert activity.bin_s == FINEST_S
