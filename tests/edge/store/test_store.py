"""Events, changes and what is to be told: what is said once is there after the next start."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from motionapp.core.errors import OutputError
from motionapp.edge.records import EventRecord
from motionapp.edge.seams import EventQuery
from motionapp.edge.store.names import recording_path, snapshot_path
from motionapp.edge.store.outbox import Message
from motionapp.edge.store.store import Store
from tests.edge.store.conftest import START, Clock, Open

RECORDING, SNAPSHOT = recording_path("door", START, 0), snapshot_path("door", START, 0)


def told(event: EventRecord) -> Iterable[Message]:
    """One message that says how the event is."""
    return [Message(f"house/{event.camera}/events", f"{event.event_id} {event.state}".encode())]


def write(folder: Path, path: str, content: bytes = b"pictures") -> Path:
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return place


def test_an_event_is_there_after_the_next_start_as_it_was_told(
    open_store: Open, folder: Path
) -> None:
    store = open_store()
    start = START + timedelta(microseconds=7)
    details = {"box": [1, 2, 3, 4], "segments": [{"label": "gehen – 走る"}]}
    opened = store.open_event("door", "motion", start, zone="path", score=0.25, details=details)
    assert (opened.state, opened.end_utc, opened.last_utc) == ("open", None, start)
    write(folder, RECORDING)
    write(folder, SNAPSHOT)

    closed = store.close_event(
        opened.number,
        START + timedelta(seconds=9),
        label="walk",
        score=0.9,
        recording=RECORDING,
        recording_start_utc=START - timedelta(seconds=5),
        snapshot=SNAPSHOT,
    )

    assert closed == EventRecord(
        number=1,
        camera="door",
        kind="motion",
        state="closed",
        start_utc=start,
        end_utc=START + timedelta(seconds=9),
        last_utc=START + timedelta(seconds=9),
        zone="path",
        label="walk",
        score=0.9,
        details=details,
        recording=RECORDING,
        recording_start_utc=START - timedelta(seconds=5),
        snapshot=SNAPSHOT,
    )
    assert open_store().event(1) == closed


def test_more_becomes_known_of_an_event(store: Store) -> None:
    number = store.open_event("door", "motion", START, score=0.5).number

    store.update_event(number, label="run", last_utc=START + timedelta(seconds=3))
    event = store.update_event(number, details={"box": [1, 1, 2, 2]})

    assert (event.label, event.score, event.details) == ("run", 0.5, {"box": [1, 1, 2, 2]})
    assert event.last_utc == START + timedelta(seconds=3)
    assert store.open_events("door") == [event]
    assert store.open_events("gate") == []


def test_the_last_known_second_never_goes_back(store: Store) -> None:
    number = store.open_event("door", "motion", START).number

    store.touch({number: START + timedelta(seconds=8), 77: START})
    store.touch({number: START + timedelta(seconds=2)})

    event = store.event(number)
    assert event is not None
    assert event.last_utc == START + timedelta(seconds=8)


def test_an_event_ends_once(store: Store) -> None:
    number = store.open_event("door", "motion", START, messages=told).number
    closed = store.close_event(number, START + timedelta(seconds=1), messages=told)

    assert store.close_event(number, START + timedelta(seconds=5), messages=told) == closed
    assert store.update_event(number, label="run", messages=told) == closed

    assert [one.change for one in store.waiting(10)] == ["new", "end"]


@pytest.mark.parametrize("act", ["update_event", "attach"])
def test_nothing_becomes_known_of_an_event_that_is_not(store: Store, act: str) -> None:
    with pytest.raises(KeyError):
        getattr(store, act)(3)
    with pytest.raises(KeyError):
        store.close_event(3, START)
    assert store.lock(3, is_locked=True) is None
    assert store.event(3) is None


def test_what_was_open_at_the_last_end_is_lost_at_its_last_known_second(open_store: Open) -> None:
    store = open_store()
    store.open_event("door", "motion", START, messages=told)
    store.open_event("gate", "outage", START, why="no route")
    store.touch({1: START + timedelta(seconds=4)})

    store = open_store(on_lost=told)

    first, second = store.lost
    assert (first.state, first.end_utc) == ("lost", START + timedelta(seconds=4))
    assert (second.state, second.end_utc, second.why) == ("lost", START, "no route")
    assert store.events(EventQuery()) == [second, first]
    assert [one.payload for one in store.waiting(10)] == [
        b"door-1 open",
        b"door-1 lost",
        b"gate-2 lost",
    ]
    assert store.sentences == ("events that were open when the service ended: 2",)
    assert open_store(on_lost=told).lost == ()


def test_events_are_found_by_what_they_are(store: Store) -> None:
    for number in range(6):
        store.open_event(
            ("door", "gate")[number % 2],
            ("motion", "outage", "covered")[number % 3],  # type: ignore[arg-type]
            START + timedelta(minutes=number),
            label=("motion", "walk")[number // 3],
            zone=("all", "path")[number // 5],
        )
        store.close_event(number + 1, START + timedelta(minutes=number, seconds=20))

    def found(**asked: object) -> list[int]:
        return [event.number for event in store.events(EventQuery(**asked))]  # type: ignore[arg-type]

    assert found() == [6, 5, 4, 3, 2, 1]
    assert found(camera="gate") == [6, 4, 2]
    assert found(kind="outage") == [5, 2]
    assert found(label="walk", camera="gate") == [6, 4]
    assert found(zone="path") == [6]
    assert found(before_number=3) == [2, 1]
    assert found(most=2) == [6, 5]
    assert found(until_utc=START + timedelta(minutes=2)) == [2, 1]
    # What lasts into the time that is asked for is part of it.
    assert found(since_utc=START + timedelta(minutes=4, seconds=10)) == [6, 5]
    store.open_event("door", "outage", START)
    assert found(since_utc=START + timedelta(days=1)) == [7]


@pytest.mark.parametrize("most", [0, 1001, -1])
def test_an_answer_has_its_bounds(store: Store, most: int) -> None:
    with pytest.raises(ValueError, match="between 1 and 1000"):
        store.events(EventQuery(most=most))


def test_the_order_is_that_of_numbers_whatever_the_clock_says(
    open_store: Open, clock: Clock
) -> None:
    store = open_store()
    for moment in (START, datetime(1970, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)):
        clock.now = moment
        store = open_store()
        store.open_event("door", "motion", moment)

    assert [event.number for event in store.events(EventQuery())] == [3, 2, 1]
    assert [event.start_utc.year for event in store.events(EventQuery())] == [2101, 1970, 2026]


def test_an_event_that_ends_before_it_began_has_no_length(store: Store) -> None:
    """The clock was put back in between."""
    store.open_event("door", "motion", START)

    event = store.close_event(1, START - timedelta(hours=1))

    assert event.end_utc == event.last_utc == START


def test_what_was_changed_holds_over_starts(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.note_change("door", "sensitivity", 2.0, "admin")
    store.note_change("gate", "is_enabled", False, "mqtt")
    clock.go(days=-400)
    store.note_change("door", "sensitivity", 0.5, "mqtt")

    store = open_store()

    assert store.changed_settings() == {("door", "sensitivity"): 0.5, ("gate", "is_enabled"): False}
    assert [(one.value, one.who) for one in store.changes(camera="door")] == [
        (0.5, "mqtt"),
        (2.0, "admin"),
    ]
    assert [one.number for one in store.changes(1)] == [3]


def test_every_start_is_counted(open_store: Open) -> None:
    assert [open_store().boots for _ in range(3)] == [1, 2, 3]


def test_an_event_is_locked_and_let_go(store: Store) -> None:
    store.open_event("door", "motion", START)

    assert store.lock(1, is_locked=True) == store.event(1)
    assert store.events(EventQuery())[0].is_locked
    let_go = store.lock(1, is_locked=False)
    assert let_go is not None
    assert not let_go.is_locked


def test_a_recording_knows_its_events_and_its_size(store: Store, folder: Path) -> None:
    store.open_event("door", "motion", START)
    store.open_event("door", "motion", START)
    place = write(folder, RECORDING, b"1234")

    store.begin_recording(RECORDING, events=[1])
    (one,) = store.recordings()
    assert (one.camera, one.start_utc, one.size_bytes, one.is_open) == ("door", START, 4, True)
    place.write_bytes(b"12345678")
    assert store.recordings()[0].size_bytes == 8
    store.end_recording(RECORDING, end_utc=START + timedelta(seconds=9), events=[1, 2])

    (one,) = store.recordings()
    assert (one.end_utc, one.size_bytes, one.is_open) == (START + timedelta(seconds=9), 8, False)
    assert store.events_in(RECORDING) == [1, 2]
    assert not one.is_locked
    store.lock(2, is_locked=True)
    assert store.recordings()[0].is_locked


@pytest.mark.parametrize("path", ["/etc/passwd", "../door.mp4", "motionapp.sqlite3", ""])
def test_nothing_but_recordings_is_taken_for_one(store: Store, folder: Path, path: str) -> None:
    store.open_event("door", "motion", START)

    with pytest.raises(ValueError, match="no path of a recording"):
        store.attach(1, recording=path or "x")
    with pytest.raises(ValueError, match="no path of a recording"):
        store.begin_recording(path)

    assert store.file_of(path) is None
    assert store.event(1).recording is None  # type: ignore[union-attr]


def test_only_files_in_the_folder_are_given_out(store: Store, folder: Path, tmp_path: Path) -> None:
    place = write(folder, RECORDING)
    assert store.file_of(RECORDING) == place
    assert store.file_of(SNAPSHOT) is None
    (tmp_path / "secret").write_text("s3cret")
    (folder / SNAPSHOT).symlink_to(tmp_path / "secret")

    assert store.file_of(SNAPSHOT) is None


def test_two_services_never_share_a_folder(store: Store, folder: Path, clock: Clock) -> None:
    with pytest.raises(OutputError, match="is in use by another motionapp"):
        Store(folder, now=clock)

    store.open_event("door", "motion", START)
    store.close()
    with Store(folder, now=clock) as other:
        assert len(other.lost) == 1


def test_a_process_of_its_own_is_kept_out_as_well(store: Store, folder: Path) -> None:
    code = (
        "import sys; from datetime import *; from pathlib import Path;"
        "from motionapp.edge.store.store import Store;"
        "import motionapp.edge.store.repair, motionapp.edge.store.retention\n"
        "try: Store(Path(sys.argv[1]), now=lambda: datetime.now(UTC))\n"
        "except OSError as error: print(error)\n"
        "heavy = {'av', 'cv2', 'numpy', 'onnxruntime'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )

    ran = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, timeout=50
    )

    assert ran.returncode == 0, ran.stderr
    assert "is in use by another motionapp" in ran.stdout


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(OutputError, match="cannot be written"):
        Store(tmp_path / "file", now=clock)


def test_what_fails_while_it_is_told_leaves_nothing(store: Store) -> None:
    def fail(event: EventRecord) -> Iterable[Message]:
        raise RuntimeError(event.event_id)

    with pytest.raises(RuntimeError, match="door-1"):
        store.open_event("door", "motion", START, messages=fail)

    assert store.events(EventQuery()) == []
    assert store.open_event("door", "motion", START).state == "open"


def test_texts_that_no_file_could_hold_are_escaped(store: Store) -> None:
    """Halves of letters, as names of files may have them; zeros."""
    event = store.open_event("door", "outage", START, why="no \udcff\0", details={"a": "\udcff"})

    assert event.why == "no \\udcff\0"
    assert event.details == {"a": "\udcff"}
