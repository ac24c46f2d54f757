"""Channel: nothing is lost, nobody waits for ever."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from motionapp.runtime import Channel


class ChannelAgainstAList(RuleBasedStateMachine):
    """Whatever one thread may do without waiting gives what a list would give."""

    @initialize(capacity=st.integers(1, 4))
    def begin(self, capacity: int) -> None:
        self.capacity = capacity
        self.channel: Channel[int] = Channel(capacity)
        self.reader = iter(self.channel)
        self.model: deque[int] = deque()
        self.closed = False
        self.ended = False

    @precondition(lambda self: self.closed or len(self.model) < self.capacity)
    @rule(item=st.integers())
    def put(self, item: int) -> None:
        assert self.channel.put(item) is not self.closed
        if not self.closed:
            self.model.append(item)

    @precondition(lambda self: not self.ended and (self.closed or self.model))
    @rule()
    def take(self) -> None:
        if self.model:
            assert next(self.reader) == self.model.popleft()
        else:
            assert next(self.reader, None) is None
            self.ended = True

    @rule()
    def close(self) -> None:
        self.channel.close()
        self.closed = True


TestChannelAgainstAList = ChannelAgainstAList.TestCase


def in_a_thread(run: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=run, name="test")
    thread.start()
    return thread


def test_a_channel_holds_at_least_one_item() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Channel[int](0)


@pytest.mark.timeout(30)
@given(items=st.lists(st.integers(), max_size=50), capacity=st.integers(1, 3))
def test_another_thread_gets_every_item_in_order(items: list[int], capacity: int) -> None:
    channel: Channel[int] = Channel(capacity)

    def produce() -> None:
        for item in items:
            assert channel.put(item)
        channel.close()

    thread = in_a_thread(produce)
    taken = list(channel)
    thread.join()

    assert taken == items
    assert channel.dropped == 0


@pytest.mark.timeout(30)
def test_closing_wakes_a_producer_that_waits_for_room() -> None:
    channel: Channel[int] = Channel(1)
    assert channel.put(1)
    answers: list[bool] = []
    thread = in_a_thread(lambda: answers.append(channel.put(2)))

    channel.close()
    thread.join()

    assert answers == [False]
    assert list(channel) == [1]


@pytest.mark.timeout(30)
def test_closing_wakes_a_consumer_that_waits_for_items() -> None:
    channel: Channel[int] = Channel(1)
    taken: list[int] = []
    thread = in_a_thread(lambda: taken.extend(channel))

    channel.close()
    thread.join()

    assert taken == []


def test_the_first_error_reaches_the_consumer_once_and_after_the_items() -> None:
    channel: Channel[int] = Channel(2)
    channel.put(1)
    channel.close(OSError("the camera is gone"))
    channel.close(OSError("a later one"))
    taken: list[int] = []

    with pytest.raises(OSError, match="the camera is gone"):
        taken.extend(iter(channel))

    assert next(iter(channel), None) is None
