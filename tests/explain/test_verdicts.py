"""The gates in figures and words: one stops, all before it have passed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motionapp.core.motion import Reasons
from motionapp.core.standing import Rule, Standing
from motionapp.explain.gates import GATES, Body, Evidence, rank
from motionapp.explain.verdicts import percent, rounded_down, rounded_up, verdicts
from motionapp.settings import AnalysisSettings

VALUES = AnalysisSettings.model_validate({"events": {"travel": 0.1}})


def gone(share: float, rule: Rule = "travel") -> Standing:
    """A body that has gone so far, where `rule` asks it to."""
    needed = VALUES.events.travel if rule == "travel" else 0.2
    return Standing(share >= needed, 0.0, rule, share, needed)


QUIET = Reasons(threshold=9.0, strongest=4.0)
MOVING = Evidence(
    pts_s=1.0, frontend="absdiff", reasons=replace(QUIET, strongest=60.0), area=0.01,
    body=Body(1.0, True, gone(0.5)),
)  # fmt: skip


def left_out(**figures: float | str) -> Evidence:
    """Nothing counted, for the reasons given."""
    return Evidence(1.0, "absdiff", Reasons(**{"threshold": 9.0, "strongest": 60.0, **figures}))  # type: ignore[arg-type]  # names checked by the dataclass


shares = st.floats(0, 1)
levels = st.floats(0, 255)
evidence = st.builds(
    Evidence,
    pts_s=st.just(1.0),
    frontend=st.sampled_from(["absdiff", "flow", "pose", "background"]),
    reasons=st.builds(
        Reasons,
        threshold=st.floats(0.5, 128),
        strongest=levels,
        share=shares,
        light_share=shares,
        light_gain=st.floats(0.2, 5),
        light_offset=st.floats(-255, 255),
        rejected_area=shares,
        outside=shares,
        declined=st.sampled_from(["", "priming", "damaged", "light", "stirring", "clock", "zone"]),
    ),
    area=st.just(0.0) | shares,
    body=st.none() | st.builds(Body, st.floats(0, 100), st.booleans(), shares.map(gone)),
)


@settings(max_examples=60)
@given(evidence)
def test_every_gate_before_the_one_that_stops_has_passed(evidence: Evidence) -> None:
    stop, nearness = rank(evidence, VALUES)
    said = verdicts(evidence, VALUES)

    assert 0 <= nearness <= 1
    assert [verdict.gate for verdict in said] == list(GATES[: min(stop + 1, 6)])
    assert [verdict.passed for verdict in said] == [True] * stop + [False] * (stop < 6)
    for verdict in said:
        assert verdict.sentence.endswith(".")
        assert (verdict.setting is None) or not verdict.passed


@pytest.mark.parametrize(
    ("evidence", "gate", "setting", "needed"),
    [
        (left_out(strongest=6.0), "noise", "absdiff.sensitivity", 1.5),
        (left_out(strongest=12.0), "noise", "absdiff.sensitivity", 1.2),
        (left_out(strongest=0.0), "noise", "absdiff.sensitivity", 1.2),
        (left_out(strongest=6.0, light_gain=1.3), "light", "absdiff.sensitivity", 1.5),
        (left_out(share=0.62, light_share=0.35), "light", "absdiff.light_share", 0.62),
        (left_out(declined="light"), "light", None, None),
        (left_out(rejected_area=0.000347), "area", "absdiff.min_area", 0.00034),
        (left_out(declined="stirring", share=0.03), "area", "absdiff.ignore_stirring", False),
        (left_out(declined="zone", outside=0.02), "zone", "zones", None),
        (left_out(declined="zone", outside=1e-4, strongest=4.5), "noise", "absdiff.sensitivity", 2),
        (left_out(declined="clock", outside=0.0001), "zone", "absdiff.ignore_clocks", False),
        (replace(MOVING, body=Body(1.0, True, gone(0.047))), "travel", "events.travel", 0.047),
        (replace(MOVING, body=Body(0.2, True, gone(0.5))), "persistence", "events.persist_s", 0.19),
        (replace(MOVING, body=Body(0.15, False, gone(0.5))),
         "persistence", "tracking.confirm_s", 0.14),
        (replace(MOVING, body=None), "travel", "events.travel", 0.0),
        (replace(MOVING, body=Body(1.0, True, gone(0.15, "displacement"))), "travel",
         "absdiff.ignore_stirring", False),
    ],
)  # fmt: skip
def test_the_gate_that_stops_names_the_setting_and_the_value_that_it_needs(
    evidence: Evidence, gate: str, setting: str | None, needed: float | None
) -> None:
    stop = verdicts(evidence, VALUES)[-1]

    assert (stop.gate, stop.passed) == (gate, False)
    assert stop.setting == (None if setting is None else f"analysis.{setting}")
    assert stop.needed == needed


def test_what_passes_every_gate_is_stopped_by_none() -> None:
    assert all(verdict.passed for verdict in verdicts(MOVING, VALUES))


def test_the_setting_is_that_of_the_front_end_that_looked() -> None:
    slow = Evidence(1.0, "flow", Reasons(threshold=10.0, strongest=8.0))

    (stop,) = verdicts(slow, VALUES)

    assert (stop.setting, stop.unit) == ("analysis.flow.sensitivity", "px/s")
    assert "8.0 px/s" in stop.sentence


def test_nearer_to_an_event_ranks_higher() -> None:
    order = [
        left_out(strongest=3.0),
        left_out(strongest=8.0),
        left_out(rejected_area=0.0001),
        left_out(rejected_area=0.0003),
        replace(MOVING, body=Body(1.0, True, gone(0.01))),
        replace(MOVING, body=Body(0.18, False, gone(0.5))),
        replace(MOVING, body=Body(0.1, True, gone(0.5))),
        MOVING,
    ]

    ranks = [rank(evidence, VALUES) for evidence in order]

    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)


@given(st.floats(1e-6, 1e6))
def test_values_are_rounded_to_two_digits_on_the_safe_side(value: float) -> None:
    up, down = rounded_up(value), rounded_down(value)

    assert down <= value * (1 + 1e-6)
    assert up >= value * (1 - 1e-6)
    assert up <= value * 1.11
    assert down >= value * 0.9
    assert float(f"{up:.2g}") == pytest.approx(up)


def test_nothing_is_rounded_down_to_nothing() -> None:
    assert rounded_down(0.0) == 0.0


@pytest.mark.parametrize(
    ("share", "text"), [(0.0004, "0.04 %"), (0.25, "25 %"), (1.0, "100 %"), (0.0, "0 %")]
)
def test_small_shares_stay_readable(share: float, text: str) -> None:
    assert percent(share) == text
