"""Lines as they happen."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from motionapp.core.crossing import Crossing
from motionapp.core.errors import OutputError
from motionapp.core.event import Event, Segment
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.sinks import JsonLinesSink, event_document
from motionapp.testing import EPOCH, HandClock, frame_at

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


def test_lines_are_appended_to_those_of_an_earlier_run(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    for _ in range(2):
        sink = JsonLinesSink(path)
        sink.accept(Moment("a", frame_at(0), opened=(OPEN,)))
        sink.close()

    kinds = [json.loads(line)["type"] for line in path.read_text().splitlines()]
    assert kinds == ["opened", "ended", "opened", "ended"]


def test_half_a_line_of_a_run_that_was_killed_spoils_no_other(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text('{"type": "op')

    JsonLinesSink(path).close()

    half, ended = path.read_text().splitlines()
    assert half == '{"type": "op'
    assert json.loads(ended)["type"] == "ended"


def test_a_second_instance_is_refused_and_spoils_nothing(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    sink = JsonLinesSink(path)
    sink.accept(Moment("a", frame_at(0), opened=(OPEN,)))

    with pytest.raises(OutputError, match=r"another motionapp writes into .*lines\.jsonl"):
        JsonLinesSink(path)
    sink.close()
    JsonLinesSink(path).close()

    assert [json.loads(line)["type"] for line in path.read_text().splitlines()] == [
        "opened",
        "ended",
        "ended",
    ]


def named(label: str, *segments: Segment) -> Event:
    return replace(OPEN, label=label, score=0.9, end_s=segments[-1].end_s, segments=segments)


def test_a_change_line_has_only_segments_that_are_new_or_have_another_name() -> None:
    stream = io.StringIO()
    sink = JsonLinesSink(stream)
    trail = ((0.0, 4.0, 9.0), (1.0, 5.0, 9.0))
    walk = Segment("walk", 0.9, 0.0, 2.0, 1, (1,), Box(0, 0, 9, 9), trail)
    longer, wave = replace(walk, end_s=3.0), replace(walk, label="wave1", start_s=2.5, end_s=3.0)

    sink.accept(Moment("a", frame_at(0), opened=(OPEN,)))
    sink.accept(Moment("a", frame_at(50), changed=(named("walk", walk),)))
    sink.accept(Moment("a", frame_at(60), changed=(named("walk", replace(walk, end_s=2.4)),)))
    sink.accept(Moment("a", frame_at(75), changed=(named("walk", longer, wave),)))
    sink.accept(Moment("a", frame_at(80), changed=(named("wave1", longer, wave),)))

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["type"] for line in lines] == ["opened", "changed", "changed", "changed"]
    assert [len(line["segments"]) for line in lines[1:]] == [1, 1, 0]
    assert lines[1] == {
        "type": "changed",
        "id": "all@0",
        "label": "walk",
        "score": 0.9,
        "end_s": 2.0,
        "segments": [{**event_document(named("walk", walk))["segments"][0], "trail": []}],
    }


def test_with_the_minute_all_that_lasts_is_told_and_trails_at_the_end() -> None:
    stream = io.StringIO()
    sink = JsonLinesSink(stream)
    trail = ((0.0, 4.0, 9.0), (1.0, 5.0, 9.0))
    walk = Segment("walk", 0.9, 0.0, 2.0, 1, (1,), Box(0, 0, 9, 9), trail)
    sink.accept(Moment("a", frame_at(0), opened=(OPEN,)))
    sink.accept(Moment("a", frame_at(50), changed=(named("walk", walk),)))

    longer = replace(walk, end_s=60.0)
    closed = replace(CLOSED, event_id=OPEN.event_id, segments=(longer,))
    sink.accept(Moment("a", frame_at(25 * 60), changed=(named("walk", longer),)))

    sink.accept(Moment("a", frame_at(25 * 61), closed=(closed,)))

    line, last = (json.loads(line) for line in stream.getvalue().splitlines()[-2:])
    whole = event_document(named("walk", longer))["segments"]
    assert line["type"] == "open"
    assert line["segments"] == [{**whole[0], "trail": []}]
    assert last["event"]["segments"] == whole


def test_an_open_event_is_told_each_minute_of_the_source_also_without_names() -> None:
    stream = io.StringIO()
    sink = JsonLinesSink(stream)
    sink.accept(Moment("a", frame_at(0), opened=(OPEN,)))

    for index in range(1, 4001):  # 160 s
        event = replace(OPEN, end_s=index * 0.04)
        sink.accept(Moment("a", frame_at(index), changed=(event,)))

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(line["type"], line.get("end_s")) for line in lines[1:]] == [
        ("open", 60.0),
        ("open", 120.0),
    ]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_costs_lines_which_are_counted_and_told_once_and_at_the_end() -> None:
    told: list[str] = []
    sink = JsonLinesSink(Path("/dev/full"), warn=told.append)

    sink.accept(Moment("a", frame_at(0), opened=(OPEN,)))
    sink.accept(Moment("a", frame_at(1), closed=(CLOSED,)))
    with pytest.raises(
        OutputError,
        match=r"^/dev/full .*: No space left on device; 3 lines are lost$",
    ):
        sink.close()
    sink.abandon()

    assert told == [
        "/dev/full cannot be written: No space left on device. Watching goes on, and lines are "
        "lost until there is room."
    ]


def test_a_disk_with_room_for_half_a_line_has_whole_lines_only_and_fills_up_again(
    tmp_path: Path,
) -> None:
    resource = pytest.importorskip("resource")
    path = tmp_path / "lines.jsonl"
    sink = JsonLinesSink(path)
    sink.accept(Moment("a", frame_at(0), opened=(OPEN,)))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 20, hard))
    try:
        sink.accept(Moment("a", frame_at(1), closed=(CLOSED,)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    sink.accept(Moment("a", frame_at(2), opened=(replace(OPEN, event_id="all@80"),)))
    with pytest.raises(OutputError, match="File too large; 1 line is lost"):
        sink.close()

    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["type"] for line in lines] == ["opened", "opened", "ended"]


def test_a_reader_that_leaves_is_no_output_error() -> None:
    class Left(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        JsonLinesSink(Left()).accept(Moment("a", None, opened=(OPEN,)))


def test_a_stream_that_cannot_be_written_costs_lines_too() -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(28, "No space left on device")

    sink = JsonLinesSink(Full())
    sink.accept(Moment("a", None, opened=(OPEN,)))

    with pytest.raises(OutputError, match=r"standard output .* 2 lines are lost"):
        sink.close()


def test_what_was_lost_is_told_with_the_next_line_that_finds_room() -> None:
    class Tight(io.StringIO):
        is_full = False

        def write(self, text: str) -> int:
            if self.is_full:
                raise OSError(28, "No space left on device")
            return super().write(text)

    stream = Tight()
    sink = JsonLinesSink(stream)
    walks = named("walk", Segment("walk", 0.9, 0.0, 1.0, 1, (1,), Box(0, 0, 9, 9), ()))
    sink.accept(Moment("a", frame_at(0), opened=(OPEN,)))
    stream.is_full = True
    sink.accept(Moment("a", frame_at(25), changed=(walks,)))
    stream.is_full = False
    sink.accept(Moment("a", frame_at(25 * 61), changed=(walks,)))
    with pytest.raises(OutputError, match="1 line is lost"):
        sink.close()

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["type"] for line in lines] == ["opened", "open", "ended"]
    assert [segment["label"] for segment in lines[1]["segments"]] == ["walk"]


def test_a_minute_has_its_open_line_also_where_something_changes() -> None:
    stream = io.StringIO()
    sink = JsonLinesSink(stream)
    walks = named("walk", Segment("walk", 0.9, 0.0, 60.0, 1, (1,), Box(0, 0, 9, 9), ()))
    sink.accept(Moment("a", frame_at(0), opened=(OPEN,)))

    sink.accept(Moment("a", frame_at(25 * 60), changed=(walks,)))

    line = json.loads(stream.getvalue().splitlines()[-1])
    assert (line["type"], line["label"]) == ("open", "walk")
    sink.abandon()


def test_who_goes_over_a_line_is_a_line_too() -> None:
    stream = io.StringIO()
    sink = JsonLinesSink(stream)

    sink.accept(Moment("a", frame_at(0), crossings=(Crossing("door", 1.23456, 2, "right"),)))

    assert json.loads(stream.getvalue()) == {
        "type": "crossing", "zone": "door", "t_s": 1.235, "track_id": 2, "direction": "right",
    }  # fmt: skip


def test_what_is_told_with_an_epochs_first_frame_has_the_time_of_its_own_epoch() -> None:
    """An event on trial opens and closes at once when its epoch ends: here because the clock on the
    wall was set."""
    stream = io.StringIO()
    sink = JsonLinesSink(stream)
    before = replace(EPOCH, start_utc=datetime(1970, 1, 1, tzinfo=UTC))
    after = replace(EPOCH, number=1, origin_s=3.0, start_utc=datetime(2026, 6, 1, tzinfo=UTC))
    ended = replace(CLOSED, ended_by="epoch")
    new = replace(OPEN, event_id="all@3000", start_s=3.0)

    sink.accept(Moment("a", replace(frame_at(0), epoch=before)))
    sink.accept(
        Moment(
            "a", replace(frame_at(0), pts_s=3.0, epoch=after), opened=(OPEN, new), closed=(ended,)
        )
    )

    lines = [json.loads(line)["event"] for line in stream.getvalue().splitlines()]
    assert [(line["id"], line["start_utc"]) for line in lines] == [
        ("all@0", "1970-01-01T00:00:00.000Z"),
        ("all@3000", "2026-06-01T00:00:03.000Z"),
        ("all@0", "1970-01-01T00:00:00.000Z"),
    ]
