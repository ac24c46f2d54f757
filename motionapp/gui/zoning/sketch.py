"""Drawing and editing zones, point by point: what a press, a move and a release come to. No Qt.

Points are in shares of the picture, 0 to 1; what is near is told by a reach in the same, which the
view knows for its size and its zoom.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from pydantic import ValidationError

from motionapp.settings.zones import (
    FEWEST_CORNERS,
    FEWEST_POINTS,
    MOST_ZONES,
    Kind,
    ZoneSettings,
)

Point = tuple[float, float]
Zones = tuple[ZoneSettings, ...]

MOST_CORNERS: Final = 64
DECIMALS: Final = 4
"""A ten-thousandth of a picture is less than a pixel of any."""


@dataclass(frozen=True, slots=True)
class _Held:
    """What the pointer has taken hold of: a corner of a zone, or all of it."""

    zone: int
    corner: int | None
    at: Point


@dataclass(slots=True)
class Sketch:
    """Zones that are edited.

    Parameters
    ----------
    zones : tuple of ZoneSettings
        With corners in shares.
    """

    zones: Zones = ()
    chosen: int | None = None
    """The zone that is edited."""
    corners: tuple[Point, ...] = ()
    """Of one that is being drawn, as far as it is."""
    kind: Kind | None = None
    """Of the one that is being drawn; None: none is."""
    _held: _Held | None = None
    _before: Zones = field(default=())

    @property
    def is_drawing(self) -> bool:
        """Whether a zone is being drawn."""
        return self.kind is not None

    def begin(self, kind: Kind) -> None:
        """Draw another zone from the next press on."""
        self.kind, self.corners = kind, ()

    def leave(self) -> bool:
        """Give up what is being drawn. False: nothing is."""
        was, self.kind, self.corners = self.is_drawing, None, ()
        return was

    def finish(self) -> bool:
        """End what is being drawn, if it is a zone or a line by now: then True."""
        if self.kind is None or len(self.corners) < _fewest(self.kind):
            return False
        stem = "line" if self.kind == "line" else "zone"
        zone = _zone(free_name(self.zones, stem), self.kind, self.corners)
        if zone is None or len(self.zones) >= MOST_ZONES:
            return False
        self.zones = (*self.zones, zone)
        self.chosen = len(self.zones) - 1
        self.leave()
        return True

    def press(self, at: Point, reach: Point) -> bool:
        """A button went down. False: there is nothing to take hold of."""
        at = _within(at)
        if self.is_drawing:
            # A zone ends where it began, a line where it is clicked twice.
            ends_at = self.corners[-1 if self.kind == "line" else 0] if self.corners else None
            if ends_at is not None and _is_near(at, ends_at, reach) and self.finish():
                return True
            if len(self.corners) < MOST_CORNERS:
                self.corners = (*self.corners, _rounded(at))
            return True
        self._before = self.zones
        found = self._corner_at(at, reach) or self._edge_at(at, reach)
        found = found or self._zone_at(at, reach)
        self._held = found
        self.chosen = None if found is None else found.zone
        return found is not None

    def move(self, at: Point) -> None:
        """The pointer went there with what it holds."""
        held = self._held
        if held is None:
            return
        at = _within(at)
        zone = self.zones[held.zone]
        if held.corner is not None:
            corners = list(zone.polygon)
            corners[held.corner] = _rounded(at)
            self._put(held.zone, corners)
            return
        dx, dy = _kept_inside(zone.polygon, at[0] - held.at[0], at[1] - held.at[1])
        self._put(held.zone, [(x + dx, y + dy) for x, y in zone.polygon])
        self._held = replace(held, at=(held.at[0] + dx, held.at[1] + dy))

    def release(self) -> bool:
        """Let go. True: the zones are not what they were when it was taken hold of."""
        was, self._held = self._held, None
        return was is not None and self.zones != self._before

    def remove_corner(self, at: Point, reach: Point) -> bool:
        """Take out the corner at a point, down to three, or two of a line."""
        found = self._corner_at(_within(at), reach)
        if found is None or found.corner is None:
            return False
        corners = list(self.zones[found.zone].polygon)
        if len(corners) <= _fewest(self.zones[found.zone].kind):
            return False
        del corners[found.corner]
        return self._put(found.zone, corners)

    def take_back(self) -> bool:
        """Take out the corner that was set last of what is being drawn. False: there is none."""
        was, self.corners = bool(self.corners), self.corners[:-1]
        return was

    def shift(self, dx: float, dy: float) -> bool:
        """Move the chosen zone, as far as the picture goes. False: it stays."""
        if self.chosen is None:
            return False
        polygon = self.zones[self.chosen].polygon
        dx, dy = _kept_inside(polygon, dx, dy)
        moved = [(x + dx, y + dy) for x, y in polygon]
        return (dx, dy) != (0.0, 0.0) and self._put(self.chosen, moved)

    def grow(self, dx: float, dy: float) -> bool:
        """Make the chosen zone so much wider and higher, its upper left staying where it is; of a
        line the last point is moved. False: it stays as it is."""
        if self.chosen is None:
            return False
        zone = self.zones[self.chosen]
        if zone.kind == "line":
            x, y = zone.polygon[-1]
            return self._put(self.chosen, [*zone.polygon[:-1], (x + dx, y + dy)])
        xs, ys = zip(*zone.polygon, strict=True)
        wider, higher = _stretched(xs, dx), _stretched(ys, dy)
        return self._put(self.chosen, list(zip(wider, higher, strict=True)))

    def remove(self) -> bool:
        """Take out the chosen zone."""
        if self.chosen is None:
            return False
        self.zones = (*self.zones[: self.chosen], *self.zones[self.chosen + 1 :])
        self.chosen = self._held = None
        return True

    def _put(self, number: int, corners: Sequence[Point]) -> bool:
        """Give a zone other corners, unless they cover nothing."""
        zone = self.zones[number]
        changed = _zone(zone.name, zone.kind, corners, zone.sensitivity)
        if changed is None:
            return False
        self.zones = (*self.zones[:number], changed, *self.zones[number + 1 :])
        return True

    def _corner_at(self, at: Point, reach: Point) -> _Held | None:
        for number in self._order():
            for corner, place in enumerate(self.zones[number].polygon):
                if _is_near(at, place, reach):
                    return _Held(number, corner, at)
        return None

    def _edge_at(self, at: Point, reach: Point) -> _Held | None:
        """Of the chosen zone: its edge bends there, at a new corner."""
        if self.chosen is None:
            return None
        corners = list(self.zones[self.chosen].polygon)
        if len(corners) >= MOST_CORNERS:
            return None
        for place, (first, second) in enumerate(edges_of(self.zones[self.chosen])):
            if _is_near(at, _nearest(at, first, second), reach):
                corners.insert(place + 1, _rounded(at))
                if self._put(self.chosen, corners):
                    return _Held(self.chosen, place + 1, at)
        return None

    def _zone_at(self, at: Point, reach: Point) -> _Held | None:
        for number in self._order():
            zone = self.zones[number]
            if zone.kind == "line":
                is_there = any(_is_near(at, _nearest(at, *edge), reach) for edge in edges_of(zone))
            else:
                is_there = is_inside(at, zone.polygon)
            if is_there:
                return _Held(number, None, at)
        return None

    def _order(self) -> list[int]:
        """The chosen one first, then those that are drawn above."""
        others = [n for n in reversed(range(len(self.zones))) if n != self.chosen]
        return others if self.chosen is None else [self.chosen, *others]


def in_shares(zones: Zones, size: tuple[int, int]) -> Zones:
    """Zones with their corners in shares of a picture of `size` (width, height)."""
    return tuple(
        zone
        if zone.unit == "share"
        else zone.model_copy(
            update={
                "unit": "share",
                "polygon": tuple(_within((x / size[0], y / size[1])) for x, y in zone.polygon),
            }
        )
        for zone in zones
    )


def free_name(zones: Zones, stem: str = "zone") -> str:
    """``zone 1``, or the next number that none has."""
    taken = {zone.name.casefold() for zone in zones}
    return next(name for n in range(1, 1000) if (name := f"{stem} {n}") not in taken)


def edges_of(zone: ZoneSettings) -> list[tuple[Point, Point]]:
    """From corner to corner: of a polygon round to the first, of a line to the last."""
    edges = list(pairwise(zone.polygon))
    return edges if zone.kind == "line" else [*edges, (zone.polygon[-1], zone.polygon[0])]


def is_inside(at: Point, corners: Sequence[Point]) -> bool:
    """Whether a point lies in a polygon: an odd number of edges lies to its right."""
    inside = False
    for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if (y0 > at[1]) != (y1 > at[1]) and at[0] < x0 + (at[1] - y0) * (x1 - x0) / (y1 - y0):
            inside = not inside
    return inside


def _fewest(kind: Kind) -> int:
    return FEWEST_POINTS if kind == "line" else FEWEST_CORNERS


def _zone(
    name: str, kind: Kind, corners: Sequence[Point], sensitivity: float = 1.0
) -> ZoneSettings | None:
    try:
        return ZoneSettings(
            name=name,
            kind=kind,
            polygon=tuple(_rounded(_within(corner)) for corner in corners),
            sensitivity=sensitivity,
        )
    except ValidationError:  # it covers nothing
        return None


def _is_near(at: Point, place: Point, reach: Point) -> bool:
    return math.hypot((at[0] - place[0]) / reach[0], (at[1] - place[1]) / reach[1]) <= 1


def _nearest(at: Point, first: Point, second: Point) -> Point:
    """The point of an edge that is nearest to a point, as if shares were square."""
    dx, dy = second[0] - first[0], second[1] - first[1]
    length = dx * dx + dy * dy
    along = 0.0
    if length:
        along = ((at[0] - first[0]) * dx + (at[1] - first[1]) * dy) / length
    along = min(1.0, max(0.0, along))
    return first[0] + along * dx, first[1] + along * dy


def _kept_inside(corners: Sequence[Point], dx: float, dy: float) -> Point:
    """How far a polygon can be moved without leaving the picture."""
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(1 - max(xs), max(-min(xs), dx)), min(1 - max(ys), max(-min(ys), dy))


def _stretched(edges: Sequence[float], by: float) -> list[float]:
    """Places on one axis, the last of them so much further from the first, within the picture."""
    low, high = min(edges), max(edges)
    factor = (min(1.0, high + by) - low) / (high - low)
    return [low + (one - low) * max(0.0, factor) for one in edges]


def _within(at: Point) -> Point:
    return min(1.0, max(0.0, at[0])), min(1.0, max(0.0, at[1]))


def _rounded(at: Point) -> Point:
    return round(at[0], DECIMALS), round(at[1], DECIMALS)
