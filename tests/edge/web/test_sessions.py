"""Sessions end: by age, unused, one too many, or because their token is gone."""

from __future__ import annotations

import pytest

from motionapp.edge.web.access import Token
from motionapp.edge.web.sessions import LONGEST_S, LONGEST_UNUSED_S, MOST_SESSIONS, Sessions

VIEWER = Token("viewer", b"v" * 16, b"v" * 32, 16, 8, 1)
ADMIN = Token("admin", b"a" * 16, b"a" * 32, 16, 8, 1)


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_session_lasts_while_it_is_used_but_not_for_ever(clock: Clock) -> None:
    sessions = Sessions(clock=clock)
    key = sessions.begin(VIEWER)
    used = 0

    while sessions.token_of(key) is VIEWER:
        clock.now_s += LONGEST_UNUSED_S
        used += 1

    assert used == LONGEST_S // LONGEST_UNUSED_S + 1


def test_a_session_that_nobody_uses_ends(clock: Clock) -> None:
    sessions = Sessions(clock=clock)
    key = sessions.begin(VIEWER)

    clock.now_s += LONGEST_UNUSED_S + 1

    assert sessions.token_of(key) is None
    assert len(sessions) == 0


def test_the_one_used_longest_ago_ends_where_there_are_too_many(clock: Clock) -> None:
    sessions = Sessions(clock=clock)
    first, second = sessions.begin(VIEWER), sessions.begin(VIEWER)
    assert sessions.token_of(first) is VIEWER

    for _ in range(MOST_SESSIONS - 1):
        sessions.begin(VIEWER)

    assert len(sessions) == MOST_SESSIONS
    assert sessions.token_of(first) is VIEWER
    assert sessions.token_of(second) is None


def test_a_key_that_is_none_opens_nothing(clock: Clock) -> None:
    sessions = Sessions(clock=clock)
    key = sessions.begin(VIEWER)
    sessions.end(key)

    assert [sessions.token_of(one) for one in (key, "", "\ud800", key * 2)] == [None] * 4


def test_sessions_end_with_their_tokens(clock: Clock) -> None:
    sessions = Sessions(clock=clock)
    viewer, admin = sessions.begin(VIEWER), sessions.begin(ADMIN)

    sessions.keep_only((VIEWER,))

    assert sessions.token_of(viewer) is VIEWER
    assert sessions.token_of(admin) is None
