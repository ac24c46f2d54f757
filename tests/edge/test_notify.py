"""What systemd hears, through a real socket such as it opens."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.edge.notify import MOST_LETTERS, Notifier

pytestmark = pytest.mark.skipif(
    not hasattr(socket, "AF_UNIX"), reason="no AF_UNIX: no systemd could listen here"
)


class Listener:
    """A socket of the kind that systemd listens on."""

    def __init__(self, address: str) -> None:
        self._own = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._own.settimeout(5.0)
        self._own.bind(address)

    def heard(self) -> list[str]:
        """The lines of one datagram."""
        return self._own.recv(65536).decode().split("\n")

    def has_heard_nothing(self) -> bool:
        self._own.setblocking(False)
        try:
            self._own.recv(65536)
        except BlockingIOError:
            return True
        return False

    def close(self) -> None:
        self._own.close()


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "notify")


@pytest.fixture
def listener(path: str) -> Iterator[Listener]:
    listener = Listener(path)
    yield listener
    listener.close()


def test_each_word_is_one_datagram(listener: Listener, path: str) -> None:
    notifier = Notifier.from_environment({"NOTIFY_SOCKET": path})

    notifier.ready()
    notifier.status("2 cameras live,\n1 lost")
    notifier.stopping()

    assert listener.heard() == ["READY=1"]
    assert listener.heard() == ["STATUS=2 cameras live, 1 lost"]
    assert listener.heard() == ["STOPPING=1"]


def test_reloading_says_when_by_the_clock_that_only_goes_on(listener: Listener, path: str) -> None:
    Notifier(path, now_ns=lambda: 123_456_789_000).reloading()

    assert listener.heard() == ["RELOADING=1", "MONOTONIC_USEC=123456789"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has sockets without a path")
def test_a_socket_without_a_path_is_reached() -> None:
    name = f"motionapp-test-{os.getpid()}"
    listener = Listener(f"\0{name}")
    try:
        Notifier.from_environment({"NOTIFY_SOCKET": f"@{name}"}).ready()
        assert listener.heard() == ["READY=1"]
    finally:
        listener.close()


def test_the_watchdog_is_called_at_half_of_what_is_waited_for(
    listener: Listener, path: str
) -> None:
    environ = {"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "77"}
    notifier = Notifier.from_environment(environ, pid=77)

    assert notifier.watchdog_s == 15.0
    notifier.watchdog()
    assert listener.heard() == ["WATCHDOG=1"]


def test_a_watchdog_that_watches_another_process_is_left_alone(
    listener: Listener, path: str
) -> None:
    environ = {"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "78"}
    notifier = Notifier.from_environment(environ, pid=77)

    assert notifier.watchdog_s is None
    notifier.watchdog()
    assert listener.has_heard_nothing()


def test_without_a_number_of_a_process_it_is_this_one_that_is_watched(path: str) -> None:
    environ = {"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "2000000"}

    assert Notifier.from_environment(environ).watchdog_s == 1.0


def test_a_long_status_is_cut(listener: Listener, path: str) -> None:
    Notifier(path).status("x" * 100_000)

    assert listener.heard() == [f"STATUS={'x' * MOST_LETTERS}"]


def test_a_status_cannot_bring_lines_of_its_own(listener: Listener, path: str) -> None:
    Notifier(path).status("fine\nMAINPID=1\r\nFDSTORE=1")

    assert listener.heard() == ["STATUS=fine MAINPID=1 FDSTORE=1"]


@pytest.mark.parametrize(
    "address", ["/nowhere/at/all", "@motionapp-nobody", "/" + "x" * 300, "/with\0zero"]
)
def test_nobody_there_is_no_error(address: str) -> None:
    notifier = Notifier.from_environment({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "1000000"})

    notifier.ready()
    notifier.watchdog()
    assert notifier.address == address


def test_a_full_socket_is_not_waited_for(listener: Listener, path: str) -> None:
    notifier = Notifier(path)

    for _ in range(2000):  # Linux holds ten or so datagrams a socket
        notifier.ready()

    assert listener.heard() == ["READY=1"]


@given(
    st.dictionaries(
        st.sampled_from(["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"]),
        st.text(max_size=8).filter(lambda text: not text.startswith(("/", "@"))),
    )
)
def test_an_environment_without_a_socket_makes_everything_silent(environ: dict[str, str]) -> None:
    notifier = Notifier.from_environment(environ)

    notifier.ready()
    notifier.reloading()
    notifier.stopping()
    assert notifier == Notifier(None)


@given(st.text(max_size=30), st.text(max_size=30))
def test_figures_that_make_no_sense_count_as_absent(period: str, pid: str) -> None:
    environ = {"NOTIFY_SOCKET": "@x", "WATCHDOG_USEC": period, "WATCHDOG_PID": pid}
    found = Notifier.from_environment(environ, pid=1).watchdog_s

    assert found is None or (period.isdigit() and int(period) > 0 and int(pid) == 1)
