"""Light and exposure: mains flicker, a hunting auto exposure, a lamp, the shadow of a cloud."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.scenes.background import cloud_noise
from motionapp.scenes.people.style import ease

READOUT_S: Final = 0.018
"""From the first row to the last: common for small sensors with a rolling shutter."""

_WARM: Final = np.array([0.78, 1.0, 1.12], np.float32)  # blue, green, red of a lamp


@dataclass(frozen=True, slots=True)
class Flicker:
    """Lamps on the mains seen by a rolling shutter: bands that beat with the frame rate.

    `depth` is the amplitude that the shutter's open time leaves of the ripple, as a share of the
    light; `ripple_hz` is twice the mains' frequency; `readout_s` passes from the first row to the
    last.
    """

    depth: float = 0.05
    ripple_hz: float = 120.0
    readout_s: float = READOUT_S
    is_burned_in: ClassVar[bool] = False

    def over(self, picture: NDArray[np.uint8], t_s: float) -> NDArray[np.uint8]:
        """The picture in this light; every row has a moment of its own."""
        h, w = picture.shape[:2]
        moments = t_s + self.readout_s * np.arange(h) / h
        gain = 1.0 + self.depth * np.sin(2 * math.pi * self.ripple_hz * moments)
        return lit(picture, np.repeat(gain.astype(np.float32)[:, None], w, axis=1))


@dataclass(frozen=True, slots=True)
class ExposureSteps:
    """An auto exposure that steps down and comes back, and at last steps down for good.

    At `dips_s` the light recorded falls by `depth` within `fall_s` and is back `dip_s` after; at
    `step_s` it falls and stays. Along with the gain the tone curve bends, as cameras do.
    """

    dips_s: tuple[float, ...] = (2.5, 7.4)
    step_s: float = 12.2
    depth: float = 0.20
    fall_s: float = 0.06
    dip_s: float = 0.30
    is_burned_in: ClassVar[bool] = False

    def fall_at(self, t_s: float) -> float:
        """How far the exposure is down: 0 for not at all, 1 for all of `depth`."""
        down = ease((t_s - self.step_s) / self.fall_s)
        for at_s in self.dips_s:
            since = t_s - at_s
            back = ease((since - self.fall_s) / (self.dip_s - self.fall_s))
            down = max(down, ease(since / self.fall_s) - back)
        return down

    def over(self, picture: NDArray[np.uint8], t_s: float) -> NDArray[np.uint8]:
        """The picture as it is exposed at this moment."""
        down = self.fall_at(t_s)
        if down == 0.0:
            return picture
        levels = np.arange(256) / 255.0
        curve = levels ** (1.0 + 0.06 * down) * (1.0 - self.depth * down)
        exposed: NDArray[np.uint8] = cv2.LUT(picture, np.rint(255 * curve).astype(np.uint8))  # type: ignore[assignment]
        return exposed


@dataclass(frozen=True, slots=True)
class Lamp:
    """A warm lamp at `place` (fractions of the picture) that is switched at `switched_s`.

    It adds `strength` of the room's own light in its middle, half of that at `reach` picture
    heights, and a tenth everywhere; a filament takes `glow_s` to come and to go.
    """

    switched_s: tuple[float, ...] = (2.6, 7.5, 12.0)
    place: tuple[float, float] = (0.68, 0.30)
    strength: float = 0.60
    reach: float = 0.42
    glow_s: float = 0.10
    is_burned_in: ClassVar[bool] = False

    def level_at(self, t_s: float) -> float:
        """How far the lamp is up, 0 to 1."""
        level = 0.0
        for number, at_s in enumerate(self.switched_s):
            target = 1.0 if number % 2 == 0 else 0.0
            level += (target - level) * ease((t_s - at_s) / self.glow_s)
        return level

    def over(self, picture: NDArray[np.uint8], t_s: float) -> NDArray[np.uint8]:
        """The picture in this light."""
        level = self.level_at(t_s)
        if level == 0.0:
            return picture
        h, w = picture.shape[:2]
        glow = _glow(self, (w, h))[..., None] * np.float32(level)
        return lit(picture, 1.0 + glow * _WARM)


@lru_cache(maxsize=4)
def _glow(lamp: Lamp, size: tuple[int, int]) -> NDArray[np.float32]:
    w, h = size
    ys, xs = np.mgrid[0:h, 0:w].astype(np.float32)
    away = np.hypot(xs - lamp.place[0] * w, ys - lamp.place[1] * h) / (lamp.reach * h)
    spot = np.exp(-math.log(2.0) * away**2)
    return np.asarray(lamp.strength * (0.9 * spot + 0.1), np.float32)


@dataclass(frozen=True, slots=True)
class CloudShadow:
    """The shadow of a cloud that drifts over the scene: to the right, to the left if `way` is -1.

    Its edge comes in at `start_s` and its end is out `pass_s` later; `depth` is the share of the
    light it takes, `soft` how wide its edges are and `wide` its core, in picture widths.
    """

    seed: int
    start_s: float = 2.0
    pass_s: float = 6.5
    depth: float = 0.35
    soft: float = 0.30
    wide: float = 0.45
    way: int = 1
    is_burned_in: ClassVar[bool] = False

    def over(self, picture: NDArray[np.uint8], t_s: float) -> NDArray[np.uint8]:
        """The picture in the light that the cloud leaves."""
        since = (t_s - self.start_s) / self.pass_s
        if not 0.0 <= since < 1.0:
            return picture
        h, w = picture.shape[:2]
        # A cloud's border is ragged: its front lies elsewhere in every row.
        rows = max(9, h // 4), max(16, w // 4)
        xs = np.linspace(0.0, 1.0, rows[1], dtype=np.float32)[None]
        ragged = 0.06 * cloud_noise(rows, (3, 3), np.random.default_rng([self.seed, 73]))
        whole = 1.0 + 2 * self.soft + self.wide + 0.4
        behind = since * whole - 0.2 - xs - ragged  # how far the front has gone past
        front = _smooth(behind / self.soft)
        end = _smooth((behind - self.soft - self.wide) / self.soft)
        gain = cv2.resize(
            (1.0 - self.depth * (front - end)).astype(np.float32), (w, h),
            interpolation=cv2.INTER_LINEAR,
        )  # fmt: skip
        if self.way < 0:
            gain = np.ascontiguousarray(gain[:, ::-1])
        return lit(picture, np.asarray(gain, np.float32))


def _smooth(share: NDArray[np.floating]) -> NDArray[np.float32]:
    u = np.clip(share, 0.0, 1.0)
    return np.asarray(u * u * (3.0 - 2.0 * u), np.float32)


def lit(picture: NDArray[np.uint8], gain: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The picture times a gain for every pixel.

    Parameters
    ----------
    picture : ndarray of uint8, shape (h, w, 3)
    gain : ndarray of float32, shape (h, w) or (h, w, 3)

    Returns
    -------
    ndarray of uint8, shape (h, w, 3)
        What is too bright is cut off at 255.
    """
    gains = np.repeat(gain[..., None], 3, axis=2) if gain.ndim == 2 else gain
    product: NDArray[np.uint8] = cv2.multiply(picture, gains, dtype=cv2.CV_8U)  # type: ignore[assignment]
    return product
