"""A curtain in a draught: cloth on the wall, behind everybody, painted straight on the picture."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from motionapp.scenes.scene import Clutter


def hang_curtain(canvas: NDArray[np.uint8], clutter: Clutter, t_s: float) -> None:
    """Paint the curtain, in place; nothing outside its time or where the picture has no room."""
    if not clutter.start_s <= t_s < clutter.end_s:
        return
    rng = np.random.default_rng([clutter.seed, 43])
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
