"""The front-end `background`: what is not there when nobody is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from motionapp.core.geometry import Box
from motionapp.core.motion import Motion
from motionapp.gate import make_gate
from motionapp.settings import AnalysisSettings
from motionapp.testing import Mover, Stage

SIZE = (160, 120)
WALL = Stage(size=SIZE, sigma=1.5)
HZ = 10.0


def seen(stage: Stage, duration_s: float, **settings: object) -> list[Motion]:
    """What the road's gate sees of a stage, ten times a second."""
    values = AnalysisSettings.model_validate({"frontend": "background", "background": settings})
    frames = list(stage.frames(duration_s, rate_hz=HZ))
    session = make_gate(values).start(frames[0].epoch)
    return [session.step(frame) for frame in frames]


def put_down(from_s: float, to_s: float = math.inf) -> Mover:
    """Something that is there from one second to another."""
    return Mover(lambda t_s: (60.0, 40.0) if from_s <= t_s < to_s else None, size=(24, 50))


def moved_at(motions: Sequence[Motion]) -> list[float]:
    return [index / HZ for index, motion in enumerate(motions) if motion.moved]


def test_what_stands_stays_found_as_a_whole_for_twenty_seconds() -> None:
    motions = seen(replace(WALL, movers=(put_down(3.0),)), 24.0)

    for motion in motions[32:]:
        assert any(region.box.iou(Box(60, 40, 84, 90)) > 0.8 for region in motion.regions)


@pytest.mark.parametrize(("stays_s", "from_s", "to_s"), [(25.0, 23.0, 28.0), (6.0, 5.0, 9.0)])
def test_what_stays_becomes_background_when_its_time_is_over(
    stays_s: float, from_s: float, to_s: float
) -> None:
    motions = seen(replace(WALL, movers=(put_down(3.0),)), 3.0 + to_s + 2.0, stays_s=stays_s)

    assert 3.0 + from_s <= moved_at(motions)[-1] <= 3.0 + to_s


def test_what_was_there_from_the_beginning_leaves_no_ghost_for_long() -> None:
    motions = seen(replace(WALL, movers=(put_down(0.0, 5.0),)), 12.0)

    assert moved_at(motions)
    assert moved_at(motions)[-1] < 9.0


def test_what_is_soon_taken_away_again_leaves_next_to_no_ghost() -> None:
    """The place is remembered behind what has become background, but for what looked like it."""
    motions = seen(replace(WALL, movers=(put_down(3.0, 30.0),)), 34.0)

    left_px = [sum(region.area_px for region in motion.regions) for motion in motions[305:]]
    assert max(left_px) < 0.1 * 24 * 50


def test_a_light_that_is_switched_is_gone_within_a_second() -> None:
    lit = replace(WALL, light=lambda t_s: (1.5, 12.0) if 4.0 <= t_s < 8.0 else (1.0, 0.0))

    motions = seen(lit, 12.0)

    assert not [at_s for at_s in moved_at(motions) if not (4.0 <= at_s < 5.0 or 8.0 <= at_s < 9.0)]


def test_another_picture_altogether_begins_anew() -> None:
    """Where the camera was turned, no change of light explains it."""
    before, after = list(WALL.frames(4.0)), list(replace(WALL, seed=5).frames(8.0))[100:]
    session = make_gate(AnalysisSettings(frontend="background")).start(before[0].epoch)

    moved = [session.step(frame).moved for frame in (*before, *after)]

    assert not any(moved[-15:])


def test_people_are_kept_out_of_what_is_learnt() -> None:
    frames = list(replace(WALL, movers=(put_down(3.0),)).frames(40.0, rate_hz=HZ))
    session = make_gate(AnalysisSettings(frontend="background")).start(frames[0].epoch)

    moved = []
    for frame in frames:
        moved.append(session.step(frame).moved)
        session.heed([Box(60, 40, 84, 90)] if moved[-1] else [])

    assert all(moved[32:])


def test_it_goes_by_seconds_and_not_by_frames() -> None:
    stage = replace(WALL, movers=(put_down(3.0),))
    values = AnalysisSettings.model_validate(
        {"frontend": "background", "background": {"stays_s": 6.0}}
    )

    last_s = []
    for rate_hz in (5.0, 25.0):
        frames = list(stage.frames(14.0, rate_hz=rate_hz))
        session = make_gate(values).start(frames[0].epoch)
        last_s.append([frame.pts_s for frame in frames if session.step(frame).moved][-1])

    assert last_s[0] == pytest.approx(last_s[1], abs=1.0)


def test_its_memory_has_no_end() -> None:
    session = make_gate(AnalysisSettings(frontend="background")).start(next(WALL.frames(1)).epoch)

    assert session.lead_in_s == session.forget_s == math.inf
