"""Which part of a frame is seen in the view, and where: a plain value. No Qt.

Three ways to name a point: in the view (its own pixels, from its upper left corner), in the frame
(display pixels), and in shares of the frame (0 to 1), as zones have them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from motionapp.core.frame import level_for
from motionapp.core.geometry import Box

Point = tuple[float, float]
"""x to the right, y down."""

MOST_ZOOM: Final = 16.0
"""A pixel of a small picture is then as large as a finger's tip."""
LEAST_PX: Final = 16
"""No part is narrower."""


@dataclass(frozen=True, slots=True)
class Sight:
    """How a frame lies in a view.

    The whole frame is fitted at a zoom of 1; from there on the view shows a part with the frame's
    proportions, unless it has room for more beside it.
    """

    frame: tuple[int, int]
    """Width and height of the frame, in its pixels."""
    view: tuple[int, int]
    """Width and height of the view, in its pixels."""
    zoom: float = 1.0
    """1 to `MOST_ZOOM`."""
    middle: Point = (0.5, 0.5)
    """What lies in the middle of the view, in shares of the frame."""
    is_mirrored: bool = False
    """Left and right are exchanged, as in a mirror."""

    @property
    def scale(self) -> float:
        """Pixels of the view to one of the frame."""
        return self.zoom * min(self.view[0] / self.frame[0], self.view[1] / self.frame[1])

    @property
    def part(self) -> Box:
        """What is seen of the frame; its edges are multiples of what a pixel of a mask covers."""
        step = 1 << level_for(self.frame[0])
        left, top = self._origin
        edges = []
        for low, length, whole in zip((left, top), self._seen, self.frame, strict=True):
            start = max(0, int(low // step) * step)
            end = min(whole, -int(-(low + length) // step) * step)
            edges.append((start, max(end, min(whole, start + LEAST_PX))))
        (x0, x1), (y0, y1) = edges
        return Box(x0, y0, x1, y1)

    def to_frame(self, point: Point) -> Point:
        """A point of the view in pixels of the frame; it may lie outside."""
        left, top = self._origin
        x = (point[0] - self._margin[0]) / self.scale
        if self.is_mirrored:
            x = self._seen[0] - x
        return left + x, top + (point[1] - self._margin[1]) / self.scale

    def to_view(self, point: Point) -> Point:
        """A point of the frame in pixels of the view; it may lie outside."""
        left, top = self._origin
        x = point[0] - left
        if self.is_mirrored:
            x = self._seen[0] - x
        return x * self.scale + self._margin[0], (point[1] - top) * self.scale + self._margin[1]

    def shares_of(self, point: Point) -> Point:
        """A point of the view in shares of the frame, moved to its edge where it lies outside."""
        x, y = self.to_frame(point)
        return _within(x / self.frame[0], 0.0, 1.0), _within(y / self.frame[1], 0.0, 1.0)

    def of_shares(self, shares: Point) -> Point:
        """A point in shares of the frame, in pixels of the view."""
        return self.to_view((shares[0] * self.frame[0], shares[1] * self.frame[1]))

    def zoomed(self, factor: float, at: Point) -> Sight:
        """Nearer or further away, with a point of the view staying where it is."""
        zoom = _within(self.zoom * factor, 1.0, MOST_ZOOM)
        held = self.to_frame(at)
        nearer = replace(self, zoom=zoom)
        x, y = nearer.to_frame(at)
        return nearer._with_middle((held[0] - x, held[1] - y))

    def moved(self, by: Point) -> Sight:
        """What is seen is dragged by so many pixels of the view."""
        across = by[0] if self.is_mirrored else -by[0]
        return self._with_middle((across / self.scale, -by[1] / self.scale))

    def whole(self) -> Sight:
        """All of the frame."""
        return replace(self, zoom=1.0, middle=(0.5, 0.5))

    def _with_middle(self, shift: Point) -> Sight:
        """What is seen moved by pixels of the frame, as far as there is something to be seen."""
        middle = []
        for at, by, seen, whole in zip(self.middle, shift, self._seen, self.frame, strict=True):
            half = min(0.5, seen / whole / 2)
            middle.append(_within(at + by / whole, half, 1 - half))
        return replace(self, middle=(middle[0], middle[1]))

    @property
    def _seen(self) -> Point:
        """Width and height of what is seen, in pixels of the frame."""
        wide, high = (
            min(whole, length / self.scale)
            for whole, length in zip(self.frame, self.view, strict=True)
        )
        return wide, high

    @property
    def _origin(self) -> Point:
        """Its upper left corner in the frame."""
        (x, y), (wide, high) = self.middle, self._seen
        return x * self.frame[0] - wide / 2, y * self.frame[1] - high / 2

    @property
    def _margin(self) -> Point:
        """Empty pixels of the view to the left and above."""
        wide, high = self._seen
        return (self.view[0] - wide * self.scale) / 2, (self.view[1] - high * self.scale) / 2


def _within(value: float, low: float, high: float) -> float:
    return min(high, max(low, value))
