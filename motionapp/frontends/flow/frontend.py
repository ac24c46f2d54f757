"""Dense optical flow: how fast and where to every pixel moves.

A pixel moves where it is fast enough, beyond what the camera does, and its picture really changed:
on flat walls flow alone follows the noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Epoch, Frame, level_for
from motionapp.core.motion import Map, Motion, priming
from motionapp.core.representation import Mirror, Representation
from motionapp.core.seams import FrontEnd
from motionapp.core.window import LagWindow
from motionapp.frontends.flow.camera import camera_motion, without_camera
from motionapp.frontends.flow.dense import RUNS, DenseFlow
from motionapp.frontends.flow.field import FieldMotion
from motionapp.frontends.kept import KeptLuma
from motionapp.settings.frontends import FLOW_PRESETS, FlowPreset, FlowSettings
from motionapp.settings.zones import ZoneSettings

MAP_PRESET: FlowPreset = "fast"
"""What a network sees never hangs on a detection's setting; the default, so that both are one."""

CHANGED_LEVELS = 6.0
"""Grey levels by which a picture must have changed near a moving pixel."""


class Flow:
    """Dense optical flow over a lag in seconds, in full-frame pixels per second."""

    name: ClassVar[str] = "flow"
    about: ClassVar[str] = "which way it goes, and how fast"
    presets: ClassVar[tuple[str, ...]] = FLOW_PRESETS
    about_presets: ClassVar[dict[str, str]] = {
        "best": "as sharp as it gets, for some 15 times the time",
        "ultrafast": "the quickest, and coarser",
    }
    """The default first."""
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
    """Dense optical flow at work on one epoch."""

    def __init__(
        self,
        settings: FlowSettings,
        epoch: Epoch,
        zones: Sequence[ZoneSettings] = (),
    ) -> None:
        self._size = epoch.size
        self._zones = zones
        self._begin(settings)

    def _begin(self, settings: FlowSettings) -> None:
        """Nothing is remembered of pictures of another size or lag."""
        self._settings = settings
        self._level = level_for(self._size[0], settings.width)
        self._field = FieldMotion(Flow.name, self._size, self._level, self._zones)
        self._window: LagWindow[KeptLuma] = LagWindow(settings.lag_s)
        self._dense = DenseFlow(RUNS[settings.preset])

    @property
    def forget_s(self) -> float:
        """Nothing but the compared pictures is remembered of what is judged by."""
        return 3 * self._settings.lag_s

    @property
    def lead_in_s(self) -> float:
        """Once there is a picture to compare with, it judges as if it had always run."""
        return 3 * self._settings.lag_s

    def retune(self, frontend: FrontEnd) -> None:
        """Take over thresholds and preset; another lag or width begins a new window."""
        assert isinstance(frontend, Flow)
        settings, before = frontend.settings, self._settings
        if (settings.lag_s, settings.width) != (before.lag_s, before.width):
            self._begin(settings)
            return
        self._settings = settings
        if settings.preset != before.preset:
            self._dense = DenseFlow(RUNS[settings.preset])

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
        differs = changed(then, now)
        flow = displacement(self._dense, then, now, differs)
        flow *= _to_px_s(self._level, compared.lag_s)
        return self._field.step(
            flow,
            lambda speed, threshold: _moving(speed, threshold, differs),
            self._settings,
            pts_s=frame.pts_s,
            lag_s=compared.lag_s,
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
        self._dense = DenseFlow(RUNS[MAP_PRESET])

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
        flow = displacement(self._dense, then, now.luma, changed(then, now.luma))
        flow *= _to_px_s(self._level, compared.lag_s)
        flow.flags.writeable = False
        return flow


def displacement(
    dense: DenseFlow,
    then: NDArray[np.uint8],
    now: NDArray[np.uint8],
    differs: NDArray[np.uint8],
) -> NDArray[np.float32]:
    """Where each pixel of the scene went, in pixels of these pictures, without what the camera did.

    Parameters
    ----------
    dense : DenseFlow
    then, now : ndarray of uint8, shape (h, w)
        Luma.
    differs : ndarray of uint8, shape (h, w)
        As `changed` gives it.

    Returns
    -------
    ndarray of float32, shape (h, w, 2)
    """
    flow = dense.displacement(then, now)
    camera = camera_motion(flow, then, differs)
    return flow if camera is None else without_camera(flow, camera)


def _to_px_s(level: int, lag_s: float) -> np.float32:
    """From a displacement at a level to full-frame pixels per second."""
    return np.float32((1 << level) / lag_s)


def changed(then: NDArray[np.uint8], now: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Where two pictures really differ: 0 or 255, shape (h, w). Single pixels are noise."""
    apart = cv2.absdiff(now, then)
    differs = cv2.threshold(apart, CHANGED_LEVELS, 255, cv2.THRESH_BINARY)[1]
    return np.asarray(cv2.medianBlur(differs, 3), np.uint8)


def _moving(
    speed: NDArray[np.float32], threshold: float, differs: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """What is fast enough, near where the pictures differ."""
    # Near, since inside of something plain nothing differs, though it moves with its edges.
    near = cv2.dilate(differs, np.ones((7, 7), np.uint8))
    mask = np.where(speed > threshold, near, 0).astype(np.uint8)
    return np.asarray(cv2.medianBlur(mask, 5), np.uint8)
