"""Where lines and bars of a chart stand: plain numbers for a template, which draws them as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 460
HEIGHT: Final = 250
LEFT: Final = 56
RIGHT: Final = 14
TOP: Final = 12
BOTTOM: Final = 42
MOST_POINTS: Final = 400
"""Of a line: more than a picture of this width can show."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Axis:
    """From where to where, and which marks there are."""

    low: float
    high: float
    ticks: tuple[Tick, ...]
    name: str = ""

    def share(self, value: float) -> float:
        """How far along the axis a value stands, 0 to 1; values beyond stand at its ends."""
        if self.high == self.low:
            return 0.5
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))


@dataclass(frozen=True, slots=True)
class Dot:
    """A point that is marked, and what it says."""

    x: float
    y: float
    title: str = ""
    low: float | None = None
    """Where a whisker through it begins ..."""
    high: float | None = None
    """... and ends."""


@dataclass(frozen=True, slots=True)
class Line:
    """One of a chart's lines, in its own numbers."""

    name: str
    points: tuple[tuple[float, float], ...]
    style: str = "first"
    """A CSS class."""
    titles: tuple[str, ...] = ()
    """What the points say; without, they are not marked."""
    whiskers: tuple[tuple[float, float] | None, ...] = ()
    """From where to where each point may be; without, nobody has said."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in a chart's own numbers."""

    left: float
    right: float
    height: float
    title: str
    is_faint: bool = False
    """Whether it stands for little."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A bar as it is drawn."""

    x: float
    y: float
    width: float
    height: float
    title: str
    is_faint: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line as it is drawn."""

    name: str
    style: str
    path: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """All that a template draws."""

    label: str
    """What it shows, for who cannot see it."""
    x: Axis
    y: Axis
    lines: tuple[Drawn, ...]
    bars: tuple[Rect, ...] = ()

    @property
    def left(self) -> int:
        """Where the horizontal axis begins."""
        return LEFT

    @property
    def right(self) -> int:
        """Where it ends."""
        return WIDTH - RIGHT

    @property
    def ground(self) -> int:
        """How far from the top it stands."""
        return HEIGHT - BOTTOM

    @property
    def size(self) -> tuple[int, int]:
        """Of the picture."""
        return WIDTH, HEIGHT

    @property
    def across(self) -> list[tuple[float, str]]:
        """The marks of the horizontal axis, by where they stand."""
        return [(x_of(self.x, tick.value), tick.text) for tick in self.x.ticks]

    @property
    def up(self) -> list[tuple[float, str]]:
        """The marks of the vertical axis, by where they stand."""
        return [(y_of(self.y, tick.value), tick.text) for tick in self.y.ticks]


def x_of(axis: Axis, value: float) -> float:
    """Where a value stands from the left of the picture."""
    return round(LEFT + axis.share(value) * (WIDTH - LEFT - RIGHT), 1)


def y_of(axis: Axis, value: float) -> float:
    """Where a value stands from the top of the picture."""
    return round(HEIGHT - BOTTOM - axis.share(value) * (HEIGHT - TOP - BOTTOM), 1)


def chart(
    label: str, x: Axis, y: Axis, lines: Sequence[Line] = (), bars: Sequence[Bar] = ()
) -> Chart:
    """A chart as it is drawn.

    Parameters
    ----------
    label : str
        What it shows.
    x, y : Axis
    lines : sequence of Line
        Those of many points are thinned.
    bars : sequence of Bar
        From the horizontal axis up.
    """
    ground = y_of(y, y.low)
    return Chart(
        label,
        x,
        y,
        tuple(_drawn(line, x, y) for line in lines),
        tuple(
            Rect(
                x_of(x, bar.left),
                y_of(y, bar.height),
                round(x_of(x, bar.right) - x_of(x, bar.left), 1),
                round(ground - y_of(y, bar.height), 1),
                bar.title,
                bar.is_faint,
            )
            for bar in bars
        ),
    )


def shares_axis(name: str) -> Axis:
    """From 0 to 100 %."""
    ticks = tuple(Tick(value / 4, f"{25 * value} %") for value in range(5))
    return Axis(0.0, 1.0, ticks, name)


def numbers_axis(name: str, values: Sequence[float], *, from_zero: bool = True) -> Axis:
    """An axis that holds all of some values, with marks at round numbers.

    Parameters
    ----------
    name : str
    values : sequence of float
        What is no finite number is passed over.
    from_zero : bool
        Whether it begins at 0.
    """
    finite = [value for value in values if math.isfinite(value)]
    low = 0.0 if from_zero else min(finite, default=0.0)
    high = max(finite, default=1.0)
    step = round_step(high - low)
    first = math.floor(low / step + 1e-9)
    last = max(first + 1, math.ceil(high / step - 1e-9))
    ticks = tuple(Tick(number * step, f"{number * step:g}") for number in range(first, last + 1))
    return Axis(first * step, last * step, ticks, name)


def round_step(length: float, most: int = 6) -> float:
    """The smallest of 1, 2 and 5 times a power of ten of which at most `most` fit into a length."""
    if not length > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(length / most))
    return next(times * power for times in (1, 2, 5, 10) if length / (times * power) <= most + 1e-9)


def _drawn(line: Line, x: Axis, y: Axis) -> Drawn:
    every = max(1, math.ceil(len(line.points) / MOST_POINTS))
    placed = [
        (x_of(x, one), y_of(y, other))
        for number, (one, other) in enumerate(line.points)
        if number % every == 0 or number == len(line.points) - 1
    ]
    whiskers = line.whiskers or (None,) * len(line.points)
    dots = (
        tuple(
            Dot(
                x_of(x, one),
                y_of(y, other),
                title,
                None if whisker is None else y_of(y, whisker[0]),
                None if whisker is None else y_of(y, whisker[1]),
            )
            for (one, other), title, whisker in zip(line.points, line.titles, whiskers, strict=True)
        )
        if line.titles
        else ()
    )
    return Drawn(line.name, line.style, "M" + "L".join(f"{a} {b}" for a, b in placed), dots)
