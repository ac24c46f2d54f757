"""The pose front-end: people are followed, and move where a limb is fast enough for their size."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Epoch, Frame
from motionapp.core.geometry import Box, union_of
from motionapp.core.motion import Motion, Pose, Reasons, Region, priming
from motionapp.core.representation import Mirror, Representation
from motionapp.core.seams import FrontEnd
from motionapp.core.window import Compared, LagWindow
from motionapp.frontends.pose.maps import PoseMaps
from motionapp.frontends.pose.moving import Limb, limbs_of
from motionapp.frontends.zone_mask import ZoneMask
from motionapp.people.follow import PersonFollower
from motionapp.people.following import Followed, FollowRules, nowhere
from motionapp.people.networks import PersonNetwork
from motionapp.people.opened import PoseNetworks, open_networks
from motionapp.people.points import PointNetwork
from motionapp.regions import left_over, strength_of, widened
from motionapp.settings.frontends import PoseSettings
from motionapp.settings.zones import ZoneSettings

FORGET_S = 2.0
"""Who was lost for so long is somebody new."""

OWN = 0.6
"""Of what moves, so much lies in somebody whose border it is."""

GROWN = 0.15
"""What moves of somebody may stick out of their box by this share of its height."""

_Points = Mapping[int, NDArray[np.float32]]


class PoseFrontEnd:
    """Body points of the people in the picture (MoveNet, or a user's own network)."""

    name: ClassVar[str] = "pose"
    about: ClassVar[str] = "people, by their body points"
    planes: ClassVar[int] = 2
    mirror: ClassVar[Mirror] = "flip-swap"
    maps_version: ClassVar[int] = 3
    """1 was drawn from 33 points, 2 in one plane."""
    brings_people: ClassVar[bool] = True

    def __init__(self, settings: PoseSettings, zones: Sequence[ZoneSettings] = ()) -> None:
        self.settings = settings
        self.zones = zones
        self.networks: PoseNetworks = open_networks(settings.model)

    @property
    def digest(self) -> str:
        """Of a user's own network; empty for the shipped ones."""
        return self.networks.digest

    def start(self, epoch: Epoch) -> PoseSession:
        """Begin on `epoch`."""
        return PoseSession(self, epoch)

    def maps(self, epoch: Epoch, representation: Representation) -> PoseMaps:
        """Maps are the limbs, drawn."""
        return PoseMaps(epoch, representation)


class PoseSession:
    """Poses at work on one epoch."""

    def __init__(self, frontend: PoseFrontEnd, epoch: Epoch) -> None:
        self._settings = frontend.settings
        self._epoch = epoch
        self._watched = ZoneMask(frontend.zones, epoch.size, epoch.level)
        self.follower = PersonFollower(*_seeing(frontend))
        """Who is there; its counts are for the benchmarks."""
        self._window: LagWindow[_Points] = LagWindow(frontend.settings.lag_s)
        self._gate: Motion | None = None

    @property
    def forget_s(self) -> float:
        """Who was not seen for so long is somebody new, and not compared either."""
        return max(FORGET_S, 3 * self._settings.lag_s)

    @property
    def lead_in_s(self) -> float:
        """Without an end: a person is followed from where they were seen first."""
        return math.inf

    def retune(self, frontend: FrontEnd) -> None:
        """Take over thresholds and networks; another lag begins a new window."""
        assert isinstance(frontend, PoseFrontEnd)
        old, new = self._settings, frontend.settings
        if new.lag_s != old.lag_s:
            self._window = LagWindow(new.lag_s)
        if (new.max_persons, new.model) != (old.max_persons, old.model):
            # Whoever is followed keeps their number, which tracks and bodies know them by.
            self.follower.change(*_seeing(frontend))
        self._settings = new

    def pass_by(self, frame: Frame) -> None:
        """Nothing is kept: who is there is found at the frames that are looked at."""

    def guide(self, gate: Motion) -> None:
        """Take what the gate saw at the next frame: people are looked for where it moves."""
        self._gate = gate

    def step(self, frame: Frame) -> Motion:
        """Who is there, and whose limbs move."""
        gate, self._gate = self._gate, None
        stirs = _stirring(gate)
        # Without a gate the search of the whole picture, once a second, finds who is new.
        strangers = nowhere if gate is None else self._strangers(gate)
        followed = self.follower.step(frame, strangers=strangers, stirs=stirs)
        poses = tuple(
            Pose(one.person.keypoints, one.person.score, one.person_id)
            for one in followed
            # Of who is behind somebody the points are old: nobody sees where they are now.
            if not one.is_hidden
        )
        points = {pose.person: pose.keypoints for pose in poses}
        compared = self._window.step(frame.pts_s, frame.duration_s, points)
        if compared is None:
            return replace(priming(PoseFrontEnd.name, self._epoch.level), poses=poses)
        threshold = self._settings.min_speed / self._settings.sensitivity
        limbs = [self._limbs(one, compared, stirs) for one in followed]
        pairs = zip(followed, limbs, strict=True)
        found = [self._region(one, moving, threshold) for one, moving in pairs]
        regions = tuple(region for region in found if region is not None)
        speeds = [limb.speed for moving in limbs for limb in moving]
        return Motion(
            frontend=PoseFrontEnd.name,
            level=self._epoch.level,
            strength=strength_of(regions, self._epoch.size),
            regions=regions,
            poses=poses,
            lag_s=compared.lag_s,
            reasons=Reasons(threshold=threshold, strongest=max(speeds, default=0.0)),
        )

    def _strangers(self, gate: Motion) -> Callable[[Sequence[Box]], list[Box]]:
        """Tells what the gate saw moving that lies in none of some people."""

        def strangers(people: Sequence[Box]) -> list[Box]:
            rests = [_rest_of(region, gate, people) for region in gate.regions]
            boxes = [rest.box for rest in rests if rest is not None]
            return [box for box in boxes if self._watched.is_watched(box)]

        return strangers

    def _limbs(
        self, one: Followed, earlier: Compared[_Points], stirs: Callable[[Box], bool]
    ) -> list[Limb]:
        """What the limbs of somebody who was seen before do where the picture changes."""
        then, box = earlier.item.get(one.person_id), one.person.box
        # Who is hidden goes on by their speed: what their limbs do nobody sees.
        if then is None or one.is_hidden or not box.area:
            return []
        length_px = float(max(box.width, box.height))
        limbs = limbs_of(then, one.person.keypoints, length_px, earlier.lag_s)
        # A network that trembles moves nobody.
        return [limb for limb in limbs if stirs(limb.box)]

    def _region(self, one: Followed, limbs: Sequence[Limb], threshold: float) -> Region | None:
        """The person's region if a limb is fast enough, or if they are behind somebody."""
        box = one.person.box
        # A person has no mask to be cut at a border: who is mostly beyond it counts as outside.
        if not box.area or not self._watched.is_watched(box):
            return None
        # Two who cross are two bodies all the while: else one would end, and a new one begin.
        if one.is_hidden:
            return _passing(one)
        limit = threshold / self._watched.sensitivity_at(box)
        moving = [limb for limb in limbs if limb.speed > limit]
        if not moving:
            return None
        part = union_of([limb.box for limb in moving]).clipped(self._epoch.size)
        return Region(
            box=box,
            area_px=float(min(part.area, box.area)),
            strength=max(limb.speed for limb in moving) / limit,
            velocity_px_s=one.velocity_px_s,
            person=one.person_id,
            # Networks look at what moves of somebody: where that comes to nothing, at all of them.
            moving=part if part.area else box,
        )


def _passing(one: Followed) -> Region:
    """The region of somebody who is behind somebody else: they go on as they went."""
    box = one.person.box
    return Region(box, float(box.area), 1.0, one.velocity_px_s, one.person_id, box)


def _rest_of(region: Region, gate: Motion, people: Sequence[Box]) -> Region | None:
    """What of a region lies in nobody; None if that is little."""
    near = [box for box in people if box.intersection(region.box)]
    if any(box.intersection(region.box) >= OWN * region.box.area for box in near):
        return None
    return left_over(gate, region, [widened(box, GROWN) for box in near]) if near else region


def _stirring(gate: Motion | None) -> Callable[[Box], bool]:
    """Tells whether the gate saw anything move in a box; everywhere where nobody has looked."""
    if gate is None:
        return lambda _: True
    mask, level = gate.mask, gate.level
    # It has nothing to compare with yet.
    if mask is None:
        return lambda _: False

    def stirs(box: Box) -> bool:
        x0, y0, x1, y1 = (max(0, edge >> level) for edge in box)
        return cv2.countNonZero(mask[y0 : y1 + 1, x0 : x1 + 1]) > 0

    return stirs


def _seeing(frontend: PoseFrontEnd) -> tuple[PersonNetwork, PointNetwork, FollowRules]:
    """The networks and the rules of a front-end."""
    rules = FollowRules(most=frontend.settings.max_persons)
    return frontend.networks.people, frontend.networks.points, rules
