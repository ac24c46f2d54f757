"""Branches with many small leaves at the border: they sway in gusts and stay where they are.

A leaf or two comes off and falls. Geometry is made once per seed and size; a time moves it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from motionapp.scenes.outline import Part, ribbon, shaded
from motionapp.scenes.people.body import Colour
from motionapp.scenes.sprite import lay, sprite_of

_TONES: Final = ((52, 108, 84), (44, 92, 66), (62, 128, 112), (40, 78, 58), (58, 120, 92))
_BARK: Final = (44, 56, 68)
_ALONG: Final = np.linspace(0.0, 1.0, 6)


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch from `root` (fractions of the picture) at an angle; 0 is right, 90 down.

    `length` is in picture heights.
    """

    root: tuple[float, float]
    angle_deg: float
    length: float


CORNERS: Final = (
    (
        Branch((-0.02, 0.10), 12.0, 0.50), Branch((-0.02, 0.02), 28.0, 0.46),
        Branch((0.06, -0.03), 50.0, 0.36), Branch((-0.02, 0.24), 20.0, 0.36),
    ),
    (
        Branch((1.02, 0.98), 232.0, 0.40), Branch((1.03, 0.86), 210.0, 0.34),
        Branch((0.96, 1.04), 250.0, 0.34), Branch((1.03, 0.70), 192.0, 0.26),
    ),
)  # fmt: skip
"""A tree that hangs into the picture at the upper left, and a bush at the lower right."""


@dataclass(frozen=True, slots=True)
class Foliage:
    """Foliage in a moderate, gusty wind.

    `leaves` are on each of the `clumps`; `sway_deg` is how far a branch bends in a gust, at its
    tip; `falls_at_s` are the moments when a leaf comes off, somewhere between the two `falls_from`
    (shares of the width). `pace` and `leaf_size` multiply how fast everything sways and how large
    leaves are.
    """

    seed: int
    leaves: int = 340
    sway_deg: float = 3.0
    falls_at_s: tuple[float, ...] = (3.2, 9.4)
    clumps: tuple[tuple[Branch, ...], ...] = CORNERS
    falls_from: tuple[float, float] = (0.12, 0.3)
    pace: float = 1.0
    leaf_size: float = 1.0
    is_burned_in: ClassVar[bool] = False

    def over(self, picture: NDArray[np.uint8], t_s: float) -> NDArray[np.uint8]:
        """The picture with foliage before it."""
        h, w = picture.shape[:2]
        canvas = picture.copy()
        for clump in _clumps(self, (w, h)):
            sprite = sprite_of(clump.parts_at(self.pace * t_s), (w, h), fineness=3, soft_px=0.5)
            if sprite is not None:
                lay(canvas, sprite)
        for number, at_s in enumerate(self.falls_at_s):
            parts = self._falling(number, t_s - at_s, (w, h))
            sprite = sprite_of(parts, (w, h), fineness=3, soft_px=0.5) if parts else None
            if sprite is not None:
                lay(canvas, sprite)
        return canvas

    def _falling(self, number: int, since_s: float, size: tuple[int, int]) -> list[Part]:
        """A leaf on its way down: it swings to and fro and turns over."""
        if since_s < 0.0:
            return []
        w, h = size
        rng = np.random.default_rng([self.seed, 67, number])
        x0, rate, phase = (
            rng.uniform(*self.falls_from) * w,
            rng.uniform(0.5, 0.8),
            rng.uniform(0, 6.28),
        )
        swing = math.sin(2 * math.pi * rate * since_s + phase)
        x = x0 + 0.05 * h * swing + 0.06 * h * since_s
        y = 0.28 * h + 0.30 * h * since_s + 0.015 * h * swing**2
        width = 0.25 + 0.75 * abs(math.cos(2 * math.pi * 0.9 * since_s + phase))
        at, long = np.array([[x, y]]), np.array([0.030 * h * self.leaf_size])
        return _leaf_parts(at, np.array([0.9 * swing]), long, np.array([width]), [_TONES[2]])


@dataclass(frozen=True, slots=True, eq=False)
class _Clump:
    """The leaves and twigs of one clump, at rest, and how each of them moves.

    `owner` is a leaf's branch, `lever` how far out on it (0 at the root), `long` its length in
    pixels; angles are in radians.
    """

    roots: NDArray[np.float64]
    tips: NDArray[np.float64]
    owner: NDArray[np.intp]
    at: NDArray[np.float64]
    lever: NDArray[np.float64]
    turn: NDArray[np.float64]
    long: NDArray[np.float64]
    rate_hz: NDArray[np.float64]
    phase: NDArray[np.float64]
    branch_hz: NDArray[np.float64]
    tones: list[Colour]
    sway: float

    def parts_at(self, t_s: float) -> list[Part]:
        gust = _gust(t_s, float(self.phase[0]))
        wave = np.sin(2 * math.pi * self.branch_hz * t_s + self.phase[: len(self.branch_hz)])
        bend = self.sway * gust * (0.45 + wave)  # the wind leans on it, it swings about that
        stir = np.sin(2 * math.pi * self.rate_hz * t_s + self.phase)
        angle = bend[self.owner] * self.lever**1.3
        places = _turned(self.at, self.roots[self.owner], angle)
        places[:, 1] += 0.12 * self.long * gust * stir
        turn = self.turn + angle + 0.35 * gust * stir
        width = 1.0 - 0.35 * gust * np.abs(np.roll(stir, 1))
        return self._twigs(bend) + _leaf_parts(places, turn, self.long, width, self.tones)

    def _twigs(self, bend: NDArray[np.float64]) -> list[Part]:
        parts = []
        for root, tip, by in zip(self.roots, self.tips, bend, strict=True):
            straight = root + (tip - root) * _ALONG[:, None]
            centres = _turned(straight, root, by * _ALONG**1.3)
            thick = 0.018 * float(np.hypot(*(tip - root)))
            halves = thick * (1.0 - 0.8 * _ALONG)
            parts.append(Part("twig", ribbon(centres, halves), _BARK, 0.0))
        return parts


@lru_cache(maxsize=8)
def _clumps(foliage: Foliage, size: tuple[int, int]) -> tuple[_Clump, ...]:
    return tuple(
        _clump(foliage, branches, size, np.random.default_rng([foliage.seed, 71, number]))
        for number, branches in enumerate(foliage.clumps)
    )


def _clump(
    foliage: Foliage, branches: tuple[Branch, ...], size: tuple[int, int], rng: np.random.Generator
) -> _Clump:
    w, h = size
    count = foliage.leaves
    roots = np.array([branch.root for branch in branches]) * [w, h]
    angles = np.radians([b.angle_deg for b in branches]) + rng.normal(0, 0.08, len(branches))
    lengths = np.array([b.length for b in branches]) * h * rng.uniform(0.9, 1.1, len(branches))
    along = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    square = np.stack([-along[:, 1], along[:, 0]], axis=1)
    owner = rng.integers(0, len(branches), count)
    lever = rng.uniform(0.12, 1.0, count) ** 0.8
    # A clump is wide at the trunk and thin at its tips.
    off = rng.normal(0, 0.062, count) * h * (1.15 - 0.6 * lever)
    at = roots[owner] + along[owner] * (lever * lengths[owner])[:, None]
    at += square[owner] * off[:, None]
    turn = angles[owner] + np.where(off > 0, 1.0, -1.0) * rng.uniform(0.3, 1.2, count)
    # Drawn in their order: those at the back first, and darker.
    depths = np.linspace(0.55, 1.05, count)
    tones = [shaded(_TONES[int(rng.integers(0, len(_TONES)))], depth) for depth in depths]
    return _Clump(
        roots=roots, tips=roots + along * lengths[:, None], owner=owner, at=at, lever=lever,
        turn=turn, long=rng.uniform(0.020, 0.036, count) * h * foliage.leaf_size,
        rate_hz=rng.uniform(1.2, 3.6, count), phase=rng.uniform(0, 2 * math.pi, count),
        branch_hz=rng.uniform(0.45, 0.95, len(branches)), tones=tones,
        sway=math.radians(foliage.sway_deg),
    )  # fmt: skip


def _turned(
    points: NDArray[np.float64], about: NDArray[np.float64], angle: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Points turned about others, each by an angle of its own."""
    away = points - about
    c, s = np.cos(angle), np.sin(angle)
    turned = [c * away[:, 0] - s * away[:, 1], s * away[:, 0] + c * away[:, 1]]
    return np.asarray(about + np.stack(turned, axis=1), np.float64)


def _gust(t_s: float, phase: float) -> float:
    """How hard the wind blows, 0.15 to 1: seconds of calm between gusts."""
    swell = 0.45 + 0.5 * math.sin(2 * math.pi * 0.17 * t_s + phase)
    swell += 0.25 * math.sin(2 * math.pi * 0.41 * t_s + 2.0 * phase)
    return 0.15 + 0.85 * math.pow(min(1.0, max(0.0, swell)), 1.5)


def _leaf_parts(
    at: NDArray[np.float64], turn: NDArray[np.float64], long: NDArray[np.float64],
    width: NDArray[np.float64], tones: list[Colour],
) -> list[Part]:  # fmt: skip
    """Pointed leaves of two halves, one lighter: what makes a mass of them look like leaves."""
    u = np.linspace(0.0, 1.0, 6)
    belly = 0.30 * np.sin(math.pi * u**0.85)
    upper = np.stack([u, -belly], axis=1)
    lower = np.stack([u, belly], axis=1)[::-1]
    c, s = np.cos(turn), np.sin(turn)
    rotation = np.stack([np.stack([c, s], 1), np.stack([-s, c], 1)], 1)

    def placed(shape: NDArray[np.float64]) -> NDArray[np.float64]:
        sized = shape[None] * np.stack([long, long * width], 1)[:, None]
        outlines: NDArray[np.float64] = sized @ rotation + at[:, None]
        return outlines

    whole, half = placed(np.concatenate([upper, lower])), placed(upper)
    parts = []
    for i, tone in enumerate(tones):
        parts.append(Part("leaf", whole[i], tone, 0.0))
        parts.append(Part("leaf", half[i], _lit(tone), 0.0))
    return parts


@lru_cache(maxsize=4096)
def _lit(tone: Colour) -> Colour:
    """The half of a leaf that the light falls on; asked for every leaf of every picture."""
    return shaded(tone, 1.2)
