"""Zones: polygons and lines in shares of the picture, good for any size, or in its pixels."""

import math
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

import tomli_w
from pydantic import Field, ValidationError, model_validator

from motionapp.core.errors import SettingsError
from motionapp.settings.base import SettingsModel
from motionapp.settings.complaints import read_toml, sentence_of, worst_of

MOST_ZONES = 32

ROI = "roi"
"""Name of the one zone that a rectangle on the command line gives."""

SHARE_ROUNDING = 1e-6
"""0.7 + 0.3 may be a little more than 1."""
LEAST_SHARE = 1e-5
"""Of the picture: a polygon below it covers nothing."""
LEAST_PX = 1.0
"""Square pixels, likewise."""
FEWEST_CORNERS, FEWEST_POINTS = 3, 2
"""Of a polygon, and of a line."""

Kind = Literal["include", "exclude", "privacy", "line"]

Edge = Annotated[float, Field(ge=0, le=65536)]
Corner = tuple[Edge, Edge]


class ZoneSettings(SettingsModel):
    """A part of the picture that is watched by itself, left out or covered; or a line in it."""

    name: str = Field(
        pattern=r"^[\w.+-]+( [\w.+-]+)*$",
        max_length=64,
        description="Stands in every event of the zone: letters, digits, single spaces, _ . + -.",
    )
    kind: Kind = Field(
        "include",
        description="Watched by itself (include), left out everywhere (exclude), covered in every "
        "picture (privacy), or a line of which is counted who goes over it.",
    )
    polygon: tuple[Corner, ...] = Field(
        max_length=64,
        description="Corners [x, y] in shares of the picture: [0, 0] is the upper left. Of a line, "
        "its points from the first to the last.",
    )
    unit: Literal["share", "px"] = Field(
        "share", description="What corners are given in: px are full-size display pixels."
    )
    sensitivity: float = Field(
        1.0, ge=0.1, le=10, description="A factor on the front-end's own, within this zone."
    )

    @model_validator(mode="after")
    def _is_something(self) -> "ZoneSettings":
        corners, is_line = self.polygon, self.kind == "line"
        if len(corners) < (FEWEST_POINTS if is_line else FEWEST_CORNERS):
            raise ValueError(
                f"the line {self.name} needs two points at least, and has {len(corners)}"
                if is_line
                else f"the polygon of zone {self.name} needs three corners at least, and has "
                f"{len(corners)}"
            )
        if self.unit == "share" and max(map(max, corners)) > 1:
            raise ValueError(
                f"a corner of zone {self.name} is beyond 1, the edge of the picture: "
                'for pixels add unit = "px"'
            )
        least = LEAST_SHARE if self.unit == "share" else LEAST_PX
        if is_line and length_of(corners) < math.sqrt(least):
            raise ValueError(f"the line {self.name} leads nowhere: its points are one")
        if not is_line and area_of(corners) < least:
            raise ValueError(f"the polygon of zone {self.name} covers nothing")
        return self


def length_of(points: Sequence[Corner]) -> float:
    """How long a line is, from its first point to its last."""
    return math.fsum(math.dist(first, second) for first, second in pairwise(points))


def area_of(corners: Sequence[Corner]) -> float:
    """What a polygon covers."""
    pairs = zip(corners, (*corners[1:], corners[0]), strict=True)
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) / 2


class _ZonesFile(SettingsModel):
    """What a zones file holds."""

    zone: tuple[ZoneSettings, ...] = Field(min_length=1, max_length=MOST_ZONES)


def read_zones(path: Path) -> tuple[ZoneSettings, ...]:
    """The zones of a TOML file with one ``[[zone]]`` table each.

    Parameters
    ----------
    path : Path

    Returns
    -------
    tuple of ZoneSettings
        In their order; at least one.

    Raises
    ------
    SettingsError
        The file cannot be read, a key is unknown, or a value does not fit; with the file and the
        key path.
    """
    tree = read_toml(path, what="zones file")
    try:
        zones = _ZonesFile.model_validate(tree).zone
    except ValidationError as error:
        raise SettingsError(f"{path}: {_sentence(error)}") from error
    twice = name_that_comes_twice(zones)
    if twice:
        raise SettingsError(f"{path}: two zones have the name {twice}: each needs its own")
    return zones


def zones_text(zones: Sequence[ZoneSettings]) -> str:
    """Zones as the text of a file that `read_zones` reads."""
    tables = [zone.model_dump() for zone in zones]
    return tomli_w.dumps({"zone": [{**one, "polygon": list(map(list, one["polygon"]))}
                                   for one in tables]})  # fmt: skip


def name_that_comes_twice(zones: Sequence[ZoneSettings]) -> str | None:
    """The first name that two zones have; Door and door are one, as they are for some disks.

    Parameters
    ----------
    zones : sequence of ZoneSettings
    """
    known: set[str] = set()
    for zone in zones:
        if zone.name.casefold() in known:
            return zone.name
        known.add(zone.name.casefold())
    return None


def roi_zone(text: str) -> ZoneSettings:
    """The zone of ``x,y,w,h``: the upper left corner and the size.

    Numbers that are all at most 1 are shares of the picture, others full-size pixels.

    Raises
    ------
    SettingsError
        These are not four such numbers, or the rectangle leaves the picture.
    """
    try:
        x, y, w, h = (float(part) for part in text.split(","))
    except ValueError as error:
        raise SettingsError(
            f"{text} is no rectangle: give x,y,w,h in pixels, or as shares of the picture, "
            "0.25,0,0.5,1 say"
        ) from error
    unit = "share" if max(x, y, w, h) <= 1 else "px"
    x1, y1 = x + w, y + h
    if not (0 <= x < x1 and 0 <= y < y1):
        raise SettingsError(f"the rectangle {text}: x and y are at least 0, w and h more than 0")
    if unit == "share":
        if max(x1, y1) > 1 + SHARE_ROUNDING:
            raise SettingsError(
                f"the rectangle {text} is not within the picture: x + w and y + h are at most 1"
            )
        x1, y1 = min(1.0, x1), min(1.0, y1)
    corners = ((x, y), (x1, y), (x1, y1), (x, y1))
    try:
        return ZoneSettings(name=ROI, polygon=corners, unit=unit)
    except ValidationError as error:
        raise SettingsError(f"the rectangle {text} is {_too(error)} for a picture") from error


def _too(error: ValidationError) -> str:
    """Whether a rectangle is too small, or larger than any picture."""
    return "too large" if error.errors()[0]["type"] == "less_than_equal" else "too small"


def _sentence(error: ValidationError) -> str:
    """What is wrong with the zones of a file."""
    worst = worst_of(error)
    is_none = error.errors()[0]["type"] == "missing" and error.errors()[0]["loc"] == ("zone",)
    return "there is no [[zone]] in it" if is_none else sentence_of(worst)
