"""Files of earlier versions are brought up in one step or not at all; later ones are refused."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from motionapp.core.errors import OutputError, SettingsError
from motionapp.core.version import __version__
from motionapp.edge.records import EventRecord
from motionapp.edge.seams import EventQuery
from motionapp.edge.store.opening import FILE, opened
from motionapp.edge.store.schema import STEPS
from motionapp.edge.store.store import Store
from tests.edge.store.conftest import START, Clock

OLDER = Path(__file__).parent / "older"
NEXT = ("ALTER TABLE events ADD COLUMN weather TEXT NOT NULL DEFAULT 'dry'",)


def place(folder: Path, version: int) -> Path:
    """The store of an earlier version, as it was kept."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / FILE)) as connection:
        connection.executescript((OLDER / f"store-{version}.sql").read_text(encoding="utf-8"))
    return folder / FILE


def columns(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[1] for row in connection.execute("PRAGMA table_info(events)")]


def test_every_version_is_kept_here() -> None:
    kept = sorted(path.name for path in OLDER.glob("store-*.sql"))

    assert kept == [f"store-{number}.sql" for number in range(1, len(STEPS) + 1)]


def test_a_store_of_version_1_is_read(tmp_path: Path, clock: Clock) -> None:
    place(tmp_path / "kept", 1)

    with Store(tmp_path / "kept", now=clock) as store:
        assert store.sentences == (
            "events that were open when the service ended: 1",
            "recordings and snapshots that are gone from the disk, and forgotten: 1",
        )
        lost, closed = store.events(EventQuery())
        assert closed == EventRecord(
            number=1,
            camera="door",
            kind="motion",
            state="closed",
            start_utc=START,
            end_utc=START + timedelta(seconds=9),
            last_utc=START + timedelta(seconds=9),
            zone="path",
            label="walk",
            score=0.75,
            details={"box": [1, 2, 3, 4]},
            is_locked=True,
        )
        assert (lost.camera, lost.kind, lost.state, lost.why) == ("gate", "outage", "lost", "gone")
        assert [one.payload for one in store.waiting(9)] == [b"one", b"two"]
        assert store.changed_settings() == {("door", "sensitivity"): 2.0}
        assert store.boots == 2


def test_an_older_store_is_brought_up_with_what_is_in_it(tmp_path: Path, clock: Clock) -> None:
    path = place(tmp_path / "kept", 1)

    found = opened(tmp_path / "kept", clock.now, steps=(*STEPS[:1], NEXT))

    with closing(found.connection) as connection:
        assert not found.is_new
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
        rows = connection.execute("SELECT number, weather FROM events").fetchall()
        assert rows == [(1, "dry"), (2, "dry")]
    assert "weather" in columns(path)


def test_a_step_that_fails_leaves_the_store_as_it_was(tmp_path: Path, clock: Clock) -> None:
    path = place(tmp_path / "kept", 1)

    with pytest.raises(OutputError, match=r"motionapp\.sqlite3 cannot be used: no such table"):
        opened(tmp_path / "kept", clock.now, steps=(*STEPS[:1], (*NEXT, "DROP TABLE nowhere")))

    assert "weather" not in columns(path)
    with Store(tmp_path / "kept", now=clock) as store:
        assert len(store.events(EventQuery())) == 2


def test_a_store_of_a_later_version_is_refused_with_its_name(tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / "kept"
    place(folder, 1)
    opened(folder, clock.now, steps=(*STEPS, NEXT)).connection.close()
    later = len(STEPS) + 1
    before = (folder / FILE).read_bytes()

    with pytest.raises(
        SettingsError,
        match=rf"motionapp\.sqlite3 has schema {later}, motionapp {__version__} knows up to "
        rf"{later - 1}: a newer",
    ):
        Store(folder, now=clock)

    assert (folder / FILE).read_bytes() == before
    assert len(list(folder.glob("*damaged*"))) == 0
