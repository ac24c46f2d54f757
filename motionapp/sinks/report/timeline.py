"""Where things stand on a line of time: plain numbers, in percent of its length, for a template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from motionapp.overlay.palette import COLOURS, MOTION_COLOUR, UNKNOWN_COLOUR, label_colour
from motionapp.sinks.report.activity import Activity
from motionapp.sinks.report.clock import Clock

MOST_DRAWN_BINS: Final = 600
MOST_TICKS: Final = 8
"""Marks of the axis; their texts fit beside each other from a tablet's width on."""
LONG_TICK: Final = 9
"""Letters; of longer texts, with a date or an offset, only half as many fit."""
THINNEST_BAR: Final = 0.25
"""Percent: an event is seen, and can be met with the mouse, in a recording of any length."""

_ALL_COLOURS: Final = (MOTION_COLOUR, UNKNOWN_COLOUR, *COLOURS)

Document = Mapping[str, Any]  # an event as events.json has it


@dataclass(frozen=True, slots=True)
class Bar:
    """An event on the line."""

    left: float
    width: float
    colour: str
    """A CSS class."""
    row: int
    """Its row in the table, from 1."""


@dataclass(frozen=True, slots=True)
class Lane:
    """The events of one zone."""

    zone: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the line without usable pictures."""

    left: float
    width: float
    from_s: float
    to_s: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of the axis."""

    left: float
    text: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """All that is drawn of one recording."""

    from_s: float
    to_s: float
    path: str
    """The activity as an SVG path, `bins` wide and 100 high."""
    levels: tuple[int | None, ...]
    """The height of each bin, 0 to 100; None where there was no picture."""
    drawn_left: float
    drawn_width: float
    """Where the activity stands, in percent; its last bin may reach over the end."""
    drawn_to_s: float
    lanes: tuple[Lane, ...]
    lost: tuple[Stretch, ...]
    ticks: tuple[Tick, ...]

    @property
    def bins(self) -> int:
        """How many stretches the activity is drawn in."""
        return len(self.levels)

    @property
    def levels_text(self) -> str:
        """The heights for a script, with nothing between two commas where there is none."""
        return ",".join("" if level is None else str(level) for level in self.levels)

    @property
    def is_still(self) -> bool:
        """Whether nothing moved at all."""
        return not any(self.levels) and not self.lanes


def make_timeline(
    activity: Activity,
    events: Sequence[Document],
    lost: Iterable[tuple[float, float]],
    clock: Clock,
) -> Timeline:
    """Lay out one recording between the two ends of its clock.

    Parameters
    ----------
    activity : Activity
    events : sequence of Document
        Closed ones, in the order of the table's rows.
    lost : iterable of (from_s, to_s)
        Stretches without usable pictures.
    clock : Clock
    """
    line = _Line(clock.from_s, clock.to_s)
    drawn = activity.folded(MOST_DRAWN_BINS)
    levels = _levels(drawn.strengths)
    return Timeline(
        from_s=clock.from_s,
        to_s=clock.to_s,
        path=_path(levels),
        levels=levels,
        drawn_left=line.at(drawn.from_s),
        drawn_width=line.width(drawn.to_s - drawn.from_s),
        drawn_to_s=drawn.to_s,
        lanes=_lanes(events, line),
        lost=tuple(
            Stretch(*line.place(from_s, to_s), from_s, to_s)
            for from_s, to_s in lost
            if to_s > clock.from_s and from_s < clock.to_s
        ),
        ticks=_ticks(clock, line),
    )


def colour_class(label: str) -> str:
    """The CSS class that has the colour of a label: the same colour as in annotated videos."""
    # A name with half of a pair in it has no UTF-8, from which its colour is taken.
    text = label.encode("utf-8", "backslashreplace").decode("utf-8")
    return f"c{_ALL_COLOURS.index(label_colour(text))}"


def colour_rules() -> str:
    """What the CSS classes mean."""
    return "".join(
        f".c{index} {{ --c: #{red:02x}{green:02x}{blue:02x}; }}\n"
        for index, (blue, green, red) in enumerate(_ALL_COLOURS)
    )


@dataclass(frozen=True, slots=True)
class _Line:
    from_s: float
    to_s: float

    def at(self, pts_s: float) -> float:
        """Percent from the left."""
        span_s = self.to_s - self.from_s
        share = (pts_s - self.from_s) / span_s if span_s > 0 else 0.0
        return round(100 * min(1.0, max(0.0, share)), 3)

    def width(self, length_s: float) -> float:
        """Percent of the line, more than all of it included."""
        span_s = self.to_s - self.from_s
        return round(100 * length_s / span_s, 3) if span_s > 0 else 100.0

    def place(self, from_s: float, to_s: float) -> tuple[float, float]:
        """Left end and width in percent; never too thin to be seen, never over the end."""
        left, right = self.at(from_s), self.at(to_s)
        width = max(THINNEST_BAR, right - left)
        return min(left, 100 - width), round(width, 3)


def _ticks(clock: Clock, line: _Line) -> tuple[Tick, ...]:
    marks = clock.ticks(MOST_TICKS)
    if any(len(text) > LONG_TICK for _, text in marks):
        marks = clock.ticks(MOST_TICKS // 2)
    return tuple(Tick(line.at(time_s), text) for time_s, text in marks)


def _lanes(events: Sequence[Document], line: _Line) -> tuple[Lane, ...]:
    bars: dict[str, list[Bar]] = {}
    for row, event in enumerate(events, start=1):
        left, width = line.place(event["start_s"], event["end_s"])
        bar = Bar(left, width, colour_class(event["label"]), row)
        bars.setdefault(event["zone"], []).append(bar)
    return tuple(Lane(zone, tuple(bars[zone])) for zone in sorted(bars))


def _levels(strengths: Sequence[float | None]) -> tuple[int | None, ...]:
    """Heights against the strongest.

    The root shows a walker far away beside a lorry that fills the picture: the share of the
    picture that moves grows with the square of how near a body is.
    """
    peak = max((each for each in strengths if each is not None), default=0.0)
    if peak <= 0:
        return tuple(None if each is None else 0 for each in strengths)
    return tuple(
        None if each is None else round(100 * (max(0.0, each) / peak) ** 0.5) for each in strengths
    )


def _path(levels: Sequence[int | None]) -> str:
    """Steps as an SVG path: one closed shape for each stretch that has pictures."""
    parts: list[str] = []
    height: int | None = None
    for index, level in enumerate((*levels, None)):
        if level == height:
            continue
        if level is None:
            parts.append(f"H{index}V100Z")
        elif height is None:
            parts.append(f"M{index} 100V{100 - level}")
        else:
            parts.append(f"H{index}V{100 - level}")
        height = level
    return "".join(parts)
