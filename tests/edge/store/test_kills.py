"""Killed at any moment: what was announced is there, once, and the store opens."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from motionapp.edge.seams import EventQuery
from motionapp.edge.store.names import parse
from motionapp.edge.store.store import Store
from tests.edge.store.conftest import START

KILLS = 10

WRITER = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from motionapp.edge.store.names import free_path
from motionapp.edge.store.outbox import Message
from motionapp.edge.store.retention import Retention
from motionapp.edge.store.store import Store
from motionapp.settings.edge import StoreSettings

folder = Path(sys.argv[1])
now = lambda: datetime.now(UTC)
say = lambda *what: print(json.dumps(what), flush=True)
tell = lambda event: [Message("house/events", f"{event.number} {event.state}".encode())]
with Store(folder, now=now, on_lost=tell) as store:
    settings = {"dir": folder, "max_gb": 5e-6, "min_free_gb": 0}
    keeping = Retention(store, StoreSettings.model_validate(settings))
    while True:
        event = store.open_event("door", "motion", now(), messages=tell)
        say("opened", event.number)
        path = free_path(folder, "door", now())
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(bytes(1000))
        store.begin_recording(path, events=[event.number])
        store.end_recording(path, end_utc=now())
        store.close_event(event.number, now(), recording=path, messages=tell)
        say("closed", event.number)
        sent = [message.number for message in store.waiting(1)]
        store.sent(sent)
        say("sent", *sent)
        if event.number % 5 == 0:
            keeping.step()
"""


def announced(folder: Path, lines: int) -> Iterator[list[object]]:
    """What a writer said until it was killed, some moments after so many lines."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for number, line in enumerate(process.stdout, 1):
            if number == lines:
                # It is written on at once: the kill comes in the middle of something else.
                os.kill(process.pid, signal.SIGKILL)
            if line.endswith("\n"):
                yield json.loads(line)
        assert process.wait(50) == -signal.SIGKILL


@pytest.mark.timeout(180)  # ten interpreters are started
@pytest.mark.skipif(os.name != "posix", reason="no SIGKILL here")
def test_no_event_is_lost_or_doubled_however_often_it_is_killed(tmp_path: Path) -> None:
    dice = random.Random(19)
    opened: list[object] = []
    closed: list[object] = []
    sent: list[object] = []
    for _ in range(KILLS):
        for what, *numbers in announced(tmp_path, dice.randint(1, 12)):
            {"opened": opened, "closed": closed, "sent": sent}[str(what)].extend(numbers)

    with Store(tmp_path, now=lambda: START) as store:
        events = store.events(EventQuery(most=1000))
        by_number = {event.number: event for event in events}
        assert store.boots == KILLS + 1
        assert len(by_number) == len(events)
        assert set(opened) <= set(by_number)
        assert len(opened) == len(set(opened))
        assert {by_number[number].state for number in closed} <= {"closed"}  # type: ignore[index]
        assert store.open_events() == []
        # Every file has its row and every row its file.
        on_disk = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.mp4")}
        assert {one.path for one in store.recordings()} == on_disk
        assert all(map(parse, on_disk))
        # What was told as sent does not wait any more, and nothing waits twice.
        waiting = store.waiting(1000)
        assert not {one.number for one in waiting} & set(sent)
        said = [one.payload.decode().split()[0] for one in waiting if one.change == "end"]
        assert len(said) == len(set(said))
        ended = {event.number for event in events} - {int(number) for number in said}
        assert len(ended) <= len(sent) // 2 + KILLS
    assert len(opened) > KILLS


def test_a_number_is_never_given_again(tmp_path: Path) -> None:
    """Not even where the newest events were removed, or the database is gone."""
    with Store(tmp_path, now=lambda: datetime.now(UTC)) as store:
        numbers = [store.open_event("door", "motion", START).number for _ in range(3)]
        store.session.connection.execute("DELETE FROM events")
        numbers.append(store.open_event("door", "motion", START).number)
    for path in tmp_path.glob("motionapp.sqlite3*"):
        path.unlink()
    with Store(tmp_path, now=lambda: datetime.now(UTC)) as store:
        numbers.append(store.open_event("door", "motion", START).number)

    assert numbers == sorted(set(numbers))


def test_an_event_is_on_the_disk_when_it_is_announced(tmp_path: Path) -> None:
    """A system call says so: it comes between the writing and the answer."""
    if (strace := shutil.which("strace")) is None:
        pytest.skip("no strace here")
    log = tmp_path / "calls"
    calls = "fsync,fdatasync,write,pwrite64"
    command = [strace, "-f", "-e", f"trace={calls}", "-o", str(log), sys.executable]
    ran = subprocess.run(
        [*command, "-c", WRITER.replace("while True", "for _ in range(3)"), str(tmp_path / "kept")],
        capture_output=True,
        text=True,
        timeout=50,
    )
    if ran.returncode != 0 and "ptrace" in ran.stderr.lower():
        pytest.skip("strace may not trace here")
    assert ran.returncode == 0, ran.stderr

    # What follows the last writing before each announcement is a sync.
    before: list[str] = []
    announcements = 0
    for line in log.read_text().splitlines():
        call = line.split(maxsplit=1)[1]
        if call.startswith("write(1, "):
            if "opened" in call or "closed" in call:
                announcements += 1
                assert any(one.startswith(("fdatasync", "fsync")) for one in before[-2:]), before
            before = []
        elif call.startswith(("pwrite64", "fdatasync", "fsync")):
            before.append(call)
    assert announcements == 6
