"""Arms, hands, legs, shoes and the neck: tapered limbs in three tones from shade to light."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.scenes.outline import Part, capsules, shaded
from motionapp.scenes.people.body import Body, Colour
from motionapp.scenes.people.skeleton import JOINT_INDEX

# Of a limb, from shade to light: what its colour is multiplied with, its width against the whole,
# and its offset towards the light in radii.
_TONES: Final = ((0.80, 1.0, 0.0), (1.0, 0.80, 0.24), (1.10, 0.42, 0.5))


COARSE_PX: Final = 48
"""A solid body that is less tall is drawn in one tone: shades would be narrower than a pixel."""


@dataclass(frozen=True, slots=True)
class _Limb:
    name: str
    start: str
    end: str
    start_radius: float
    end_radius: float
    colour: Colour
    chain: tuple[str, ...]
    bias: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class _Wardrobe:
    """All limbs of a body, as arrays; radii in statures, joints by their places in `JOINTS`."""

    limbs: tuple[_Limb, ...]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    start_radii: NDArray[np.float64]
    end_radii: NDArray[np.float64]
    shoes: NDArray[np.int64]
    chains: tuple[tuple[int, ...], ...]
    names: tuple[tuple[str, ...], ...]
    colours: tuple[tuple[Colour, ...], ...]
    """Of each tone, of each limb; so are `names`."""


def limb_parts(
    body: Body, points: NDArray[np.float64], depths: NDArray[np.float64], *, stature_px: float,
    light: float, scales: NDArray[np.float64] | None,
) -> list[Part]:  # fmt: skip
    """The limbs of a person; what is given is explained in `figure.parts_of`."""
    own = _wardrobe(body)
    starts, ends = points[own.starts], points[own.ends]
    start_radii, end_radii = own.start_radii * stature_px, own.end_radii * stature_px
    if scales is not None:
        start_radii, end_radii = start_radii * scales[own.starts], end_radii * scales[own.ends]
    starts[own.shoes, 1] += 0.016 * stature_px  # the sole lies below ankle and toes
    ends[own.shoes, 1] -= 0.002 * stature_px
    away = depths.tolist()
    # One depth for a whole arm or leg: tones flow over elbow and knee without a seam.
    behind = [
        sum(away[joint] for joint in chain) / len(chain) + limb.bias
        for limb, chain in zip(own.limbs, own.chains, strict=True)
    ]
    if scales is not None and stature_px < COARSE_PX:
        outlines = capsules(starts, ends, start_radii, end_radii)
        return [
            Part(*one) for one in zip(own.names[1], outlines, own.colours[1], behind, strict=True)
        ]
    parts = []
    for tone, (_, size, shift) in enumerate(_TONES):
        offset = np.stack([start_radii, -0.3 * start_radii], axis=1) * shift
        offset[:, 0] *= light
        end_offset = np.stack([end_radii, -0.3 * end_radii], axis=1) * shift
        end_offset[:, 0] *= light
        outlines = capsules(
            starts + offset, ends + end_offset, start_radii * size, end_radii * size
        )
        parts += [
            Part(name, outline, colour, depth + tone * 1e-4)
            for name, outline, colour, depth in zip(
                own.names[tone], outlines, own.colours[tone], behind, strict=True
            )
        ]
    return parts


@lru_cache(maxsize=64)
def _wardrobe(body: Body) -> _Wardrobe:
    """Worked out once: what a body wears is the same at every moment."""
    limbs = (*_limbs_of(body, "left"), *_limbs_of(body, "right"), _neck(body))
    tones = range(len(_TONES))
    return _Wardrobe(
        limbs=limbs,
        starts=np.array([JOINT_INDEX[limb.start] for limb in limbs]),
        ends=np.array([JOINT_INDEX[limb.end] for limb in limbs]),
        start_radii=np.array([limb.start_radius for limb in limbs]),
        end_radii=np.array([limb.end_radius for limb in limbs]),
        shoes=np.array([k for k, limb in enumerate(limbs) if limb.name.endswith("shoe")]),
        chains=tuple(tuple(JOINT_INDEX[joint] for joint in limb.chain) for limb in limbs),
        names=tuple(tuple(f"{limb.name}.{tone}" for limb in limbs) for tone in tones),
        colours=tuple(tuple(shaded(limb.colour, _TONES[t][0]) for limb in limbs) for t in tones),
    )


def _neck(body: Body) -> _Limb:
    radius = 0.038 * body.build**0.5
    colour = shaded(body.skin, 0.9)
    return _Limb("neck", "neck", "nose", radius, 0.030, colour, ("pelvis", "chest"), -0.004)


def _limbs_of(b: Body, side: str) -> list[_Limb]:
    wide, extra = b.build**0.7, b.bulk
    sleeve = b.top if b.long_sleeves else b.skin
    cloth = extra if b.long_sleeves else 0.0
    trouser = b.trousers if b.long_trousers and b.garment != "skirt" else b.skin
    shin = 0.038 * wide + b.flare if b.long_trousers and b.garment != "skirt" else 0.032
    leg = (f"{side}_hip", f"{side}_knee", f"{side}_ankle")
    arm = (f"{side}_shoulder", f"{side}_elbow", f"{side}_wrist")
    return [
        _Limb(
            f"{side}.shoe", f"{side}_ankle", f"{side}_toe",
            0.026, 0.017, b.shoes, leg, -0.031,
        ),
        _Limb(
            f"{side}.shin", f"{side}_knee", f"{side}_ankle",
            0.047 * wide + 0.5 * b.flare, shin, trouser, leg, -0.03,
        ),
        _Limb(
            f"{side}.thigh", f"{side}_hip", f"{side}_knee",
            0.066 * wide, 0.049 * wide + 0.5 * b.flare, b.trousers, leg, -0.03,
        ),
        _Limb(
            f"{side}.hand", f"{side}_wrist", f"{side}_hand",
            0.019, 0.017, b.skin, arm, 0.039,
        ),
        _Limb(
            f"{side}.forearm", f"{side}_elbow", f"{side}_wrist",
            0.033 * wide + cloth, 0.026 * wide + cloth, sleeve, arm, 0.04,
        ),
        _Limb(
            f"{side}.upper_arm", f"{side}_shoulder", f"{side}_elbow",
            0.042 * wide + extra, 0.036 * wide + extra, b.top, arm, 0.04,
        ),
    ]  # fmt: skip
