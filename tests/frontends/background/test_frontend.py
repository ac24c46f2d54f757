"""The front-end `background`: what is not there when nobody is."""

from __future__ import annotations

import math

from motionapp.core.geometry import Box
from motionapp.core.motion import Motion
from motionapp.gate import make_gate
from motionapp.settings import AnalysisSettings
from motionapp.testing import Mover, Stage

SIZE = (160, 120)


def stopping(t_s: float) -> tuple[float, float]:
    """In from the left within a second, and then it stays."""
    return min(60.0, 60 * t_s - 30), 40.0


def seen(stage: Stage, duration_s: float, **settings: object) -> list[Motion]:
    values = AnalysisSettings.model_validate({"frontend": "background", **settings})
    frames = list(stage.frames(duration_s, rate_hz=10))
    session = make_gate(values).start(frames[0].epoch)
    return [session.step(frame) for frame in frames]


def test_who_stops_stays_found_as_a_whole() -> None:
    stage = Stage(size=SIZE, sigma=1.5, movers=(Mover(stopping, size=(24, 50)),))

    motions = seen(stage, 20.0)

    truth = Box(60, 40, 84, 90)
    for motion in motions[30:]:
        assert any(region.box.iou(truth) > 0.8 for region in motion.regions)


def test_what_stays_for_long_becomes_background() -> None:
    stage = Stage(size=SIZE, sigma=1.5, movers=(Mover(stopping, size=(24, 50)),))

    motions = seen(stage, 30.0)

    assert not any(motion.moved for motion in motions[-20:])


def test_its_memory_has_no_end() -> None:
    stage = Stage(size=SIZE)
    values = AnalysisSettings(frontend="background")

    session = make_gate(values).start(next(stage.frames(1)).epoch)

    assert session.lead_in_s == session.forget_s == math.inf
