"""The vectors of an encoder as a flow: how exact, where it keeps still, and what is hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest

from motionapp.core.cover import Cover, Patch
from motionapp.core.errors import SourceError
from motionapp.core.frame import Blocks, Frame, blocks_of
from motionapp.core.motion import Motion
from motionapp.frontends import registry
from motionapp.frontends.codec.blocks import NewestField, laid_on
from motionapp.frontends.codec.frontend import Codec
from motionapp.privacy import covered_by
from motionapp.settings.frontends import CodecSettings
from motionapp.settings.zones import ZoneSettings
from motionapp.steady.pictures import Canvas, SteadiedPixels
from motionapp.steady.stretch import StretchedPixels
from motionapp.steady.way import Way
from motionapp.testing import Mover, Stage
from tests.coded import coded

STAGE = Stage(size=(640, 480), sigma=1.5)
WALKER = replace(STAGE, movers=(Mover(lambda t_s: (60 + 150 * t_s, 160), size=(96, 160)),))
"""Goes to the right at 150 pixels a second."""


def watched(frames: Sequence[Frame], settings: CodecSettings | None = None) -> list[Motion]:
    session = Codec(settings or CodecSettings()).start(frames[0].epoch)
    return [session.step(frame) for frame in frames]


@pytest.fixture(scope="module")
def walk() -> list[Frame]:
    return coded(WALKER.frames(1.0))


def test_who_walks_has_a_region_with_his_velocity(walk: list[Frame]) -> None:
    speeds = []
    for motion in watched(walk)[4:]:
        assert motion.regions
        speeds.append(motion.regions[0].velocity_px_s)
    vx, vy = np.median(np.array(speeds, float), axis=0)

    assert vx == pytest.approx(150, rel=0.2)
    assert abs(vy) < 15


def test_speeds_are_told_in_metres_where_a_scale_is_known(walk: list[Frame]) -> None:
    region = watched(walk, CodecSettings(metre_px=100))[-1].regions[0]

    assert region.speed_m_s == pytest.approx(1.5, rel=0.25)


def test_noise_alone_moves_nothing() -> None:
    assert not any(motion.moved for motion in watched(coded(STAGE.frames(1.0))))


def test_where_the_picture_did_not_change_nothing_flows(walk: list[Frame]) -> None:
    for motion in watched(walk)[2:]:
        assert motion.flow is not None
        rows, columns = np.nonzero(np.any(motion.flow != 0, axis=2))
        scale = 1 << motion.level
        assert rows.min() * scale >= 160 - 48
        assert (rows.max() + 1) * scale <= 320 + 48
        assert len(columns)


def test_over_a_key_picture_what_was_said_before_holds(walk: list[Frame]) -> None:
    frames = [
        replace(frame, pixels=_Silent(frame)) if frame.index == 12 else frame for frame in walk
    ]

    seen = watched(frames)

    assert seen[12].moved
    assert seen[13].moved


def test_for_no_longer_than_a_lag(walk: list[Frame]) -> None:
    frames = [
        replace(frame, pixels=_Silent(frame)) if frame.index >= 12 else frame for frame in walk
    ]

    seen = watched(frames)

    assert seen[12].moved
    assert not any(motion.moved for motion in seen[15:])


class _Silent:
    """A picture that was made from no other."""

    def __init__(self, frame: Frame) -> None:
        self.luma_at, self.bgr = frame.pixels.luma_at, frame.pixels.bgr

    def blocks(self) -> Blocks | None:
        return None


def test_vectors_are_read_once_a_lag_and_not_of_what_nobody_looks_at(walk: list[Frame]) -> None:
    asked = []

    class Counted(_Silent):
        def __init__(self, frame: Frame) -> None:
            super().__init__(frame)
            self._frame = frame

        def blocks(self) -> Blocks | None:
            asked.append(self._frame.index)
            return blocks_of(self._frame.pixels)

    session = NewestField((640, 480), 2, 0.08)
    for frame in walk[1:]:
        own = replace(frame, pixels=Counted(frame))
        if frame.index in range(9, 13):
            session.pass_by(own)
        else:
            session.step(own)

    assert asked == [1, 2, 4, 6, 8, 13, 14, 16, 18, 20, 22, 24]


def test_what_a_zone_leaves_out_is_cut_and_told(walk: list[Frame]) -> None:
    everywhere = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    zone = ZoneSettings(name="door", kind="exclude", polygon=everywhere)
    session = Codec(CodecSettings(), [zone]).start(walk[0].epoch)

    seen = [session.step(frame) for frame in walk][-1]

    assert not seen.moved
    assert seen.reasons.declined == "zone"
    assert seen.reasons.outside > 0


def test_beneath_a_cover_nothing_is_known(walk: list[Frame]) -> None:
    left = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
    hidden = [covered_by(frame, Cover((Patch("bed", left, "share"),))) for frame in walk]

    seen = watched(hidden)
    blocks = blocks_of(hidden[5].pixels)

    assert not any(motion.moved for motion in seen[:12])  # he walks on the left
    assert blocks is not None
    assert not blocks.velocity_px_s[:, : 320 // 16].any()
    bare = blocks_of(walk[5].pixels)
    assert bare is not None
    assert bare.velocity_px_s[:, : 320 // 16].any()


def test_stretched_pictures_keep_what_was_said(walk: list[Frame]) -> None:
    table = np.arange(256, dtype=np.uint8)
    pixels = StretchedPixels(walk[5].pixels, table, False)

    assert blocks_of(pixels) is blocks_of(walk[5].pixels)


def test_in_a_picture_that_was_moved_back_vectors_lie_in_the_scene(walk: list[Frame]) -> None:
    """The scene lies 32 pixels to the right in the picture, turned by nothing."""
    pixels = SteadiedPixels(walk[5].pixels, Way(dx=32.0), Canvas())

    own, moved = blocks_of(walk[5].pixels), blocks_of(pixels)

    assert own is not None
    assert moved is not None
    assert np.allclose(moved.velocity_px_s[:, :-2], own.velocity_px_s[:, 2:], atol=1e-3)


def test_a_camera_that_pans_is_taken_out() -> None:
    """What a wall does as a whole is the camera's."""
    rng = np.random.default_rng(5)
    velocity = np.full((30, 40, 2), (120.0, 0.0), np.float32)
    velocity += rng.normal(0, 0.5, velocity.shape).astype(np.float32)
    luma = rng.integers(0, 255, (480, 640 + 200)).astype(np.uint8)

    class Panned:
        def __init__(self, number: int) -> None:
            self._at = round(4.8 * number)

        def luma_at(self, level: int) -> np.ndarray:
            part = luma[:, 200 - self._at : 840 - self._at]
            return np.ascontiguousarray(part[:: 1 << level, :: 1 << level])

        def bgr(self) -> np.ndarray:
            raise AssertionError("nobody looks at colours")

        def blocks(self) -> Blocks | None:
            return Blocks(velocity, None, (0.0, 0.0), (16.0, 16.0))

    frames = [replace(frame, pixels=Panned(frame.index)) for frame in STAGE.frames(0.4)]

    seen = watched(frames)[-1]

    assert seen.flow is not None
    assert float(np.abs(seen.flow).mean()) < 5


def test_a_source_without_vectors_is_said_to_have_none() -> None:
    frames = list(STAGE.frames(0.1))

    with pytest.raises(SourceError, match="--frontend flow"):
        watched(frames)


@pytest.mark.parametrize("corner", [(0.0, 0.0), (-8.0, -4.0)])
def test_cells_lie_where_they_are_whatever_the_scale(corner: tuple[float, float]) -> None:
    """By both ways of laying them: a step at 160 pixels lies at 160 pixels."""
    velocity = np.zeros((24, 32, 2), np.float32)
    first = round((160 - corner[0]) / 16)
    velocity[:, first:] = 80.0
    blocks = Blocks(velocity, None, corner, (16.0, 16.0))

    for level in (0, 1, 2, 3):
        field = laid_on(blocks, (480, 360), level)
        assert field.shape == (360 >> level, 480 >> level, 2)
        edge = float((np.argmax(field[5 >> level, :, 0] > 40)) * (1 << level))
        assert edge == pytest.approx(first * 16 + corner[0], abs=8)


@pytest.mark.parametrize("level", [0, 1, 2, 4])
@pytest.mark.parametrize(
    "at", [(0, 0, 1, 1), (0, 0, 24, 32), (5, 7, 9, 12), (22, 30, 24, 32), (9, 9, 9, 9)]
)
def test_a_part_that_moves_is_laid_as_if_all_had_been(
    level: int, at: tuple[int, int, int, int]
) -> None:
    top, left, bottom, right = at
    velocity = np.zeros((24, 32, 2), np.float32)
    shape = (bottom - top, right - left, 2)
    velocity[top:bottom, left:right] = np.random.default_rng(1).normal(0, 90, shape)
    small = (512 >> level, 384 >> level)

    field = laid_on(Blocks(velocity, None, (0.0, 0.0), (16.0, 16.0)), (512, 384), level)

    calm = [cv2.medianBlur(np.ascontiguousarray(velocity[..., way]), 3) for way in (0, 1)]
    whole = cv2.resize(cv2.merge(calm), small, interpolation=cv2.INTER_LINEAR)
    np.testing.assert_array_equal(field, whole)


def test_it_is_one_of_the_front_ends_with_maps_of_two_planes() -> None:
    shape = registry.representation("codec")

    assert (shape.planes, shape.mirror) == (2, "flip-negate-x")
    assert registry.gate_of("codec") == registry.GATE
    assert registry.needs_vectors("codec")
    assert not registry.needs_vectors("flow")
