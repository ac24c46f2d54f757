"""What a candidate needs follows from what was measured, by rules that the page states."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.training.comparison.choose import LIVE_LOAD
from motionapp.training.comparison.hardware import BOX_SLOWER, Live, length, to_run, to_train

LIVES = st.builds(
    Live,
    picture_ms=st.floats(0.01, 200.0),
    clip_ms=st.floats(0.01, 200.0),
    rate_hz=st.floats(5.0, 60.0),
    cadence_s=st.floats(0.04, 1.0),
)


def test_a_name_costs_a_call_and_the_pictures_since_the_last_one() -> None:
    live = Live(picture_ms=2.0, clip_ms=3.0, rate_hz=25.0, cadence_s=0.16)

    assert live.cost_ms == pytest.approx(3.0 + 4 * 2.0)
    assert live.load == pytest.approx(0.011 / 0.16)


@given(LIVES)
def test_at_the_fastest_rate_a_core_takes_just_what_it_may(live: Live) -> None:
    rate_hz = live.fastest_hz()

    if rate_hz:
        at_it = Live(live.picture_ms, live.clip_ms, rate_hz, live.cadence_s)
        assert at_it.load == pytest.approx(LIVE_LOAD)


@given(LIVES)
def test_a_slower_core_keeps_up_with_no_more_pictures(live: Live) -> None:
    assert live.fastest_hz(BOX_SLOWER) <= live.fastest_hz()


@given(LIVES)
def test_who_runs_on_a_box_is_said_to_and_who_does_not_is_not(live: Live) -> None:
    said = to_run(live)

    assert said.startswith("a Raspberry-class box") == (live.load * BOX_SLOWER <= LIVE_LOAD)
    assert said.startswith("faster cores") == (live.load > LIVE_LOAD and not said.startswith("a R"))


def test_needs_are_told_in_words() -> None:
    quick = Live(0.5, 0.5, 25.0, 0.16)
    slow = Live(30.0, 5.0, 25.0, 0.16)

    assert to_run(quick) == (
        "a Raspberry-class box: about 12 % of one of its cores at 25 pictures a second"
    )
    assert to_run(slow) == (
        "faster cores than this machine's, of which it takes 0.8 at 25 pictures a second; "
        "this machine keeps up with 16 a second"
    )
    assert to_train(240.0, 3 * 2**29) == (
        "training one network: 4 min of one core, 1.5 GB of memory"
    )
    assert to_train(2.0, None) == "training one network: 2.0 s of one core"


@pytest.mark.parametrize(
    ("seconds", "said"), [(2.04, "2.0 s"), (99, "99 s"), (120, "2 min"), (7200, "2.0 h")]
)
def test_lengths_are_said_in_the_unit_that_fits(seconds: float, said: str) -> None:
    assert length(seconds) == said
