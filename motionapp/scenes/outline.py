"""Outlines: polygons with a colour, and the few shapes that everything is drawn from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.scenes.people.body import Colour

_CAP: Final = 6  # vertices of a limb's half-round end
_ROUND: Final = np.linspace(0.0, 2.0 * math.pi, 18, endpoint=False)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One filled outline.

    `outline` is float64 of shape (n, 2) in pixels; `depth` grows towards the camera.
    """

    name: str
    outline: NDArray[np.float64]
    colour: Colour
    depth: float


def drawn_colour(rng: np.random.Generator, low: int = 30, high: int = 220) -> Colour:
    """Any colour whose channels lie in `low` to `high`, half-open."""
    b, g, r = (int(v) for v in rng.integers(low, high, 3))
    return b, g, r


def shaded(colour: Colour, gain: float) -> Colour:
    """The colour made lighter (gain above 1) or darker, kept within 0..255."""
    b, g, r = (min(255, max(0, round(c * gain + (8 if gain > 1 else 0)))) for c in colour)
    return b, g, r


def capsules(
    starts: NDArray[np.float64], ends: NDArray[np.float64],
    start_radii: NDArray[np.float64], end_radii: NDArray[np.float64],
) -> NDArray[np.float64]:  # fmt: skip
    """Outlines of tapered limbs with round ends, shape (n, vertices, 2)."""
    along = ends - starts
    angle = np.arctan2(along[:, 1], along[:, 0])[:, None]
    back = angle + np.linspace(0.5 * math.pi, 1.5 * math.pi, _CAP)[None]
    fore = angle + np.linspace(-0.5 * math.pi, 0.5 * math.pi, _CAP)[None]
    first = np.stack([np.cos(back), np.sin(back)], axis=2) * start_radii[:, None, None]
    second = np.stack([np.cos(fore), np.sin(fore)], axis=2) * end_radii[:, None, None]
    return np.concatenate([starts[:, None] + first, ends[:, None] + second], axis=1)


def ribbon(
    centres: NDArray[np.float64], halves: NDArray[np.float64], *, shift: float = 0.0
) -> NDArray[np.float64]:
    """The outline of a band along `centres`, `halves` wide to each side, moved by `shift`."""
    tangent = np.gradient(centres, axis=0)
    norm = np.hypot(tangent[:, 0], tangent[:, 1])
    norm[norm < 1e-6] = 1.0
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1) / norm[:, None]
    middle = centres + np.array([shift, 0.0])
    left, right = middle + normal * halves[:, None], middle - normal * halves[:, None]
    return np.concatenate([left, right[::-1]], axis=0)


def oval(
    centre: NDArray[np.float64], axis: NDArray[np.float64], along: float, across: float
) -> NDArray[np.float64]:
    """The outline of an ellipse: points of shape (n, 2) in pixels."""
    square = np.array([-axis[1], axis[0]])
    outline: NDArray[np.float64] = (
        centre + np.cos(_ROUND)[:, None] * axis * along + np.sin(_ROUND)[:, None] * square * across
    )
    return outline


def bounds(parts: Sequence[Part]) -> tuple[float, float, float, float]:
    """The smallest rectangle round all outlines: x0, y0, x1, y1 in pixels."""
    stacked = np.concatenate([part.outline for part in parts])
    low, high = stacked.min(axis=0), stacked.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def ellipse(x: float, y: float, rx: float, ry: float, angle: float = 0.0) -> NDArray[np.float64]:
    """An ellipse round `(x, y)`, turned by `angle` radians."""
    c, s = math.cos(angle), math.sin(angle)
    ex, ey = np.cos(_ROUND) * rx, np.sin(_ROUND) * ry
    return np.stack([x + c * ex - s * ey, y + s * ex + c * ey], axis=1)
