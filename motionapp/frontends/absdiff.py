"""Frame difference: the cheap front-end, and the gate before all others.

A pixel moves where two pictures, a lag of seconds apart, differ by more than the measured noise
explains and more than a change of light explains.
"""

from __future__ import annotations

from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Epoch, Frame
from motionapp.core.motion import STILL, Motion, Reasons
from motionapp.core.representation import Mirror, Representation
from motionapp.core.seams import FrontEnd
from motionapp.core.window import LagWindow
from motionapp.frontends.light import LightChange, fit_light
from motionapp.frontends.noise import BLOCK_S, BlockNoise, sigma_of
from motionapp.frontends.regions import regions_of, strength_of
from motionapp.settings.frontends import AbsdiffSettings

SAMPLED_PX = 4096
"""About so many pixels are enough for noise and light: every fourth one in both directions."""

LIGHT_MOVED_LEVELS = 0.75
"""Mean change of brightness, in grey levels, from which a fit of the light pays."""


class Absdiff:
    """Frame difference over a lag in seconds, at analysis scale."""

    name: ClassVar[str] = "absdiff"
    planes: ClassVar[int] = 1
    mirror: ClassVar[Mirror] = "flip"

    def __init__(self, settings: AbsdiffSettings) -> None:
        self.settings = settings

    def start(self, epoch: Epoch, representation: Representation | None) -> AbsdiffSession:
        """Begin on `epoch`; maps are the plain differences."""
        return AbsdiffSession(self.settings, epoch, representation)


class AbsdiffSession:
    """Frame difference at work on one epoch."""

    lead_in_s: ClassVar[float] = 2 * BLOCK_S
    """So long before a border must a gate start to judge as if it had always run."""

    def __init__(
        self, settings: AbsdiffSettings, epoch: Epoch, representation: Representation | None
    ) -> None:
        self._settings = settings
        self._size = epoch.size
        self._level = epoch.level
        self._window: LagWindow[NDArray[np.uint8]] = LagWindow(settings.lag_s)
        self._noise = BlockNoise()
        self._maps = None if representation is None else _Maps(representation, epoch)

    @property
    def forget_s(self) -> float:
        """Beyond the compared pictures, only the noise of the last block is remembered."""
        return 3 * self._settings.lag_s

    def retune(self, frontend: FrontEnd) -> None:
        """Take over thresholds; a change of the lag begins a new window."""
        assert isinstance(frontend, Absdiff)
        if frontend.settings.lag_s != self._settings.lag_s:
            self._window = LagWindow(frontend.settings.lag_s)
        self._settings = frontend.settings

    def step(self, frame: Frame) -> Motion:
        """What differs from the picture one lag ago."""
        now = kept_luma(frame, self._level)
        map_ = None if self._maps is None else self._maps.step(frame)
        map_level = 0 if self._maps is None else self._maps.level
        compared = self._window.step(frame.pts_s, frame.duration_s, now)
        if compared is None:
            return STILL if map_ is None else Motion(map=map_, map_level=map_level)
        difference, reasons = self._judge(frame.pts_s, compared.item, now)
        differs = cv2.threshold(difference, reasons.threshold, 255, cv2.THRESH_BINARY)[1]
        # Single pixels are noise; an arm is at least two pixels wide.
        mask = np.asarray(cv2.medianBlur(differs, 3), np.uint8)
        regions = regions_of(
            mask,
            difference,
            unit=reasons.threshold,
            level=self._level,
            min_area=self._settings.min_area,
            merge_gap=self._settings.merge_gap,
        )
        mask.flags.writeable = False
        return Motion(
            strength=strength_of(regions, self._size),
            regions=regions,
            mask=mask,
            map=map_,
            map_level=map_level,
            lag_s=compared.lag_s,
            reasons=reasons,
        )

    def _judge(
        self, pts_s: float, then: NDArray[np.uint8], now: NDArray[np.uint8]
    ) -> tuple[NDArray[np.uint8], Reasons]:
        """The difference without light, and what a pixel of it must exceed to be motion."""
        step = max(1, round((now.size / SAMPLED_PX) ** 0.5))
        light = LightChange()
        if abs(cv2.mean(now)[0] - cv2.mean(then)[0]) > LIGHT_MOVED_LEVELS:
            light = fit_light(then[::step, ::step], now[::step, ::step])
            then = np.asarray(cv2.LUT(then, light.table()), np.uint8)
        difference = np.asarray(cv2.absdiff(now, then), np.uint8)
        histogram = _histogram(difference[::step, ::step])
        noise = max(self._noise.step(pts_s, histogram), sigma_of(histogram))
        settings = self._settings
        threshold = max(settings.floor_levels, settings.noise_factor * noise) / settings.sensitivity
        share = int(histogram[min(255, int(threshold) + 1) :].sum()) / max(1, int(histogram.sum()))
        if share > settings.light_share:
            difference = _local_difference(then, now)
        return difference, Reasons(
            noise=noise,
            threshold=threshold,
            light_gain=light.gain,
            light_offset=light.offset,
            share=share,
        )


class _Maps:
    """Plain differences for the network, by the representation and no setting."""

    def __init__(self, representation: Representation, epoch: Epoch) -> None:
        self.level = representation.level(epoch.size)
        self._window: LagWindow[NDArray[np.uint8]] = LagWindow(representation.lag_s)

    def step(self, frame: Frame) -> NDArray[np.uint8] | None:
        luma = kept_luma(frame, self.level)
        compared = self._window.step(frame.pts_s, frame.duration_s, luma)
        if compared is None:
            return None
        difference = np.asarray(cv2.absdiff(luma, compared.item), np.uint8)
        difference.flags.writeable = False
        return difference


def kept_luma(frame: Frame, level: int) -> NDArray[np.uint8]:
    """Luma that may be kept: at level 0 a copy, since a view pins the decoder's picture."""
    luma = frame.luma_at(level)
    return luma if level else luma.copy()


def _histogram(values: NDArray[np.uint8]) -> NDArray[np.int64]:
    return np.bincount(values.ravel(), minlength=256)


def _local_difference(then: NDArray[np.uint8], now: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The difference without what changes slowly over the picture: a lamp, a cloud's shadow.

    A wide mean of the signed difference is taken off: light has soft borders, bodies have not.
    """
    signed = now.astype(np.int16) - then
    side = max(3, now.shape[1] // 8) | 1
    slow = cv2.blur(signed.astype(np.float32), (side, side))
    return np.asarray(np.clip(np.abs(signed - slow), 0, 255), np.uint8)
