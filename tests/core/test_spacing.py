"""How far apart pictures come, and how long is waited for the next one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.spacing import LONGEST_S, MARGIN, Spacing, stretched


def learned(*apart_s: float) -> float:
    spacing = Spacing()
    for each in apart_s:
        spacing.note(each)
    return spacing.usual_s


def test_one_distance_says_nothing_and_two_the_smaller() -> None:
    assert learned() == learned(10.0) == 0.0
    assert learned(10.0, 9.0) == 9.0


def test_a_single_outage_is_not_learned_and_what_is_seldom_is() -> None:
    assert learned(0.1, 0.1, 20.0, 0.1, 0.1) == pytest.approx(0.1)
    assert learned(10.0, 0.2, 10.0, 0.2, 10.0) == 10.0  # two at a time
    assert learned(*[10.0] * 5, *[0.1] * 5) == pytest.approx(0.1)


@given(st.floats(0.1, 60), st.floats(0, 1e6))
def test_a_deadline_only_grows_and_is_bounded(deadline_s: float, usual_s: float) -> None:
    found = stretched(deadline_s, usual_s)

    assert deadline_s <= found <= max(deadline_s, LONGEST_S)
    assert found >= min(LONGEST_S, MARGIN * usual_s)
