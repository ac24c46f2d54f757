"""Mailbox: the newest item, everything else counted, and only the consumer waits."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from motionapp.runtime import Mailbox
from motionapp.runtime.mailbox import MOST_WAITING


class MailboxAgainstASlot(RuleBasedStateMachine):
    """What a list and a counter would do."""

    def __init__(self) -> None:
        super().__init__()
        self.mailbox: Mailbox[int | None] = Mailbox()
        self.reader = iter(self.mailbox)
        self.line: list[tuple[int | None, bool]] = []
        """What waits, and whether it may be replaced."""
        self.dropped = 0
        self.closed = False

    @rule(item=st.none() | st.integers())
    def put(self, item: int | None) -> None:
        assert self.mailbox.put(item) is not self.closed
        if not self.closed:
            if self.line and self.line[-1][1]:
                self.line.pop()
                self.dropped += 1
            self.line.append((item, True))

    @rule(item=st.integers())
    def keep(self, item: int) -> None:
        assert self.mailbox.keep(item) is not self.closed
        if not self.closed:
            while len(self.line) >= MOST_WAITING:
                self.line.pop()
                self.dropped += 1
            self.line.append((item, False))

    @precondition(lambda self: self.line)
    @rule()
    def take(self) -> None:
        assert next(self.reader) == self.line.pop(0)[0]

    @rule()
    def close(self) -> None:
        self.mailbox.close()
        self.closed = True

    @invariant()
    def counts_what_was_replaced(self) -> None:
        assert self.mailbox.dropped == self.dropped


TestMailboxAgainstASlot = MailboxAgainstASlot.TestCase


@pytest.mark.timeout(30)
@given(items=st.lists(st.integers(), min_size=1, max_size=100, unique=True))
def test_another_thread_gets_a_part_in_order_that_ends_with_the_last(items: list[int]) -> None:
    mailbox: Mailbox[int] = Mailbox()
    taken: list[int] = []
    thread = threading.Thread(target=lambda: taken.extend(mailbox), name="test")
    thread.start()

    for item in items:
        assert mailbox.put(item)
    mailbox.close()
    thread.join()

    assert [item for item in items if item in set(taken)] == taken
    assert taken[-1] == items[-1]
    assert len(taken) + mailbox.dropped == len(items)


def test_a_consumer_that_hangs_while_a_source_comes_and_goes_costs_no_more_and_more_memory() -> (
    None
):
    mailbox: Mailbox[str] = Mailbox()

    for number in range(1000):
        mailbox.put(f"picture {number}")
        mailbox.keep(f"loss {number}")
    mailbox.close()

    left = list(mailbox)
    assert len(left) == MOST_WAITING
    assert left[:2] == ["picture 0", "loss 0"]
    assert left[-1] == "loss 999"
    assert mailbox.dropped == 2000 - MOST_WAITING


@pytest.mark.timeout(30)
def test_closing_wakes_a_consumer_that_waits() -> None:
    mailbox: Mailbox[int] = Mailbox()
    thread = threading.Thread(target=lambda: list(mailbox), name="test")
    thread.start()

    mailbox.close()

    thread.join()


def test_a_closed_mailbox_tells_its_producer() -> None:
    mailbox: Mailbox[int] = Mailbox()
    mailbox.close()

    assert not mailbox.put(1)
    assert mailbox.dropped == 0


def test_the_error_comes_once_and_after_the_last_item() -> None:
    mailbox: Mailbox[int] = Mailbox()
    mailbox.put(1)
    mailbox.close(OSError("the stream is gone"))
    reader = iter(mailbox)

    assert next(reader) == 1
    with pytest.raises(OSError, match="the stream is gone"):
        next(reader)
    assert list(mailbox) == []
