"""Running from a rest gives what running from the start gives: what lets a scan begin anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from motionapp.analysis import Analysis
from motionapp.core.event import Event
from motionapp.core.frame import Frame
from motionapp.gate import make_gate
from motionapp.scenes.people.body import Body
from motionapp.scenes.people.performance import Performance
from motionapp.scenes.scene import Cue, Figure, Scene
from motionapp.settings import AnalysisSettings
from motionapp.settings.zones import roi_zone
from motionapp.sources.file import FileSource
from motionapp.sources.synthetic import SyntheticSource

SETTINGS = AnalysisSettings()
REST_S = 4.0
"""More than any stage behind the gate remembers; the last test holds them to it."""


def scene() -> Scene:
    """Two movements, with stillness between them for longer than a gate may look back."""
    cues = (Cue(Performance("wave1"), 1.5, 3.5), Cue(Performance("jack"), 20.5, 22.0))
    figure = Figure(Body(), (80.0, 106.0), 40.0, cues)
    return Scene("two movements", (160, 120), 27.0, 9_300_001, figures=(figure,))


@cache
def frames() -> tuple[Frame, ...]:
    return tuple(SyntheticSource(scene(), rate_hz=20).frames())


@dataclass(frozen=True)
class Walked:
    """What one run gave: its events and the moments at which it came to rest, all in seconds."""

    events: tuple[Event, ...]
    rests_s: tuple[float, ...]


def walk(some: Sequence[Frame], settings: AnalysisSettings = SETTINGS) -> Walked:
    analysis = Analysis(settings)
    events: list[Event] = []
    rests_s: list[float] = []
    moved_s = some[0].pts_s - REST_S
    for frame in some:
        moment = analysis.step(frame)
        events += moment.closed
        if moment.motion is not None and moment.motion.moved:
            moved_s = frame.pts_s
        elif frame.pts_s - moved_s > REST_S:
            rests_s.append(frame.pts_s)
    events += analysis.finish().closed
    return Walked(tuple(events), tuple(rests_s))


@cache
def whole() -> Walked:
    return walk(frames())


def lead_in_s() -> float:
    return make_gate(SETTINGS).start(frames()[0].epoch).lead_in_s


def owned(walked: Walked, border_s: float) -> tuple[Event, ...]:
    """The events from the first rest at or after the border."""
    first = next((rest_s for rest_s in walked.rests_s if rest_s >= border_s), float("inf"))
    return tuple(event for event in walked.events if event.start_s >= first)


def from_border(border_s: float) -> tuple[Frame, ...]:
    start_s = border_s - lead_in_s() - REST_S
    return tuple(frame for frame in frames() if frame.pts_s >= start_s - 0.0005)


@settings(max_examples=8)
@given(st.floats(0.0, 26.9))
@example(16.2)
@example(20.4)
def test_running_from_any_border_gives_what_running_from_the_start_gives(border_s: float) -> None:
    part = walk(from_border(border_s))

    assert owned(part, border_s) == owned(whole(), border_s)


def test_a_part_that_starts_late_still_owns_the_second_movement() -> None:
    border_s = 18.5

    part = walk(from_border(border_s))

    assert from_border(border_s)[0].pts_s > 3.5
    assert [round(event.start_s) for event in owned(part, border_s)] == [21]
    assert len(whole().events) == 2


@pytest.mark.real
@pytest.mark.parametrize("border_s", [14.1, 14.4])
def test_a_real_recording_from_a_border_gives_the_same_events(
    shared_data: Path, border_s: float
) -> None:
    """A stretch of road that rests for ten seconds."""
    road = SETTINGS.model_copy(update={"zones": (roi_zone("631,532,210,127"),)})
    recording = FileSource(shared_data / "events" / "traffic_camera.mp4", decode_threads=1)
    start_s = border_s - lead_in_s() - REST_S

    everything = walk(tuple(recording.frames()), road)
    part = walk(tuple(recording.frames(start_s)), road)

    recording.close()
    assert len(owned(everything, border_s)) == 2
    assert owned(part, border_s) == owned(everything, border_s)


def test_a_source_asked_to_start_later_gives_the_same_frames() -> None:
    later = list(SyntheticSource(scene(), rate_hz=20).frames(start_s=25.5))

    expected = [frame for frame in frames() if frame.pts_s >= 25.5 - 0.0005]
    assert [frame.pts_s for frame in later] == [frame.pts_s for frame in expected]
    assert all((a.bgr() == b.bgr()).all() for a, b in zip(later, expected, strict=True))


def test_no_stage_remembers_longer_than_a_rest() -> None:
    analysis = Analysis(SETTINGS)

    analysis.step(frames()[0])

    assert analysis.rest_s <= REST_S
