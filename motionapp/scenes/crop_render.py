"""Rendering crops: the grey pictures of a part of what one camera sees, a function of time alone.

Grey, since that is all that any front-end looks at; in the order in which a camera makes it:
what is before the lens, its light, the sensor's noise, the compression.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.scenes.background import paint_backdrop
from motionapp.scenes.camera import gain_at
from motionapp.scenes.crop import Actor, Backcloth, Crop
from motionapp.scenes.outline import Part
from motionapp.scenes.scene import Backdrop
from motionapp.scenes.screen import screen_parts
from motionapp.scenes.sprite import Sprite, darken, lay, mean_sprite, sprite_of

Picture = NDArray[np.uint8]

_SHUTTER: Final = (-1 / 3, 0.0, 1 / 3)  # moments of a blurred picture, in parts of the open time
_PAINTED: Final = (480, 360)
"""Backdrops are painted once at this size, and crops show stretches of them."""
_TILE_SIDE: Final = 640
_TILE_SCALE: Final = 64


class CropStage:
    """Who is where in a crop, remembered from the boxes to the pictures."""

    def __init__(self, crop: Crop) -> None:
        self.crop = crop
        self._parts: dict[tuple[int, int], list[Part]] = {}

    def parts(self, actor: int, t_s: float) -> list[Part]:
        """The outlines of an actor at a time, in pixels of the whole picture."""
        key = actor, round(t_s * 1e6)
        if key not in self._parts:
            crop = self.crop
            who = crop.actors[actor]
            self._parts[key] = who.parts(t_s, crop.camera, crop.light.side)
        return self._parts[key]

    def box(self, t_s: float) -> Box | None:
        """The box round the one that is looked at."""
        return self.crop.box(self.parts(0, t_s), t_s)


class CropRenderer:
    """Renders a part of a crop's picture; the same time gives the same bytes, in any order.

    Parameters
    ----------
    stage : CropStage
    region : Box
        The part, in pixels of the whole picture; within it.
    given : sequence of ndarray of uint8, shape (h, w, 3)
        Empty pictures of somebody's cameras, for backcloths that ask for one.
    """

    def __init__(self, stage: CropStage, region: Box, given: Sequence[Picture] = ()) -> None:
        self._stage, self._crop, self._region = stage, stage.crop, region
        self._size = region.width, region.height
        self._empty = _stretch(self._crop.backcloth, region, self._crop.size, given)
        self._screen = self._placed_screen()
        noise = self._crop.sensor.noise
        # Shot noise grows with the root of the light; a floor of read-out noise stays.
        levels = np.sqrt(0.35 + 0.65 * np.arange(256) / 128.0) * noise * _TILE_SCALE / 2
        self._gains = np.rint(levels).astype(np.int16)

    def luma(self, t_s: float) -> Picture:
        """The grey picture at `t_s`, shape (h, w); a fresh array."""
        grey = cv2.cvtColor(self.colour(t_s), cv2.COLOR_BGR2GRAY)
        gain = gain_at(self._crop.light, t_s)
        if gain != 1.0:
            grey = cv2.convertScaleAbs(grey, alpha=gain)
        if self._crop.sensor.noise > 0.0:
            grey = self._noisy(np.asarray(grey, np.uint8), t_s)
        if self._crop.quality < 100:
            packed = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, self._crop.quality])[1]
            return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)
        return np.asarray(grey, np.uint8)

    def colour(self, t_s: float) -> Picture:
        """What is before the lens, shape (h, w, 3), BGR."""
        canvas = self._empty.copy()
        crop = self._crop
        rows = [self._ground(actor, t_s) for actor in crop.actors]
        for number in sorted(range(len(rows)), key=lambda one: rows[one][1]):
            sprite = self._sprite(number, t_s)
            if sprite is None:
                continue
            if crop.light.shadow > 0.0:
                darken(
                    canvas, sprite, ground_y=rows[number][0], length=crop.light.length,
                    slant=-crop.light.slant * crop.light.side, strength=crop.light.shadow,
                )  # fmt: skip
            lay(canvas, sprite)
        if self._screen is not None:
            lay(canvas, self._screen)
        return canvas

    def _ground(self, actor: Actor, t_s: float) -> tuple[float, float]:
        """The row of the ground under an actor, and how near it is."""
        x, z = actor.ground_m(t_s)
        seen = self._crop.camera.see(np.array([[x, 0.0, z]]))
        return float(seen.points[0, 1]) - self._region.y0, float(seen.depths[0])

    def _sprite(self, actor: int, t_s: float) -> Sprite | None:
        shutter_s = self._crop.sensor.shutter_s
        if shutter_s <= 0.0:
            return self._still(actor, t_s)
        moments = [self._still(actor, t_s + part * shutter_s) for part in _SHUTTER]
        sprites = [sprite for sprite in moments if sprite is not None]
        return mean_sprite(sprites) if len(sprites) == len(moments) else self._still(actor, t_s)

    def _still(self, actor: int, t_s: float) -> Sprite | None:
        parts = self._stage.parts(actor, t_s)
        tall_px = self._crop.actors[actor].body.stature_m * self._crop.camera.px_per_m
        # Small figures get a finer grid, so that all cost about the same.
        fineness = 4 if tall_px < 70 else 3 if tall_px < 110 else 2
        return self._filled(parts, fineness)

    def _filled(self, parts: list[Part], fineness: int) -> Sprite | None:
        return sprite_of(
            parts, self._size, fineness=fineness, soft_px=self._crop.sensor.soft_px,
            origin=(self._region.x0, self._region.y0),
        )  # fmt: skip

    def _placed_screen(self) -> Sprite | None:
        if self._crop.screen is None:
            return None
        return self._filled(screen_parts(self._crop.screen, self._crop.size[1]), 2)

    def _noisy(self, grey: Picture, t_s: float) -> Picture:
        h, w = grey.shape
        tile = _noise_tile()
        rng = np.random.default_rng([self._crop.seed, 29, round(t_s * 1e6) + 10**9])
        x, y = int(rng.integers(_TILE_SIDE - w + 1)), int(rng.integers(_TILE_SIDE - h + 1))
        sign = 1.0 if rng.random() < 0.5 else -1.0
        scale = 2 * sign / _TILE_SCALE**2
        noise = cv2.multiply(tile[y : y + h, x : x + w], cv2.LUT(grey, self._gains), scale=scale)
        return np.asarray(cv2.add(grey, noise, dtype=cv2.CV_8U), np.uint8)


@lru_cache(maxsize=1)
def _noise_tile() -> NDArray[np.int16]:
    """Noise of which every picture shows another part, or its negative."""
    grey = np.random.default_rng(23).standard_normal((_TILE_SIDE, _TILE_SIDE), np.float32)
    # Cameras smooth: neighbouring pixels are a little alike.
    smooth = cv2.GaussianBlur(grey, (0, 0), 0.45)
    tile: NDArray[np.float32] = np.rint(smooth / smooth.std() * _TILE_SCALE)
    return tile.astype(np.int16)


@lru_cache(maxsize=96)
def _painted(backdrop: Backdrop, size: tuple[int, int]) -> Picture:
    picture = paint_backdrop(backdrop, size)
    picture.flags.writeable = False
    return picture


def _stretch(
    cloth: Backcloth, region: Box, size: tuple[int, int], given: Sequence[Picture]
) -> Picture:
    """What of a backcloth is seen in a region; a fresh array."""
    if cloth.given is not None and given:
        whole = given[min(int(cloth.given * len(given)), len(given) - 1)]
    elif cloth.at is None:
        cut = _painted(cloth.backdrop, size)[region.y0 : region.y1, region.x0 : region.x1]
        return np.ascontiguousarray(cut)
    else:
        whole = _painted(cloth.backdrop, _PAINTED)
    h, w = whole.shape[:2]
    wide = min(w, max(4, math.ceil(region.width / cloth.zoom)))
    tall = min(h, max(4, math.ceil(region.height / cloth.zoom)))
    at = cloth.at or (0.5, 0.5)
    x = min(max(round(at[0] * w - wide / 2), 0), w - wide)
    y = min(max(round(at[1] * h - tall / 2), 0), h - tall)
    cut = whole[y : y + tall, x : x + wide]
    how = cv2.INTER_AREA if tall > region.height else cv2.INTER_LINEAR
    shown = cv2.resize(cut, (region.width, region.height), interpolation=how)
    if cloth.mirrored:
        shown = cv2.flip(shown, 1)
    if cloth.gain != 1.0 or cloth.offset:
        # Not `convertScaleAbs`, which would turn what is darker than black bright again.
        table = np.clip(np.arange(256) * cloth.gain + cloth.offset, 0, 255).astype(np.uint8)
        shown = cv2.LUT(shown, table)
    return np.ascontiguousarray(shown, dtype=np.uint8)
