"""Meters: rates, means and percentiles of the last seconds only."""

from __future__ import annotations

import pytest

from motionapp.runtime import Meter
from motionapp.runtime.metrics import MOST_OBSERVATIONS, StageMeters
from motionapp.testing import HandClock


def test_a_steady_rate_is_shown_from_the_first_second_on() -> None:
    clock = HandClock()
    meter = Meter(clock)

    for _ in range(30):
        clock.turn(1 / 30)
        meter.observe()
    after_1_s = meter.rate_hz()
    for _ in range(120):
        clock.turn(1 / 30)
        meter.observe()

    assert after_1_s == pytest.approx(30, rel=0.05)
    assert meter.rate_hz() == pytest.approx(30, rel=0.05)
    assert meter.count == 150


def test_a_rate_falls_to_nothing_when_nothing_comes() -> None:
    clock = HandClock()
    meter = Meter(clock, window_s=2.0)
    meter.observe()

    clock.turn(2.5)

    assert meter.rate_hz() == 0.0
    assert meter.mean() is None
    assert meter.percentile(0.95) is None


def test_a_flood_keeps_memory_and_the_rate_right() -> None:
    clock = HandClock()
    meter = Meter(clock)

    for _ in range(5 * MOST_OBSERVATIONS):
        clock.turn(0.0001)
        meter.observe()

    assert meter.rate_hz() == pytest.approx(10_000, rel=0.05)


def test_mean_and_percentile_are_those_of_the_window() -> None:
    clock = HandClock()
    meter = Meter(clock, window_s=1.0)
    meter.observe(1000.0)
    clock.turn(2.0)

    for value in range(100):
        meter.observe(float(value))

    assert meter.mean() == pytest.approx(49.5)
    assert meter.percentile(0.95) == 95.0


def test_running_totals_become_milliseconds_per_frame() -> None:
    stages = StageMeters(HandClock())

    stages.observe_totals({"gate": 0.002})
    stages.observe_totals({"gate": 0.006, "events": 0.001})

    assert stages.mean_ms() == {"gate": pytest.approx(3.0), "events": pytest.approx(1.0)}
