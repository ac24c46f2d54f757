"""Frame difference: the cheap front-end.

A pixel moves where two pictures, a lag of seconds apart, differ by more than the measured noise
explains and more than a change of light explains. Where nobody watches is cut out; the regions of
the mask are left open, since some of what moves may be nobody (`motionapp.gate`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Epoch, Frame
from motionapp.core.looks import Beat
from motionapp.core.motion import Contrast, Motion, Reasons, priming
from motionapp.core.pace import SlowTime
from motionapp.core.representation import Mirror, Representation
from motionapp.core.seams import FrontEnd
from motionapp.core.window import BLOCK_S, LagWindow
from motionapp.frontends.difference.banding import are_suspected, fit_bands, with_bands
from motionapp.frontends.difference.illumination import LightChange, fit_light
from motionapp.frontends.difference.maps import DifferenceMaps
from motionapp.frontends.difference.noise import BlockNoise, counted, counted_grain, sigma_of
from motionapp.frontends.difference.sampling import sampled
from motionapp.frontends.difference.uncovered import Uncovered
from motionapp.frontends.kept import KeptLuma
from motionapp.frontends.zone_mask import ZoneMask
from motionapp.settings.frontends import AbsdiffSettings
from motionapp.settings.zones import ZoneSettings

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
    about: ClassVar[str] = "what changes: the cheapest, and the gate of flow and pose"
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

    lead_in_s: ClassVar[float] = 2 * BLOCK_S
    """Noise is judged by the last full block: from any start, the first is over by then. Masks are
    right from the beginning of a block on."""

    def __init__(
        self,
        settings: AbsdiffSettings,
        epoch: Epoch,
        zones: Sequence[ZoneSettings] = (),
    ) -> None:
        self._settings = settings
        self._level = epoch.level
        self._window: LagWindow[_Picture] = LagWindow(settings.lag_s)
        self._noise = BlockNoise()
        self._slow = SlowTime(BLOCK_S)
        self._beat = Beat(settings.lag_s)
        self._learns = True
        self._watched = ZoneMask(zones, epoch.size, self._level)
        self._open = Uncovered.of(epoch)

    @property
    def forget_s(self) -> float:
        """Beyond the compared pictures, only the noise of whole blocks is remembered."""
        return 3 * self._settings.lag_s

    def retune(self, frontend: FrontEnd) -> None:
        """Take over thresholds; a change of the lag begins a new window."""
        assert isinstance(frontend, Absdiff)
        if frontend.settings.lag_s != self._settings.lag_s:
            self._window = LagWindow(frontend.settings.lag_s)
            self._beat = Beat(frontend.settings.lag_s)
        self._settings = frontend.settings

    def step(self, frame: Frame) -> Motion:
        """What differs from the picture one lag ago."""
        now = _Picture(frame, self._level, self._open)
        self._learns = self._beat.step(frame.pts_s)
        compared = self._window.step(frame.pts_s, frame.duration_s, now)
        if compared is None:
            return priming(Absdiff.name, self._level)
        slow_s = self._slow.step(frame.pts_s, self._window.step_s)
        contrast, reasons = self._judge(slow_s, compared.item, now)
        differs = cv2.threshold(contrast.strength, contrast.unit, 255, cv2.THRESH_BINARY)[1]
        # Single pixels are noise; an arm is at least two pixels wide.
        mask = np.asarray(cv2.medianBlur(differs, 3), np.uint8)
        mask, outside_px = self._watched.cut(mask)
        if outside_px:
            # Light that changes everywhere does so outside of the zones, too: it comes first.
            declined = reasons.declined or "zone"
            reasons = replace(reasons, outside=outside_px / mask.size, declined=declined)
        mask.flags.writeable = False
        return Motion(
            frontend=Absdiff.name,
            level=self._level,
            mask=mask,
            contrast=contrast,
            lag_s=compared.lag_s,
            reasons=reasons,
        )

    def pass_by(self, frame: Frame) -> None:
        """Keep a picture that nobody looks at: a later one is compared with it."""
        self._beat.step(frame.pts_s)
        self._window.step(frame.pts_s, frame.duration_s, _Picture(frame, self._level, self._open))

    def _judge(self, slow_s: float, earlier: _Picture, now: _Picture) -> tuple[Contrast, Reasons]:
        """The difference without light, and what a pixel of it must exceed to be motion."""
        then, light, up_to = _in_one_light(earlier, now)
        noise = self._noise_of(slow_s, then, now.luma, up_to)
        settings = self._settings
        threshold = max(settings.floor_levels, settings.noise_factor * noise) / settings.sensitivity
        share = 1.0 - int(up_to[min(254, int(threshold))]) / int(up_to[-1])
        # Somebody very near fills half of the picture, too: only what is soft is taken off.
        is_light = share > settings.light_share
        difference = (
            _local_difference(then, now.luma)
            if is_light
            else np.asarray(cv2.absdiff(now.luma, then), np.uint8)
        )
        reasons = Reasons(
            noise=noise,
            threshold=threshold,
            light_gain=light.gain,
            light_offset=light.offset,
            share=share,
            light_share=settings.light_share,
            strongest=float(up_to.searchsorted(up_to[-1])),
            declined="light" if is_light else "",
        )
        return Contrast(then, now.luma, self._watched.weighed(difference), threshold), reasons

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
        # Noise, or a body that fills most of the picture: it must not hide itself. Below the floor
        # it could not, and grain is dear.
        if noise * settings.noise_factor > settings.floor_levels:
            grain = counted_grain(then, now)
            if self._open is not None:  # what is covered has none
                grain = np.maximum(grain - self._open.covered_px, 0)
            # Compressed noise has 0.65 to 0.8 of its strength as grain, a body next to none.
            if grain[-1] and sigma_of(grain) < GRAINY * noise:
                up_to, noise = grain * up_to[-1] // grain[-1], sigma_of(grain)
        return max(self._noise.step(slow_s, up_to, learns=self._learns), noise)


class _Picture(KeptLuma):
    """Luma that is kept for one lag, with what is needed of it twice, once it is looked at."""

    __slots__ = ("_mean", "_sample", "open")

    def __init__(self, frame: Frame, level: int, is_open: Uncovered | None) -> None:
        super().__init__(frame, level)
        self.open = is_open
        self._sample: NDArray[np.uint8] | None = None
        self._mean: float | None = None

    @property
    def sample(self) -> NDArray[np.uint8]:
        """Every few pixels of it."""
        if self._sample is None:
            self._sample = sampled(self.luma)
        return self._sample

    @property
    def values(self) -> NDArray[np.uint8]:
        """Those of the sample that are not covered."""
        return self.sample if self.open is None else self.open.of_sample(self.sample)

    @property
    def mean(self) -> float:
        """Its mean brightness in grey levels."""
        if self._mean is None:
            if self.open is not None:
                self._mean = float(self.values.mean())
            else:
                # Four times as fast as `mean` where one byte follows the other.
                self._mean = cv2.sumElems(self.luma)[0] / self.luma.size
        return self._mean


def _in_one_light(
    earlier: _Picture, now: _Picture
) -> tuple[NDArray[np.uint8], LightChange, NDArray[np.int64]]:
    """The earlier picture in the light of now, what changed, and the counts of what still differs.

    The counts are those of every few pixels, as `counted` gives them.
    """
    then, sample, light = earlier.luma, earlier.sample, UNCHANGED
    # A smaller change of light is far below any threshold: the fit would be dear, and for nothing.
    if abs(now.mean - earlier.mean) > LIGHT_MOVED_LEVELS:
        light = fit_light(earlier.values, now.values)
        table = light.table()
        then, sample = (np.asarray(cv2.LUT(one, table), np.uint8) for one in (then, sample))
    differences = np.asarray(cv2.absdiff(now.sample, sample), np.uint8)
    up_to = counted(differences if now.open is None else now.open.of_sample(differences))
    # Bands run over the whole height: where little differs there are none, and no need to look.
    if up_to[CHANGED_LEVELS - 1] < (1 - CHANGED_SHARE) * up_to[-1]:
        gains = _bands(sample, now.sample, differences, now.open)
        if gains is not None:
            then = with_bands(then, gains)
            banded = np.asarray(cv2.absdiff(now.sample, sampled(then)), np.uint8)
            up_to = counted(banded if now.open is None else now.open.of_sample(banded))
    if now.open is not None and then is not earlier.luma:  # no light falls on a cover
        then = now.open.kept(then, earlier.luma)
    return then, light, up_to


def _bands(
    then: NDArray[np.uint8],
    now: NDArray[np.uint8],
    differences: NDArray[np.uint8],
    is_open: Uncovered | None,
) -> NDArray[np.float32] | None:
    """By how much every row became brighter; None where no bands run over the picture."""
    if is_open is not None:  # lamps light what is covered, too
        then, now = is_open.rows_filled(then), is_open.rows_filled(now)
        differences = np.asarray(cv2.absdiff(now, then), np.uint8)
    return fit_bands(then, now) if are_suspected(differences) else None


def _local_difference(then: NDArray[np.uint8], now: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The difference without what changes slowly over the picture: a lamp, a cloud's shadow.

    A wide mean of the signed difference is taken off: light has soft borders, bodies have not.
    """
    signed = now.astype(np.int16) - then
    side = max(3, now.shape[1] // 8) | 1
    slow = cv2.blur(signed.astype(np.float32), (side, side))
    return np.asarray(np.clip(np.abs(signed - slow), 0, 255), np.uint8)
