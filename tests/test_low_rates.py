"""Events at one to five pictures per second: time-lapse, and cameras that save light at night."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

import pytest

from motionapp.analysis import Analysis
from motionapp.core.event import Event
from motionapp.core.frame import Frame
from motionapp.scenes.disturbed import disturbed_scene
from motionapp.scenes.named import SCENES
from motionapp.scenes.scene import Scene
from motionapp.scenes.truth import events as true_events
from motionapp.settings import load_settings
from motionapp.sources.synthetic import Sampling, SyntheticSource

SETTINGS = load_settings().analysis


def seen(scene: Scene, steps: tuple[int, ...], base_hz: int = 30) -> Iterator[Frame]:
    return iter(SyntheticSource(scene, sampling=Sampling(base_hz, steps=steps)).frames())


def events_of(frames: Iterable[Frame]) -> list[Event]:
    analysis = Analysis(SETTINGS)
    found = [event for frame in frames for event in analysis.step(frame).closed]
    return [*found, *analysis.finish().closed]


@pytest.mark.parametrize("rate_hz", [5, 3, 2, 1])
def test_the_demo_has_its_ten_events_however_seldom_pictures_come(rate_hz: int) -> None:
    """Issue 14: at 3 per second there were none."""
    scene = SCENES["demo"]()

    found = events_of(seen(scene, (30 // rate_hz,)))

    # Motion is seen one step after it begins, and ends at the first picture without it.
    assert len(found) == 10
    for event, (start_s, end_s, _) in zip(found, true_events(scene), strict=True):
        assert start_s - 0.2 <= event.start_s <= start_s + 2 / rate_hz + 0.2
        assert end_s - 1 / rate_hz - 0.3 <= event.end_s <= end_s + 2 / rate_hz + 0.2


def test_a_camera_that_drops_to_three_a_second_and_says_25_is_followed() -> None:
    frames = seen(SCENES["demo"](), (10,))

    assert len(events_of(dataclasses.replace(f, duration_s=0.04) for f in frames)) == 10


def test_uneven_times_of_two_to_five_a_second_give_the_same_ten_events() -> None:
    assert len(events_of(seen(SCENES["demo"](), (6, 15, 10, 8, 12)))) == 10


@pytest.mark.parametrize("name", ["clock", "frame-counter", "lamp", "flicker"])
def test_what_is_nobody_is_nobody_at_two_pictures_a_second(name: str) -> None:
    assert events_of(seen(disturbed_scene(name), (15,))) == []
