"""`motionapp watch --reconnect` beside a camera that goes and comes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.cli import main
from tests.servers.rtsp import RtspServer, Unit, encoded

REPOSITORY = Path(__file__).resolve().parents[2]
WATCH = (sys.executable, "-m", "motionapp", "watch")
OPTIONS = ("--reconnect", "--classifier", "none", "--people", "off")

pytestmark = [
    pytest.mark.timeout(60),
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send"),
]


@pytest.fixture(scope="module")
def units() -> list[Unit]:
    """A block that walks to and fro for ever."""

    def pictures() -> Iterator[NDArray[np.uint8]]:
        for number in range(80):
            picture = np.full((120, 160, 3), 70, np.uint8)
            x = 3 * min(number, 80 - number)
            picture[30:90, x : x + 30] = 220
            yield picture

    return encoded(pictures(), rate_hz=20)


@contextmanager
def watching(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        (*WATCH, *arguments, *OPTIONS),
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        with process:
            yield process
    finally:
        process.kill()


def lines_until(process: subprocess.Popen[str], kind: str) -> list[dict[str, Any]]:
    """The lines up to the first of a kind."""
    assert process.stdout is not None
    lines: list[dict[str, Any]] = []
    while not lines or lines[-1]["type"] != kind:
        lines.append(json.loads(process.stdout.readline()))
    return lines


def ended(process: subprocess.Popen[str]) -> tuple[list[dict[str, Any]], str]:
    """The lines that are left, and what was said, after a signal to end."""
    process.send_signal(signal.SIGTERM)
    rest, said = process.communicate()
    assert process.returncode == 0
    return [json.loads(line) for line in rest.splitlines()], said


def test_a_camera_that_goes_and_comes_is_one_watch(units: list[Unit]) -> None:
    with RtspServer(units, rate_hz=20) as server, watching(server.url, "--json", "-") as process:
        first = lines_until(process, "opened")
        server.behaviour.is_refusing = True
        server.hang_up()
        lost = lines_until(process, "lost")
        server.behaviour.is_refusing = False
        back = lines_until(process, "back")
        again = lines_until(process, "opened")
        now = datetime.now(UTC)
        rest, said = ended(process)

    closed = [line["event"] for line in lost if line["type"] == "closed"]
    assert closed[-1]["ended_by"] == "lost"
    assert closed[-1]["id"] == first[-1]["event"]["id"]
    assert "has ended" in lost[-1]["why"]
    assert 0.5 < back[-1]["outage_s"] < 20
    assert back[-1]["t_s"] == pytest.approx(lost[-1]["t_s"] + back[-1]["outage_s"], abs=0.002)
    event = again[-1]["event"]
    assert event["start_s"] >= back[-1]["t_s"]
    told = datetime.fromisoformat(event["start_utc"])
    assert abs((now - told).total_seconds()) < 3
    assert event["id"] != closed[-1]["id"]
    assert rest[-1]["type"] == "ended"
    assert "It is looked for again" in said


def test_a_camera_that_is_not_there_yet_is_waited_for(units: list[Unit]) -> None:
    with RtspServer(units, rate_hz=20) as server:
        server.behaviour.is_refusing = True
        with watching(server.url, "--json", "-") as process:
            lost = lines_until(process, "lost")
            server.behaviour.is_refusing = False
            back = lines_until(process, "back")
            ended(process)

    assert (lost[-1]["t_s"], lost[-1]["utc"]) == (0, None)
    assert back[-1]["utc"] is not None


def test_a_signal_between_two_tries_is_heard_at_once() -> None:
    with watching("rtsp://127.0.0.1:9/nobody", "--json", "-") as process:
        lines_until(process, "lost")
        rest, said = ended(process)

    assert [line["type"] for line in rest] == ["ended"]
    assert "refuses the connection" in said


def test_a_hangup_begins_a_new_file_and_ends_nothing(units: list[Unit], tmp_path: Path) -> None:
    out, aside = tmp_path / "lines.jsonl", tmp_path / "lines.jsonl.1"
    with (
        RtspServer(units, rate_hz=20) as server,
        watching(server.url, "--json", str(out)) as process,
    ):
        server.wait_until_played()
        wait_for(lambda: out.exists() and out.stat().st_size > 0)
        out.rename(aside)
        process.send_signal(signal.SIGHUP)
        ended(process)

    kinds = [
        [json.loads(line)["type"] for line in path.read_text().splitlines()]
        for path in (aside, out)
    ]
    assert kinds[0][0] == "opened"
    assert kinds[1][-1] == "ended"
    assert "closed" in kinds[1]


def test_a_wrong_address_is_a_sentence_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", "gopher://door/live", *OPTIONS]) == 4

    assert "is no address of a stream" in capsys.readouterr().err


def wait_for(is_so: Any) -> None:
    """Until something that another process does is done; the test's own limit ends it."""
    while not is_so():
        os.sched_yield()
