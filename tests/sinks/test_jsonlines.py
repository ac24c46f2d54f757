"""Lines as they happen."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from motionapp.core.errors import OutputError
from motionapp.core.event import Event
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.sinks import JsonLinesSink
from motionapp.testing import HandClock, frame_at

OPEN = Event("all@0", "all", 0.0, 0.1, "motion", None, 0.0, Box(0, 0, 9, 9))
CLOSED = replace(OPEN, label="walk", score=0.9, end_s=2.0, ended_by="motion")


def test_a_line_when_an_event_opens_changes_and_closes_and_a_last_one() -> None:
    stream = io.StringIO()
    clock = HandClock()
    sink = JsonLinesSink(stream, drops=lambda: 3, clock=lambda: clock.now_ns / 1e9)

    sink.accept(Moment("a", frame_at(0), opened=(OPEN,)))
    sink.accept(Moment("a", frame_at(1), changed=(replace(OPEN, label="walk", score=0.8),)))
    clock.turn(1.5)
    sink.accept(Moment("a", None, closed=(CLOSED,)))
    sink.close()

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["type"] for line in lines] == ["opened", "changed", "closed", "ended"]
    assert lines[0]["event"]["end_s"] is None
    assert lines[2]["event"]["end_s"] == 2.0
    assert lines[3] == {"type": "ended", "frames": 2, "drops": 3, "elapsed_s": 1.5}
    assert not stream.closed


def test_a_line_is_there_as_soon_as_it_has_happened(tmp_path: Path) -> None:
    sink = JsonLinesSink(tmp_path / "lines.jsonl")

    sink.accept(Moment("a", frame_at(0), opened=(OPEN,)))

    assert '"opened"' in (tmp_path / "lines.jsonl").read_text()
    sink.abandon()


def test_an_abandoned_run_has_no_last_line(tmp_path: Path) -> None:
    sink = JsonLinesSink(tmp_path / "lines.jsonl")
    sink.accept(Moment("a", frame_at(0), opened=(OPEN,)))

    sink.abandon()

    assert '"ended"' not in (tmp_path / "lines.jsonl").read_text()


def test_a_run_that_saw_nothing_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    earlier, new = tmp_path / "earlier.jsonl", tmp_path / "new.jsonl"
    earlier.write_text("lines of another day")

    for path in (earlier, new):
        JsonLinesSink(path).abandon()

    assert earlier.read_text() == "lines of another day"
    assert not new.exists()


def test_lines_of_an_earlier_run_go_when_the_first_moment_comes(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text("lines of another day")
    sink = JsonLinesSink(path)

    sink.accept(Moment("a", frame_at(0)))
    sink.close()

    assert [json.loads(line)["type"] for line in path.read_text().splitlines()] == ["ended"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_file_on_a_full_disk_is_an_output_error_however_it_is_left() -> None:
    sink = JsonLinesSink(Path("/dev/full"))

    with pytest.raises(OutputError, match="No space left"):
        sink.accept(Moment("a", frame_at(0), opened=(OPEN,)))
    sink.abandon()


def test_a_reader_that_leaves_is_no_output_error() -> None:
    class Left(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        JsonLinesSink(Left()).accept(Moment("a", None, opened=(OPEN,)))


def test_a_full_disk_is_an_output_error() -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match="standard output cannot be written: No space left"):
        JsonLinesSink(Full()).accept(Moment("a", None, opened=(OPEN,)))
