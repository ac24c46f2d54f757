"""Frames become pictures that Qt can paint."""

from __future__ import annotations

from dataclasses import replace

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.frame import UPRIGHT, Frame
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.core.motion import Motion
from motionapp.gui.play.canvas import Look, shown
from motionapp.gui.play.wish import Shows
from motionapp.sources.picture import AvPicture, BgrPicture, form_of
from motionapp.testing import SIZE, frame_at


@pytest.mark.parametrize(
    ("fit", "expected"), [((32, 600), (32, 24)), ((640, 480), SIZE), ((64, 24), (32, 24))]
)
def test_a_picture_is_made_smaller_to_fit_and_never_larger(
    fit: tuple[int, int], expected: tuple[int, int]
) -> None:
    picture = shown(frame_at(3), None, Look(fit))

    assert picture.bgra.shape == (expected[1], expected[0], 4)
    assert picture.bgra.flags.c_contiguous
    assert picture.size == SIZE
    assert picture.index == 3
    assert picture.pts_s == pytest.approx(0.12)


@pytest.mark.parametrize("side", [33, 41, 50, 63])
def test_no_pixel_is_skipped_however_much_smaller_a_picture_is_made(side: int) -> None:
    """One bright pixel at a time, at a scale between a half and a whole; then a fine pattern,
    whose mean is kept when it is made much smaller."""

    class Spotted:
        def __init__(self, bgr: NDArray[np.uint8]) -> None:
            self._bgr = bgr

        def luma_at(self, level: int) -> NDArray[np.uint8]:
            raise NotImplementedError

        def bgr(self) -> NDArray[np.uint8]:
            return self._bgr

    def fitted(bgr: NDArray[np.uint8], fit: tuple[int, int]) -> NDArray[np.uint8]:
        return shown(replace(frame_at(0), pixels=Spotted(bgr)), None, Look(fit)).bgra[..., :3]

    for x in range(2, 62):
        spot = np.zeros((48, 64, 3), np.uint8)
        spot[:, x] = 255
        assert fitted(spot, (side, side)).max() > 3
    stripes = np.zeros((480, 640, 3), np.uint8)
    stripes[:, ::2] = 200
    assert abs(fitted(stripes, (3 * side, 480)).mean() - 100) < 4


@pytest.mark.parametrize("part", [None, Box(100, 40, 580, 400), Box(100, 40, 101, 400)])
def test_a_large_picture_that_can_be_had_small_is_shown_as_it_would_be(part: Box | None) -> None:
    ramp = np.add.outer(np.arange(480) // 4, np.arange(640) // 8).astype(np.uint8)
    bgr = cv2.merge([ramp, ramp // 2, 255 - ramp])
    picture = av.VideoFrame.from_ndarray(bgr, "bgr24").reformat(format="yuv420p")
    small = AvPicture(picture, form_of((640, 480), "yuv420p", 0, UPRIGHT, None))
    epoch = replace(frame_at(0).epoch, size=(640, 480))

    seen, whole = (
        shown(replace(frame_at(0), pixels=pixels, epoch=epoch), None, Look((90, 90), part=part))
        for pixels in (small, BgrPicture(small.bgr()))
    )

    assert (seen.size, seen.part, seen.bgra.shape) == (whole.size, whole.part, whole.bgra.shape)
    assert np.abs(seen.bgra.astype(int) - whole.bgra).max() <= 4


def test_colours_keep_their_order() -> None:
    class Blue:
        def luma_at(self, level: int) -> np.ndarray:
            raise NotImplementedError

        def bgr(self) -> np.ndarray:
            return np.full((48, 64, 3), (250, 20, 10), np.uint8)

    picture = shown(replace(frame_at(0), pixels=Blue()), None, Look(SIZE))

    assert picture.bgra[0, 0].tolist() == [250, 20, 10, 255]


def test_what_moves_is_tinted_only_when_asked_and_the_frame_stays_as_it_is() -> None:
    mask = np.zeros((48, 64), np.uint8)
    mask[:, 32:] = 255
    moment = Moment("test", None, motion=Motion(mask=mask))
    frame = frame_at(0)

    plain = shown(frame, moment, Look(SIZE)).bgra
    tinted = shown(frame, moment, Look(SIZE, Shows(mask=True))).bgra

    assert (plain[..., :3] == 90).all()
    assert (tinted[:, :30, :3] == 90).all()
    assert tinted[20, 50, 2] > 100
    assert (frame.bgr() == 90).all()


def test_flow_is_laid_over_where_it_is_fast() -> None:
    flow = np.zeros((24, 32, 2), np.float32)
    flow[:, 16:] = (40.0, 0.0)
    moment = Moment("test", None, motion=Motion(flow=flow))

    picture = shown(frame_at(0), moment, Look(SIZE, Shows(flow=True))).bgra[..., :3].astype(int)

    assert np.abs(picture[:, :28] - 90).max() <= 2
    assert np.ptp(picture[24, 50]) > 60


def two_halves() -> Frame:
    """Dark to the left, light to the right."""

    class Halves:
        def luma_at(self, level: int) -> NDArray[np.uint8]:
            raise NotImplementedError

        def bgr(self) -> NDArray[np.uint8]:
            picture = np.full((48, 64, 3), 20, np.uint8)
            picture[:, 32:] = 200
            return picture

    return replace(frame_at(0), pixels=Halves())


def test_a_part_fills_the_view_and_a_mirror_turns_it_round() -> None:
    frame = two_halves()

    part = shown(frame, None, Look((64, 48), part=Box(24, 12, 40, 24)))
    turned = shown(frame, None, Look((64, 48), part=Box(24, 12, 40, 24), is_mirrored=True))

    assert (part.part, part.size) == (Box(24, 12, 40, 24), SIZE)
    assert part.bgra.shape == (12, 16, 4)
    assert (part.bgra[:, :8, 0] == 20).all()
    assert np.array_equal(turned.bgra, part.bgra[:, ::-1])


def test_a_part_of_a_larger_picture_before_gives_the_whole() -> None:
    assert shown(frame_at(0), None, Look(part=Box(900, 0, 1000, 80))).part == Box(0, 0, *SIZE)


@pytest.mark.parametrize(("age_s", "strength"), [(0.0, 1.0), (0.3, 1.0), (0.65, 0.5), (1.0, 0.0)])
def test_what_is_older_is_drawn_fainter(age_s: float, strength: float) -> None:
    mask = np.full((48, 64), 255, np.uint8)
    frame = frame_at(100)
    look = Look(SIZE, Shows(mask=True))

    def tint(of_s: float) -> float:
        moment = Moment("test", replace(frame, pts_s=of_s), motion=Motion(mask=mask))
        return float(shown(frame, moment, look).bgra[20, 20, 2]) - 90

    assert tint(frame.pts_s - age_s) == pytest.approx(strength * tint(frame.pts_s), abs=1.5)
