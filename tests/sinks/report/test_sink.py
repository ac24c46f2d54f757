"""From moments to the page of a recording."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.errors import OutputError
from motionapp.core.event import Event
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.core.motion import Motion
from motionapp.core.seams import Damage
from motionapp.sinks.report import ReportSink
from motionapp.testing import EPOCH, frame_at

PageReader = Callable[[str], Any]  # gives the tags and the words of a page

EVENT = Event("all@400", "all", 0.4, 1.2, "run", 0.9, 0.8, Box(1, 2, 30, 40), (), "motion")


@dataclass(frozen=True)
class Rejection:
    start_s: float = 2.0
    end_s: float = 2.2
    gate: str = "area"
    sentence: str = "It was too small."


class Asked:
    """Counts the moments that it was given."""

    def __init__(self) -> None:
        self.count = 0

    def accept(self, moment: Moment) -> None:
        self.count += 1

    def rejections(self) -> Sequence[Rejection]:
        return (Rejection(),)


class Thumbnails:
    def fields_of(self, event: Event) -> Mapping[str, object]:
        return {"thumbnail": f"thumbnails/{event.event_id}.jpg"}


class Warm:
    def picture(self) -> NDArray[np.uint8]:
        return np.full((9, 16, 3), 200, np.uint8)


def feed(sink: ReportSink, frames: int = 100) -> None:
    for index in range(frames):
        moved = Motion(strength=0.5 if 10 <= index < 30 else 0.0)
        sink.accept(Moment("a", frame_at(index), moved, closed=(EVENT,) if index == 60 else ()))
    sink.accept(Moment("a", None))


def written(folder: Path) -> str:
    return (folder / "report.html").read_text(encoding="utf-8")


def test_the_page_has_the_activity_the_event_and_the_facts(
    tmp_path: Path, read_page: PageReader
) -> None:
    sink = ReportSink(tmp_path, "door.mp4", "[run]\n")

    feed(sink)
    sink.close()

    read = read_page(written(tmp_path))
    (drawing,) = (svg for svg in read.all("svg") if svg.get("id") == "timeline")
    levels = str(drawing["data-levels"]).split(",")
    assert len(levels) == 64  # four seconds in sixteenths
    assert [index for index, level in enumerate(levels) if level == "100"] == [*range(6, 20)]
    for said in ("door.mp4", "4.0 s", "64 × 48", "00:00.4", "[run]"):
        assert said in read.words


def test_what_other_sinks_made_is_shown(tmp_path: Path, read_page: PageReader) -> None:
    (tmp_path / "thumbnails").mkdir()
    (tmp_path / "thumbnails" / "all@400.jpg").write_bytes(b"\xff\xd8\xff picture")
    why = Asked()
    sink = ReportSink(
        tmp_path,
        "door.mp4",
        heat=Warm(),
        attachments=[Thumbnails()],
        why=why,
        damage=lambda: Damage("a packet is broken", lost=((1.0, 2.0),)),
    )

    feed(sink)
    sink.close()

    read = read_page(written(tmp_path))
    assert [str(each["src"])[:23] for each in read.all("img")] == ["data:image/jpeg;base64,"] * 2
    assert why.count == 101
    for said in ("It was too small.", "a packet is broken", "in part", "Of 101 stretches"):
        assert said in read.words


def test_the_clock_is_that_of_the_first_frame(tmp_path: Path, read_page: PageReader) -> None:
    epoch = replace(EPOCH, start_utc=datetime(2026, 5, 4, 10, tzinfo=UTC))
    sink = ReportSink(tmp_path, "door.mp4")

    for index in range(5):
        sink.accept(Moment("a", frame_at(index, epoch=epoch), closed=(EVENT,) if index else ()))
    sink.close()

    assert "10:00:00.4" in read_page(written(tmp_path)).words


def test_between_epochs_there_is_a_gap(tmp_path: Path, read_page: PageReader) -> None:
    later = replace(EPOCH, number=1)
    sink = ReportSink(tmp_path, "door.mp4")

    for index, epoch in ((0, EPOCH), (1, EPOCH), (50, later), (75, later)):
        sink.accept(Moment("a", frame_at(index, epoch=epoch), Motion(strength=0.5)))
    sink.close()

    (drawing,) = (
        svg for svg in read_page(written(tmp_path)).all("svg") if svg.get("id") == "timeline"
    )
    levels = str(drawing["data-levels"]).split(",")
    assert set(levels[:2]) == {"100"}
    assert set(levels[2:32]) == {""}
    assert set(levels[32:]) == {"100"}  # slow, but one epoch


def test_an_abandoned_report_leaves_nothing(tmp_path: Path) -> None:
    sink = ReportSink(tmp_path, "door.mp4")

    feed(sink)
    sink.abandon()
    sink.close()

    assert list(tmp_path.iterdir()) == []


def test_a_report_that_cannot_be_written_keeps_the_earlier_one(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("earlier")
    (tmp_path / ".report.html.part").mkdir()  # in the way
    sink = ReportSink(tmp_path, "door.mp4")
    feed(sink)

    with pytest.raises(OutputError, match=r"report\.html cannot be written"):
        sink.close()

    assert written(tmp_path) == "earlier"
