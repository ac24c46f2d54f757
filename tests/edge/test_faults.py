"""`motionapp edge run` as a box runs it, and what happens there: each recovered without help."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.edge.test_service import pictures
from tests.servers.edge_service import REPOSITORY, EdgeProcess
from tests.servers.rtsp import RtspServer, Unit, encoded

pytestmark = [
    pytest.mark.timeout(120),
    pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc"),
]
FAULTS = ("dies", "silent", "other", "garbage", "jumps", "killed")
NEVER = '[record]\nwhen = "never"\n'


@pytest.fixture(scope="module")
def units() -> list[Unit]:
    return encoded(pictures(), rate_hz=20)


@pytest.fixture
def servers(units: list[Unit]) -> Iterator[dict[str, RtspServer]]:
    with ExitStack() as stack:
        yield {name: stack.enter_context(RtspServer(units, rate_hz=20, port=0)) for name in FAULTS}


def outages(service: EdgeProcess, camera: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = service.ask(f"events?kind=outage&camera={camera}")["events"]
    return found


def test_whatever_befalls_a_camera_is_one_outage_and_it_comes_back(
    servers: dict[str, RtspServer], tmp_path: Path
) -> None:
    other = encoded(pictures((320, 240)), rate_hz=20, codec="hevc")
    urls = {name: server.url for name, server in servers.items()}
    with EdgeProcess(tmp_path, urls) as service:
        service.until_live()
        broken = {name: server.behaviour for name, server in servers.items()}
        broken["dies"].is_refusing = True
        servers["dies"].hang_up()
        broken["silent"].is_silent = True
        broken["other"].units = other
        servers["other"].hang_up()
        broken["garbage"].is_garbage = True
        broken["jumps"].jump_s = 3600.0
        os.kill(service.children()[-1], signal.SIGKILL)
        lost = {"dies": "lost", "silent": "lost", "garbage": "stalled"}
        service.until(lambda: lost.items() <= service.states().items(), what="they are lost")
        service.until(
            lambda: all(outages(service, name) for name in lost), what="outages are written down"
        )
        states = service.states()
        broken["dies"].is_refusing = broken["silent"].is_silent = False
        broken["garbage"].is_garbage = False
        broken["jumps"].jump_s = -3600.0
        service.until_live()
        service.until(
            lambda: all(one["end_utc"] for name in FAULTS for one in outages(service, name)),
            what="each outage has an end",
        )
        found = {name: outages(service, name) for name in FAULTS}
        ended = service.ask("events?kind=motion&camera=jumps")["events"]
        size = service.ask("cameras/other")["size"]
        now = datetime.now(UTC)
        assert service.stop() < 2.0

    assert states["jumps"] == "live"
    assert size == [320, 240]
    assert {name: len(events) for name, events in found.items()} == {
        **dict.fromkeys(FAULTS, 1),
        "jumps": 0,
    }, found
    assert found["killed"][0]["why"] == "its process was ended by SIGKILL"
    assert ended
    for one in ended:
        assert abs((now - datetime.fromisoformat(one["start_utc"])).total_seconds()) < 60


def test_a_taken_port_a_bad_reload_and_a_changed_file_disturb_nobody(
    units: list[Unit], tmp_path: Path
) -> None:
    zones = tmp_path / "zones.toml"
    zones.write_text(ZONES.format(edge=0.5))
    with RtspServer(units, rate_hz=20) as server, socket.socket() as taken:
        service = EdgeProcess(tmp_path, {"kept": server.url, "gone": server.url})
        text = service.config.read_text()
        zoned = f'[[camera]]\nname = "zoned"\nurl = "{server.url}"\nzones = "zones.toml"\n'
        service.config.write_text(f'{zoned}settings = "unnamed.toml"\n{text}')
        taken.bind(("127.0.0.1", service.port))
        taken.listen()
        with service:
            service.until(lambda: service.log.count("is live") == 3, what="three are live")
            assert "another program listens there" in service.log
            taken.close()
            first = service.children()

            service.config.write_text("[[camera]]\n")
            service.send(signal.SIGHUP)
            service.until(lambda: "the old configuration stays" in service.log, what="refused")
            assert service.children() == first

            service.config.write_text(f'{zoned}settings = "unnamed.toml"\n{text}')
            zones.write_text(ZONES.format(edge=0.6))
            service.send(signal.SIGHUP)
            service.until(lambda: "was read again" in service.log, what="a reload")
            service.until(lambda: len(service.children()) == 3, what="three processes")
            assert len(set(first) & set(service.children())) == 2

            second = subprocess.run(
                [sys.executable, "-m", "motionapp", "edge", "run", str(service.config)],
                cwd=REPOSITORY, stderr=subprocess.PIPE, text=True, timeout=20, check=False,
            )  # fmt: skip
            assert second.returncode == 5
            assert "another" in second.stderr
            for _ in range(200):
                service.send(signal.SIGHUP)
            service.until(lambda: "the page is at" in service.log, what="a page")
            assert service.log.count("another program listens there") == 1
            service.until_live("kept", "gone", "zoned")
            assert service.stop(signal.SIGINT) < 2.0
    assert "Traceback" not in service.log


ZONES = """[[zone]]
name = "left"
polygon = [[0.0, 0.0], [{edge}, 0.0], [{edge}, 1.0], [0.0, 1.0]]
"""


@pytest.mark.parametrize("when", ["it starts", "it reloads what hangs"])
def test_it_ends_within_two_seconds_also_when(units: list[Unit], tmp_path: Path, when: str) -> None:
    with (
        RtspServer(units, rate_hz=20) as server,
        EdgeProcess(tmp_path, {"a": server.url, "b": server.url}) as service,
    ):
        if when == "it starts":
            service.until(lambda: len(service.children()) == 2, what="two processes")
        else:
            service.until_live()
            for child in service.children():
                os.kill(child, signal.SIGSTOP)
            service.more = NEVER
            service.configure()
            service.send(signal.SIGHUP)
        assert service.stop() < 2.0
    assert "Traceback" not in service.log


def test_a_full_disk_costs_what_is_written_and_never_the_watching(
    units: list[Unit], tmp_path: Path
) -> None:
    store = tmp_path / "kept"
    store.mkdir()
    mount = f'mount -t tmpfs -o size=60m,mode=700 none {store} && exec "$@"'
    apart = ("unshare", "-m", "sh", "-c", mount, "sh")
    try:
        subprocess.run([*apart, "true"], check=True, capture_output=True, timeout=10)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no small disk can be made here: that takes root and unshare")
    with (
        RtspServer(units, rate_hz=20) as server,
        EdgeProcess(tmp_path, {"door": server.url}, before=apart) as service,
    ):
        service.until(lambda: service.states() and service.ask("events")["events"], what="event")
        filler = Path(f"/proc/{service.pid}/root{store}/filler")

        def is_told() -> bool:
            fill(filler)
            return "not all that happens is written down" in service.log

        service.until(is_told, what="a full disk is told")
        assert service.states() == {"door": "live"}
        filler.unlink()
        service.until(
            lambda: (
                [e for e in service.ask("events")["events"] if e["state"] == "open"] == []
                or service.ask("events")["events"][-1]["state"] == "closed"
            ),
            what="what ended meanwhile is closed",
        )
        assert service.ask("events")["events"][-1]["state"] == "closed"
        assert service.log.count("not all that happens") == 1
        assert service.stop() < 2.0


def fill(path: Path) -> None:
    """Until the disk has not a page left."""
    try:
        with path.open("ab", buffering=0) as file:
            while file.write(bytes(1 << 12)):
                pass
    except OSError:
        return
