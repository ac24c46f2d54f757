"""How much a client may ask for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.edge.web import limits
from motionapp.edge.web.limits import Buckets, Streams, client_of, too_often
from motionapp.edge.web.problems import Problem


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@given(
    burst=st.integers(1, 8),
    hz=st.sampled_from([0.25, 1.0, 4.0]),
    waits_s=st.lists(st.sampled_from([0.0, 0.125, 0.5, 2.0, 60.0]), max_size=60),
)
def test_no_more_is_let_through_than_the_burst_and_what_has_come_back(
    burst: int, hz: float, waits_s: list[float]
) -> None:
    clock = Clock()
    buckets = Buckets(burst, hz, clock=clock)
    taken_s: list[float] = []

    for wait_s in waits_s:
        clock.now_s += wait_s
        if buckets.take("a") == 0.0:
            taken_s.append(clock.now_s)

    for index, begin_s in enumerate(taken_s):
        for count, end_s in enumerate(taken_s[index:], 1):
            assert count <= burst + (end_s - begin_s) * hz + 1e-6


@given(burst=st.integers(1, 8), hz=st.sampled_from([0.25, 1.0, 4.0]))
def test_who_waits_as_long_as_was_said_may_again(burst: int, hz: float) -> None:
    clock = Clock()
    buckets = Buckets(burst, hz, clock=clock)
    while (wait_s := buckets.take("a")) == 0.0:
        pass

    clock.now_s += wait_s + 1e-9

    assert buckets.take("a") == 0.0
    assert buckets.take("b") == 0.0, "others do not wait"


def test_only_so_many_clients_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_CLIENTS", 3)
    buckets = Buckets(1, 0.01, clock=Clock())

    for client in "abcd":
        buckets.take(client)

    assert [buckets.wait_s(client) > 0 for client in "abcd"] == [False, True, True, True]


def test_a_wait_is_told_in_whole_seconds() -> None:
    assert too_often(0.01).headers["Retry-After"] == "1"
    assert too_often(11.2).headers["Retry-After"] == "12"


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.168.1.7", "192.168.1.7"),
        ("::ffff:192.168.1.7", "192.168.1.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("::1", "::1"),
        ("", "unknown"),
        ("a/../b", "unknown"),
    ],
)
def test_whoever_has_a_network_of_addresses_is_one_client(address: str, client: str) -> None:
    assert client_of(address) == client


def test_so_many_streams_are_sent_and_no_more() -> None:
    streams = Streams(3, 2)

    with streams.one("a"), streams.one("a"), streams.one("b"):
        for client in ("a", "b", "c"):
            with pytest.raises(Problem) as caught:
                streams.check(client)
            assert caught.value.status == 429

    assert len(streams) == 0
    with streams.one("a"), streams.one("a"):
        with pytest.raises(Problem):
            streams.check("a")
        streams.check("b")
