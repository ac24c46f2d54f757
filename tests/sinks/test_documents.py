"""Events as documents: rounding, bounds, and what the published schemas allow."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from motionapp.core.event import Event, Segment
from motionapp.core.geometry import Box
from motionapp.sinks.documents import event_document, events_document, events_text

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schemas"


def event(**changes: object) -> Event:
    trail = tuple((0.04 * step, 10.0 + step, 20.123456) for step in range(500))
    segment = Segment("wave1", 0.87654321, 1.00049, 3.2, 1, (2, 1), Box(-3, 2, 30, 40), trail)
    values: dict[str, Any] = {
        "event_id": "all@1000", "zone": "all", "start_s": 1.0004999, "end_s": 3.2000001,
        "label": "wave1", "score": 0.87654321, "peak_s": 2.0, "box": Box(1, 2, 30, 40),
        "segments": (segment,), "ended_by": "motion", **changes,
    }  # fmt: skip
    return Event(**values)


def complaints(document: dict[str, Any], schema: str = "events") -> list[str]:
    loaded = [json.loads(path.read_text()) for path in SCHEMAS.glob("*.json")]
    registry: Registry[Any] = Registry().with_resources(
        (each["$id"], Resource.from_contents(each)) for each in loaded
    )
    wanted = next(each for each in loaded if each["$id"].split(":")[-2] == schema)
    return [
        error.message
        for error in Draft202012Validator(wanted, registry=registry).iter_errors(document)
    ]


def test_what_is_written_follows_the_schema() -> None:
    when = datetime(2026, 5, 4, 12, tzinfo=timezone(timedelta(hours=2)))

    document = events_document("a.mp4", [event()], start_utc=when)

    assert complaints(document) == []


def test_an_open_event_has_no_end() -> None:
    document = event_document(event(ended_by=None, label="motion", score=None, segments=()))

    assert document["end_s"] is None
    assert complaints({"type": "opened", "event": document}, "watch") == []


def test_seconds_have_three_decimals_and_no_negative_zero() -> None:
    document = event_document(event(start_s=-0.0001, end_s=3.20049))

    assert str(document["start_s"]) == "0.0"
    assert document["end_s"] == 3.2


def test_the_clock_time_is_that_of_the_events_start_in_utc() -> None:
    when = datetime(2026, 5, 4, 12, tzinfo=timezone(timedelta(hours=2)))

    document = event_document(event(start_s=3.12), start_utc=when)

    assert document["start_utc"] == "2026-05-04T10:00:03.120Z"
    assert event_document(event())["start_utc"] is None
    assert when.astimezone(UTC).hour == 10


def test_motion_has_no_score_and_unknown_has_one() -> None:
    assert event_document(event(label="motion", score=0.4))["score"] is None
    assert event_document(event(label="unknown", score=0.4))["score"] == 0.4


def test_files_of_an_event_are_named_and_their_start_is_rounded() -> None:
    files = {"clip": "clips/all@1000.mp4", "clip_start_s": 0.72049, "thumbnail": "t/all@1000.jpg"}

    document = events_document("a.mp4", [event()], fields_of=lambda each: files)

    assert complaints(document) == []
    (written,) = document["events"]
    assert {name: written[name] for name in files} == {**files, "clip_start_s": 0.72}


def test_a_box_that_leaves_the_picture_begins_at_its_edge() -> None:
    assert event_document(event())["segments"][0]["box"] == [0, 2, 30, 40]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_text_has_one_event_a_line(count: int) -> None:
    document = events_document("ä.mp4", [event() for _ in range(count)])

    text = events_text(document)

    assert json.loads(text) == document
    assert text.count('"id"') == count
    assert len(text.splitlines()) == (count + 2 if count else 1)
    assert "ä" in text
