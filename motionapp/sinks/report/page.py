"""The report of one recording: what is known of it becomes one page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Final, Literal, Protocol

from motionapp.sinks.report.activity import Activity
from motionapp.sinks.report.clock import Clock
from motionapp.sinks.report.templates import render
from motionapp.sinks.report.timeline import Document, make_timeline

MOST_ROWS: Final = 1500
"""Events listed and drawn, the first ones; with all of them a page stays below 5 MB."""
MOST_REJECTIONS: Final = 200
"""Stretches listed that became no event."""
MOST_LOST: Final = 200
"""Lost stretches that are hatched and listed, the longest ones."""
MOST_FOCUSED_BARS: Final = 60
"""Bars that the Tab key stops at; with more, it goes to the table, which says the same."""


class Refused(Protocol):
    """A stretch in which something was seen that became no event."""

    @property
    def start_s(self) -> float:
        """When it began."""
        ...

    @property
    def end_s(self) -> float:
        """When it was over."""
        ...

    @property
    def gate(self) -> str:
        """Which rule stopped it."""
        ...

    @property
    def sentence(self) -> str:
        """Why, and the smallest change of one setting that would have let it through."""
        ...


@dataclass(frozen=True, slots=True)
class LineSum:
    """How many went over a line."""

    name: str
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class FilePage:
    """All that a recording's report says."""

    source: str
    """Base name of the input."""
    from_s: float = 0.0
    """Time of the first picture."""
    to_s: float = 0.0
    """When the last picture ends."""
    frames: int = 0
    size: tuple[int, int] | None = None
    """Width and height of the first picture; None where there was none."""
    status: Literal["ok", "partial"] = "ok"
    damage: str = ""
    """One sentence about what could not be read."""
    lost: tuple[tuple[float, float], ...] = ()
    """Stretches `(from_s, to_s)` without usable pictures."""
    start_utc: datetime | None = None
    """When second 0 was, if it is known."""
    zone: tzinfo = UTC
    """The zone of the clock that is shown."""
    activity: Activity = Activity()
    events: Sequence[Document] = ()
    """As events.json has them, in its order."""
    pictures: Mapping[str, str] = field(default_factory=dict)
    """Thumbnails that stand in the page: path to data address; others are linked."""
    heat: str | None = None
    """The heat map: a data address, or None."""
    rejections: Sequence[Refused] | None = None
    """None where nobody asked; of many, those that came nearest to being an event."""
    refusals_in_all: int = 0
    """With those that are not among `rejections`."""
    settings_toml: str = ""
    lines: Sequence[LineSum] = ()
    """Of every line that is drawn."""


@dataclass(frozen=True, slots=True)
class LabelSum:
    """How often and how long a label was seen."""

    label: str
    events: int
    length_s: float


def file_page(data: FilePage) -> str:
    """The whole of one recording's ``report.html``.

    Returns
    -------
    str
        HTML that needs nothing else; the same data give the same text.
    """
    clock = Clock(data.start_utc, data.zone, data.from_s, data.to_s)
    listed = data.events[:MOST_ROWS]
    lost = _longest(data.lost, MOST_LOST)
    rejections = (data.rejections or ())[:MOST_REJECTIONS]
    return render(
        "file.html",
        data=data,
        clock=clock,
        timeline=make_timeline(data.activity, listed, lost, clock),
        listed=listed,
        labels=label_sums(data.events),
        busy_s=union_s((each["start_s"], each["end_s"]) for each in data.events),
        lost=lost,
        rejections=rejections,
        refusals_in_all=max(data.refusals_in_all, len(data.rejections or ())),
        bars_have_focus=len(listed) <= MOST_FOCUSED_BARS,
        has_scores=any(each["score"] is not None for each in listed),
        has_zones=len({each["zone"] for each in data.events}) > 1,
        has_thumbnails=any(each["thumbnail"] for each in listed),
        thumb_height=_thumbnail_height(data.size),
        has_clips=any(each["clip"] for each in listed),
    )


def label_sums(events: Sequence[Document]) -> tuple[LabelSum, ...]:
    """Labels by their seconds, the longest first."""
    counts: Counter[str] = Counter()
    lengths_s: Counter[str] = Counter()
    for event in events:
        counts[event["label"]] += 1
        lengths_s[event["label"]] += event["end_s"] - event["start_s"]
    order = sorted(counts, key=lambda label: (-lengths_s[label], label))
    return tuple(LabelSum(label, counts[label], lengths_s[label]) for label in order)


def union_s(stretches: Iterable[tuple[float, float]]) -> float:
    """Seconds that any of the stretches covers."""
    covered_s, reached_s = 0.0, float("-inf")
    for from_s, to_s in sorted(stretches):
        covered_s += max(0.0, to_s - max(from_s, reached_s))
        reached_s = max(reached_s, to_s)
    return covered_s


def _longest(
    stretches: Sequence[tuple[float, float]], at_most: int
) -> tuple[tuple[float, float], ...]:
    longest = sorted(stretches, key=lambda each: each[0] - each[1])[:at_most]
    return tuple(sorted(longest))


def _thumbnail_height(size: tuple[int, int] | None) -> int | None:
    """For a width of 128 pixels: said beforehand, so that nothing moves while pictures load."""
    return None if not size or not size[0] else max(1, round(128 * size[1] / size[0]))
