"""Rain between the camera and the scene: short streaks, fast and blurred near, faint far away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import cv2
import numpy as np
from numpy.typing import NDArray

FALL_M_S: Final = 6.5
"""Speed of a drop of about 2 mm (Gunn and Kinzer, Journal of Meteorology 6, 1949)."""

METRE: Final = 0.19
"""A metre where people walk, in picture heights: somebody of 1.75 m is a third of it."""

SHUTTER_S: Final = 1 / 60
SKY_LEVEL: Final = 212.0
"""A drop shows the sky upside down, so a streak is as bright, and unseen before a bright wall."""

_LAP: Final = 1.35  # picture heights from above the upper edge to below the lower one


@dataclass(frozen=True, slots=True)
class _Layer:
    """Drops at one distance.

    `distance` is a share of the walker's; `share` how many of all drops; `cover` how much of the
    background a streak hides; `blur_px` how far out of focus it is.
    """

    distance: float
    share: float
    cover: float
    blur_px: float


_LAYERS: Final = (
    _Layer(1.00, 0.45, 0.12, 0.5),
    _Layer(0.60, 0.30, 0.20, 0.5),
    _Layer(0.35, 0.18, 0.32, 0.6),
    _Layer(0.18, 0.07, 0.45, 1.0),
)


@dataclass(frozen=True, slots=True)
class Rain:
    """Steady rain in a light wind.

    `streaks` are in the air at a time, `splashes` on the ground below the row `ground` (a share
    of the height); `wind` is how far a drop goes sideways in parts of its fall. A streak is as
    long as its way in `shutter_s`.
    """

    seed: int
    streaks: int = 420
    splashes: int = 45
    wind: float = 0.10
    ground: float = 0.74
    shutter_s: float = SHUTTER_S
    is_burned_in: ClassVar[bool] = False

    def over(self, picture: NDArray[np.uint8], t_s: float) -> NDArray[np.uint8]:
        """The picture with rain before it."""
        h, w = picture.shape[:2]
        rng = np.random.default_rng([self.seed, 61])
        cover = np.zeros((h, w), np.uint8)
        for layer in _LAYERS:
            lines = self._streaks(layer, (w, h), t_s, rng)
            cv2.add(cover, _drawn(lines, (w, h), layer.cover, layer.blur_px), dst=cover)
        splashes = _drawn(self._splashes((w, h), t_s, rng), (w, h), 0.22, 0.5)
        cv2.add(cover, splashes, dst=cover)
        return _covered(picture, cover)

    def _streaks(
        self, layer: _Layer, size: tuple[int, int], t_s: float, rng: np.random.Generator
    ) -> NDArray[np.float64]:
        w, h = size
        count = round(self.streaks * layer.share)
        speed = FALL_M_S * METRE * h / layer.distance * rng.uniform(0.85, 1.15, count)
        laps = rng.uniform(0, 1, count) + t_s * speed / (_LAP * h)
        number, phase = np.floor(laps), laps - np.floor(laps)
        # A drop that comes back is another one: it falls elsewhere.
        across = _scattered(rng.uniform(0, 1, count), number)
        slant = self.wind + rng.normal(0, 0.015, count)
        y = (phase * _LAP - 0.2) * h
        x = (across * 1.3 - 0.15) * w + slant * y
        long = speed * self.shutter_s
        return np.stack([x, y, x + slant * long, y + long], axis=1)

    def _splashes(
        self, size: tuple[int, int], t_s: float, rng: np.random.Generator
    ) -> NDArray[np.float64]:
        w, h = size
        lives = rng.uniform(0, 1, self.splashes) + t_s / rng.uniform(0.07, 0.14, self.splashes)
        number, age = np.floor(lives), lives - np.floor(lives)
        across = _scattered(rng.uniform(0, 1, self.splashes), number)
        near = _scattered(rng.uniform(0, 1, self.splashes), 3.0 * number + 1.0)
        x, y = across * w, (self.ground + (1.0 - self.ground) * near) * h
        half = (0.001 + 0.006 * near) * h * np.sqrt(age)
        return np.stack([x - half, y, x + half, y - 0.3 * half], axis=1)


def _scattered(first: NDArray[np.float64], number: NDArray[np.float64]) -> NDArray[np.float64]:
    """Other places in 0 to 1 for every number, without a generator for each."""
    place: NDArray[np.float64] = (
        np.modf(first + number * 0.6180339887 + number**2 * 0.1317)[0] % 1.0
    )
    return place


def _drawn(
    lines: NDArray[np.float64], size: tuple[int, int], cover: float, blur_px: float
) -> NDArray[np.uint8]:
    w, h = size
    layer = np.zeros((h, w), np.uint8)
    fixed = np.rint(lines * 16).astype(np.int32).reshape(-1, 2, 2)
    # A streak is a pixel wide where the picture has 360 rows; in a smaller one it covers less.
    wide = h / 360
    thick = max(1, round(wide))
    level = min(255, round(255 * cover * wide / thick))
    cv2.polylines(layer, list(fixed), False, level, thick, cv2.LINE_AA, 4)
    blurred: NDArray[np.uint8] = cv2.GaussianBlur(layer, (0, 0), max(0.4, blur_px * wide))  # type: ignore[assignment]
    return blurred


def _covered(picture: NDArray[np.uint8], cover: NDArray[np.uint8]) -> NDArray[np.uint8]:
    through = cv2.cvtColor(255 - cover, cv2.COLOR_GRAY2BGR)
    sky = cv2.convertScaleAbs(cv2.cvtColor(cover, cv2.COLOR_GRAY2BGR), alpha=SKY_LEVEL / 255)
    rainy: NDArray[np.uint8] = cv2.add(cv2.multiply(picture, through, scale=1 / 255), sky)  # type: ignore[assignment]
    return rainy
