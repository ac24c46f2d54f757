"""Boxes: half-open rectangles in full-frame display pixels, and how they relate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

Edges = tuple[float, float, float, float]
"""x0, y0, x1, y1 as a `Box` has them, but between whole pixels too."""


class Box(NamedTuple):
    """A half-open rectangle ``[x0, x1) x [y0, y1)`` in pixels: x to the right, y down."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def width(self) -> int:
        """Pixels from the left edge to the right one; 0 for an empty box."""
        return self.x1 - self.x0 if self.x1 > self.x0 else 0

    @property
    def height(self) -> int:
        """Pixels from the upper edge to the lower one; 0 for an empty box."""
        return self.y1 - self.y0 if self.y1 > self.y0 else 0

    @property
    def area(self) -> int:
        """Square pixels; 0 for an empty box."""
        x0, y0, x1, y1 = self
        return (x1 - x0) * (y1 - y0) if x1 > x0 and y1 > y0 else 0

    @property
    def centre(self) -> tuple[float, float]:
        """The middle ``(x, y)``."""
        x0, y0, x1, y1 = self
        return (x0 + x1) / 2, (y0 + y1) / 2

    def intersection(self, other: Box) -> int:
        """Square pixels that both boxes cover; 0 where they do not meet."""
        across = min(self.x1, other.x1) - max(self.x0, other.x0)
        down = min(self.y1, other.y1) - max(self.y0, other.y0)
        return max(0, across) * max(0, down)

    def iou(self, other: Box) -> float:
        """Intersection over union, 0 to 1; 0.0 where both are empty."""
        common = self.intersection(other)
        whole = self.area + other.area - common
        return common / whole if whole else 0.0

    def gap(self, other: Box) -> tuple[int, int]:
        """Empty pixels between the boxes ``(across, down)``; 0 where they overlap on that axis."""
        across = max(self.x0, other.x0) - min(self.x1, other.x1)
        down = max(self.y0, other.y0) - min(self.y1, other.y1)
        return max(0, across), max(0, down)

    def union(self, other: Box) -> Box:
        """The smallest box that holds both."""
        return Box(
            min(self.x0, other.x0),
            min(self.y0, other.y0),
            max(self.x1, other.x1),
            max(self.y1, other.y1),
        )

    def scaled(self, factor: int) -> Box:
        """The same box where every pixel became `factor` by `factor` pixels."""
        return Box(self.x0 * factor, self.y0 * factor, self.x1 * factor, self.y1 * factor)

    def shifted(self, dx: float, dy: float) -> Box:
        """The box moved by `(dx, dy)` pixels, rounded to whole ones; its size stays."""
        x0, y0, x1, y1 = self
        left, top = round(x0 + dx), round(y0 + dy)
        return Box(left, top, left + x1 - x0, top + y1 - y0)

    def clipped(self, size: tuple[int, int]) -> Box:
        """The part inside a picture of `size` (width, height); empty where there is none."""
        x0, y0 = min(max(self.x0, 0), size[0]), min(max(self.y0, 0), size[1])
        return Box(x0, y0, min(max(self.x1, x0), size[0]), min(max(self.y1, y0), size[1]))


def union_of(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds all of `boxes`.

    Raises
    ------
    ValueError
        `boxes` is empty: no box holds nothing.
    """
    remaining = iter(boxes)
    first = next(remaining, None)
    if first is None:
        raise ValueError("union_of needs at least one box")
    left, top, right, bottom = first
    for x0, y0, x1, y1 in remaining:
        left, top = x0 if x0 < left else left, y0 if y0 < top else top
        right, bottom = x1 if x1 > right else right, y1 if y1 > bottom else bottom
    return Box(left, top, right, bottom)
