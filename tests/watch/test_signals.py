"""Signals that come alone, together, and to who was told to ignore them."""

from __future__ import annotations

import queue
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from motionapp.watch.signals import News, caught_signals, wait_for_news

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no hangup")

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def before() -> Iterator[list[int]]:
    """What came to the handlers that were there before."""
    came: list[int] = []
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    handlers = [signal.signal(number, lambda number, _: came.append(number)) for number in numbers]
    yield came
    for number, handler in zip(numbers, handlers, strict=True):
        signal.signal(number, handler)


def test_a_second_signal_to_end_acts_as_it_did_before(before: list[int]) -> None:
    news: News = queue.SimpleQueue()
    with caught_signals(news):
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)

    assert wait_for_news(news) == signal.SIGTERM
    assert news.empty()
    assert before == [signal.SIGTERM]


def test_a_hangup_after_a_signal_to_end_does_not_end_it_badly(before: list[int]) -> None:
    """With SendSIGHUP=yes, systemd sends both at once."""
    news: News = queue.SimpleQueue()
    with caught_signals(news):
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGHUP)

    assert before == []
    signal.raise_signal(signal.SIGHUP)
    assert before == [signal.SIGHUP]


def test_who_shall_outlive_the_terminal_says_so(before: list[int]) -> None:
    told = []
    for handler in (signal.SIG_DFL, signal.SIG_IGN):
        signal.signal(signal.SIGHUP, handler)
        with caught_signals(queue.SimpleQueue()) as outlives_terminal:
            told.append(outlives_terminal)

    assert told == [False, True]


@pytest.mark.timeout(60)
def test_a_watch_begun_by_nohup_outlives_its_terminal() -> None:
    """`nohup` has hangups ignored, and what catches them all the same would end by one."""
    ignored = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        process = subprocess.Popen(
            (sys.executable, "-m", "motionapp", "watch", "rtsp://127.0.0.1:9/nobody", "--json", "-",
             "--reconnect", "--classifier", "none", "--people", "off"),
            cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
    finally:
        signal.signal(signal.SIGHUP, ignored)
    with process:
        try:
            assert process.stdout is not None
            assert '"lost"' in process.stdout.readline()
            process.send_signal(signal.SIGHUP)
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.5)
            process.send_signal(signal.SIGTERM)
            rest, _ = process.communicate()
        finally:
            process.kill()

    assert '"ended"' in rest
    assert process.returncode == 0
