"""Frame difference: the cheap front-end, and the gate before all others.

A pixel moves where two pictures, a lag of seconds apart, differ by more than the measured noise
explains and more than a change of light explains. What is then left out of the mask, and why, is
in `motionapp.suppression` and `frontends.zone_mask`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Epoch, Frame
from motionapp.core.motion import Motion, Reasons, priming
from motionapp.core.pace import SlowTime
from motionapp.core.representation import Mirror, Representation
from motionapp.core.seams import FrontEnd
from motionapp.core.window import BLOCK_S, LagWindow
from motionapp.frontends.difference.banding import are_suspected, fit_bands, with_bands
from motionapp.frontends.difference.illumination import LightChange, fit_light
from motionapp.frontends.difference.maps import DifferenceMaps
from motionapp.frontends.difference.noise import BlockNoise, counted, counted_grain, sigma_of
from motionapp.frontends.kept import kept_luma
from motionapp.frontends.zone_mask import ZoneMask
from motionapp.regions import Found, find_regions, strength_of
from motionapp.settings.frontends import AbsdiffSettings
from motionapp.settings.zones import ZoneSettings
from motionapp.suppression.dynamic_background import DynamicBackground
from motionapp.suppression.overlay_text import BLOCKS, OverlayText
from motionapp.suppression.scatter import Scatter
from motionapp.suppression.soft_shadow import without_soft_light

SAMPLED_PX = 4096
"""About so many pixels are enough for noise and light: every fourth one in both directions."""

LIGHT_MOVED_LEVELS = 0.75
"""Mean change of brightness, in grey levels, from which a fit of the light pays."""

CHANGED_LEVELS = 4
"""Grey levels..."""

CHANGED_SHARE = 0.25
"""... by which a quarter of the picture must differ before bands of light are looked for."""

UNCHANGED = LightChange()

GRAINY = 0.5
"""A sensor's noise has as much grain as strength; below this share, most of it is motion."""


class Absdiff:
    """Frame difference over a lag in seconds, at analysis scale."""

    name: ClassVar[str] = "absdiff"
    planes: ClassVar[int] = 1
    mirror: ClassVar[Mirror] = "flip"

    def __init__(self, settings: AbsdiffSettings, zones: Sequence[ZoneSettings] = ()) -> None:
        self.settings = settings
        self.zones = zones

    def start(self, epoch: Epoch) -> AbsdiffSession:
        """Begin on `epoch`."""
        return AbsdiffSession(self.settings, epoch, self.zones)

    def maps(self, epoch: Epoch, representation: Representation) -> DifferenceMaps:
        """Maps are the plain differences."""
        return DifferenceMaps(epoch, representation)


class AbsdiffSession:
    """Frame difference at work on one epoch."""

    lead_in_s: ClassVar[float] = (2 + BLOCKS) * BLOCK_S
    """So long before a border must a gate start to judge as if it had always run: clocks are told
    by `BLOCKS` full blocks of masks, which are right from the second full block of noise on."""

    def __init__(
        self,
        settings: AbsdiffSettings,
        epoch: Epoch,
        zones: Sequence[ZoneSettings] = (),
    ) -> None:
        self._settings = settings
        self._size = epoch.size
        self._level = epoch.level
        self._window: LagWindow[_Picture] = LagWindow(settings.lag_s)
        self._noise = BlockNoise()
        self._slow = SlowTime(BLOCK_S)
        shape = max(1, epoch.size[1] >> self._level), max(1, epoch.size[0] >> self._level)
        self._stirring = Scatter(shape)
        self._weather = DynamicBackground(shape)
        self._places: NDArray[np.uint8] | None = None
        self._clocks = OverlayText(shape)
        self._watched = ZoneMask(zones, epoch.size, self._level)

    @property
    def forget_s(self) -> float:
        """Beyond the compared pictures, only what whole blocks have shown is remembered."""
        return 3 * self._settings.lag_s

    def retune(self, frontend: FrontEnd) -> None:
        """Take over thresholds; a change of the lag begins a new window."""
        assert isinstance(frontend, Absdiff)
        if frontend.settings.lag_s != self._settings.lag_s:
            self._window = LagWindow(frontend.settings.lag_s)
        self._settings = frontend.settings

    def step(self, frame: Frame) -> Motion:
        """What differs from the picture one lag ago."""
        now = _Picture(kept_luma(frame, self._level))
        compared = self._window.step(frame.pts_s, frame.duration_s, now)
        if compared is None:
            return priming(Absdiff.name, self._level)
        slow_s = self._slow.step(frame.pts_s, self._window.step_s)
        seen = self._judge(slow_s, compared.item, now)
        differs = cv2.threshold(seen.difference, seen.threshold, 255, cv2.THRESH_BINARY)[1]
        # Single pixels are noise; an arm is at least two pixels wide.
        mask = np.asarray(cv2.medianBlur(differs, 3), np.uint8)
        mask, found, reasons = self._sieved(slow_s, compared.lag_s, mask, seen)
        mask.flags.writeable = False
        return Motion(
            frontend=Absdiff.name,
            level=self._level,
            strength=strength_of(found.regions, self._size),
            regions=found.regions,
            mask=mask,
            places=self._places,
            lag_s=compared.lag_s,
            reasons=reasons,
        )

    def _judge(self, slow_s: float, earlier: _Picture, now: _Picture) -> _Seen:
        """The difference without light, and what a pixel of it must exceed to be motion."""
        then, sample, light = earlier.luma, earlier.sample, UNCHANGED
        if abs(now.mean - earlier.mean) > LIGHT_MOVED_LEVELS:
            light = fit_light(sample, now.sample)
            table = light.table()
            then, sample = (np.asarray(cv2.LUT(one, table), np.uint8) for one in (then, sample))
        differences = np.asarray(cv2.absdiff(now.sample, sample), np.uint8)
        up_to = counted(differences)
        if up_to[CHANGED_LEVELS - 1] < (1 - CHANGED_SHARE) * up_to[-1]:
            gains = fit_bands(sample, now.sample) if are_suspected(differences) else None
            if gains is not None:
                then = with_bands(then, gains)
                differences = np.asarray(cv2.absdiff(now.sample, sampled(then)), np.uint8)
                up_to = counted(differences)
        noise = self._noise_of(slow_s, then, now.luma, up_to)
        settings = self._settings
        threshold = max(settings.floor_levels, settings.noise_factor * noise) / settings.sensitivity
        share = 1.0 - int(up_to[min(254, int(threshold))]) / int(up_to[-1])
        if share > settings.light_share:
            difference = _local_difference(then, now.luma)
        else:
            difference = np.asarray(cv2.absdiff(now.luma, then), np.uint8)
        return _Seen(
            then=then,
            now=now.luma,
            difference=self._watched.weighed(difference),
            noise=noise,
            threshold=threshold,
            light=light,
            share=share,
            strongest=float(up_to.searchsorted(up_to[-1])),
        )

    def _noise_of(
        self,
        slow_s: float,
        then: NDArray[np.uint8],
        now: NDArray[np.uint8],
        up_to: NDArray[np.int64],
    ) -> float:
        """Noise of the last block or of this picture, whichever is stronger."""
        noise = sigma_of(up_to)
        settings = self._settings
        if noise * settings.noise_factor > settings.floor_levels:
            # Noise, or a body that fills most of the picture: it must not hide itself.
            grain = counted_grain(then, now)
            if sigma_of(grain) < GRAINY * noise:
                up_to, noise = grain * up_to[-1] // grain[-1], sigma_of(grain)
        return max(self._noise.step(slow_s, up_to), noise)

    def _sieved(
        self, slow_s: float, lag_s: float, mask: NDArray[np.uint8], seen: _Seen
    ) -> tuple[NDArray[np.uint8], Found, Reasons]:
        """What counts of the mask, its regions, and why the rest does not.

        The order keeps memories apart: clocks are learnt before, and cut out after everything
        else, so that what one sieve has learnt never hangs on what another has.
        """
        mask, outside_px = self._watched.cut(mask)
        found, declined = self._find(mask, seen), "zone" if outside_px else ""
        settings = self._settings
        # Two pictures are enough to tell a second by, where looks need four.
        clock_s = slow_s * min(2, self._slow.stretch)
        self._clocks.learn(found.regions, pts_s=clock_s, level=self._level)
        self._places = (
            self._weather.step(
                mask,
                found.regions,
                pts_s=slow_s,
                lag_s=lag_s / self._slow.stretch,
                level=self._level,
            )
            if settings.ignore_stirring
            else None
        )
        if not found.regions and seen.share > settings.light_share:
            declined = "light"
        left = without_soft_light(mask, seen.then, seen.now, found.regions, level=self._level)
        if left is not None:
            mask, found, declined = left, self._find(left, seen), "light"
        if settings.ignore_stirring and found.regions:
            left = self._stirring.sieve(
                mask, found.regions,
                pts_s=slow_s, level=self._level,
            )  # fmt: skip
            if left is not None:
                mask, found, declined = left, self._find(left, seen), "stirring"
        left = self._clocks.cut(mask, clock_s) if settings.ignore_clocks else None
        if left is not None:
            outside_px += cv2.countNonZero(mask) - cv2.countNonZero(left)
            mask, found, declined = left, self._find(left, seen), "clock"
        reasons = Reasons(
            noise=seen.noise,
            threshold=seen.threshold,
            light_gain=seen.light.gain,
            light_offset=seen.light.offset,
            share=seen.share,
            light_share=settings.light_share,
            strongest=seen.strongest,
            rejected_area=found.rejected_px / mask.size,
            outside=outside_px / mask.size,
            declined="" if found.regions else declined,
        )
        return mask, found, reasons

    def _find(self, mask: NDArray[np.uint8], seen: _Seen) -> Found:
        return find_regions(
            mask,
            seen.difference,
            unit=seen.threshold,
            level=self._level,
            min_area=self._settings.min_area,
            merge_gap=self._settings.merge_gap,
        )


class _Picture:
    """Luma that is kept for one lag, with what is needed of it twice."""

    __slots__ = ("luma", "mean", "sample")

    def __init__(self, luma: NDArray[np.uint8]) -> None:
        self.luma = luma
        self.sample = sampled(luma)
        # Four times as fast as `mean` where one byte follows the other.
        self.mean = cv2.sumElems(luma)[0] / luma.size


@dataclass(slots=True, eq=False)
class _Seen:
    """Two pictures in the same light, and how they differ."""

    then: NDArray[np.uint8]
    now: NDArray[np.uint8]
    difference: NDArray[np.uint8]
    noise: float
    threshold: float
    light: LightChange
    share: float
    strongest: float


def sampled(luma: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Every few pixels in both directions: enough for noise and light, and soon looked through."""
    step = max(1, round((luma.size / SAMPLED_PX) ** 0.5))
    return np.ascontiguousarray(luma[::step, ::step])


def _local_difference(then: NDArray[np.uint8], now: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The difference without what changes slowly over the picture: a lamp, a cloud's shadow.

    A wide mean of the signed difference is taken off: light has soft borders, bodies have not.
    """
    signed = now.astype(np.int16) - then
    side = max(3, now.shape[1] // 8) | 1
    slow = cv2.blur(signed.astype(np.float32), (side, side))
    return np.asarray(np.clip(np.abs(signed - slow), 0, 255), np.uint8)
