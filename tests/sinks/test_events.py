"""The three files of events."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from motionapp.core.crossing import Crossing
from motionapp.core.errors import OutputError
from motionapp.core.event import Event, Segment
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.sinks.events import EventsSink


def event(start_s: float, zone: str = "all") -> Event:
    segment = Segment("run", 0.5, start_s, start_s + 1, 1, (1, 3), Box(0, 1, 2, 3), ())
    return Event(
        f"{zone}@{round(start_s * 1000)}", zone, start_s, start_s + 1.5, "run", 0.5, start_s,
        Box(1, 2, 30, 40), (segment,), "motion",
    )  # fmt: skip


def write(folder: Path, *events: Event) -> None:
    sink = EventsSink(folder, "door.mp4")
    for each in events:
        sink.accept(Moment("door", None, closed=(each,)))
    sink.close()


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_the_tables_say_what_the_json_says(tmp_path: Path) -> None:
    write(tmp_path, event(0.1))

    document = json.loads((tmp_path / "events.json").read_text(encoding="utf-8"))
    (row,) = rows(tmp_path / "events.csv")
    (segment,) = rows(tmp_path / "segments.csv")
    assert document["source"] == "door.mp4"
    assert row == {
        "id": "all@100", "zone": "all", "label": "run", "score": "0.5", "start_s": "0.100",
        "end_s": "1.600", "duration_s": "1.500", "x0": "1", "y0": "2", "x1": "30", "y1": "40",
    }  # fmt: skip
    assert segment["event"] == "all@100"
    assert segment["track_ids"] == "1 3"


def test_events_are_in_the_order_of_their_start(tmp_path: Path) -> None:
    write(tmp_path, event(5, "yard"), event(1), event(5, "door"))

    assert [row["id"] for row in rows(tmp_path / "events.csv")] == [
        "all@1000",
        "door@5000",
        "yard@5000",
    ]


def test_without_events_there_are_head_lines(tmp_path: Path) -> None:
    write(tmp_path)

    assert json.loads((tmp_path / "events.json").read_text())["events"] == []
    assert (tmp_path / "segments.csv").read_text().startswith("event,group,track_ids,label")


class Pictures:
    """Has a picture of every event but the second."""

    def fields_of(self, event: Event) -> dict[str, object]:
        return {} if event.start_s == 2 else {"thumbnail": f"thumbnails/{event.event_id}.jpg"}


def test_files_of_other_sinks_are_named_in_the_json(tmp_path: Path) -> None:
    sink = EventsSink(tmp_path, "door.mp4", attachments=[Pictures()])
    sink.accept(Moment("door", None, closed=(event(1), event(2))))

    sink.close()

    first, second = json.loads((tmp_path / "events.json").read_text())["events"]
    assert (first["thumbnail"], first["clip"]) == ("thumbnails/all@1000.jpg", None)
    assert second["thumbnail"] is None


def test_a_table_that_cannot_be_written_leaves_the_earlier_files(tmp_path: Path) -> None:
    (tmp_path / "events.json").write_text("earlier")
    (tmp_path / ".segments.csv.part").mkdir()  # in the way

    with pytest.raises(OutputError, match=r"segments\.csv cannot be written"):
        write(tmp_path, event(1))

    assert (tmp_path / "events.json").read_text() == "earlier"
    assert not (tmp_path / ".events.json.part").exists()


def test_events_json_gets_its_name_last(tmp_path: Path) -> None:
    """Whoever finds it may rely on the tables."""
    (tmp_path / "events.csv").mkdir()  # in the way

    with pytest.raises(OutputError, match=r"events\.csv cannot be written"):
        write(tmp_path, event(1))

    assert not (tmp_path / "events.json").exists()


def test_who_went_over_a_line_is_listed_by_time(tmp_path: Path) -> None:
    sink = EventsSink(tmp_path, "door.mp4", counts_crossings=True)
    late, early = Crossing("door", 2.00049, 3, "left"), Crossing("door", 1.5, 4, "right")
    sink.accept(Moment("door", None, closed=(event(0.1),), crossings=(late, early)))
    sink.close()

    document = json.loads((tmp_path / "events.json").read_text(encoding="utf-8"))

    assert document["crossings"] == [
        {"zone": "door", "t_s": 1.5, "track_id": 4, "direction": "right"},
        {"zone": "door", "t_s": 2.0, "track_id": 3, "direction": "left"},
    ]
    assert len(document["events"]) == 1


def test_a_line_that_nobody_went_over_has_an_empty_list_and_no_line_has_none(
    tmp_path: Path,
) -> None:
    for name, counts in (("with", True), ("without", False)):
        (tmp_path / name).mkdir()
        EventsSink(tmp_path / name, "a", counts_crossings=counts).close()

    read = {name: (tmp_path / name / "events.json").read_text() for name in ("with", "without")}

    assert json.loads(read["with"])["crossings"] == []
    assert "crossings" not in read["without"]
    assert read["without"] == read["with"].replace(', "crossings": []', "")
