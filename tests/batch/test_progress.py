"""What is said while a batch runs."""

from __future__ import annotations

import io
import json

from motionapp.batch.progress import PlainLines, record_line, reporting
from motionapp.batch.record import Record


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


OK = Record("a.mp4", "ok", events=1, elapsed_s=1.234)
FAILED = Record("b.mp4", "failed", "b.mp4 is empty")


def test_in_a_log_there_is_one_line_an_input() -> None:
    stream = io.StringIO()

    with reporting(["a.mp4", "b.mp4"], stream) as reporter:
        assert isinstance(reporter, PlainLines)
        reporter.started(0)
        reporter.progressed(0, 1.0, 2.0)
        reporter.finished(0, OK)
        reporter.finished(1, FAILED)

    assert stream.getvalue().splitlines() == [
        "[1/2] a.mp4: 1 event in 1.2 s",
        "[2/2] failed: b.mp4 is empty",
    ]


def test_a_program_is_told_in_json_and_not_too_often() -> None:
    stream = io.StringIO()

    with reporting(["a.mp4"], stream, as_json=True) as reporter:
        reporter.started(0)
        for n in range(1000):
            reporter.progressed(0, n / 100, 10.0)
        reporter.finished(0, FAILED)

    first, *more = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert first == {"input": 0, "done_s": 0.0, "total_s": 10.0}
    assert more[-1] == {"said": "failed: b.mp4 is empty"}
    assert len(more) < 500


def test_on_a_terminal_there_are_bars_and_the_lines_stay() -> None:
    stream = Terminal()

    with reporting(["a[1].mp4", "b.mp4"], stream) as reporter:
        reporter.started(0)
        reporter.progressed(0, 1.0, None)
        reporter.progressed(0, 1.5, 2.0)
        reporter.started(0)  # its worker has died: from the beginning
        reporter.finished(0, OK)
        reporter.finished(1, FAILED)  # one that never began

    said = stream.getvalue()
    assert "a.mp4: 1 event in 1.2 s" in said
    assert "failed: b.mp4 is empty" in said


def test_what_was_lost_is_on_the_line_of_a_partial_input() -> None:
    line = record_line(Record("a.mp4", "partial", "2 s are lost", events=0, elapsed_s=0.0))

    assert line == "a.mp4: 0 events in 0.0 s; partial: 2 s are lost"


def test_a_note_is_on_the_line_of_an_input_that_is_all_right() -> None:
    line = record_line(Record("a.mp4", "ok", note="1 clip encoded", events=2, elapsed_s=0.0))

    assert line == "a.mp4: 2 events in 0.0 s; 1 clip encoded"


def test_what_an_earlier_run_has_done_is_counted_once_and_not_listed() -> None:
    plain, terminal = io.StringIO(), Terminal()

    for stream in (plain, terminal):
        with reporting(["a.mp4", "b.mp4", "c.mp4"], stream, skipped=2) as reporter:
            reporter.started(1)
            reporter.finished(1, FAILED)

    assert plain.getvalue().splitlines() == [
        "motionapp: 2 of 3 were done by an earlier run",
        "[3/3] failed: b.mp4 is empty",
    ]
    assert "2 done before" in terminal.getvalue()


def test_a_name_with_a_line_break_or_a_terminal_s_commands_stays_on_its_line() -> None:
    line = record_line(Record("a\nb\x1b[2J ü.mp4", "ok", events=1, elapsed_s=0.0))

    assert line == "a\\nb\\x1b[2J ü.mp4: 1 event in 0.0 s"


def test_what_is_no_recording_is_said_to_be_passed_over() -> None:
    record = Record("ctl", "skipped", "ctl is a pipe, not a recording")

    assert record_line(record) == "passed over: ctl is a pipe, not a recording"
