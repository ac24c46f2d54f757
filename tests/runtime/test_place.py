"""Place: playing begins at the very frame that was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.frame import Frame
from motionapp.runtime import Place
from motionapp.testing import ScriptedSource, frame_at


class Uneven(ScriptedSource):
    """Frames at any times; counts how often it was read."""

    def __init__(self, times_s: Sequence[float], *, is_seekable: bool = True) -> None:
        super().__init__(len(times_s))
        self.info = replace(self.info, is_seekable=is_seekable)
        self.readings = 0
        self._times_s = times_s

    def frames(self, start_s: float = 0.0) -> Iterator[Frame]:
        self.readings += 1
        for index, pts_s in enumerate(self._times_s):
            if pts_s >= start_s:
                yield replace(frame_at(index), pts_s=pts_s)


TIMES = st.lists(st.integers(1, 20_000), min_size=1, max_size=12).map(
    lambda gaps_ms: [sum(gaps_ms[:count]) / 1000 for count in range(len(gaps_ms))]
)


@given(times_s=TIMES, which=st.data())
def test_a_step_back_goes_to_the_frame_before_whatever_lies_between(
    times_s: list[float], which: st.DataObject
) -> None:
    number = which.draw(st.integers(0, len(times_s) - 1))
    source = Uneven(times_s)

    read = list(Place(times_s[number], is_before=True).read(source))

    assert [frame.index for frame in read] == list(range(max(0, number - 1), len(times_s)))


def test_after_the_end_of_a_recording_comes_its_last_frame() -> None:
    source = Uneven([0.0, 0.04, 0.08])

    read = list(Place(3600.0, is_before=True).read(source))

    assert [frame.index for frame in read] == [2]


def test_a_place_is_its_first_frame_that_is_not_before_it() -> None:
    assert next(Place(0.05).read(Uneven([0.0, 0.04, 0.08]))).index == 2


@pytest.mark.parametrize("is_seekable", [True, False])
def test_what_cannot_seek_is_read_once(is_seekable: bool) -> None:
    """Each reading begins at its start: to look further back would read it all again."""
    source = Uneven([0.0, 100.0, 200.0], is_seekable=is_seekable)

    first = next(Place(200.0, is_before=True).read(source))

    assert first.index == 1
    assert source.readings == 1 or is_seekable


def test_a_recording_without_a_frame_gives_none() -> None:
    assert list(Place(1.0, is_before=True).read(Uneven([]))) == []
