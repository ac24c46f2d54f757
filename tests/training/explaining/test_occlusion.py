"""Which parts of a clip an answer needs, told by covering them and by nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from motionapp.core.clip import Going, MotionClip
from motionapp.core.contract import ModelContract
from motionapp.core.geometry import Box
from motionapp.core.representation import Representation
from motionapp.training.explaining.occlusion import occlusion

SIDE = 64


class Corner:
    """Answers by what moves in one part of the square."""

    def __init__(self, rows: slice, columns: slice, *, planes: int = 1, gain: float = 8.0) -> None:
        shape = Representation("absdiff", steps=2, planes=planes)
        self.contract = ModelContract("one", "1", ("here", "not"), shape, "theirs")
        self._at = (slice(None), slice(None), rows, columns)
        self._gain = gain
        self.largest = 0

    def logits(self, maps: Any, goings: list[Going]) -> Any:
        self.largest = max(self.largest, len(maps))
        share = maps[self._at].mean((1, 2, 3))
        return np.stack([self._gain * share, np.zeros_like(share)], axis=1).astype(np.float32)


def clip_of(maps: Any) -> MotionClip:
    return MotionClip(1, 0.0, 1.0, Box(0, 0, 64, 64), np.asarray(maps, np.float32))


def test_what_the_answer_hangs_on_is_found_where_it_is() -> None:
    recogniser = Corner(slice(8, 20), slice(40, 52))

    held = occlusion(recogniser, clip_of(np.ones((2, SIDE, SIDE))), 0)

    y, x = np.unravel_index(held.argmax(), held.shape)
    cell = SIDE / len(held)
    assert (8 <= (y + 0.5) * cell < 20, 40 <= (x + 0.5) * cell < 52) == (True, True)
    assert held.max() == pytest.approx(1.0)
    assert held[-4:].max() == 0
    assert recogniser.largest <= 16  # memory stays bounded


def test_a_corner_counts_as_much_as_the_middle() -> None:
    """Covers begin before the square, so that what lies at its border is covered as often."""
    held = occlusion(Corner(slice(0, 4), slice(0, 4)), clip_of(np.ones((2, SIDE, SIDE))), 0)

    assert np.unravel_index(held.argmax(), held.shape) == (0, 0)


def test_where_no_cover_lowers_the_answer_nothing_is_coloured() -> None:
    clip = clip_of(np.ones((2, SIDE, SIDE)))

    assert not occlusion(Corner(slice(8, 20), slice(8, 20)), clip, 1).any()
    assert not occlusion(Corner(slice(8, 20), slice(8, 20), gain=0.0), clip, 0).any()


def test_pictures_are_covered_with_their_mean() -> None:
    """Of a picture, 0 is a colour: a grey one, covered with grey, says what it said."""
    recogniser = Corner(slice(8, 20), slice(8, 20), planes=3)
    grey = np.full((6, SIDE, SIDE), 0.5)

    assert not occlusion(recogniser, clip_of(grey), 0).any()
