"""The frame rate decides nothing: thinned, uneven and doubled, the same events are found."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

import motionapp
from motionapp.analysis import Analysis
from motionapp.core.event import Event
from motionapp.scenes.disturbed import disturbed_scene
from motionapp.scenes.people.body import Body
from motionapp.scenes.people.performance import Performance
from motionapp.scenes.scene import Cue, Figure, Scene
from motionapp.settings import AnalysisSettings
from motionapp.sources.synthetic import Sampling, SyntheticSource

BOUNDARY_S = 0.2
EVERY_ONE = Sampling(50)
OTHERS = {
    "25": Sampling(50, steps=(2,)),
    "12.5": Sampling(50, steps=(4,)),
    "variable": Sampling(50, steps=(1, 3, 2, 4, 1, 2)),
    "doubled": Sampling(50, repeats=2),
}


def two_jacks() -> Scene:
    """Somebody jumps, stands still for longer than an event is held open, and jumps again."""
    act = Performance("jack")
    cues = (Cue(act, 0.6, 1.8), Cue(act, 4.2, 5.2))
    figure = Figure(Body(), (96.0, 128.0), 52.0, cues)
    return Scene("two jacks", (192, 144), 5.8, 9_300_000, figures=(figure,))


def walk_past() -> Scene:
    return disturbed_scene("clock", person=True, size=(192, 144), duration_s=6.0)


def analyse(scene: Scene, sampling: Sampling) -> list[Event]:
    analysis = Analysis(AnalysisSettings())
    events: list[Event] = []
    for frame in SyntheticSource(scene, sampling=sampling).frames():
        events += analysis.step(frame).closed
    return [*events, *analysis.finish().closed]


@cache
def at_full_rate(name: str) -> tuple[Event, ...]:
    return tuple(analyse(SHORT[name](), EVERY_ONE))


SHORT = {"two jacks": two_jacks, "walk": walk_past}


def assert_same(events: list[Event], expected: tuple[Event, ...]) -> None:
    assert len(events) == len(expected)
    for event, other in zip(events, expected, strict=True):
        assert event.start_s == pytest.approx(other.start_s, abs=BOUNDARY_S)
        assert event.end_s == pytest.approx(other.end_s, abs=BOUNDARY_S)


@pytest.mark.parametrize("scene", SHORT)
@pytest.mark.parametrize("rate", OTHERS)
def test_the_same_events_are_found_at_every_frame_rate(scene: str, rate: str) -> None:
    events = analyse(SHORT[scene](), OTHERS[rate])

    assert len(events) == {"two jacks": 2, "walk": 1}[scene]
    assert_same(events, at_full_rate(scene))


def benchmark(name: str) -> ModuleType:
    path = Path(__file__).parent.parent / "benchmarks" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("rate", ["variable", "doubled"])
def test_recordings_of_a_scene_keep_their_times_and_events(rate: str, tmp_path: Path) -> None:
    rates = benchmark("rates")
    path = tmp_path / "scene.mp4"

    rates.write_recording(two_jacks(), OTHERS[rate], path)

    source = motionapp.open_source(path)
    times = [frame.pts_s for frame in source.frames()]
    source.close()
    rendered = SyntheticSource(two_jacks(), sampling=OTHERS[rate])
    assert times == pytest.approx([frame.pts_s for frame in rendered.frames()], abs=1e-6)
    assert_same(list(motionapp.analyse(path, classifier="none")), at_full_rate("two jacks"))


def test_a_doubled_sampling_shows_every_picture_twice() -> None:
    frames = list(
        SyntheticSource(two_jacks(), sampling=Sampling(50, repeats=2)).frames(start_s=5.5)
    )

    assert [frame.pts for frame in frames[:4]] == [550, 551, 552, 553]
    assert frames[0].bgr() is frames[1].bgr()
    assert frames[1].bgr() is not frames[2].bgr()
    assert {frame.duration_s for frame in frames} == {0.01}


def test_a_thinned_sampling_keeps_the_times_of_what_is_left() -> None:
    frames = list(SyntheticSource(two_jacks(), sampling=Sampling(50, steps=(1, 3))).frames(5.6))

    assert [frame.pts_s for frame in frames] == pytest.approx([5.6, 5.62, 5.68, 5.7, 5.76, 5.78])
    assert [frame.duration_s for frame in frames] == pytest.approx([0.02, 0.06] * 3)
