"""Bodies: build, hair and clothes of a rendered person, drawn from a seed.

Knows what does not change while the person moves. Widths are in parts of the stature and
clothed: people filmed outdoors are about a quarter of their height wide with arms hanging.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

Colour = tuple[int, int, int]
"""Blue, green, red; 0 to 255."""

Garment = Literal["shirt", "jacket", "coat", "skirt"]
Hair = Literal["short", "long", "bald", "cap", "bun"]
Pattern = Literal["plain", "hoops", "panel", "print"]

_SKIN: Final[tuple[Colour, ...]] = (
    (150, 178, 222), (128, 160, 208), (104, 138, 188), (74, 106, 158), (52, 78, 120), (38, 54, 84),
)  # fmt: skip
_HAIR: Final[tuple[Colour, ...]] = (
    (22, 24, 28), (30, 42, 60), (42, 66, 98), (84, 132, 172), (120, 122, 124), (36, 44, 112),
)  # fmt: skip
_CLOTHES: Final[tuple[Colour, ...]] = (
    (40, 38, 36), (70, 52, 40), (110, 72, 44), (150, 110, 60), (58, 62, 140), (46, 46, 172),
    (60, 96, 62), (84, 130, 96), (120, 122, 128), (176, 180, 184), (214, 218, 222),
    (70, 140, 190), (120, 90, 120), (60, 90, 110), (140, 150, 120), (190, 160, 120),
)  # fmt: skip
_TROUSERS: Final[tuple[Colour, ...]] = (
    (36, 34, 34), (92, 66, 50), (120, 90, 66), (70, 62, 58), (96, 112, 128), (130, 150, 168),
    (60, 70, 80), (150, 130, 110), (196, 202, 206), (48, 60, 62),
)  # fmt: skip
_SHOES: Final[tuple[Colour, ...]] = ((28, 26, 26), (48, 60, 84), (200, 204, 208), (90, 90, 94))


@dataclass(frozen=True, slots=True)
class Body:
    """A person's looks.

    `build` multiplies widths (0.85 slim to 1.25 stout), `legs` and `head` lengths; `bulk` is
    cloth on top of the limbs and `flare` what trousers widen towards the foot, both in statures.
    """

    stature_m: float = 1.72
    build: float = 1.0
    legs: float = 1.0
    head: float = 1.0
    bulk: float = 0.004
    flare: float = 0.004
    garment: Garment = "shirt"
    hem: float = 0.5
    long_sleeves: bool = True
    long_trousers: bool = True
    hair_style: Hair = "short"
    pattern: Pattern = "plain"
    skin: Colour = _SKIN[1]
    hair: Colour = _HAIR[0]
    top: Colour = _CLOTHES[2]
    top_other: Colour = _CLOTHES[9]
    trousers: Colour = _TROUSERS[0]
    shoes: Colour = _SHOES[0]

    @staticmethod
    def random(rng: np.random.Generator) -> Body:
        """A seeded person."""
        garments: list[Garment] = ["shirt", "jacket", "coat", "skirt"]
        hairs: list[Hair] = ["short", "long", "bald", "cap", "bun"]
        patterns: list[Pattern] = ["plain", "hoops", "panel", "print"]
        garment = garments[int(rng.choice(4, p=[0.50, 0.32, 0.10, 0.08]))]
        return Body(
            stature_m=float(np.clip(rng.normal(1.72, 0.08), 1.50, 1.95)),
            build=float(np.clip(rng.normal(1.0, 0.10), 0.84, 1.28)),
            legs=float(np.clip(rng.normal(1.0, 0.02), 0.95, 1.05)),
            head=float(np.clip(rng.normal(1.0, 0.05), 0.9, 1.14)),
            bulk=float(rng.uniform(0.0, 0.010)) + (0.004 if garment in ("jacket", "coat") else 0.0),
            flare=float(max(0.0, rng.normal(0.004, 0.006))),
            garment=garment,
            hem=float(rng.uniform(0.35, 0.85)),
            long_sleeves=bool(garment in ("jacket", "coat") or rng.random() < 0.6),
            long_trousers=bool(rng.random() < 0.88),
            hair_style=hairs[int(rng.choice(5, p=[0.46, 0.24, 0.06, 0.12, 0.12]))],
            pattern=patterns[int(rng.choice(4, p=[0.58, 0.14, 0.14, 0.14]))],
            skin=_varied(_SKIN, rng),
            hair=_varied(_HAIR, rng),
            top=_varied(_CLOTHES, rng),
            top_other=_varied(_CLOTHES, rng),
            trousers=_varied(_TROUSERS, rng),
            shoes=_varied(_SHOES, rng),
        )


def _varied(palette: tuple[Colour, ...], rng: np.random.Generator) -> Colour:
    base = palette[int(rng.integers(len(palette)))]
    b, g, r = (int(np.clip(v * rng.uniform(0.88, 1.12) + rng.normal(0, 4), 8, 245)) for v in base)
    return b, g, r
