"""Which pictures are looked at: by time alone, whatever the frame rate and wherever a run began."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.looks import MOST_HZ, Beat, Looks


def looked_at(rate_hz: float, *, is_resting: bool, seconds: float = 4.0, from_k: int = 0) -> list:
    looks = Looks(0.08)
    return [
        k
        for k in range(from_k, round(seconds * rate_hz))
        if looks.step(k / rate_hz, 1 / rate_hz, is_resting=is_resting)
    ]


@pytest.mark.parametrize("rate_hz", [12.5, 25, 50, 100])
def test_at_rest_one_picture_a_lag_is_looked_at(rate_hz: float) -> None:
    assert len(looked_at(rate_hz, is_resting=True)) == 50


@pytest.mark.parametrize("rate_hz", [1, 5, 10, 12.5, 25, 29.97, 30])
def test_while_something_moves_every_picture_is(rate_hz: float) -> None:
    assert len(looked_at(rate_hz, is_resting=False)) == round(4 * rate_hz)


@pytest.mark.parametrize("rate_hz", [50, 59.94, 60, 100, 240])
def test_above_thirty_a_second_no_more_than_thirty_are(rate_hz: float) -> None:
    assert len(looked_at(rate_hz, is_resting=False)) <= 4 * MOST_HZ


@given(st.sampled_from([10.0, 24.0, 25.0, 29.97, 30.0, 50.0, 59.94, 120.0]), st.integers(0, 300))
def test_what_is_looked_at_does_not_hang_on_where_a_run_began(rate_hz: float, from_k: int) -> None:
    for is_resting in (False, True):
        whole = looked_at(rate_hz, is_resting=is_resting, seconds=8.0)
        part = looked_at(rate_hz, is_resting=is_resting, seconds=8.0, from_k=from_k)

        assert [k for k in whole if k > from_k] == [k for k in part if k > from_k]


@given(st.sampled_from([24.0, 25.0, 30.0, 48.0, 50.0, 60.0, 144.0]))
def test_what_is_learnt_from_at_rest_is_looked_at_when_awake_too(rate_hz: float) -> None:
    resting = set(looked_at(rate_hz, is_resting=True))

    assert resting <= set(looked_at(rate_hz, is_resting=False))


def test_after_a_hole_the_next_picture_is_on_the_beat() -> None:
    beat = Beat(0.08)

    assert [beat.step(pts_s) for pts_s in (0.0, 0.04, 0.08, 0.12, 7.02)] == [
        True, False, True, False, True,
    ]  # fmt: skip
