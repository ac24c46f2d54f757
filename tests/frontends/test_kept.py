"""A kept picture is read once, when it is asked for, and then lets go of the frame."""

from __future__ import annotations

import gc
import weakref
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.frame import Epoch, Frame
from motionapp.frontends.kept import KeptLuma


class Picture:
    """Pixels that count how often they are read."""

    def __init__(self) -> None:
        self.reads: list[int] = []
        self.stored = np.arange(48, dtype=np.uint8).reshape(6, 8)

    def luma_at(self, level: int) -> NDArray[np.uint8]:
        self.reads.append(level)
        return self.stored[:: 2**level, :: 2**level]

    def bgr(self) -> NDArray[np.uint8]:
        raise AssertionError("colours are not asked for")


def frame_of(picture: Picture) -> Frame:
    return Frame(0, 0, 0.0, 0.04, Epoch(0, (8, 6), Fraction(1, 25)), picture)


@pytest.mark.parametrize("level", [0, 1])
def test_nothing_is_read_before_it_is_asked_for_and_then_once(level: int) -> None:
    picture = Picture()
    kept = KeptLuma(frame_of(picture), level)
    assert picture.reads == []

    first, second = kept.luma, kept.luma

    assert picture.reads == [level]
    assert first is second
    assert np.array_equal(first, picture.stored[:: 2**level, :: 2**level])


@pytest.mark.parametrize("level", [0, 1])
def test_what_was_read_no_longer_holds_the_decoders_picture(level: int) -> None:
    picture = Picture()
    kept = KeptLuma(frame_of(picture), level)
    if level == 0:
        assert not np.shares_memory(kept.luma, picture.stored)
    assert kept.luma.size
    gone = weakref.ref(picture)

    del picture
    gc.collect()

    assert gone() is None
