"""Where the points of the picture stand: plain numbers for a template, which draws them as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

WIDTH: Final = 460
HEIGHT: Final = 300
LEFT: Final = 46
RIGHT: Final = 18
TOP: Final = 28
"""What the axis measures stands above its highest mark."""
BOTTOM: Final = 46
LEAST_R: Final = 7.0
MOST_R: Final = 17.0
"""Of points, in pixels; their areas grow with files."""
DIGIT_R: Final = 5.0
"""So far a number reaches from its middle."""
ASIDE: Final = 0.62
"""Of its radius, how far from its middle a covered point has its number."""
WIDE: Final = 6.0
"""Where costs differ by more, each doubling takes the same room."""
LEAST_POINTS: Final = 0.02
"""Of accuracy, shown above and below."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A candidate, in its own numbers."""

    number: int
    """Under which the table lists it."""
    title: str
    cost_ms: float
    accuracy: float
    """0 to 1."""
    error: float
    """Standard error."""
    file_bytes: int
    colour: int
    is_on_front: bool = False
    is_hollow: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """A candidate as it is drawn."""

    mark: Mark
    x: float
    y: float
    r: float
    low: float
    """Where its whisker begins ..."""
    high: float
    """... and ends."""
    number_at: tuple[float, float]
    """Where its number stands: in its middle, or beside what lies on that."""


@dataclass(frozen=True, slots=True)
class Picture:
    """All that a template draws."""

    points: tuple[Point, ...]
    """The largest first, so that the small ones lie on them."""
    line: str
    """The front as an SVG path: nothing is better than it."""
    across: tuple[tuple[float, str], ...]
    """Marks of the horizontal axis: where, and what."""
    up: tuple[tuple[float, str], ...]


def picture_of(marks: Sequence[Mark]) -> Picture:
    """Accuracy over cost; empty without marks."""
    if not marks:
        return Picture((), "", (), ())
    costs = [mark.cost_ms for mark in marks]
    is_wide = min(costs) > 0 and max(costs) > WIDE * min(costs)
    left, right, across = _wide(costs) if is_wide else _even(costs)
    low, high, up = _shares(marks)
    largest = max(mark.file_bytes for mark in marks)

    def x_of(cost_ms: float) -> float:
        value = math.log(cost_ms) if is_wide else cost_ms
        return round(LEFT + (value - left) / (right - left) * (WIDTH - LEFT - RIGHT), 1)

    def y_of(share: float) -> float:
        within = min(high, max(low, share))
        return round(HEIGHT - BOTTOM - (within - low) / (high - low) * (HEIGHT - TOP - BOTTOM), 1)

    points = [
        Point(
            mark,
            x_of(mark.cost_ms),
            y_of(mark.accuracy),
            round(max(LEAST_R, MOST_R * math.sqrt(mark.file_bytes / max(1, largest))), 1),
            y_of(mark.accuracy - mark.error),
            y_of(mark.accuracy + mark.error),
            (0.0, 0.0),
        )
        for mark in marks
    ]
    points.sort(key=lambda point: (-point.r, point.mark.number))
    points = [
        replace(point, number_at=_number_at(point, points[place + 1 :]))
        for place, point in enumerate(points)
    ]
    return Picture(
        points=tuple(points),
        line=_line([point for point in points if point.mark.is_on_front]),
        across=tuple((x_of(value), f"{value:g}") for value in across),
        up=tuple((y_of(value), f"{100 * value:g}") for value in up),
    )


def _number_at(point: Point, above: Sequence[Point]) -> tuple[float, float]:
    """In the middle of a point; away from the first of those that are drawn later and cover it."""
    for other in above:
        across, down = point.x - other.x, point.y - other.y
        away = math.hypot(across, down)
        if away < other.r + DIGIT_R:
            part = ASIDE * point.r / away if away else 0.0
            shift = (across * part, down * part) if away else (0.0, -ASIDE * point.r)
            return round(point.x + shift[0], 1), round(point.y + shift[1], 1)
    return point.x, point.y


def _line(points: Sequence[Point]) -> str:
    """Steps: for each cost, the best that it buys."""
    path: list[str] = []
    for point in sorted(points, key=lambda one: one.x):
        path.append(f"H{point.x}V{point.y}" if path else f"M{point.x} {point.y}")
    return "".join([*path, f"H{WIDTH - RIGHT}"]) if path else ""


def _wide(costs: Sequence[float]) -> tuple[float, float, list[float]]:
    """From where to where in logarithms, and marks at 1, 2 and 5."""
    left, right = math.log(min(costs) / 1.4), math.log(max(costs) * 1.4)
    marks = [
        digit * 10.0**power
        for power in range(-4, 6)
        for digit in (1, 2, 5)
        if left <= math.log(digit * 10.0**power) <= right
    ]
    return left, right, marks


def _even(costs: Sequence[float]) -> tuple[float, float, list[float]]:
    right = 1.15 * max(costs) or 1.0
    step = _step(right)
    return 0.0, right, [round(step * n, 9) for n in range(int(right / step) + 1)]


def _shares(marks: Sequence[Mark]) -> tuple[float, float, list[float]]:
    low = min(mark.accuracy - mark.error for mark in marks) - LEAST_POINTS
    high = max(mark.accuracy + mark.error for mark in marks) + LEAST_POINTS
    low, high = max(0.0, low), min(1.0, high)
    step = _step(high - low)
    first = math.ceil(round(low / step, 6))
    return low, high, [
        round(step * n, 9) for n in range(first, int(round(high / step, 6)) + 1)
    ]  # fmt: skip


def _step(width: float) -> float:
    """Between marks: 1, 2 or 5 of some power of ten, so that there are three to seven."""
    power = 10.0 ** math.floor(math.log10(max(width, 1e-9) / 3))
    return max(digit * power for digit in (1, 2, 5) if digit * power <= width / 3 + 1e-12)
