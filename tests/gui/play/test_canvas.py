"""Frames become pictures that Qt can paint."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from motionapp.core.moment import Moment
from motionapp.core.motion import Motion
from motionapp.gui.play.canvas import shown
from motionapp.gui.play.wish import Shows
from motionapp.testing import SIZE, frame_at

PLAIN = Shows()


@pytest.mark.parametrize(
    ("fit", "expected"), [((32, 600), (32, 24)), ((640, 480), SIZE), ((64, 24), (32, 24))]
)
def test_a_picture_is_made_smaller_to_fit_and_never_larger(
    fit: tuple[int, int], expected: tuple[int, int]
) -> None:
    picture = shown(frame_at(3), None, fit, PLAIN)

    assert picture.bgra.shape == (expected[1], expected[0], 4)
    assert picture.bgra.flags.c_contiguous
    assert picture.size == SIZE
    assert picture.index == 3
    assert picture.pts_s == pytest.approx(0.12)


def test_colours_keep_their_order() -> None:
    class Blue:
        def luma_at(self, level: int) -> np.ndarray:
            raise NotImplementedError

        def bgr(self) -> np.ndarray:
            return np.full((48, 64, 3), (250, 20, 10), np.uint8)

    picture = shown(replace(frame_at(0), pixels=Blue()), None, SIZE, PLAIN)

    assert picture.bgra[0, 0].tolist() == [250, 20, 10, 255]


def test_what_moves_is_tinted_only_when_asked_and_the_frame_stays_as_it_is() -> None:
    mask = np.zeros((48, 64), np.uint8)
    mask[:, 32:] = 255
    moment = Moment("test", None, motion=Motion(mask=mask))
    frame = frame_at(0)

    plain = shown(frame, moment, SIZE, PLAIN).bgra
    tinted = shown(frame, moment, SIZE, Shows(mask=True)).bgra

    assert (plain[..., :3] == 90).all()
    assert (tinted[:, :30, :3] == 90).all()
    assert tinted[20, 50, 2] > 100
    assert (frame.bgr() == 90).all()


def test_flow_is_laid_over_where_it_is_fast() -> None:
    flow = np.zeros((24, 32, 2), np.float32)
    flow[:, 16:] = (40.0, 0.0)
    moment = Moment("test", None, motion=Motion(flow=flow))

    picture = shown(frame_at(0), moment, SIZE, Shows(flow=True)).bgra[..., :3].astype(int)

    assert np.abs(picture[:, :28] - 90).max() <= 2
    assert np.ptp(picture[24, 50]) > 60
