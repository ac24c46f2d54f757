"""Tables and folder that do not agree: what each start makes of them, and `edge repair`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from motionapp.core.errors import OutputError
from motionapp.edge.seams import EventQuery
from motionapp.edge.store.mending import REBUILT
from motionapp.edge.store.names import recording_path, snapshot_path
from motionapp.edge.store.opening import FILE
from motionapp.edge.store.repair import repair
from motionapp.edge.store.store import Store
from tests.edge.store.conftest import START, Clock, Open
from tests.edge.store.test_mp4 import IN_FRAGMENTS, write

LENGTH = timedelta(seconds=5.5)


@pytest.fixture(scope="module")
def mp4(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Five and a half seconds."""
    return write(tmp_path_factory.mktemp("mp4") / "a.mp4", movflags=IN_FRAGMENTS).read_bytes()


def put(folder: Path, path: str, content: bytes) -> str:
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return path


def test_a_file_without_a_row_is_taken_up_with_its_events(
    open_store: Open, folder: Path, mp4: bytes
) -> None:
    """Killed between the file and its row: the event itself was on the disk before."""
    store = open_store()
    store.open_event("door", "motion", START + timedelta(seconds=3))
    store.open_event("gate", "motion", START + timedelta(seconds=3))
    store.open_event("door", "motion", START + timedelta(seconds=60))
    recording = put(folder, recording_path("door", START, 0), mp4)
    snapshot = put(folder, snapshot_path("door", START + timedelta(seconds=4), 0), b"jpg")

    store = open_store()

    assert (store.mended.found, store.mended.rebuilt) == (2, 0)
    first, second = store.recordings()
    assert (first.path, first.end_utc, first.size_bytes) == (recording, START + LENGTH, len(mp4))
    assert second.path == snapshot
    third, other, event = store.events(EventQuery())
    assert (event.recording, event.recording_start_utc) == (recording, START)
    assert event.snapshot == snapshot
    assert (third.recording, other.recording) == (None, None)
    assert store.events_in(recording) == [event.number]
    assert open_store().sentences == ()


def test_a_recording_that_was_being_written_ends_where_it_is_whole(
    open_store: Open, folder: Path, mp4: bytes
) -> None:
    store = open_store()
    path = put(folder, recording_path("door", START, 0), mp4[:-900])
    store.begin_recording(path)

    store = open_store()

    (one,) = store.recordings()
    assert not one.is_open
    assert one.size_bytes == len(mp4) - 900
    assert START < one.end_utc < START + LENGTH  # type: ignore[operator]
    assert store.sentences == ("recordings that were cut off; what is whole of them is kept: 1",)


def test_what_a_recorder_that_is_gone_has_left_ends_where_it_is_whole(
    store: Store, folder: Path, mp4: bytes
) -> None:
    paths = [put(folder, recording_path(name, START, 0), mp4) for name in ("door", "gate")]
    for path in paths:
        store.begin_recording(path)

    assert store.settle_recordings("door") == paths[:1]

    door, gate = store.recordings()
    assert (door.is_open, door.end_utc, door.size_bytes) == (False, START + LENGTH, len(mp4))
    assert gate.is_open
    assert store.settle_recordings("door") == []


def test_what_cannot_be_played_is_kept_and_told(open_store: Open, folder: Path) -> None:
    path = put(folder, recording_path("door", START, 0), b"")

    store = open_store()

    assert [one.path for one in store.recordings()] == [path]
    assert "recordings that cannot be played: 1" in store.sentences


def test_nothing_else_in_the_folder_is_touched(open_store: Open, folder: Path) -> None:
    open_store()
    others = [
        "notes.txt",
        "door/notes.txt",
        "door/2026-11-30/holiday.mp4",
        "door/2026-11-30/door_20261130T081502.125Z_001.mp4.part",
        "door/2026-11-29/door_20261130T081502.125Z_001.mp4",
        "Door/2026-11-30/a.mp4",
    ]
    for path in others:
        put(folder, path, b"mine")

    store = open_store()

    assert store.recordings() == []
    assert store.sentences == ()
    assert all((folder / path).read_bytes() == b"mine" for path in others)


def test_days_with_nothing_in_them_go(open_store: Open, folder: Path) -> None:
    (folder / "door" / "2026-11-30").mkdir(parents=True)
    (folder / "door" / "mine").mkdir()

    open_store()

    assert [path.name for path in (folder / "door").iterdir()] == ["mine"]


def test_links_are_not_followed(open_store: Open, folder: Path, tmp_path: Path) -> None:
    path = recording_path("door", START, 0)
    put(tmp_path / "away", path, b"pictures")
    folder.mkdir()
    (folder / "door").symlink_to(tmp_path / "away" / "door")
    (folder / "gate" / "2026-11-30").mkdir(parents=True)
    (folder / recording_path("gate", START, 0)).symlink_to(tmp_path / "away" / path)

    assert open_store().recordings() == []


def test_a_store_without_its_database_is_made_anew_of_its_files(
    open_store: Open, folder: Path, mp4: bytes
) -> None:
    store = open_store()
    for number in range(3):
        store.open_event("door", "motion", START + timedelta(minutes=number))
    paths = [
        put(folder, recording_path("door", START + timedelta(minutes=number), 0), mp4)
        for number in range(3)
    ]
    snapshot = put(folder, snapshot_path("door", START + timedelta(seconds=3), 0), b"jpg")
    store.close()
    for file in folder.glob(f"{FILE}*"):
        file.unlink()

    store = open_store()

    assert (store.mended.found, store.mended.rebuilt) == (4, 3)
    events = store.events(EventQuery())[::-1]
    assert [event.recording for event in events] == paths
    assert [event.snapshot for event in events] == [snapshot, None, None]
    assert {event.state for event in events} == {"closed"}
    assert events[0].end_utc == START + LENGTH
    assert events[0].details == {REBUILT: True}
    # Others know the first three by their numbers.
    assert events[0].number > 3
    assert open_store().sentences == ()


def test_what_was_rebuilt_is_as_old_as_its_recording(
    open_store: Open, folder: Path, mp4: bytes
) -> None:
    start = START - timedelta(days=20)
    put(folder, recording_path("door", start, 0), mp4)

    store = open_store()

    assert [one.noted_utc for one in store.recordings()] == [start]


def test_repair_says_what_it_did_and_what_there_is(
    open_store: Open, folder: Path, clock: Clock, mp4: bytes
) -> None:
    store = open_store()
    store.open_event("door", "motion", START)
    put(folder, recording_path("door", START, 0), mp4)
    with pytest.raises(OutputError, match="in use by another"):
        repair(folder, now=clock)
    store.close()

    report = repair(folder, now=clock)

    assert report.lines == (
        "events that were open when the service ended: 1",
        "recordings and snapshots on the disk that the store did not know: 1",
        "events: 1, the newest of 2026-11-30T08:15:02.125Z",
        "recordings and snapshots: 1, 0.0 MB",
    )
    assert repair(folder, now=clock).lines[0] == "nothing had to be repaired"


def test_a_folder_that_cannot_be_looked_into_loses_no_rows(
    store: Store, folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, mp4: bytes
) -> None:
    """A disk with a damaged folder: what is in there is not gone."""
    paths = [put(folder, recording_path(name, START, 0), mp4) for name in ("door", "gate")]
    for path in paths:
        store.begin_recording(path)
        store.end_recording(path, end_utc=START + LENGTH)
    store.close()
    scandir = __import__("os").scandir

    def fail(place: Path) -> object:
        if Path(place) == folder / "door":
            raise OSError(5, "Input/output error")
        return scandir(place)

    monkeypatch.setattr("motionapp.edge.store.mending.os.scandir", fail)

    with Store(folder, now=clock) as store:
        assert store.sentences == ("a folder that cannot be looked into: door/",)
        assert [one.path for one in store.recordings()] == paths
