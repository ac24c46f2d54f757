"""What comes over a picture: rain, a moving patch of light, a curtain in a draught.

Painted straight over the picture, as pure functions of the clutter's seed and the time. Things
with outlines are in `clutter`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.scenes.outline import ellipse
from motionapp.scenes.scene import Clutter, ClutterKind

_Overlay = Callable[[NDArray[np.uint8], Clutter, float, np.random.Generator], None]


def paint_over(canvas: NDArray[np.uint8], clutter: Clutter, t_s: float) -> None:
    """Paint weather or light over the picture, in place; nothing for things with outlines."""
    overlay = _OVERLAYS.get(clutter.kind)
    if overlay is not None and clutter.start_s <= t_s < clutter.end_s:
        overlay(canvas, clutter, t_s, np.random.default_rng([clutter.seed, 43]))


def _rain(
    canvas: NDArray[np.uint8], clutter: Clutter, t_s: float, rng: np.random.Generator
) -> None:
    h, w = canvas.shape[:2]
    count = int(0.0007 * w * h * clutter.strength) + 10
    xs, ys = rng.uniform(-0.1, 1.1, count) * w, rng.uniform(0, 1.4, count) * h
    speed = rng.uniform(1.6, 3.0, count) * h
    wind = float(rng.uniform(-0.18, 0.18))
    y = np.mod(ys + speed * t_s, 1.4 * h) - 0.2 * h
    x = xs + wind * y
    long = speed * 0.016
    streaks = np.zeros((h, w), np.uint8)
    ends = np.stack([x, y, x + wind * long, y + long], axis=1)
    fixed = np.rint(ends * 16).astype(np.int32).reshape(-1, 2, 2)
    cv2.polylines(streaks, list(fixed), False, 70, 1, cv2.LINE_AA, 4)
    streaks = cv2.GaussianBlur(streaks, (0, 0), 0.6)  # type: ignore[assignment]
    cv2.add(canvas, cv2.cvtColor(streaks, cv2.COLOR_GRAY2BGR), dst=canvas)


def _light_patch(
    canvas: NDArray[np.uint8], clutter: Clutter, t_s: float, rng: np.random.Generator
) -> None:
    h, w = canvas.shape[:2]
    phase, rate = rng.uniform(0, 2 * math.pi, 2), rng.uniform(0.08, 0.3, 2)
    x = (clutter.place[0] + 0.35 * math.sin(2 * math.pi * rate[0] * t_s + phase[0])) * w
    y = (clutter.place[1] + 0.15 * math.sin(2 * math.pi * rate[1] * t_s + phase[1])) * h
    small = np.zeros((h // 4, w // 4), np.uint8)
    axes = (max(1, int(clutter.scale * h / 4)), max(1, int(clutter.scale * h / 6)))
    outline = ellipse(x / 4, y / 4, axes[0], axes[1], 0.4)
    vertices = np.rint(outline * 16).astype(np.int32)
    cv2.fillPoly(small, [vertices], int(min(200, 46 * clutter.strength)), cv2.LINE_AA, 4)
    small = cv2.GaussianBlur(small, (0, 0), 2.0)
    glow = cv2.resize(small, (w, h), interpolation=cv2.INTER_LINEAR)
    cv2.add(canvas, cv2.cvtColor(glow, cv2.COLOR_GRAY2BGR), dst=canvas)


def _curtain(
    canvas: NDArray[np.uint8], clutter: Clutter, t_s: float, rng: np.random.Generator
) -> None:
    h, w = canvas.shape[:2]
    tall, wide = clutter.scale * h, 0.6 * clutter.scale * h
    x0, y1 = int(clutter.place[0] * w), min(h, int(clutter.place[1] * h))
    x0, x1, y0 = max(0, x0), min(w, int(x0 + wide)), max(0, int(y1 - tall))
    if x1 - x0 < 4 or y1 - y0 < 4:
        return
    us = (np.arange(x1 - x0, dtype=np.float32) / wide)[None]
    vs = (np.arange(y1 - y0, dtype=np.float32) / tall)[:, None]
    rate, folds = float(rng.uniform(0.25, 0.6)), float(rng.uniform(5, 9))
    sway = 0.05 * clutter.strength * vs**1.5 * np.sin(2 * math.pi * (rate * t_s + 0.7 * us))
    stripes = np.cos(2 * math.pi * folds * (us + sway)) + 0.4 * np.cos(
        4.4 * math.pi * folds * (us + sway)
    )
    tone = rng.integers(60, 210, 3).astype(np.float32)
    cloth: NDArray[np.float32] = np.clip(tone * (1.0 + 0.16 * stripes[..., None]), 0, 255)
    canvas[y0:y1, x0:x1] = cloth.astype(np.uint8)


_OVERLAYS: Final[dict[ClutterKind, _Overlay]] = {
    "rain": _rain,
    "light_patch": _light_patch,
    "curtain": _curtain,
}
