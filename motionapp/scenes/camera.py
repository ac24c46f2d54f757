"""The camera: light that changes over the whole picture, sensor noise, compression blocks.

Everything is a pure function of the scene's seed and the time: noise is a stored tile laid at an
offset that follows from the time, which costs a tenth of drawing it anew.
"""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.scenes.scene import Light, Scene

_SPARE: Final = 64  # rows and columns by which the tile exceeds the picture: 4096 offsets
_TILE_SCALE: Final = 64
_GAIN_SCALE: Final = 32


def gain_at(light: Light, t_s: float) -> float:
    """What the whole picture is multiplied with at `t_s`."""
    gain = light.gain * (light.step_gain if t_s >= light.step_s else 1.0)
    if light.drift:
        # A triangle of 30 s: 15 s up, 15 s down.
        gain *= 1.0 + light.drift * (15.0 - abs(t_s % 30.0 - 15.0))
    return gain


class Camera:
    """Turns what is before the lens into what a camera would give."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._tile = self._noise_tile() if scene.sensor.noise > 0.0 else None
        # Shot noise grows with the root of the light; a floor of read-out noise stays.
        levels = np.sqrt(0.35 + 0.65 * np.arange(256) / 128.0) * scene.sensor.noise * _GAIN_SCALE
        self._gains = np.rint(levels).astype(np.int16)

    def expose(self, picture: NDArray[np.uint8], t_s: float) -> NDArray[np.uint8]:
        """The frame at `t_s`: a fresh array, the picture stays as it is."""
        frame = picture
        gain = gain_at(self._scene.light, t_s)
        if gain != 1.0:
            frame = cv2.convertScaleAbs(frame, alpha=gain)  # type: ignore[assignment]
        if self._scene.sensor.blocks > 0.0:
            frame = self._blocked(frame, t_s)
        if self._tile is not None:
            frame = self._noisy(frame, t_s)
        return frame.copy() if frame is picture else frame

    def _noise_tile(self) -> NDArray[np.int16]:
        w, h = self._scene.size
        rng = np.random.default_rng([self._scene.seed, 23])
        grey = rng.standard_normal((h + _SPARE, w + _SPARE), np.float32)
        colours = rng.standard_normal((h + _SPARE, w + _SPARE, 3), np.float32)
        # Cameras smooth: neighbouring pixels are a little alike, in colour more so.
        luma = cv2.GaussianBlur(grey, (0, 0), 0.45)
        chroma = cv2.GaussianBlur(colours, (0, 0), 0.9)
        tile = (luma / luma.std())[..., None] + 0.45 * chroma / chroma.std()
        levels: NDArray[np.float32] = np.rint(tile / tile.std() * _TILE_SCALE)
        return levels.astype(np.int16)

    def _noisy(self, frame: NDArray[np.uint8], t_s: float) -> NDArray[np.uint8]:
        assert self._tile is not None
        w, h = self._scene.size
        rng = np.random.default_rng([self._scene.seed, 29, _moment(t_s)])
        x, y = (int(v) for v in rng.integers(0, _SPARE, 2))
        noise = self._tile[y : y + h, x : x + w]
        # The offset alone would repeat a stripe of the tile; the sign doubles what there is.
        sign = 1.0 if rng.random() < 0.5 else -1.0
        strength = cv2.LUT(frame, self._gains)
        scaled = cv2.multiply(noise, strength, scale=sign / (_TILE_SCALE * _GAIN_SCALE))
        noisy: NDArray[np.uint8] = cv2.add(frame, scaled, dtype=cv2.CV_8U)  # type: ignore[assignment]
        return noisy

    def _blocked(self, frame: NDArray[np.uint8], t_s: float) -> NDArray[np.uint8]:
        w, h = self._scene.size
        rng = np.random.default_rng([self._scene.seed, 37, math.floor(t_s / 0.48) + 1_000_000])
        cells = rng.normal(0.0, self._scene.sensor.blocks, ((h + 7) // 8, (w + 7) // 8))
        offsets = np.kron(np.rint(cells), np.ones((8, 8)))[:h, :w].astype(np.int16)
        blocked: NDArray[np.uint8] = cv2.add(frame, cv2.merge([offsets] * 3), dtype=cv2.CV_8U)  # type: ignore[assignment]
        return blocked


def _moment(t_s: float) -> int:
    """The time in whole microseconds, as a seed."""
    return round(t_s * 1e6) + 10**9
