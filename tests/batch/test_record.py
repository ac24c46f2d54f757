"""The summary and the exit codes."""

from __future__ import annotations

import json

import pytest

from motionapp.batch.record import (
    Record,
    Status,
    as_skipped,
    closing_line,
    exit_code,
    summary_text,
)


def results(*statuses: Status) -> list[Record]:
    told = {"partial": "2 s are lost", "failed": "it is empty"}
    return [Record(f"{status}.mp4", status, told.get(status)) for status in statuses]


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        (["ok"], 0),
        (["ok", "skipped"], 0),
        (["ok", "partial"], 3),
        (["ok", "failed"], 3),
        (["partial"], 3),
        (["failed", "failed"], 4),
    ],
)
def test_the_exit_code_says_how_much_could_be_read(statuses: list[Status], code: int) -> None:
    assert exit_code(results(*statuses)) == code


def test_one_that_was_skipped_counts_as_what_it_was_found_to_be() -> None:
    found = Record("a.mp4", "partial", "2 s are lost", out_dir="a", events=1, elapsed_s=3.0)

    skipped = as_skipped(found, spec="b/a.mp4")

    assert (skipped.input, skipped.status, skipped.error) == ("b/a.mp4", "skipped", "2 s are lost")
    assert skipped.elapsed_s is None
    assert exit_code([skipped]) == 3
    assert exit_code([as_skipped(Record("a", "ok"), spec="a")]) == 0


def test_the_closing_line_counts_what_became_of_the_inputs() -> None:
    records = [
        Record("a", "ok"),
        as_skipped(Record("b", "ok"), spec="b"),
        Record("c", "partial", "cut"),
        Record("d", "failed", "empty"),
    ]

    line = closing_line(records)

    assert line == "2 done, 1 in part, 1 failed (1 of them by an earlier run)"
    assert closing_line(records[:1]) == "1 done"


def test_what_could_not_be_written_wins_over_what_could_not_be_read() -> None:
    unwritten = Record("a.mp4", "failed", "disk full", trouble="output")

    assert exit_code([unwritten, *results("ok", "failed")]) == 5


def test_the_summary_has_milliseconds_and_nulls() -> None:
    text = summary_text([Record("a.mp4", "failed", "no", elapsed_s=0.12345)])

    (entry,) = json.loads(text)["inputs"]
    assert entry["elapsed_s"] == 0.123
    assert entry["out_dir"] is None
    assert entry["duration_s"] is None


def test_what_is_no_recording_is_told_and_changes_no_exit_code() -> None:
    pipe = Record("ctl", "skipped", "ctl is a pipe, not a recording")
    read, unread = Record("a", "ok", out_dir="a"), Record("b", "failed", "b is empty")

    assert pipe.is_no_recording
    assert not as_skipped(read, spec="a").is_no_recording
    assert exit_code([pipe, read]) == 0
    assert exit_code([pipe, unread]) == 4
    assert closing_line([pipe, read, unread]) == "1 done, 1 failed, 1 no recording"
