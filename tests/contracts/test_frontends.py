"""What every front-end promises, whatever it looks at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import cast

import numpy as np
import pytest

from motionapp.core.frame import Epoch, Frame
from motionapp.core.geometry import Box
from motionapp.core.motion import Map, Motion
from motionapp.core.representation import Representation
from motionapp.core.seams import FrontEnd, MapMaker
from motionapp.frontends import registry
from motionapp.gate import make_gate
from motionapp.scenes.named import SCENES
from motionapp.scenes.render import Renderer
from motionapp.settings import AnalysisSettings
from motionapp.sources.picture import BgrPicture
from motionapp.testing import Mover, Stage
from tests.coded import coded

COMPARES = [
    name for name in registry.names() if hasattr(getattr(AnalysisSettings(), name), "lag_s")
]
"""Those that compare a picture with one some seconds ago; others know what usually is there."""

STILL_STAGE = Stage(size=(320, 240), sigma=1.5)
MOVING_STAGE = replace(
    STILL_STAGE, movers=(Mover(lambda t_s: (20 + 100 * t_s, 80), size=(48, 80)),)
)


@pytest.fixture(params=registry.names())
def frontend(request: pytest.FixtureRequest) -> FrontEnd:
    return on_the_road(request.param)


def on_the_road(name: str, settings: AnalysisSettings | None = None) -> FrontEnd:
    """A front-end as the road has it: the gate with the chain behind it."""
    settings = settings or AnalysisSettings()
    if name == registry.gate_of(name):
        return cast(FrontEnd, make_gate(settings.model_copy(update={"frontend": name})))
    return registry.make(name, settings)


def representation_for(frontend: FrontEnd) -> Representation:
    return replace(registry.representation(frontend.name), at_most_px=200)


def seen_by(name: str, frames: Iterable[Frame]) -> list[Frame]:
    """The frames as a source brings them to a front-end: those that need vectors get them."""
    return coded(frames) if registry.needs_vectors(name) else list(frames)


def motions(frontend: FrontEnd, frames: Iterable[Frame]) -> list[Motion]:
    frames = seen_by(frontend.name, frames)
    session = frontend.start(frames[0].epoch)
    return [session.step(frame) for frame in frames]


def maker_for(frontend: FrontEnd, epoch: Epoch, representation: Representation) -> MapMaker:
    """Maps are a matter of the front-end alone, whatever stands behind it."""
    return registry.make(frontend.name, AnalysisSettings()).maps(epoch, representation)


def maps_of(
    frontend: FrontEnd, frames: Sequence[Frame], representation: Representation
) -> list[Map | None]:
    frames, epoch = seen_by(frontend.name, frames), frames[0].epoch
    session, maker = frontend.start(epoch), maker_for(frontend, epoch, representation)
    return [maker.step(frame, session.step(frame)) for frame in frames]


def arrays_of(motion: Motion) -> list[np.ndarray]:
    held = [motion.mask, motion.flow, *(pose.keypoints for pose in motion.poses)]
    return [array for array in held if array is not None]


def are_equal(a: Motion, b: Motion) -> bool:
    return (a.regions, a.strength, a.lag_s, a.reasons) == (
        b.regions,
        b.strength,
        b.lag_s,
        b.reasons,
    ) and all(np.array_equal(x, y) for x, y in zip(arrays_of(a), arrays_of(b), strict=True))


def test_it_is_called_what_the_registry_calls_it(frontend: FrontEnd) -> None:
    assert frontend.name in registry.names()


def test_one_frame_only_primes(frontend: FrontEnd) -> None:
    (first,) = motions(frontend, MOVING_STAGE.frames(0.04))

    assert not first.moved
    assert first.lag_s == 0.0
    assert first.strength == 0.0
    assert first.reasons.declined == "priming"


@pytest.mark.parametrize("name", COMPARES)
def test_the_lag_that_is_reported_is_the_one_asked_for(name: str) -> None:
    seen = motions(on_the_road(name), MOVING_STAGE.frames(0.4))

    assert [round(motion.lag_s, 6) for motion in seen] == [0, 0.04] + [0.08] * 8


def test_a_still_picture_has_no_regions(frontend: FrontEnd) -> None:
    seen = motions(frontend, STILL_STAGE.frames(0.6))

    assert not any(motion.moved for motion in seen)
    assert all(motion.strength == 0.0 for motion in seen)


@lru_cache
def person_frames() -> tuple[Frame, ...]:
    """Somebody at work in a rendered scene: the one thing that all front-ends are to see."""
    scene = SCENES["two"]() if "two" in SCENES else next(iter(SCENES.values()))()
    renderer = Renderer(scene)
    epoch = Epoch(0, scene.size, Fraction(1, 25))
    cue = next(cue for figure in scene.figures for cue in figure.cues)
    times = [cue.start_s + 0.6 + index / 25 for index in range(9)]
    return tuple(
        Frame(index, index, pts_s, 0.04, epoch, pixels=BgrPicture(renderer.render(pts_s)))
        for index, pts_s in enumerate(times)
    )


@pytest.mark.parametrize("name", ["absdiff", "flow", "codec"])
def test_what_moves_lies_in_a_region(name: str) -> None:
    """Pose sees persons only, and background what has come since: their own tests have them."""
    frontend = on_the_road(name)

    frames = list(MOVING_STAGE.frames(0.8))
    for frame, motion in list(zip(frames, motions(frontend, frames), strict=True))[3:]:
        x = round(20 + 100 * frame.pts_s)
        truth = Box(x, 80, x + 48, 160)
        assert any(region.box.iou(truth) > 0.5 for region in motion.regions)
        assert motion.strength > 0


def test_a_moving_person_is_seen_by_every_front_end(frontend: FrontEnd) -> None:
    seen = motions(frontend, person_frames())

    assert sum(motion.moved for motion in seen[3:]) >= 5


def test_the_same_frames_give_the_same_motions_twice(frontend: FrontEnd) -> None:
    frames, representation = list(person_frames()), representation_for(frontend)

    once, again = (motions(frontend, frames) for _ in range(2))
    maps, maps_again = (maps_of(frontend, frames, representation) for _ in range(2))

    assert all(are_equal(a, b) for a, b in zip(once, again, strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(maps[1:], maps_again[1:], strict=True))


def test_two_sessions_do_not_disturb_each_other(frontend: FrontEnd) -> None:
    frames = seen_by(frontend.name, person_frames())
    others = seen_by(frontend.name, STILL_STAGE.frames(0.36))
    alone = motions(frontend, frames)
    mine, theirs = (
        frontend.start(frames[0].epoch),
        frontend.start(others[0].epoch),
    )

    beside = []
    for frame, other in zip(frames, others, strict=True):
        beside.append(mine.step(frame))
        theirs.step(other)

    assert all(are_equal(a, b) for a, b in zip(alone, beside, strict=True))


def test_arrays_are_read_only_and_not_reused(frontend: FrontEnd) -> None:
    frames = seen_by(frontend.name, person_frames())
    session = frontend.start(frames[0].epoch)

    seen, copies = [], []
    for frame in frames:
        motion = session.step(frame)
        seen += arrays_of(motion)
        copies += [array.copy() for array in arrays_of(motion)]

    assert seen
    assert not any(array.flags.writeable for array in seen)
    assert all(np.array_equal(array, copy) for array, copy in zip(seen, copies, strict=True))


def test_motion_says_who_saw_it_and_at_which_scale(frontend: FrontEnd) -> None:
    for motion in motions(frontend, person_frames()):
        assert motion.frontend == frontend.name
        if motion.mask is not None:
            width, height = next(iter(person_frames())).epoch.size
            assert motion.mask.shape == (height >> motion.level, width >> motion.level)


def test_a_map_that_nobody_wants_is_not_made(frontend: FrontEnd) -> None:
    frames = seen_by(frontend.name, person_frames())
    maker = maker_for(frontend, frames[0].epoch, representation_for(frontend))

    assert all(maker.step(frame, Motion(), is_wanted=False) is None for frame in frames)


def test_maps_are_read_only_and_not_reused(frontend: FrontEnd) -> None:
    frames = list(person_frames())
    maps = [m for m in maps_of(frontend, frames, representation_for(frontend)) if m is not None]

    assert not any(made.flags.writeable for made in maps)
    assert len({id(made) for made in maps}) == len(maps)


def test_maps_have_the_size_that_the_representation_asks_for(frontend: FrontEnd) -> None:
    representation = representation_for(frontend)
    frames = list(person_frames())
    width, height = frames[0].epoch.size
    level = representation.level((width, height))
    planes = () if representation.planes == 1 else (representation.planes,)

    for made in maps_of(frontend, frames, representation)[1:]:
        assert made is not None
        assert made.shape == (height >> level, width >> level, *planes)


@pytest.mark.parametrize("size", [(16, 16), (17, 23), (1, 1), (481, 270), (200, 8)])
def test_pictures_of_odd_and_tiny_sizes_are_taken(
    frontend: FrontEnd, size: tuple[int, int]
) -> None:
    stage = Stage(size=size, movers=(Mover(lambda t_s: (100 * t_s, 2), size=(8, 6)),))

    for motion in motions(frontend, stage.frames(0.2)):
        for region in motion.regions:
            assert region.box.area > 0
            assert region.box == region.box.clipped(size)


def test_each_size_has_a_session_of_its_own(frontend: FrontEnd) -> None:
    small, large = Stage(size=(160, 120)), Stage(size=(640, 360))

    for stage in (small, large, small):
        first, *others = motions(frontend, stage.frames(0.2))
        assert not first.moved
        assert not any(motion.moved for motion in others)


def test_other_thresholds_apply_from_the_next_frame(frontend: FrontEnd) -> None:
    """Nothing moves for the dullest eye; what the session remembers stays."""
    settings = AnalysisSettings.model_validate({frontend.name: {"sensitivity": 0.1}})
    frames = seen_by(frontend.name, person_frames())
    session = frontend.start(frames[0].epoch)
    before = [session.step(frame) for frame in frames[:8]]

    session.retune(on_the_road(frontend.name, settings))
    after = session.step(frames[8])

    assert before[-1].reasons.threshold * 9 < after.reasons.threshold
    assert after.lag_s == pytest.approx(before[-1].lag_s)


@pytest.mark.parametrize("name", COMPARES)
def test_another_lag_is_taken_over(name: str) -> None:
    """It must not depend on when a session happened to begin."""
    frontend = on_the_road(name)
    settings = AnalysisSettings.model_validate({frontend.name: {"lag_s": 0.2}})
    frames = seen_by(name, STILL_STAGE.frames(0.8))
    session = frontend.start(frames[0].epoch)
    for frame in frames[:8]:
        session.step(frame)

    session.retune(on_the_road(frontend.name, settings))
    lags = [session.step(frame).lag_s for frame in frames[8:]]

    assert lags[-1] == pytest.approx(0.2)


@pytest.mark.parametrize("name", COMPARES)
@pytest.mark.parametrize("lag_s", [0.04, 0.5])
def test_it_forgets_no_sooner_than_its_window_does(name: str, lag_s: float) -> None:
    frontend = on_the_road(name)
    settings = AnalysisSettings.model_validate({frontend.name: {"lag_s": lag_s}})
    session = on_the_road(frontend.name, settings).start(next(STILL_STAGE.frames(1)).epoch)

    assert session.forget_s >= 3 * lag_s
    assert session.lead_in_s >= 3 * lag_s


def test_after_a_gap_a_frame_only_primes(frontend: FrontEnd) -> None:
    frames = list(MOVING_STAGE.frames(0.24))
    late = [replace(frame, pts_s=frame.pts_s + 60.0) for frame in MOVING_STAGE.frames(0.24)]

    seen = motions(frontend, frames + late)

    assert seen[len(frames)].lag_s == 0.0
    assert not seen[len(frames)].moved
    assert seen[len(frames) + 1].lag_s == pytest.approx(0.04)


@pytest.mark.parametrize("name", registry.names())
def test_regions_are_either_found_or_left_open_with_what_it_takes_to_find_them(name: str) -> None:
    """A mask whose regions are open comes with the pictures behind it, all of one size."""
    frontend = registry.make(name, AnalysisSettings())
    for motion in motions(frontend, person_frames()):
        if motion.contrast is not None:
            assert not motion.regions
            assert motion.mask is not None
            assert motion.contrast.unit > 0
            for picture in (
                motion.contrast.then,
                motion.contrast.now,
                motion.contrast.strength,
            ):
                assert picture.shape == motion.mask.shape
        assert not motion.removed


def test_what_is_passed_by_may_be_compared_with_and_gives_no_motion(frontend: FrontEnd) -> None:
    frames = seen_by(frontend.name, person_frames())
    every, some = frontend.start(frames[0].epoch), frontend.start(frames[0].epoch)

    seen = [every.step(frame) for frame in frames]
    for frame in frames[:-1]:
        some.pass_by(frame)
    last = some.step(frames[-1])

    if frontend.name != "pose":  # it searches people in a picture, or knows of nobody
        assert last.lag_s == seen[-1].lag_s > 0
