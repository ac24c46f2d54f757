"""Sources that are looked for again: one time line, told losses, bounded waits."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.backoff import FIRST_S, JITTER, LONGEST_S, Backoff
from motionapp.core.errors import SourceError
from motionapp.core.frame import Frame
from motionapp.core.seams import Source
from motionapp.sources import ReconnectingSource
from motionapp.testing import STEP_S, HandClock, ScriptedSource, frame_at

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Door(ScriptedSource):
    """A camera that sends so many frames and is lost; its clocks are those of the test."""

    def __init__(self, count: int, clock: HandClock) -> None:
        super().__init__(count, is_live=True, error=SourceError("the door is lost"))
        self._clock = clock
        self._began_ns = clock.now_ns

    def frames(self, start_s: float = 0.0) -> Iterator[Frame]:
        begin_utc = NOON + timedelta(seconds=(self._began_ns - HandClock().now_ns) / 1e9)
        epoch = replace(frame_at(0).epoch, start_utc=begin_utc)
        for frame in super().frames(start_s):
            yield replace(frame, epoch=epoch, captured_ns=self._clock.now_ns)
            self._clock.turn(STEP_S)


class Visits:
    """Opens one source after the other; a sentence is one that cannot be opened."""

    def __init__(self, *found: int | str) -> None:
        self.clock = HandClock()
        self.found = list(found)
        self.waits_s: list[float] = []
        self.told: list[str] = []
        self.opened: list[Door] = []
        self.source = ReconnectingSource(
            self.open_again,
            name="door",
            on_lost=self.told.append,
            backoff=Backoff(rng=random.Random(7)),
            wait=self.wait,
        )

    def open_again(self) -> Source:
        if not self.found:
            self.source.stop()
            raise SourceError("over")
        found = self.found.pop(0)
        if isinstance(found, str):
            raise SourceError(found)
        self.opened.append(Door(found, self.clock))
        return self.opened[-1]

    def wait(self, seconds: float) -> None:
        self.waits_s.append(seconds)
        self.clock.turn(seconds)


def test_each_return_is_an_epoch_on_one_time_line_with_a_wall_clock_of_its_own() -> None:
    visits = Visits(3, 2, 4)

    frames = list(visits.source.frames())

    assert [frame.index for frame in frames] == list(range(9))
    assert [frame.epoch.number for frame in frames] == [0] * 3 + [1] * 2 + [2] * 4
    since_s = [((frame.captured_ns or 0) - (frames[0].captured_ns or 0)) / 1e9 for frame in frames]
    assert [frame.pts_s for frame in frames] == pytest.approx(since_s)
    for frame in frames:
        assert frame.epoch.start_utc is not None
        told = frame.epoch.start_utc + timedelta(seconds=frame.pts_s)
        assert (told - NOON).total_seconds() == pytest.approx(frame.pts_s, abs=1e-5)
    firsts = [frames[0], frames[3], frames[5]]
    assert [frame.epoch.origin_s for frame in firsts] == [frame.pts_s for frame in firsts]
    assert [door.times_closed for door in visits.opened] == [1, 1, 1]


def test_a_loss_is_told_once_and_another_reason_too() -> None:
    visits = Visits("refused", "refused", "no answer", 2, 1, "refused")

    list(visits.source.frames())

    lost = "the door is lost"
    assert visits.told == ["refused", "no answer", lost, lost, "refused"]


def test_waits_double_up_to_a_minute_and_begin_anew_after_what_lasted() -> None:
    visits = Visits(*["refused"] * 8, 5000, "refused")

    list(visits.source.frames())

    usual_s = [1, 2, 4, 8, 16, 32, 60, 60, 1, 2]
    assert len(visits.waits_s) == len(usual_s)
    for wait_s, like_s in zip(visits.waits_s, usual_s, strict=True):
        assert (1 - JITTER) * like_s <= wait_s <= (1 + JITTER) * like_s


def test_a_camera_that_is_lost_at_once_each_time_is_not_hammered() -> None:
    visits = Visits(*[1] * 8)

    list(visits.source.frames())

    assert visits.waits_s[-1] > 0.8 * LONGEST_S


@given(st.lists(st.none() | st.floats(0, 1000), max_size=50), st.integers())
def test_a_wait_is_never_longer_or_shorter_than_said(
    lasted: Sequence[float | None], seed: int
) -> None:
    backoff = Backoff(rng=random.Random(seed))
    for lasted_s in lasted:
        if lasted_s is None:
            assert (1 - JITTER) * FIRST_S <= backoff.next_s() <= (1 + JITTER) * LONGEST_S
        else:
            backoff.note_success(lasted_s)


@pytest.mark.timeout(10)
def test_a_stop_ends_the_wait_between_two_tries() -> None:
    waiting = threading.Event()

    def refuse() -> Source:
        waiting.set()
        raise SourceError("refused")

    source = ReconnectingSource(refuse, name="door", backoff=Backoff(3600, 3600))
    reader = threading.Thread(target=lambda: list(source.frames()), name="reader")
    reader.start()
    waiting.wait()

    source.stop()
    reader.join()


def test_a_source_that_is_opened_after_a_stop_is_stopped() -> None:
    clock = HandClock()
    opened: list[Door] = []

    def open_again() -> Source:
        source.stop()
        opened.append(Door(1, clock))
        return opened[-1]

    source = ReconnectingSource(open_again, name="door")
    list(source.frames())

    assert opened[0].is_stopped


def test_what_is_known_is_of_what_was_opened_last() -> None:
    visits = Visits("refused", 2)
    assert (visits.source.info.name, visits.source.info.is_live) == ("door", True)

    list(visits.source.frames())

    assert visits.source.info.name == "scripted"
    assert not visits.source.damage.is_partial
