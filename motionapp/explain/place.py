"""What is known at a frame near one place of the picture: who asks why points at something."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Final, NamedTuple, Protocol, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.core.motion import Motion, Reasons
from motionapp.explain.gates import UNTOLD, Evidence, evidence_of, least_area
from motionapp.frontends.zone_mask import ZoneMask
from motionapp.overlay.suppressed import in_picture
from motionapp.settings.tree import AnalysisSettings

REACH: Final = 0.04
"""Of the picture's height: a click beside somebody who is far away means them."""
WHOLE_PICTURE_SAYS: Final = (*UNTOLD, "camera")
"""Reasons that hold wherever one looks."""


class Place(NamedTuple):
    """A point in shares of the picture, 0 to 1: x to the right, y down."""

    x: float
    y: float


class Placed(Protocol):
    """Something that has a box."""

    @property
    def box(self) -> Box:
        """In display pixels."""
        ...


P = TypeVar("P", bound=Placed)


def near(moment: Moment, place: Place) -> Moment:
    """A moment with only the bodies, tracks and regions that are nearest to a place, within reach.

    Parameters
    ----------
    moment : Moment
        With a frame.
    place : Place
    """
    assert moment.frame is not None
    size = moment.frame.epoch.size
    motion = replace(moment.motion, regions=_nearest(moment.motion.regions, place, size))
    groups = _nearest(moment.groups, place, size)
    ids = {group.group_id for group in groups}
    tracks = tuple(track for track in moment.tracks if track.group_id in ids)
    return replace(moment, motion=motion, groups=groups, tracks=tracks)


def evidence_near(moment: Moment, place: Place, settings: AnalysisSettings) -> Evidence:
    """What the gates care about near a place.

    Parameters
    ----------
    moment : Moment
        With a frame; as `near` gives it.
    place : Place
    settings : AnalysisSettings
        Those that it was made with.
    """
    evidence = evidence_of(moment, settings)
    if moment.motion.regions or evidence.reasons.declined in WHOLE_PICTURE_SAYS:
        return evidence
    assert moment.frame is not None
    size = moment.frame.epoch.size
    seen = _compared(moment.motion, size)
    if seen is None:
        return evidence
    least = least_area(evidence, settings)
    return replace(evidence, reasons=_reasons(moment.motion, seen, place, size, settings, least))


def is_watched(place: Place, size: tuple[int, int], settings: AnalysisSettings) -> bool:
    """Whether motion counts at a place, by the zones."""
    x, y = (min(whole - 1, int(share * whole)) for share, whole in zip(place, size, strict=True))
    return ZoneMask(settings.zones, size, 0).is_watched(Box(x, y, x + 1, y + 1))


def _nearest(items: Iterable[P], place: Place, size: tuple[int, int]) -> tuple[P, ...]:
    items = tuple(items)
    away = [_away(item.box, place.x * size[0], place.y * size[1]) for item in items]
    least = min(away, default=math.inf)
    if least > REACH * size[1]:
        return ()
    return tuple(item for item, px in zip(items, away, strict=True) if px <= least)


def _away(box: Box, x: float, y: float) -> float:
    """How far a point lies outside of a box, in pixels; 0 within."""
    return max(box.x0 - x, x - box.x1, box.y0 - y, y - box.y1, 0.0)


def _compared(motion: Motion, size: tuple[int, int]) -> NDArray[np.float32] | None:
    """What the front-end compared with its threshold, in the picture; None where that is not
    known by places."""
    if motion.flow is not None:
        return np.asarray(np.hypot(motion.flow[..., 0], motion.flow[..., 1]), np.float32)
    if motion.differs is None or motion.frontend not in ("absdiff", "background"):
        return None
    strength = motion.differs.strength
    if motion.scene is not None:
        strength = in_picture(strength, motion.scene, size)
    return strength.astype(np.float32)


def _reasons(
    motion: Motion,
    seen: NDArray[np.float32],
    place: Place,
    size: tuple[int, int],
    settings: AnalysisSettings,
    least: float,
) -> Reasons:
    """The figures behind finding nothing at a place."""
    reasons, window = motion.reasons, _window(place, seen.shape)
    differs = np.where(seen > reasons.threshold, 255, 0).astype(np.uint8)
    part = _part_at(np.asarray(cv2.medianBlur(differs, 3), np.uint8), window)
    taken = [
        one.rule
        for one in motion.removed
        if one.mask is not None and _in_scene(one.mask, motion, size)[window].any()
    ]
    declined = taken[0] if taken else ""
    if not taken and part >= least and not is_watched(place, size, settings):
        declined = "zone"
    # A part that is large enough and was not taken is somebody's a moment later: no gate said no.
    return replace(
        reasons,
        strongest=float(seen[window].max()),
        rejected_area=part if part < least else 0.0,
        outside=part if declined in ("zone", "clock") else 0.0,
        declined=declined,
    )


def _in_scene(mask: NDArray[np.uint8], motion: Motion, size: tuple[int, int]) -> NDArray[np.uint8]:
    return mask if motion.scene is None else in_picture(mask, motion.scene, size)


def _window(place: Place, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """The pixels within reach of a place, at the scale of an array."""
    height, width = shape[:2]
    reach = max(1, round(REACH * height))
    x, y = min(width - 1, int(place.x * width)), min(height - 1, int(place.y * height))
    return slice(max(0, y - reach), y + reach + 1), slice(max(0, x - reach), x + reach + 1)


def _part_at(mask: NDArray[np.uint8], window: tuple[slice, slice]) -> float:
    """The largest connected part that reaches into a window, as a share of the picture."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    found = set(np.unique(labels[window]).tolist()) - {0}
    largest = max((int(stats[label, cv2.CC_STAT_AREA]) for label in found), default=0)
    return largest / mask.size
