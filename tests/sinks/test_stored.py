"""events.json read again: the same events, and no damaged or hostile file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from motionapp.core.event import Event, Name, Segment
from motionapp.core.geometry import Box
from motionapp.sinks import stored as module
from motionapp.sinks.documents import events_document, events_text
from motionapp.sinks.origin import Origin
from motionapp.sinks.stored import NotReadable, read_stored

ORIGIN = Origin("0f" * 32, 1234, (2.0, None), 1)
SEGMENT = Segment(
    "walk", 0.9, 1.25, 2.5, 3, (1, 4), Box(1, 2, 30, 40), ((1.5, 10.0, 20.5),),
    (Name("a", "walk", 0.9), Name("b", "run", None)),
)  # fmt: skip
EVENT = Event(
    "all@1250", "all", 1.25, 2.5, "walk", 0.9, 2.0, Box(1, 2, 30, 40), (SEGMENT,), "motion"
)


def written(tmp_path: Path, **more: Any) -> Path:
    document = events_document(
        "door.mp4", [EVENT], origin=ORIGIN, fields_of=lambda each: {"thumbnail": "thumbnails/1.jpg"}
    )
    path = tmp_path / "events.json"
    path.write_text(events_text({**document, **more}), encoding="utf-8")
    return path


def test_what_was_written_is_read_as_it_was(tmp_path: Path) -> None:
    stored = read_stored(written(tmp_path))

    assert (stored.source, stored.origin) == ("door.mp4", ORIGIN)
    assert stored.events == (EVENT,)
    assert stored.thumbnails == ("thumbnails/1.jpg",)


def test_a_file_of_an_older_version_is_read_and_nobody_knows_by_which_settings(
    tmp_path: Path,
) -> None:
    path = tmp_path / "events.json"
    path.write_text('{"schema": 1, "source": "door.mp4", "events": []}')

    assert read_stored(path).origin == Origin()


def test_fields_of_a_later_version_are_passed_over(tmp_path: Path) -> None:
    assert read_stored(written(tmp_path, crossings=[])).events == (EVENT,)


def test_another_number_of_the_schema_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(NotReadable, match=r"another version of motionapp \(schema 2"):
        read_stored(written(tmp_path, schema=2, events="otherwise"))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("start_s", "now", "start_s"),
        ("end_s", 1e300, "end_s"),
        ("score", 7, "score"),
        ("label", "x" * 201, "label"),
        ("box", [0, 0, 10], "box"),
        ("box", [-1, 0, 10, 10], "box"),
        ("id", "nothing", "id"),
        ("ended_by", "magic", "ended_by"),
        ("segments", None, "segments"),
    ],
)
def test_what_is_no_event_is_refused_with_its_place(
    tmp_path: Path, field: str, value: object, said: str
) -> None:
    event = {**events_document("door.mp4", [EVENT])["events"][0], field: value}

    with pytest.raises(NotReadable, match=rf"events\.0\.{said}"):
        read_stored(written(tmp_path, events=[event]))


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"[]", b"{", b'{"schema": 1}', b"[" * 100_000, b'{"schema": true}',
     b'{"schema": 1, "source": "a", "events": [NaN]}'],
    ids=["empty", "bytes", "list", "half", "bare", "deep", "true", "nan"],
)  # fmt: skip
def test_a_damaged_file_is_refused_with_its_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "events.json"
    path.write_bytes(content)

    with pytest.raises(NotReadable, match=r"events\.json"):
        read_stored(path)


def test_a_file_that_is_gone_or_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotReadable, match="cannot be read: No such file"):
        read_stored(tmp_path / "events.json")
    path = written(tmp_path)
    monkeypatch.setattr(module, "LARGEST_BYTES", 10)
    with pytest.raises(NotReadable, match="larger than"):
        read_stored(path)


def test_the_origin_of_all_of_a_recording_is_whole() -> None:
    assert Origin("0f" * 32).is_whole
    assert not ORIGIN.is_whole
    assert json.dumps(ORIGIN.document)
