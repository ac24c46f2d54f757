"""The pose front-end: a person moves where a limb is fast enough for that person's size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import ClassVar

import numpy as np

from motionapp.core.frame import Epoch, Frame
from motionapp.core.geometry import Box
from motionapp.core.motion import Map, Motion, Pose, Reasons, Region, priming
from motionapp.core.representation import Mirror, Representation
from motionapp.core.seams import FrontEnd
from motionapp.core.window import LagWindow
from motionapp.frontends.pose.networks import PoseNetworks
from motionapp.frontends.pose.persons import PoseRules, PoseTracker
from motionapp.frontends.pose.skeleton import COCO_FROM_BLAZEPOSE, draw_poses
from motionapp.frontends.zone_mask import ZoneMask
from motionapp.regions import strength_of
from motionapp.resources import models_dir
from motionapp.settings.frontends import PoseSettings
from motionapp.settings.zones import ZoneSettings

VISIBLE = 0.5
"""Points less visible are guesses: they neither move nor widen the box."""

SAME_PERSON = 0.5
"""Mean distance of two poses' points, in body heights, up to which they are one person's."""

MARGIN = 0.06
"""Hands and feet reach beyond the last point by about this share of the body's height."""

FORGET_S = 1.0
"""A person who was lost for a second is somebody new."""


class PoseFrontEnd:
    """Body points of one or a few near persons (BlazePose)."""

    name: ClassVar[str] = "pose"
    about: ClassVar[str] = "people, by their body points"
    planes: ClassVar[int] = 1
    mirror: ClassVar[Mirror] = "flip"

    def __init__(self, settings: PoseSettings, zones: Sequence[ZoneSettings] = ()) -> None:
        self.settings = settings
        self.zones = zones

    def start(self, epoch: Epoch) -> PoseSession:
        """Begin on `epoch`."""
        return PoseSession(self.settings, epoch, self.zones)

    def maps(self, epoch: Epoch, representation: Representation) -> PoseMaps:
        """Maps are the limbs, drawn."""
        return PoseMaps(epoch, representation)


class PoseSession:
    """Poses at work on one epoch."""

    def __init__(
        self,
        settings: PoseSettings,
        epoch: Epoch,
        zones: Sequence[ZoneSettings] = (),
    ) -> None:
        self._settings = settings
        self._epoch = epoch
        self._watched = ZoneMask(zones, epoch.size, epoch.level)
        self._tracker = _tracker(settings)
        self._window: LagWindow[tuple[Pose, ...]] = LagWindow(settings.lag_s)

    @property
    def forget_s(self) -> float:
        """Who was not seen for so long is somebody new, and not compared either."""
        return max(FORGET_S, 3 * self._settings.lag_s)

    @property
    def lead_in_s(self) -> float:
        """Without an end: a person is followed from where they were seen first."""
        return math.inf

    def retune(self, frontend: FrontEnd) -> None:
        """Take over thresholds; another number of persons or lag begins anew."""
        assert isinstance(frontend, PoseFrontEnd)
        if frontend.settings.lag_s != self._settings.lag_s:
            self._window = LagWindow(frontend.settings.lag_s)
        # A tracker keeps its rules, and a new one knows nobody: it is made only where it must be.
        if frontend.settings.max_persons != self._settings.max_persons:
            self._tracker = _tracker(frontend.settings)
        self._settings = frontend.settings

    def pass_by(self, frame: Frame) -> None:
        """Nothing is kept: a search for people is what costs, and it would be needed."""

    def step(self, frame: Frame) -> Motion:
        """Who is there, and whose limbs move."""
        poses = self._tracker.step(frame.bgr(), t_s=frame.pts_s)
        for pose in poses:
            pose.keypoints.flags.writeable = False
        compared = self._window.step(frame.pts_s, frame.duration_s, poses)
        if compared is None:
            still = priming(PoseFrontEnd.name, self._epoch.level)
            return replace(still, poses=poses)
        threshold = self._settings.min_speed / self._settings.sensitivity
        regions = tuple(
            region
            for pose in poses
            if (region := self._moving(pose, compared.item, compared.lag_s, threshold))
        )
        return Motion(
            frontend=PoseFrontEnd.name,
            level=self._epoch.level,
            strength=strength_of(regions, self._epoch.size),
            regions=regions,
            poses=poses,
            lag_s=compared.lag_s,
            reasons=Reasons(threshold=threshold),
        )

    def _moving(
        self, pose: Pose, earlier: tuple[Pose, ...], lag_s: float, threshold: float
    ) -> Region | None:
        """The person's region if a limb is fast enough, else None."""
        box = body_box(pose)
        if box is None:
            return None
        nearest = min(
            (fastest_limb(then, pose, box.height) for then in earlier),
            key=lambda pair: pair[0],
            default=None,
        )
        # Who has just come has no pose to compare with; somebody else's would be a leap.
        if nearest is None or nearest[0] > SAME_PERSON:
            return None
        speed = nearest[1] / lag_s
        inside = box.clipped(self._epoch.size)
        if not inside.area or not self._watched.is_watched(inside):
            return None
        strength = speed * self._watched.sensitivity_at(inside) / threshold
        # Below 1 a limb moves by less than the network's own trembling.
        if strength <= 1:
            return None
        return Region(box=inside, area_px=float(inside.area), strength=strength)


def body_box(pose: Pose) -> Box | None:
    """The box round a person's visible points, with a margin; None if too few are visible."""
    seen = pose.keypoints[pose.keypoints[:, 2] >= VISIBLE, :2]
    # Three points may be a hand: their box says nothing of the body.
    if len(seen) < 4:
        return None
    (x0, y0), (x1, y1) = seen.min(0), seen.max(0)
    margin = MARGIN * max(x1 - x0, y1 - y0)
    return Box(int(x0 - margin), int(y0 - margin), int(x1 + margin) + 1, int(y1 + margin) + 1)


def fastest_limb(then: Pose, now: Pose, height_px: int) -> tuple[float, float]:
    """How far two poses lie apart, and how far the fastest limb moved between them.

    Parameters
    ----------
    then, now : Pose
    height_px : int
        Height of the body's box; greater than 0.

    Returns
    -------
    apart : float
        Median distance of the points visible in both, in body heights; infinite if there are
        fewer than four.
    moved : float
        Distance of the third-farthest point, in body heights: one point alone may jump.
    """
    points = list(COCO_FROM_BLAZEPOSE)
    a, b = then.keypoints[points], now.keypoints[points]
    both = (a[:, 2] >= VISIBLE) & (b[:, 2] >= VISIBLE)
    # The third-farthest of three would be the nearest: nothing would be left to outvote a leap.
    if np.count_nonzero(both) < 4:
        return float("inf"), 0.0
    distances = np.sort(np.linalg.norm(a[both, :2] - b[both, :2], axis=1)) / height_px
    return float(np.median(distances)), float(distances[-3])


def _tracker(settings: PoseSettings) -> PoseTracker:
    return PoseTracker(_networks(), PoseRules(max_persons=settings.max_persons))


@lru_cache(maxsize=1)
def _networks() -> PoseNetworks:
    """Both networks, loaded once a process: they hold no state."""
    return PoseNetworks(models_dir(), threads=1)


class PoseMaps:
    """Draws the limbs of everybody at the scale of a representation.

    Parameters
    ----------
    epoch : Epoch
    representation : Representation
    """

    def __init__(self, epoch: Epoch, representation: Representation) -> None:
        self._level = representation.level(epoch.size)
        self._size = epoch.size[0] >> self._level, epoch.size[1] >> self._level

    def step(self, frame: Frame, motion: Motion, *, is_wanted: bool = True) -> Map | None:
        """The limbs of the poses that were seen, shape (h, w)."""
        if not is_wanted:
            return None
        drawn = draw_poses(motion.poses, self._size, scale=1 / (1 << self._level))
        drawn.flags.writeable = False
        return drawn
