"""Zones as pictures: which pixels of the analysis scale are watched, how closely, and by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.errors import SettingsError
from motionapp.core.frame import Epoch
from motionapp.privacy import cover_of, covered_mask
from motionapp.settings.zones import ZoneSettings

FRACTION_BITS = 8
"""Corners are rounded to 1/256 of an analysis pixel: cv2 takes whole numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class ZonePart:
    """Where one include zone lies."""

    name: str
    inside: NDArray[np.uint8]
    """Shape (h, w), 255 within the zone and 0 elsewhere, also where it is excluded; read-only."""


@dataclass(frozen=True, slots=True, eq=False)
class ZoneMap:
    """All zones at one analysis scale. Arrays are read-only."""

    watched: NDArray[np.uint8]
    """Shape (h, w): 255 where motion counts, 0 where it does not."""
    sensitivity: NDArray[np.float32] | None
    """Shape (h, w): a factor on the front-end's own sensitivity, 1 outside of the zones; of
    overlapping zones the greater one. None where it is 1 everywhere."""
    parts: tuple[ZonePart, ...]
    """The include zones in their order; empty where the whole picture is watched."""


def zone_map(zones: Sequence[ZoneSettings], size: tuple[int, int], level: int) -> ZoneMap | None:
    """Where motion counts, and how closely it is looked at.

    Parameters
    ----------
    zones : sequence of ZoneSettings
    size : tuple of int
        Width and height of the display picture, in pixels.
    level : int
        How often the analysis picture was halved.

    Returns
    -------
    ZoneMap or None
        None where no zone is drawn: everything is watched. Costs about 0.1 ms a zone, so it is
        made once an epoch and kept by its user.

    Raises
    ------
    SettingsError
        An include zone in pixels lies outside of a picture of this size.

    Notes
    -----
    A pixel that a border runs through belongs to the zone, so neighbours that share a border
    leave no gap between them; what an exclude zone touches is left out. What is covered is left
    out with a pixel more: an edge of the cover is none of the scene. Lines are no zones here.
    """
    zones = [zone for zone in zones if zone.kind != "line"]
    if not zones:
        return None
    shape = max(1, size[1] >> level), max(1, size[0] >> level)
    allowed = np.full(shape, 255, np.uint8)
    for zone in zones:
        if zone.kind == "exclude":
            _fill(allowed, _corners(zone, size, level), 0)
    allowed[_hidden(zones, size, level) > 0] = 0
    included = [zone for zone in zones if zone.kind == "include"]
    # Who draws only what is to be left out wants all the rest watched.
    watched = np.zeros(shape, np.uint8) if included else allowed
    sensitivity = np.zeros(shape, np.float32)
    parts: list[ZonePart] = []
    for zone in included:
        inside = np.zeros(shape, np.uint8)
        _fill(inside, _corners(zone, size, level), 255)
        if not inside.any():
            raise SettingsError(
                f"zone {zone.name} lies outside of the picture, which is {size[0]} x {size[1]}"
            )
        inside &= allowed
        inside.flags.writeable = False
        parts.append(ZonePart(zone.name, inside))
        watched |= inside
        np.maximum(sensitivity, zone.sensitivity, out=sensitivity, where=inside > 0)
    sensitivity[watched == 0] = 1.0
    watched.flags.writeable = sensitivity.flags.writeable = False
    # Where it is 1 everywhere, nothing need be multiplied.
    is_even = not included or bool(np.all(sensitivity == 1.0))
    return ZoneMap(watched, None if is_even else sensitivity, tuple(parts))


def _hidden(zones: Sequence[ZoneSettings], size: tuple[int, int], level: int) -> NDArray[np.uint8]:
    """What is covered, and a pixel round it."""
    covered = covered_mask(cover_of(zones), size, level)
    return np.asarray(cv2.dilate(covered, np.ones((3, 3), np.uint8)), np.uint8)


class ZoneMasks:
    """Where each include zone lies, made once for an epoch and a level.

    Parameters
    ----------
    zones : sequence of ZoneSettings
    """

    def __init__(self, zones: Sequence[ZoneSettings]) -> None:
        self._zones = zones
        self._made: dict[tuple[Epoch, int], dict[str, NDArray[np.uint8]]] = {}

    def at(self, epoch: Epoch, level: int) -> Mapping[str, NDArray[np.uint8]]:
        """The pixels of each zone at a level, by its name: 255 within it, 0 elsewhere."""
        if (epoch, level) not in self._made:
            zones = zone_map(self._zones, epoch.size, level)
            parts = () if zones is None else zones.parts
            self._made = {(epoch, level): {part.name: part.inside for part in parts}}
        return self._made[epoch, level]


def _corners(zone: ZoneSettings, size: tuple[int, int], level: int) -> NDArray[np.float64]:
    """The corners of a zone in pixels of the analysis scale, shape (corners, 2)."""
    unit = np.array(size if zone.unit == "share" else (1, 1), np.float64)
    return np.array(zone.polygon, np.float64) * unit / (1 << level)


def _fill(mask: NDArray[np.uint8], corners: NDArray[np.float64], value: int) -> None:
    """Set the pixels of a polygon; a border that crosses itself leaves out what it winds twice."""
    # A whole number is the middle of a pixel to cv2, its upper left corner to us.
    fixed = np.rint((corners - 0.5) * (1 << FRACTION_BITS)).astype(np.int32)
    cv2.fillPoly(mask, [fixed], (value,), shift=FRACTION_BITS)
