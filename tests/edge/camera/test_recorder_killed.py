"""Whoever records is killed in the middle of it: what was recorded plays, and is nearly all."""

from __future__ import annotations

import contextlib
import multiprocessing
import random
from collections.abc import Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.edge.camera.recording_child import record
from tests.servers.coded import pictures_in
from tests.servers.rtsp import RtspServer, encoded, tone

KILLS = 10
RATE_HZ = 25


def pictures() -> Iterator[NDArray[np.uint8]]:
    for number in range(50):
        picture = np.full((120, 160, 3), 70, np.uint8)
        picture[10:40, 2 * number : 2 * number + 30] = 220
        yield picture


@pytest.mark.timeout(180)
def test_a_kill_at_any_moment_costs_less_than_a_second(tmp_path: Path) -> None:
    """Ten are killed, each at a moment of its own."""
    rng = random.Random(19)
    units = encoded(pictures(), rate_hz=RATE_HZ, key_frames=50)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([record.__module__])  # imported once, which takes longest
    lost_s = []
    server = RtspServer(units, rate_hz=RATE_HZ, sound=tone("aac"))
    with server, contextlib.ExitStack() as stack:
        children = []
        for number in range(KILLS):
            ours, theirs = context.Pipe(duplex=False)
            stack.enter_context(ours)
            with theirs:
                child = context.Process(
                    target=record, args=(server.url, tmp_path / str(number), theirs)
                )
                child.start()
            stack.callback(child.kill)  # whatever happens
            children.append((child, ours))
        for number, (child, news) in enumerate(children):
            handed_s = killed_after(child, news, rng.uniform(1.2, 3.0))
            (path,) = (tmp_path / str(number)).rglob("*.mp4")
            lost_s.append(handed_s - max(shown_s for shown_s, _ in pictures_in(path)))

    print([round(each, 2) for each in sorted(lost_s)])  # noqa: T201  the note quotes it
    assert max(lost_s) <= 1.0
    assert min(lost_s) >= -0.05


def killed_after(child: BaseProcess, news: Connection, seconds: float) -> float:
    """Kill a child once it has handed over so much; gives back how much that was."""
    first_s = newest_s = news.recv()
    while newest_s - first_s < seconds:
        newest_s = news.recv()
    child.kill()
    child.join()
    with contextlib.suppress(EOFError):
        while True:
            newest_s = news.recv()
    return float(newest_s - first_s)
