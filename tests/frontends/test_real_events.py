"""Real recordings: the events that are there, and none where only light, leaves and a clock are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from motionapp.analysis import Analysis
from motionapp.core.event import Event
from motionapp.core.frame import Frame
from motionapp.scenes.people.body import Body
from motionapp.scenes.people.performance import Performance
from motionapp.scenes.render import figure_sprite
from motionapp.scenes.scene import Cue, Figure, Scene
from motionapp.scenes.sprite import lay
from motionapp.settings import AnalysisSettings
from motionapp.settings.zones import ZoneSettings
from motionapp.sources.file import FileSource
from motionapp.sources.picture import BgrPicture

pytestmark = pytest.mark.real

KEPT_S = 2.0
"""The reference keeps so much after the last motion."""

Stretch = tuple[float, float]


def frames_of(path: Path) -> Iterator[Frame]:
    source = FileSource(path)
    try:
        yield from source.frames()
    finally:
        source.close()


def events_of(frames: Iterable[Frame], settings: AnalysisSettings) -> list[Event]:
    analysis = Analysis(settings)
    events = [event for frame in frames for event in analysis.step(frame).closed]
    return events + list(analysis.finish().closed)


def extended(events: Sequence[Event], end_s: float) -> list[Stretch]:
    """The union of events in time, each kept on for a while, joined where they touch."""
    stretches: list[Stretch] = []
    for start_s, stop_s in sorted((e.start_s, min(end_s, e.end_s + KEPT_S)) for e in events):
        if stretches and start_s <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(stretches[-1][1], stop_s))
        else:
            stretches.append((start_s, stop_s))
    return stretches


def iou(one: Stretch, other: Stretch) -> float:
    common = min(one[1], other[1]) - max(one[0], other[0])
    return max(0.0, common) / (max(one[1], other[1]) - min(one[0], other[0]))


def test_the_reference_events_of_the_road_are_found_in_their_region(shared_data: Path) -> None:
    reference = json.loads((shared_data / "events" / "traffic_camera.json").read_text())
    x, y, w, h = reference["roi"]
    width, height = reference["frame_size"]
    corners = ((x, y), (x + w, y), (x + w, y + h), (x, y + h))
    polygon = tuple((px / width, py / height) for px, py in corners)
    settings = AnalysisSettings(zones=(ZoneSettings(name="road", polygon=polygon),))

    events = events_of(frames_of(shared_data / "events" / "traffic_camera.mp4"), settings)

    found = extended(events, reference["frame_count"] / reference["fps"])
    for event in reference["events"]:
        best = max(iou((event["start_s"], event["end_s"]), stretch) for stretch in found)
        assert best >= 0.6, (event, found)
    assert len(found) <= len(reference["events"]) + 1


def test_sun_leaves_and_a_clock_are_no_event(shared_data: Path) -> None:
    frames = frames_of(shared_data / "events" / "issue53_brightness_change.avi")

    assert events_of(frames, AnalysisSettings()) == []


def with_walker(frames: Iterable[Frame], share: float) -> Iterator[Frame]:
    """Somebody of a share of the picture's height walks through from left to right."""
    rng = np.random.default_rng(5)
    scene: Scene | None = None
    for frame in frames:
        if scene is None:
            scene = _walking(frame.epoch.size, share, rng)
        picture = frame.bgr().copy()
        sprite = figure_sprite(scene, scene.figures[0], frame.pts_s)
        if sprite is not None:
            lay(picture, sprite)
        yield replace(frame, pixels=BgrPicture(picture))


def _walking(size: tuple[int, int], share: float, rng: np.random.Generator) -> Scene:
    body = Body.random(rng)
    px_per_m = share * size[1] / body.stature_m
    walk = Performance.random("walk", rng, direction=1)
    figure = Figure(
        body, (0.1 * size[0], 0.72 * size[1]), px_per_m, (Cue(walk, 0.8, 4.4),), stays=False
    )
    return Scene("walk", size, 4.92, 9_300_000, figures=(figure,))


@pytest.mark.parametrize("share", [1 / 6, 1 / 4])
def test_somebody_who_walks_through_sun_and_leaves_is_found(
    shared_data: Path, share: float
) -> None:
    frames = frames_of(shared_data / "events" / "issue53_brightness_change.avi")

    events = events_of(with_walker(frames, share), AnalysisSettings())

    assert max((iou((0.8, 4.4), (e.start_s, e.end_s)) for e in events), default=0.0) >= 0.5
