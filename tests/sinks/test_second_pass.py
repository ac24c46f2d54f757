"""Reading a source a second time: the right frames, with as few beginnings as may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.frame import Frame
from motionapp.sinks.second_pass import NEAR_S, SecondReading
from motionapp.testing import STEP_S, ScriptedSource

FRAMES = 2000


class Counting(ScriptedSource):
    """Counts how often it is read, and from where."""

    def __init__(self, *, is_seekable: bool = True) -> None:
        super().__init__(FRAMES)
        self.info = replace(self.info, is_seekable=is_seekable)
        self.starts_s: list[float] = []

    def frames(self, start_s: float = 0.0) -> Iterator[Frame]:
        """Notes it."""
        self.starts_s.append(start_s)
        return super().frames(start_s)


spans = st.lists(st.tuples(st.integers(0, FRAMES), st.integers(1, 200)), min_size=1, max_size=8)


@given(spans, st.booleans(), st.booleans())
def test_every_span_has_its_frames_whatever_was_read_before(
    asked: list[tuple[int, int]], is_seekable: bool, may_seek: bool
) -> None:
    reading = SecondReading(lambda: Counting(is_seekable=is_seekable))

    for first, count in asked:
        frames = reading.frames(first * STEP_S, (first + count) * STEP_S, may_seek=may_seek)
        indices = [frame.index for frame in frames]
        assert indices == list(range(first, min(first + count, FRAMES)))


def test_what_lies_near_ahead_is_read_on_and_what_lies_far_is_sought() -> None:
    source = Counting()
    reading = SecondReading(lambda: source)

    for from_s in (10.0, 10.0 + NEAR_S / 2, 60.0, 20.0):
        next(reading.frames(from_s, from_s + 1))

    assert source.starts_s == [10.0, 60.0, 20.0]


def test_a_source_that_cannot_seek_is_read_on_as_long_as_possible() -> None:
    source = Counting(is_seekable=False)
    reading = SecondReading(lambda: source)

    for from_s in (10.0, 40.0, 70.0, 20.0):
        next(reading.frames(from_s, from_s + 1))

    assert source.starts_s == [0.0, 0.0]


def test_it_is_opened_once_and_closed() -> None:
    opened: list[Counting] = []

    def reopen() -> Counting:
        opened.append(Counting())
        return opened[-1]

    reading = SecondReading(reopen)
    for from_s, to_s in pairwise([0.0, 1.0, 2.0]):
        list(reading.frames(from_s, to_s))
    reading.close()
    reading.close()

    assert [source.times_closed for source in opened] == [1]


def test_progress_is_told_for_every_picture_that_is_read() -> None:
    told: list[None] = []
    reading = SecondReading(lambda: Counting(), on_progress=lambda: told.append(None))

    list(reading.frames(1.0, 2.0))

    assert len(told) == 26  # one behind the end is read, too
