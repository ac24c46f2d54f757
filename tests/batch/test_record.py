"""The summary and the exit codes."""

from __future__ import annotations

import json

import pytest

from motionapp.batch.record import Record, Result, Status, exit_code, summary_text


def results(*statuses: Status) -> list[Result]:
    return [Result(Record(f"{status}.mp4", status)) for status in statuses]


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


def test_what_could_not_be_written_wins_over_what_could_not_be_read() -> None:
    unwritten = Result(Record("a.mp4", "failed", "disk full"), is_output_error=True)

    assert exit_code([unwritten, *results("ok", "failed")]) == 5


def test_the_summary_has_milliseconds_and_nulls() -> None:
    text = summary_text([Record("a.mp4", "failed", "no", elapsed_s=0.12345)])

    (entry,) = json.loads(text)["inputs"]
    assert entry["elapsed_s"] == 0.123
    assert entry["out_dir"] is None
    assert entry["duration_s"] is None
