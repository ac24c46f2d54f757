"""The report of a batch: all inputs on one page, each with a line of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final, Literal

from motionapp.sinks.report.clock import Clock
from motionapp.sinks.report.page import LabelSum, label_sums
from motionapp.sinks.report.templates import render
from motionapp.sinks.report.timeline import Document, colour_class

MOST_INPUTS: Final = 5000
"""Inputs listed; a line takes 2 kB at most, so the page stays below 10 MB."""
CELLS: Final = 60
"""Parts of an input's small timeline."""
CELL_PX: Final = 3
"""How wide each is drawn."""
MOST_LABELS: Final = 6
"""Labels said of one input, the longest ones."""

Status = Literal["ok", "partial", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class BatchLine:
    """What is said of one input; fields with the names of summary.json's hold the same."""

    input: str
    status: Status
    error: str | None = None
    duration_s: float | None = None
    frames: int | None = None
    events: int | None = None
    page: str | None = None
    """The input's own report, or its events.json: a path below the batch's folder."""
    start_utc: datetime | None = None
    """When its second 0 was, if it is known."""
    labels: tuple[LabelSum, ...] = ()
    cells: tuple[str, ...] = ()
    """The label of each of `CELLS` equal parts of its length; empty where there was no event."""


@dataclass(frozen=True, slots=True)
class BatchPage:
    """All that a batch's report says."""

    lines: Sequence[BatchLine] = ()
    """In the order of summary.json."""
    zone: tzinfo = UTC
    """The zone of the clock that is shown."""
    settings_toml: str = ""


@dataclass(frozen=True, slots=True)
class _Totals:
    """What all inputs give together."""

    length_s: float = 0.0
    frames: int = 0
    events: int = 0
    busy_inputs: int = 0
    statuses: Mapping[str, int] = field(default_factory=dict)
    labels: tuple[LabelSum, ...] = ()


def make_line(
    record: Mapping[str, Any], events: Sequence[Document] = (), *, page: str | None = None
) -> BatchLine:
    """An input's line from what has been written about it.

    Parameters
    ----------
    record : mapping
        One of the inputs of summary.json.
    events : sequence of Document
        Those of its events.json.
    page : str or None
        What the line links to: a path below the batch's folder, with forward slashes.
    """
    duration_s = record["duration_s"]
    return BatchLine(
        input=record["input"],
        status=record["status"],
        error=record["error"],
        duration_s=duration_s,
        frames=record["frames"],
        events=record["events"],
        page=page,
        start_utc=_start_utc(events),
        labels=label_sums(events),
        cells=_cells(events, duration_s or 0.0),
    )


def batch_page(data: BatchPage) -> str:
    """The whole of a batch's ``report.html``.

    Returns
    -------
    str
        HTML that needs nothing else; the same data give the same text.
    """
    listed = _most_telling(data.lines)
    clocks = [Clock(line.start_utc, data.zone) for line in listed]
    return render(
        "batch.html",
        data=data,
        totals=_totals(data.lines),
        rows=[
            (line, clock.day_text(), clock.iso(0.0), small_paths(line.cells))
            for line, clock in zip(listed, clocks, strict=True)
        ],
        most_labels=MOST_LABELS,
        has_times=any(line.start_utc for line in listed),
        zone=str(data.zone),
    )


def small_paths(cells: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """A small timeline: `(CSS class, SVG path)` a colour, in thick lines."""
    paths: dict[str, list[str]] = {}
    begun = 0
    for index in range(1, len(cells) + 1):
        if index < len(cells) and cells[index] == cells[begun]:
            continue
        if cells[begun]:
            length = index - begun
            part = f"M{begun * CELL_PX} 8h{length * CELL_PX}"
            paths.setdefault(colour_class(cells[begun]), []).append(part)
        begun = index
    return tuple((colour, "".join(parts)) for colour, parts in sorted(paths.items()))


def _cells(events: Sequence[Document], duration_s: float) -> tuple[str, ...]:
    """Whose event covers most of each part; ties go to the earlier name."""
    if duration_s <= 0:
        return ()
    covered: list[dict[str, float]] = [{} for _ in range(CELLS)]
    width_s = duration_s / CELLS
    for event in events:
        first = min(CELLS - 1, max(0, int(event["start_s"] / width_s)))
        last = min(CELLS - 1, max(first, int(event["end_s"] / width_s)))
        for index in range(first, last + 1):
            from_s = max(event["start_s"], index * width_s)
            to_s = min(event["end_s"], (index + 1) * width_s)
            label = event["label"]
            # An event that only touches a part is drawn there if it would be nowhere else.
            if to_s > from_s or first == last:
                covered[index][label] = covered[index].get(label, 0.0) + max(0.0, to_s - from_s)
    return tuple(
        min(each, key=lambda label: (-each[label], label)) if each else "" for each in covered
    )


def _start_utc(events: Sequence[Document]) -> datetime | None:
    """When second 0 was, told from the first event that has a clock time."""
    for event in events:
        if event["start_utc"] is not None:
            since = timedelta(milliseconds=round(1000 * event["start_s"]))
            return datetime.fromisoformat(event["start_utc"]) - since
    return None


def _most_telling(lines: Sequence[BatchLine]) -> list[BatchLine]:
    """All lines, or as many as are listed: those with a problem first, then those with events."""
    if len(lines) <= MOST_INPUTS:
        return list(lines)

    def weight(index: int) -> tuple[bool, bool, int]:
        line = lines[index]
        return line.status not in ("failed", "partial"), not line.events, index

    chosen = sorted(range(len(lines)), key=weight)[:MOST_INPUTS]
    return [lines[index] for index in sorted(chosen)]


def _totals(lines: Sequence[BatchLine]) -> _Totals:
    counts: dict[str, tuple[int, float]] = {}
    statuses: dict[str, int] = {}
    for line in lines:
        statuses[line.status] = statuses.get(line.status, 0) + 1
        for each in line.labels:
            events, length_s = counts.get(each.label, (0, 0.0))
            counts[each.label] = events + each.events, length_s + each.length_s
    order = sorted(counts, key=lambda label: (-counts[label][1], label))
    return _Totals(
        length_s=sum(line.duration_s or 0.0 for line in lines),
        frames=sum(line.frames or 0 for line in lines),
        events=sum(line.events or 0 for line in lines),
        busy_inputs=sum(bool(line.events) for line in lines),
        statuses=statuses,
        labels=tuple(LabelSum(label, *counts[label]) for label in order),
    )
