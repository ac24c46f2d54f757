"""Dense optical flow: how fast and where to every pixel moves.

Dense Inverse Search on luma at analysis scale. A pixel moves where it is fast enough and its
picture really changed: on flat walls flow alone follows the noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Epoch, Frame
from motionapp.core.motion import Map, Motion, Reasons, Region, priming
from motionapp.core.representation import Mirror, Representation
from motionapp.core.seams import FrontEnd
from motionapp.core.window import LagWindow
from motionapp.frontends.kept import KeptLuma
from motionapp.frontends.zone_mask import ZoneMask
from motionapp.regions import find_regions, strength_of
from motionapp.settings.frontends import FlowSettings
from motionapp.settings.zones import ZoneSettings

PRESETS = {
    "ultrafast": cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST,
    "fast": cv2.DISOPTICAL_FLOW_PRESET_FAST,
    "medium": cv2.DISOPTICAL_FLOW_PRESET_MEDIUM,
}

MAP_PRESET = "medium"
"""What a network sees never hangs on a detection's setting; the default, so that both are one."""

CHANGED_LEVELS = 6.0
"""Grey levels by which a picture must have changed near a moving pixel."""


class Flow:
    """Dense optical flow over a lag in seconds, in full-frame pixels per second."""

    name: ClassVar[str] = "flow"
    planes: ClassVar[int] = 2
    mirror: ClassVar[Mirror] = "flip-negate-x"

    def __init__(self, settings: FlowSettings, zones: Sequence[ZoneSettings] = ()) -> None:
        self.settings = settings
        self.zones = zones

    def start(self, epoch: Epoch) -> FlowSession:
        """Begin on `epoch`."""
        return FlowSession(self.settings, epoch, self.zones)

    def maps(self, epoch: Epoch, representation: Representation) -> FlowMaps:
        """Maps are the flow itself."""
        is_shared = self.settings.preset == MAP_PRESET
        return FlowMaps(epoch, representation, may_share=is_shared)


class FlowSession:
    """Dense optical flow at work on one epoch.

    References
    ----------
    Kroeger, Timofte, Dai, Van Gool, "Fast Optical Flow using Dense Inverse Search", ECCV 2016.
    """

    def __init__(
        self,
        settings: FlowSettings,
        epoch: Epoch,
        zones: Sequence[ZoneSettings] = (),
    ) -> None:
        self._settings = settings
        self._size = epoch.size
        self._level = epoch.level
        self._watched = ZoneMask(zones, epoch.size, self._level)
        self._window: LagWindow[KeptLuma] = LagWindow(settings.lag_s)
        self._dis = cv2.DISOpticalFlow.create(PRESETS[settings.preset])

    @property
    def forget_s(self) -> float:
        """Nothing but the compared pictures is remembered."""
        return 3 * self._settings.lag_s

    @property
    def lead_in_s(self) -> float:
        """Once there is a picture to compare with, it judges as if it had always run."""
        return 3 * self._settings.lag_s

    def retune(self, frontend: FrontEnd) -> None:
        """Take over thresholds and preset; a change of the lag begins a new window."""
        assert isinstance(frontend, Flow)
        if frontend.settings.lag_s != self._settings.lag_s:
            self._window = LagWindow(frontend.settings.lag_s)
        self._settings = frontend.settings
        self._dis = cv2.DISOpticalFlow.create(PRESETS[frontend.settings.preset])

    def pass_by(self, frame: Frame) -> None:
        """Keep a picture that nobody looks at: a later one is compared with it."""
        self._window.step(frame.pts_s, frame.duration_s, KeptLuma(frame, self._level))

    def step(self, frame: Frame) -> Motion:
        """The flow from the picture one lag ago to this one."""
        kept = KeptLuma(frame, self._level)
        compared = self._window.step(frame.pts_s, frame.duration_s, kept)
        if compared is None:
            return priming(Flow.name, self._level)
        now, then = kept.luma, compared.item.luma
        flow = velocity(self._dis, then, now, level=self._level, lag_s=compared.lag_s)
        speed = self._watched.weighed_speed(
            np.asarray(cv2.magnitude(flow[..., 0], flow[..., 1]), np.float32)
        )
        changed = cv2.threshold(cv2.absdiff(now, then), CHANGED_LEVELS, 255, cv2.THRESH_BINARY)[1]
        threshold = self._settings.min_speed * self._size[1] / self._settings.sensitivity
        changed = cv2.medianBlur(changed, 3)  # single pixels are noise
        mask = np.where(speed > threshold, cv2.dilate(changed, np.ones((7, 7), np.uint8)), 0)
        mask = np.asarray(cv2.medianBlur(mask.astype(np.uint8), 5), np.uint8)
        mask, outside_px = self._watched.cut(mask)
        found = find_regions(
            mask,
            speed,
            unit=threshold,
            level=self._level,
            min_area=self._settings.min_area,
            merge_gap=self._settings.merge_gap,
        )
        regions = tuple(_with_velocity(region, flow, mask, self._level) for region in found.regions)
        flow.flags.writeable = mask.flags.writeable = False
        return Motion(
            frontend=Flow.name,
            level=self._level,
            strength=strength_of(regions, self._size),
            regions=regions,
            mask=mask,
            flow=flow,
            lag_s=compared.lag_s,
            reasons=Reasons(
                threshold=threshold,
                share=cv2.countNonZero(mask) / max(1, mask.size),
                strongest=cv2.minMaxLoc(speed)[1],
                rejected_area=found.rejected_px / max(1, mask.size),
                outside=outside_px / max(1, mask.size),
                declined="zone" if outside_px and not regions else "",
            ),
        )


class FlowMaps:
    """Flow at the scale and lag of a representation; the session's own where it is the same.

    Parameters
    ----------
    epoch : Epoch
    representation : Representation
    may_share : bool
        The session's flow is computed with `MAP_PRESET`, too.
    """

    def __init__(self, epoch: Epoch, representation: Representation, *, may_share: bool) -> None:
        self._may_share = may_share
        self._level = representation.level(epoch.size)
        self._window: LagWindow[KeptLuma] = LagWindow(representation.lag_s)
        self._dis = cv2.DISOpticalFlow.create(PRESETS[MAP_PRESET])

    def step(self, frame: Frame, motion: Motion, *, is_wanted: bool = True) -> Map | None:
        """Full-frame pixels per second, shape (h, w, 2), x to the right, y down."""
        now = KeptLuma(frame, self._level)
        compared = self._window.step(frame.pts_s, frame.duration_s, now)
        if compared is None or not is_wanted:
            return None
        is_alike = motion.level == self._level and motion.lag_s == compared.lag_s
        if self._may_share and is_alike and motion.flow is not None:
            return motion.flow
        then = compared.item.luma
        flow = velocity(self._dis, then, now.luma, level=self._level, lag_s=compared.lag_s)
        flow.flags.writeable = False
        return flow


def velocity(
    dis: cv2.DISOpticalFlow,
    then: NDArray[np.uint8],
    now: NDArray[np.uint8],
    *,
    level: int,
    lag_s: float,
) -> NDArray[np.float32]:
    """How fast each pixel moves, in full-frame pixels per second, shape (h, w, 2)."""
    flow = displacement(dis, then, now)
    flow *= float(1 << level) / lag_s
    return flow


def displacement(
    dis: cv2.DISOpticalFlow, then: NDArray[np.uint8], now: NDArray[np.uint8]
) -> NDArray[np.float32]:
    """Where each pixel of `then` went, in pixels of these pictures.

    Parameters
    ----------
    dis : cv2.DISOpticalFlow
    then, now : ndarray of uint8, shape (h, w)

    Returns
    -------
    ndarray of float32, shape (h, w, 2)
        x to the right, y down; zero for pictures too small for the search's patches.
    """
    if min(now.shape) < 16:
        return np.zeros((*now.shape, 2), np.float32)
    return np.asarray(dis.calc(then, now, None), np.float32)  # type: ignore[call-overload]  # stub


def _with_velocity(
    region: Region, flow: NDArray[np.float32], mask: NDArray[np.uint8], level: int
) -> Region:
    x0, y0, x1, y1 = (edge >> level for edge in region.box)
    mean = cv2.mean(flow[y0:y1, x0:x1], mask[y0:y1, x0:x1])
    return Region(region.box, region.area_px, region.strength, (mean[0], mean[1]))
