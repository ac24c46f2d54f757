"""What goes and what stays: the rule for any store, and what becomes of the disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.errors import OutputError
from motionapp.edge.seams import EventQuery
from motionapp.edge.store import retention
from motionapp.edge.store.files import StoredFile
from motionapp.edge.store.names import recording_path, snapshot_path
from motionapp.edge.store.retention import Retention, plan
from motionapp.edge.store.store import Store
from motionapp.settings.edge import StoreSettings
from tests.edge.store.conftest import START, Clock, Open

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
AMPLE = 1 << 50


def stored(number: int, age: timedelta, size_bytes: int = 100, **flags: bool) -> StoredFile:
    start = NOW - age
    return StoredFile(
        number, f"door/{number}.mp4", "door", start, start, size_bytes, start, **flags
    )


def gone(files: list[StoredFile], **asked: object) -> list[int]:
    options: dict[str, object] = {
        "now": NOW,
        "max_bytes": AMPLE,
        "max_age": 30 * DAY,
        "free_bytes": AMPLE,
        "min_free_bytes": 0,
    }
    return [one.number for one in plan(files, **{**options, **asked}).remove]  # type: ignore[arg-type]


def test_what_is_too_old_goes() -> None:
    files = [stored(1, 40 * DAY), stored(2, 31 * DAY), stored(3, 29 * DAY)]

    assert gone(files) == [1, 2]
    assert gone(files, max_age=100 * DAY) == []


def test_of_too_much_the_oldest_goes() -> None:
    files = [stored(number, DAY) for number in range(1, 6)]

    assert gone(files, max_bytes=500) == []
    assert gone(files, max_bytes=499) == [1]
    assert gone(files, max_bytes=250) == [1, 2, 3]


def test_where_the_disk_has_too_little_room_the_oldest_goes() -> None:
    files = [stored(number, DAY) for number in range(1, 6)]

    assert gone(files, free_bytes=1000, min_free_bytes=1150) == [1, 2]
    decided = plan(
        files, now=NOW, max_bytes=AMPLE, max_age=DAY * 9, free_bytes=0, min_free_bytes=900
    )
    assert len(decided.remove) == 5
    assert decided.over_bytes == 400


def test_what_is_locked_or_being_written_stays_and_counts() -> None:
    files = [
        stored(1, 90 * DAY, is_locked=True),
        stored(2, 90 * DAY, is_open=True),
        stored(3, DAY),
        stored(4, DAY),
    ]

    assert gone(files) == []
    assert gone(files, max_bytes=300) == [3]


def test_the_order_is_that_of_the_store_whatever_the_clock_said() -> None:
    files = [stored(1, DAY), stored(2, 20_000 * DAY), stored(3, -500 * DAY), stored(4, DAY)]

    assert gone(files) == []
    assert gone(files, max_bytes=150) == [1, 2, 3]


def test_what_came_before_the_clock_was_set_is_not_old_for_it() -> None:
    year_1970 = NOW - datetime(1970, 1, 1, tzinfo=UTC)

    assert gone([stored(1, year_1970)]) == []
    assert gone([stored(1, year_1970), stored(2, DAY)]) == []
    assert gone([stored(1, year_1970), stored(2, 31 * DAY), stored(3, DAY)]) == [1, 2]


FILES = st.lists(
    st.builds(
        lambda days, size_bytes, is_locked, is_open: stored(
            0, days * DAY, size_bytes, is_locked=is_locked, is_open=is_open
        ),
        st.integers(-50, 21_000) | st.integers(0, 60),
        st.integers(0, 1000),
        st.booleans(),
        st.booleans(),
    ),
    max_size=30,
).map(lambda files: [replace(one, number=number) for number, one in enumerate(files, 1)])


@given(FILES, st.integers(0, 20_000), st.integers(1, 60), st.integers(0, 20_000), st.integers(0, 9))
def test_no_more_goes_than_has_to_and_nothing_that_must_not(
    files: list[StoredFile], max_bytes: int, days: int, free_bytes: int, more: int
) -> None:
    min_free_bytes = free_bytes + 300 * (more - 4)
    decided = plan(
        files,
        now=NOW,
        max_bytes=max_bytes,
        max_age=days * DAY,
        free_bytes=free_bytes,
        min_free_bytes=min_free_bytes,
    )
    removed = set(decided.remove)
    removable = [one for one in files if not (one.is_locked or one.is_open)]
    left = sum(one.size_bytes for one in files) - sum(one.size_bytes for one in removed)
    free = free_bytes + sum(one.size_bytes for one in removed)

    # Only what may go, and of that a beginning.
    assert list(decided.remove) == removable[: len(removed)]
    # Enough.
    is_enough = left <= max_bytes and free >= min_free_bytes
    assert is_enough == (decided.over_bytes == 0)
    assert is_enough or removed == set(removable)
    # Nothing young without need.
    if removed and is_enough:
        last = decided.remove[-1]
        was_old = any(NOW - one.noted_utc > days * DAY for one in removed)
        was_over = left + last.size_bytes > max_bytes or free - last.size_bytes < min_free_bytes
        assert was_old or was_over


# ---------------------------------------------------------------- on the disk


def settings(folder: Path, **bounds: float) -> StoreSettings:
    return StoreSettings.model_validate(
        {"dir": folder, "max_gb": 1e3, "max_days": 30, "min_free_gb": 0, **bounds}
    )


def record(store: Store, clock: Clock, *, size_bytes: int = 1000, with_event: bool = True) -> str:
    """An event of ten seconds with its recording and its picture."""
    path = recording_path("door", clock.now, 0)
    picture = snapshot_path("door", clock.now, 0)
    place = store.folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(bytes(size_bytes))
    (store.folder / picture).write_bytes(b"jpg")
    event = store.open_event("door", "motion", clock.now)
    store.begin_recording(path, events=[event.number])
    clock.go(seconds=10)
    store.end_recording(path, end_utc=clock.now)
    store.close_event(event.number, clock.now, recording=path, snapshot=picture)
    return path


def test_the_oldest_recordings_go_and_their_events_say_so(
    store: Store, folder: Path, clock: Clock
) -> None:
    paths = [record(store, clock) for _ in range(4)]
    store.lock(1, is_locked=True)

    kept = Retention(store, settings(folder, max_gb=2.5e-6)).step()

    assert [(folder / path).exists() for path in paths] == [True, False, False, True]
    assert (kept.removed, kept.removed_bytes, kept.used_bytes) == (3, 2003, 2009)
    assert kept.over_bytes == 0
    events = store.events(EventQuery())
    assert [event.recording for event in events] == [paths[3], None, None, paths[0]]
    assert [event.snapshot is None for event in events] == [False, False, True, False]
    assert [one.path for one in store.recordings() if one.path.endswith("4")] == paths[::3]


def test_after_their_days_events_go_with_their_recordings(
    store: Store, folder: Path, clock: Clock
) -> None:
    for _ in range(3):
        record(store, clock)
        clock.go(hours=20)
    store.open_event("door", "outage", clock.now)
    store.lock(2, is_locked=True)
    store.note_change("door", "sensitivity", 1.0, "me")
    store.note_change("door", "sensitivity", 2.0, "me")
    keeping = Retention(store, settings(folder, max_days=3))
    assert keeping.step().removed == 0

    forgotten = 0
    for _ in range(8):
        clock.go(hours=12)
        forgotten += keeping.step().forgotten

    assert forgotten == 2
    assert [event.number for event in store.events(EventQuery())] == [4, 2]
    assert store.changed_settings() == {("door", "sensitivity"): 2.0}
    assert len(store.changes()) == 1
    assert len(list(folder.rglob("*.mp4"))) == 1


def test_a_clock_that_leaps_ahead_has_nothing_removed_for_a_day(
    store: Store, folder: Path, clock: Clock
) -> None:
    record(store, clock)
    keeping = Retention(store, settings(folder))
    keeping.step()
    clock.now += timedelta(days=20_000)
    store.close()

    with Store(folder, now=clock, monotonic_s=clock.monotonic_s) as store:
        keeping = Retention(store, settings(folder))
        assert keeping.step().removed == 0
        clock.go(hours=23)
        assert keeping.step().removed == 0
        clock.go(hours=2)
        assert keeping.step().removed == 2


def test_what_came_before_the_clock_was_set_is_as_old_as_it_is(
    store: Store, folder: Path, clock: Clock
) -> None:
    """Without a clock of its own, a box believes after two months without power that it is the
    evening on which it went off."""
    record(store, clock)
    clock.go(minutes=5)
    clock.now += timedelta(days=60)
    record(store, clock)
    keeping = Retention(store, settings(folder))

    assert keeping.step().removed == 0
    clock.go(hours=25)
    assert keeping.step().removed == 0
    assert len(store.events(EventQuery())) == 2
    clock.go(days=15)
    keeping.step()
    clock.go(days=16)
    keeping.step()
    clock.go(hours=25)
    assert keeping.step().removed == 4


def test_what_cannot_be_removed_is_counted_and_others_go_in_its_place(
    store: Store, folder: Path, clock: Clock
) -> None:
    paths = [record(store, clock) for _ in range(3)]
    (folder / paths[0]).unlink()
    (folder / paths[0]).mkdir()
    keeping = Retention(store, settings(folder, max_gb=2.1e-6))

    assert keeping.step().stuck == 1
    kept = keeping.step()

    assert kept.stuck == 1
    assert not (folder / paths[1]).exists()
    assert (folder / paths[2]).exists()


def test_nothing_elsewhere_is_removed_whatever_a_row_says(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    victims = [tmp_path / "victim.mp4", folder / "motionapp.sqlite3"]
    victims[0].touch()
    outside = recording_path("away", START, 0)
    (tmp_path / outside).parent.mkdir(parents=True)
    (tmp_path / outside).touch()
    (folder / "away").symlink_to(tmp_path / "away")

    def act() -> None:
        for number, path in enumerate(("../victim.mp4", "motionapp.sqlite3", outside)):
            store.session.connection.execute(
                "INSERT INTO files VALUES (?, ?, 'door', 0, 0, 9, 0, 1, 0)", (number + 1, path)
            )

    store.session.write(act)

    kept = Retention(store, settings(folder, max_gb=1e-9)).step()

    assert kept.removed == 3
    assert store.recordings() == []
    assert all(path.exists() for path in (*victims, tmp_path / outside))


def test_a_full_disk_is_relieved_before_anything_is_noted(
    store: Store, folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows cannot be written until files have gone: they go first."""
    paths = [record(store, clock) for _ in range(3)]
    write = store.session.write

    def fail(act: Callable[[], object]) -> object:
        raise OutputError("the disk is full")

    monkeypatch.setattr(store.session, "write", fail)
    monkeypatch.setattr(retention, "free_bytes", lambda folder: 0)
    keeping = Retention(store, settings(folder, min_free_gb=1e-6))
    with pytest.raises(OutputError, match="full"):
        keeping.step()
    assert [(folder / path).exists() for path in paths] == [False, True, True]

    monkeypatch.setattr(store.session, "write", write)
    monkeypatch.setattr(retention, "free_bytes", lambda folder: AMPLE)
    keeping.step()
    store.close()
    with Store(folder, now=clock) as store:
        assert store.mended.gone == 1
        assert store.event(1).recording is None  # type: ignore[union-attr]


def test_a_kill_between_file_and_row_is_mended_at_the_next_start(
    open_store: Open, folder: Path, clock: Clock
) -> None:
    store = open_store()
    paths = [record(store, clock) for _ in range(2)]
    (folder / paths[0]).unlink()

    store = open_store()

    assert store.mended.gone == 1
    assert [one.path for one in store.recordings() if one.path.endswith("4")] == paths[1:]
    assert store.event(1).recording is None  # type: ignore[union-attr]
