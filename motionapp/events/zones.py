"""Events of every zone: each has a builder of its own, and gets the bodies that are in it.

Where no zone is drawn there is one, `all`, and everybody is in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.clip import Prediction
from motionapp.core.event import WHOLE_PICTURE, EndedBy
from motionapp.core.frame import Frame
from motionapp.core.geometry import Box
from motionapp.core.motion import Motion
from motionapp.core.places import Places
from motionapp.core.track import Group
from motionapp.events.builder import Beside, EventBuilder, LabelOf
from motionapp.events.changes import EventChanges
from motionapp.events.eligibility.visits import Visits
from motionapp.settings.tree import EventSettings

NEEDED_SHARE = 0.2
"""A body is in a zone with at least this share of what moves of it: a hand that reaches over a
border is less, a leg more."""

Masks = Mapping[str, NDArray[np.uint8]]
"""Each include zone's pixels at the scale of the motion mask: 255 within it, 0 elsewhere."""


class ZoneEvents:
    """Builds the events of every zone, each by itself.

    The bodies are those of all that is watched: one that reaches over a border has its whole box
    in the events of both zones, where a zone that is alone would see only a part of it.

    Parameters
    ----------
    settings : EventSettings
    names : sequence of str
        The include zones; without any, events are those of the whole picture.
    """

    def __init__(self, settings: EventSettings, names: Sequence[str]) -> None:
        self._settings = settings
        self._builders = {name: EventBuilder(settings, name) for name in names or (WHOLE_PICTURE,)}
        self._visits = {name: Visits() for name in names}

    @property
    def forget_s(self) -> float:
        """After so long without motion everything is closed."""
        return self._settings.pause_s

    @property
    def is_open(self) -> bool:
        """Some zone has an open event."""
        return any(builder.is_open for builder in self._builders.values())

    def retune(self, settings: EventSettings) -> None:
        """Use other rules from the next step on."""
        self._settings = settings
        for builder in self._builders.values():
            builder.retune(settings)

    def restart(self) -> None:
        """Forget everything: at rest, or where time may begin again."""
        for builder in self._builders.values():
            builder.restart()
        self._visits = {name: Visits() for name in self._visits}

    def close(self, ended_by: EndedBy, at_s: float | None = None) -> EventChanges:
        """Close what is open; `at_s` ends events that are still moving there."""
        changes = EventChanges()
        for builder in self._builders.values():
            changes += builder.close(ended_by, at_s)
        return changes

    def step(
        self,
        frame: Frame,
        groups: Sequence[Group],
        predictions: Sequence[Prediction],
        label_of: LabelOf,
        *,
        motion: Motion,
        masks: Masks,
        places: Places | None = None,
        beside: Sequence[Beside] = (),
        step_s: float = 0.0,
    ) -> EventChanges:
        """Take in one frame.

        Parameters
        ----------
        frame : Frame
        groups : sequence of Group
            All bodies now, wherever they are, with their standing.
        predictions : sequence of Prediction
        label_of : callable
            The smoothed label of a group by its number.
        motion : Motion
            Whose mask says which part of a body moves where; without one its whole box does.
        masks : mapping of str to ndarray of uint8, shape (h, w)
            The pixels of each include zone, in the shape of the motion's mask if it has one.
        places : Places or None
            Where leaves stir or rain falls; None where nowhere.
        beside : sequence of Beside
            What each network says where there are several; the deciding one is the first.
        step_s : float
            Seconds from one frame to the next, as they come (`core.pace`).

        Returns
        -------
        EventChanges
            Of all zones, in their order.
        """
        changes = EventChanges()
        for name, builder in self._builders.items():
            visitors = groups
            if name in self._visits:
                zone, size = masks[name], frame.epoch.size
                inside = [_is_inside(group, motion, zone, size) for group in groups]
                visitors = self._visits[name].step(frame.pts_s, groups, inside, step_s)
            changes += builder.step(frame, visitors, predictions, label_of, places, beside, step_s)
        return changes


def _is_inside(
    group: Group, motion: Motion, zone: NDArray[np.uint8], size: tuple[int, int]
) -> bool | None:
    """Whether enough of what moves of a body lies in a zone; None while it is out of sight."""
    # Where it should be is a guess: it neither enters nor leaves by it.
    if group.is_confirmed and not group.is_seen:
        return None
    x0, y0, x1, y1 = _scaled(group.box.clipped(size), size, zone.shape)
    inside = zone[y0:y1, x0:x1]
    # Without a mask nobody knows which part moves: all of the box may, if anything does.
    if motion.mask is None:
        moving_px = inside.size if motion.regions else 0
        common_px = cv2.countNonZero(inside) if moving_px else 0
    else:
        moving = motion.mask[y0:y1, x0:x1]
        moving_px = cv2.countNonZero(moving) if moving.size else 0
        common_px = cv2.countNonZero(cv2.bitwise_and(moving, inside)) if moving_px else 0
    # Of what does not move there is no share: it is neither in nor out.
    return common_px >= NEEDED_SHARE * moving_px if moving_px else None


def _scaled(box: Box, size: tuple[int, int], shape: tuple[int, ...]) -> Box:
    """A box of the full picture in the pixels of a smaller one, outwards to whole ones."""
    across, down = shape[1] / size[0], shape[0] / size[1]
    return Box(
        int(box.x0 * across), int(box.y0 * down), -int(-box.x1 * across), -int(-box.y1 * down)
    )
