"""A database that is damaged: opened, or put aside and repaired, never a traceback."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from motionapp.edge.seams import EventQuery
from motionapp.edge.store.names import recording_path
from motionapp.edge.store.opening import FILE
from motionapp.edge.store.outbox import Message
from motionapp.edge.store.store import Store
from tests.edge.store.conftest import START, Clock

EVENTS = 300


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with some hundred events and files, and messages that wait."""
    folder, clock = tmp_path_factory.mktemp("sound"), Clock()
    with Store(folder, now=clock, monotonic_s=clock.monotonic_s) as store:

        def act() -> None:
            for number in range(EVENTS):
                start = START + timedelta(minutes=number)
                event = store._events.add(
                    *("door", "motion", start), zone="all", label="walk", score=0.5, why="",
                    details={"trail": list(range(number % 40))}, noted=(1, 0),
                )  # fmt: skip
                store._outbox.add(event.number, "new", [Message("t", b"x" * 50)])
                store._events.end(event.number, start + timedelta(seconds=9))

        store.session.write(act)
        store.session.cover(EVENTS)
        for number in range(5):
            path = recording_path("door", START + timedelta(minutes=number), 0)
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(b"pictures")
            store.attach(number + 1, recording=path)
        store.lock(3, is_locked=True)
        store.note_change("door", "sensitivity", 2.0, "me")
    return folder


def use(folder: Path, clock: Clock) -> tuple[int, tuple[str, ...]]:
    """Open it, and do all that a service does; how many events there are, and what was told."""
    with Store(folder, now=clock, monotonic_s=clock.monotonic_s) as store:
        found = 0
        before = None
        while events := store.events(EventQuery(before_number=before, most=1000)):
            found += len(events)
            before = events[-1].number
        number = store.open_event("door", "motion", START).number
        assert number > EVENTS
        store.close_event(number, START)
        store.sent(one.number for one in store.waiting(1000))
        store.recordings()
        store.changed_settings()
        assert store.events(EventQuery(most=1))[0].number == number
        return found, store.sentences


@pytest.mark.parametrize("seed", range(4))
def test_bytes_flipped_anywhere_are_borne(
    sound: Path, tmp_path: Path, clock: Clock, seed: int
) -> None:
    dice = random.Random(seed)
    put_aside = 0
    for number in range(8):
        folder = shutil.copytree(sound, tmp_path / str(number))
        content = bytearray((folder / FILE).read_bytes())
        for _ in range(dice.choice([1, 1, 3, 30])):
            content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
        (folder / FILE).write_bytes(content)

        found, sentences = use(folder, clock)

        put_aside += any("was damaged" in sentence for sentence in sentences)
        # A page holds some dozens of events; those with a recording are there in any case.
        assert 5 <= found <= EVENTS + 5
        assert use(folder, clock)[0] == found + 1
    assert put_aside > 0


@pytest.mark.parametrize("at", [*range(0, 100, 7), 18, 19, 60, 63, 100, 105, 4096])
def test_every_part_of_the_header_may_be_damaged(
    sound: Path, tmp_path: Path, clock: Clock, at: int
) -> None:
    folder = shutil.copytree(sound, tmp_path / "kept")
    content = bytearray((folder / FILE).read_bytes())
    content[at] ^= 0xFF
    (folder / FILE).write_bytes(content)

    found, _ = use(folder, clock)

    assert found >= 5


def test_a_database_cut_anywhere_is_put_aside(sound: Path, tmp_path: Path, clock: Clock) -> None:
    whole = (sound / FILE).read_bytes()
    dice = random.Random(5)
    for size in [1, 99, 100, 4096, *(dice.randrange(len(whole)) for _ in range(6))]:
        folder = shutil.copytree(sound, tmp_path / str(size))
        (folder / FILE).write_bytes(whole[:size])

        found, sentences = use(folder, clock)

        assert "was damaged" in sentences[0]
        assert found >= 5
        (aside,) = folder.glob(f"{FILE}.damaged-20261130T081502Z")
        # SQLite has counted in its header that somebody looked.
        assert aside.read_bytes()[100:] == whole[100:size]


def test_most_of_a_damaged_database_is_read(sound: Path, tmp_path: Path, clock: Clock) -> None:
    """A page in its middle is zeros, as a card leaves them that was written when power went."""
    folder = shutil.copytree(sound, tmp_path / "kept")
    content = bytearray((folder / FILE).read_bytes())
    with closing(sqlite3.connect(folder / FILE)) as connection:
        pages = (
            connection.execute(
                "SELECT pageno FROM dbstat WHERE name = 'events' AND pagetype = 'leaf'"
            ).fetchall()
            if _has_dbstat(connection)
            else []
        )
    if not pages:
        pytest.skip("this SQLite does not say what is on its pages")
    page = pages[len(pages) // 2][0]
    content[(page - 1) * 4096 : page * 4096] = bytes(4096)
    (folder / FILE).write_bytes(content)

    found, sentences = use(folder, clock)

    assert EVENTS - 60 < found < EVENTS
    assert f"events that could be read of {FILE}.damaged-20261130T081502Z: " in sentences[1]
    with Store(folder, now=clock) as store:
        assert store.event(3).is_locked  # type: ignore[union-attr]
        assert store.changed_settings() == {("door", "sensitivity"): 2.0}
        assert store.recordings()[2].is_locked


def _has_dbstat(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("SELECT pageno FROM dbstat LIMIT 1").fetchall()
    except sqlite3.Error:
        return False
    return True


def test_what_was_put_aside_is_never_written_over(
    sound: Path, tmp_path: Path, clock: Clock
) -> None:
    folder = shutil.copytree(sound, tmp_path / "kept")
    for number in range(3):
        (folder / FILE).write_bytes(b"damage %d" % number)
        use(folder, clock)

    asides = sorted(path for path in folder.glob(f"{FILE}.damaged-*"))

    assert [path.name.partition("damaged-")[2] for path in asides] == [
        "20261130T081502Z",
        "20261130T081502Z-2",
        "20261130T081502Z-3",
    ]
    assert [path.read_bytes() for path in asides] == [b"damage 0", b"damage 1", b"damage 2"]


def test_a_database_that_is_none_of_ours_is_put_aside_whole(
    tmp_path: Path, clock: Clock, sound: Path
) -> None:
    folder = shutil.copytree(sound, tmp_path / "kept")
    (folder / FILE).unlink()
    with closing(sqlite3.connect(folder / FILE)) as connection:
        connection.execute("CREATE TABLE events (recipe TEXT)")
        connection.execute("INSERT INTO events VALUES ('soup')")
        connection.commit()

    found, sentences = use(folder, clock)

    assert found == 5
    assert "it has no version, or two" in sentences[0] or "no such table" in sentences[0]
    (aside,) = folder.glob(f"{FILE}.damaged-*Z")
    with closing(sqlite3.connect(aside)) as connection:
        assert connection.execute("SELECT recipe FROM events").fetchall() == [("soup",)]


def test_a_log_that_is_damaged_costs_only_what_is_in_it(
    sound: Path, tmp_path: Path, clock: Clock
) -> None:
    folder = tmp_path / "live"
    shutil.copytree(sound, folder)
    with Store(folder, now=clock) as store:
        store.open_event("gate", "motion", START)
        store.open_event("gate", "motion", START)
        killed = shutil.copytree(folder, tmp_path / "killed")
    log = killed / f"{FILE}-wal"
    whole = log.read_bytes()
    assert len(whole) > 8192
    dice = random.Random(7)
    for number in range(6):
        copy = shutil.copytree(killed, tmp_path / str(number))
        content = bytearray(whole[: dice.randrange(len(whole))] if number % 2 else whole)
        if content:
            content[dice.randrange(len(content))] ^= 0x10
        (copy / f"{FILE}-wal").write_bytes(content)

        found, _ = use(copy, clock)

        assert EVENTS <= found <= EVENTS + 2
