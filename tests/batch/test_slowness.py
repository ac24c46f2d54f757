"""What is said of recordings whose pictures come seldom."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from motionapp.batch.slowness import Slowness
from motionapp.core.frame import Frame
from motionapp.scenes.named import SCENES
from motionapp.sources.synthetic import Sampling, SyntheticSource


def frames_at(*parts: tuple[float, float]) -> Iterator[Frame]:
    """For each part so many seconds at so many pictures per second, all with the same pixels."""
    source = SyntheticSource(SCENES["jack"](), sampling=Sampling(1))
    first, now_s = next(iter(source.frames())), 0.0
    for length_s, rate_hz in parts:
        for _ in range(round(length_s * rate_hz)):
            yield dataclasses.replace(first, pts_s=now_s, duration_s=0.04)
            now_s += 1 / rate_hz


def note_of(*parts: tuple[float, float], naming_step_s: float | None = 0.24) -> str | None:
    slowness = Slowness()
    for frame in frames_at(*parts):
        slowness.step(frame)
    return slowness.note(naming_step_s=naming_step_s)


@pytest.mark.parametrize("rate_hz", [5, 10, 25])
def test_nothing_is_said_of_a_usual_rate(rate_hz: float) -> None:
    assert note_of((20, rate_hz)) is None


def test_a_rate_at_which_nothing_is_named_is_told() -> None:
    said = note_of((60, 3)) or ""

    assert said.endswith("3 pictures per second: below 4.2 per second, movements are found but "
                         "not named")  # fmt: skip


def test_without_a_network_a_rate_costs_no_names() -> None:
    assert note_of((60, 3), naming_step_s=None) is None


def test_a_rate_that_loses_events_is_told_first() -> None:
    assert "0.1 pictures per second: below 1 per second" in (note_of((600, 0.1)) or "")


def test_one_a_second_is_enough_for_events() -> None:
    assert note_of((60, 1), naming_step_s=None) is None


def test_a_camera_that_drops_at_night_is_told_with_its_seconds() -> None:
    said = note_of((60, 25), (40, 3)) or ""

    assert said.startswith("39 of 99 s have 3 pictures per second")


def test_a_stall_is_not_slow() -> None:
    assert note_of((60, 25), (2, 1), (60, 25)) is None
