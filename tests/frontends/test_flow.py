"""Dense optical flow: how exact its speeds are, in which units, and where it keeps still."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.frame import Frame
from motionapp.core.geometry import Box
from motionapp.core.motion import Map, Motion
from motionapp.core.representation import Representation
from motionapp.frontends.flow.field import lengths_of
from motionapp.frontends.flow.frontend import Flow
from motionapp.settings.frontends import FlowSettings
from motionapp.testing import Mover, Stage, frames_from

WALL = cv2.GaussianBlur(
    np.random.default_rng(4).integers(0, 255, (900, 1700), np.uint8), (0, 0), 2.5
)


def panned(
    size: tuple[int, int], path_px: Callable[[float], tuple[float, float]], *, rate_hz: float = 25
) -> list[Frame]:
    """A textured wall that moves as a whole, 0.4 s of it."""
    width, height = size

    def picture(t_s: float) -> np.ndarray:
        x, y = path_px(t_s)
        move = np.array([[1, 0, x - 100], [0, 1, y - 100]], np.float32)
        return np.asarray(cv2.warpAffine(WALL, move, (width, height)), np.uint8)

    times = [k / rate_hz for k in range(round(0.4 * rate_hz))]
    return list(frames_from(map(picture, times), rate_hz=rate_hz))


def watched(
    frames: Iterable[Frame],
    settings: FlowSettings | None = None,
) -> list[Motion]:
    frames = list(frames)
    session = Flow(settings or FlowSettings()).start(frames[0].epoch)
    return [session.step(frame) for frame in frames]


def last_map(
    frames: Sequence[Frame], settings: FlowSettings, representation: Representation
) -> Map | None:
    frontend, epoch = Flow(settings), frames[0].epoch
    session, maps = frontend.start(epoch), frontend.maps(epoch, representation)
    return [maps.step(frame, session.step(frame)) for frame in frames][-1]


def median_velocity(motion: Motion) -> tuple[float, float]:
    """Where something moves."""
    assert motion.flow is not None
    assert motion.mask is not None
    moving = motion.flow[motion.mask > 0]
    return float(np.median(moving[:, 0])), float(np.median(moving[:, 1]))


def carried(
    size: tuple[int, int], path_px: Callable[[float], tuple[float, float]], *, rate_hz: float = 25
) -> list[Frame]:
    """A large textured thing before a wall that stands still."""
    width, height = size
    rows, columns = slice(height // 4, height * 3 // 4), slice(width // 4, width * 3 // 4)

    def picture(t_s: float) -> np.ndarray:
        x, y = path_px(t_s)
        still = WALL[:height, :width].copy()
        move = np.array([[1, 0, x - 900], [0, 1, y - 400]], np.float32)
        moved = cv2.warpAffine(WALL, move, (width, height), borderMode=cv2.BORDER_WRAP)
        still[rows, columns] = moved[rows, columns]
        return still

    times = [k / rate_hz for k in range(round(0.4 * rate_hz))]
    return list(frames_from(map(picture, times), rate_hz=rate_hz))


@pytest.mark.parametrize("size", [(320, 180), (640, 360), (1280, 720)])
@pytest.mark.parametrize("velocity", [(50.0, 0.0), (-60.0, 40.0), (0.0, 80.0), (30.0, -30.0)])
def test_speeds_are_full_frame_pixels_per_second(
    size: tuple[int, int], velocity: tuple[float, float]
) -> None:
    """Whatever the level at which the flow is computed; within a tenth."""
    scale = size[0] / 320
    vx, vy = velocity[0] * scale, velocity[1] * scale

    motion = watched(carried(size, lambda t_s: (vx * t_s, vy * t_s)))[-1]

    assert median_velocity(motion) == pytest.approx((vx, vy), abs=0.1 * np.hypot(vx, vy))


@pytest.mark.parametrize("lag_s", [0.04, 0.08, 0.16])
@pytest.mark.parametrize("rate_hz", [25.0, 50.0])
def test_the_speed_depends_neither_on_the_lag_nor_on_the_frame_rate(
    lag_s: float, rate_hz: float
) -> None:
    frames = carried((320, 180), lambda t_s: (60 * t_s, 0), rate_hz=rate_hz)

    motion = watched(frames, FlowSettings(lag_s=lag_s))[-1]

    assert motion.lag_s == pytest.approx(lag_s)
    assert median_velocity(motion) == pytest.approx((60, 0), abs=6)


@pytest.mark.parametrize("width", [160, 320, 640])
def test_the_width_that_it_works_at_is_a_setting_and_the_speed_stays(width: int) -> None:
    frames = carried((640, 360), lambda t_s: (100 * t_s, 0))

    motion = watched(frames, FlowSettings(width=width))[-1]

    assert motion.flow is not None
    assert motion.flow.shape[1] == width
    assert median_velocity(motion) == pytest.approx((100, 0), abs=10)


def test_another_width_is_taken_over_while_it_runs() -> None:
    frames = carried((640, 360), lambda t_s: (100 * t_s, 0))
    session = Flow(FlowSettings()).start(frames[0].epoch)
    for frame in frames[:6]:
        session.step(frame)

    session.retune(Flow(FlowSettings(width=160, preset="ultrafast")))
    first, *later = [session.step(frame) for frame in frames[6:]]

    assert first.reasons.declined == "priming"
    assert later[-1].level == 2
    assert median_velocity(later[-1]) == pytest.approx((100, 0), abs=15)


@pytest.mark.parametrize("velocity", [(80.0, 0.0), (-60.0, 40.0), (0.0, -30.0)])
def test_a_camera_that_pans_moves_nothing(velocity: tuple[float, float]) -> None:
    vx, vy = velocity

    motion = watched(panned((640, 360), lambda t_s: (vx * t_s, vy * t_s)))[-1]

    assert motion.flow is not None
    assert not motion.moved
    inner = motion.flow[10:-10, 10:-10]
    assert np.abs(np.median(inner, axis=(0, 1))).max() < 2


def test_who_moves_before_a_panning_camera_has_the_own_speed() -> None:
    def picture(t_s: float) -> np.ndarray:
        move = np.array([[1, 0, -60 * t_s - 100], [0, 1, 0]], np.float32)
        seen = cv2.warpAffine(WALL, move, (640, 360))
        x = round(200 + 90 * t_s)
        seen[120:240, x : x + 60] = WALL[500:620, 800:860]
        return np.asarray(seen, np.uint8)

    motion = watched(frames_from([picture(k / 25) for k in range(10)]))[-1]

    region = motion.regions[0]
    assert region.box.iou(Box(232, 120, 292, 240)) > 0.5
    assert region.velocity_px_s == pytest.approx((150, 0), abs=20)


def test_a_region_has_the_speed_of_what_moves_in_it() -> None:
    stage = Stage(sigma=1.0, movers=(Mover(lambda t_s: (30 + 90 * t_s, 60), size=(60, 80)),))

    for motion in watched(stage.frames(1.0))[4:]:
        velocity = motion.regions[0].velocity_px_s
        assert velocity is not None
        assert velocity == pytest.approx((90, 0), abs=22)


@pytest.mark.parametrize("sigma", [0.0, 1.0, 3.0])
def test_noise_alone_gives_no_region(sigma: float) -> None:
    assert not any(motion.moved for motion in watched(Stage(sigma=sigma).frames(1.0)))


def test_a_flat_wall_with_a_little_noise_does_not_move() -> None:
    """Flow alone follows the noise there."""
    rng = np.random.default_rng(1)
    pictures = [rng.normal(90, 1.5, (180, 320)).round().astype(np.uint8) for _ in range(12)]

    assert not any(motion.moved for motion in watched(frames_from(pictures)))


def test_sensitivity_sees_slower_motion() -> None:
    slow = Stage(sigma=0.5, movers=(Mover(lambda t_s: (30 + 12.5 * t_s, 60), size=(60, 80)),))

    dull = watched(slow.frames(0.8), FlowSettings(sensitivity=0.13))
    keen = watched(slow.frames(0.8), FlowSettings(sensitivity=3.0))

    assert not any(motion.moved for motion in dull)
    assert keen[-1].moved


def test_maps_are_the_flow_at_the_lag_of_the_representation() -> None:
    """No detection setting may change what the network sees."""
    frames = panned((640, 360), lambda t_s: (120 * t_s, 0))
    representation = Representation(frontend="flow", planes=2, lag_s=0.08, at_most_px=320)

    one = last_map(frames, FlowSettings(lag_s=0.2, sensitivity=5.0), representation)
    two = last_map(frames, FlowSettings(lag_s=0.04, preset="ultrafast"), representation)

    assert one is not None
    assert two is not None
    assert one.shape == (180, 320, 2)
    assert np.array_equal(one, two)


def test_a_map_that_the_detection_has_computed_already_is_not_computed_again() -> None:
    frames = panned((320, 180), lambda t_s: (60 * t_s, 0))
    frontend, epoch = Flow(FlowSettings()), frames[0].epoch
    session = frontend.start(epoch)
    maps = frontend.maps(epoch, Representation(frontend="flow", planes=2))

    motions = [(session.step(frame), frame) for frame in frames]
    made = [maps.step(frame, motion) for motion, frame in motions]

    assert made[-1] is motions[-1][0].flow


def test_lengths_are_the_same_wherever_in_memory_they_lie() -> None:
    """Small arrays, so that each lies otherwise; the last bits go into strengths and events."""
    flow = np.random.default_rng(4).normal(0, 9, (30, 40, 2)).astype(np.float32)
    kept: list[NDArray[np.uint8]] = []
    found = set()
    for number in range(64):
        kept.append(np.zeros(16 * (number % 5) + 8, np.uint8))
        found.add(lengths_of(flow.copy()).tobytes())
    assert len(found) == 1
    assert lengths_of(np.array([[[3, -4]]], np.float32)) == pytest.approx(5)
