"""The report of a batch: every input on a line, thousands of them on a small page."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from motionapp.core.errors import OutputError
from motionapp.sinks.report import BatchPage, batch_page, write_batch_report
from motionapp.sinks.report.batch import CELLS, MOST_INPUTS, BatchLine, make_line, small_paths
from motionapp.sinks.report.templates import base, parent

PageReader = Callable[[str], Any]  # gives the tags and the words of a page

HOSTILE = "</svg><script>alert(1)</script>\"'&\udcff"


def record(name: str = "cams/a.mp4", **changes: object) -> dict[str, Any]:
    return {
        "input": name, "status": "ok", "error": None, "out_dir": "a", "width": 640, "height": 480,
        "duration_s": 60.0, "frames": 1500, "events": 1, "elapsed_s": 1.0, **changes,
    }  # fmt: skip


def event(start_s: float, end_s: float, label: str = "run", utc: str | None = None) -> Any:
    return {"start_s": start_s, "end_s": end_s, "label": label, "start_utc": utc}


FAILED = record(
    "cams/b.mp4", status="failed", error="cams/b.mp4 is empty", out_dir=None, width=None,
    height=None, duration_s=None, frames=None, events=None,
)  # fmt: skip


def test_a_line_says_how_an_input_went(read_page: PageReader) -> None:
    lines = [make_line(record(), [event(1, 2)], page="a/report.html"), make_line(FAILED)]

    read = read_page(batch_page(BatchPage(lines)))

    assert "cams/b.mp4 is empty" in read.words
    assert "1 with events, 1 without" in read.words
    assert [a["href"] for a in read.all("a")] == ["./a/report.html"]
    assert [row["data-label"] for row in read.all("tr") if "data-label" in row] == ["ok", "failed"]


def test_a_small_timeline_has_the_label_that_covers_most_of_each_part() -> None:
    line = make_line(record(), [event(0, 1.4), event(1.4, 3, "wave1"), event(59.99, 60, "bend")])

    assert line.cells[:4] == ("run", "wave1", "wave1", "")
    assert line.cells[-1] == "bend"
    assert len(line.cells) == CELLS
    assert [path for _, path in small_paths(("", "a", "a", "", "a"))] == ["M3 8h6M12 8h3"]


def test_the_clock_of_an_input_is_told_from_its_events(read_page: PageReader) -> None:
    line = make_line(record(), [event(10, 12, utc="2026-10-25T01:00:05.000Z")])

    words = read_page(batch_page(BatchPage([line], ZoneInfo("Europe/Zurich")))).words

    assert line.start_utc == datetime(2026, 10, 25, 0, 59, 55, tzinfo=UTC)
    assert "2026-10-25 02:59:55" in words
    assert "Europe/Zurich" in words


def test_no_name_becomes_a_tag(read_page: PageReader) -> None:
    plain, hostile = (
        BatchPage(
            [make_line(record(name, error=name), [event(1, 2, name)], page=f"{name}/report.html")]
        )
        for name in ("name", HOSTILE.replace("/", ""))
    )

    read = read_page(batch_page(hostile))

    assert [tag for tag, _ in read.tags] == [tag for tag, _ in read_page(batch_page(plain)).tags]
    assert all(
        address.startswith(("./", "data:,")) and ":" not in address[5:]
        for address in read.addresses
    )


def test_five_thousand_inputs_take_seconds_and_few_megabytes(read_page: PageReader) -> None:
    events = [event(k * 2.0, k * 2.0 + 1, f"label {k % 9}") for k in range(30)]
    name = "/srv/recordings/camera in the yard/2026/10/25/recording_{:06d}.mp4"
    lines = [
        make_line(
            record(name.format(k), error="x" * 390), events, page=f"recording_{k}/report.html"
        )
        for k in range(5000)
    ]

    began_s = time.thread_time()
    text = batch_page(BatchPage(lines))
    took_s = time.thread_time() - began_s

    assert len(text.encode()) < 10_000_000
    assert took_s < 30  # about 2 s on a quiet core
    assert text.count("<tr data-label") == 5000


def test_of_more_inputs_those_with_a_problem_are_listed(read_page: PageReader) -> None:
    quiet = BatchLine("quiet.mp4", "ok", events=0)
    lines = [quiet] * MOST_INPUTS + [BatchLine("busy.mp4", "ok", events=2), make_line(FAILED)]

    text = batch_page(BatchPage(lines))

    assert text.count("<tr data-label") == MOST_INPUTS
    assert "busy.mp4" in text
    assert "cams/b.mp4 is empty" in text
    assert text.index("quiet.mp4") < text.index("busy.mp4")


def test_the_same_data_give_the_same_bytes() -> None:
    lines = [make_line(record(), [event(1, 2, "b"), event(3, 4, "a")])]

    assert batch_page(BatchPage(lines)) == batch_page(BatchPage(list(lines)))


def test_an_empty_batch_has_a_page(read_page: PageReader) -> None:
    assert "There was nothing to analyse." in read_page(batch_page(BatchPage())).words


@pytest.mark.parametrize(
    "broken",
    [
        "{ not JSON", "[]", '{"events": [5]}', "[" * 100_000,
        '{"events": [{"label": "a", "start_s": 1, "end_s": Infinity, "start_utc": null}]}',
        '{"events": [{"label": "a", "start_s": 1, "end_s": 2, "start_utc": 7}]}',
    ],
)  # fmt: skip
def test_the_page_is_made_from_what_the_inputs_have_written(
    tmp_path: Path, read_page: PageReader, broken: str
) -> None:
    for name in ("a", "c"):
        (tmp_path / name).mkdir()
    (tmp_path / "a" / "report.html").write_text("a page")
    (tmp_path / "a" / "events.json").write_text(json.dumps({"events": [event(6, 12)]}))
    (tmp_path / "c" / "events.json").write_text(broken)
    records = [record(), FAILED, record("cams/c.mp4", out_dir="c", status="skipped")]

    path = write_batch_report(tmp_path, records, settings_toml="[run]\n")

    read = read_page(path.read_text(encoding="utf-8"))
    assert path == tmp_path / "report.html"
    assert [a["href"] for a in read.all("a")] == ["./a/report.html", "./c/events.json"]
    assert "events.json cannot be read" in read.words
    assert "M18 8h18" in path.read_text(encoding="utf-8")


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"report\.html cannot be written"):
        write_batch_report(tmp_path / "gone", [])


@pytest.mark.parametrize(
    ("path", "folder", "name"),
    [
        ("/srv/a.mp4", "/srv/", "a.mp4"), ("a.mp4", "", "a.mp4"),
        (r"C:\v\a.mp4", "C:\\v\\", "a.mp4"),
        ("rtsp://h/s/", "rtsp://h/", "s"), ("a/a/", "a/", "a"), ("/", "", "/"),
        ("synthetic:rain", "", "synthetic:rain"),
    ],
)  # fmt: skip
def test_a_name_is_told_from_its_folder(path: str, folder: str, name: str) -> None:
    assert (parent(path), base(path)) == (folder, name)
