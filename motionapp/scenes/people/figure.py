"""The outlines of a person in the picture: which polygon, in which colour, in front of which.

Takes a body and its joints in pixels and gives parts in drawing order. A part keeps its name and
its number of vertices from one moment to the next, so that the flow of a part follows from its
vertices at two moments. Filling polygons is `sprite`'s business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.scenes.outline import Part, oval, ribbon, shaded
from motionapp.scenes.people.body import Body, Colour
from motionapp.scenes.people.limbs import limb_parts
from motionapp.scenes.people.skeleton import HEAD, JOINT_INDEX, SHOULDER_HALF

_SIDES: Final = ("left", "right")


@dataclass(frozen=True, slots=True, eq=False)
class _Skull:
    """Where a head is and how it is turned, in pixels.

    `axis` points up through it, `toward` to where the nose is seen; `front` is 1 for a face seen
    from the front and -1 from behind.
    """

    centre: NDArray[np.float64]
    axis: NDArray[np.float64]
    toward: NDArray[np.float64]
    front: float
    depth: float
    tall: float
    wide: float


def parts_of(
    body: Body,
    points: NDArray[np.float64],
    depths: NDArray[np.float64],
    *,
    stature_px: float,
    light: float = -0.5,
    scales: NDArray[np.float64] | None = None,
    trunk: Sequence[Part] | None = None,
) -> list[Part]:
    """The parts of a person, from back to front.

    Parameters
    ----------
    body : Body
    points : ndarray of float64, shape (n_joints, 2)
        Joints in pixels, x to the right and y down.
    depths : ndarray of float64, shape (n_joints,)
        Distance towards the camera in metres.
    stature_px : float
        Height of the standing body in pixels.
    light : float
        Where the light comes from: -1 the picture's left, 1 its right.
    scales : ndarray of float64, shape (n_joints,), optional
        With perspective: how much larger a thing looks at a joint than `stature_px` says.
    trunk : sequence of Part, optional
        Trunk and skirts as solids; without them both are bands along the spine, which are right
        from about the height of a man only.

    Returns
    -------
    list of Part
        Sorted for drawing: what comes later covers what came before.
    """
    view = _View(body, points, depths, stature_px, light, scales)
    middle = view.torso() + view.cloth() if trunk is None else list(trunk)
    limbs = limb_parts(body, points, depths, stature_px=stature_px, light=light, scales=scales)
    parts = limbs + middle + view.head()
    return sorted(parts, key=lambda part: part.depth)


class _View:
    """One person at one moment: joints by name, and the parts made from them."""

    def __init__(
        self, body: Body, points: NDArray[np.float64], depths: NDArray[np.float64],
        stature_px: float, light: float, scales: NDArray[np.float64] | None,
    ) -> None:  # fmt: skip
        self._body = body
        self._points = points
        self._depths = depths
        self._px = stature_px
        self._light = light
        self._is_solid = scales is not None
        nearer = 1.0 if scales is None else float(scales[JOINT_INDEX["crown"]])
        self._head_px = stature_px * nearer

    def _at(self, name: str) -> NDArray[np.float64]:
        point: NDArray[np.float64] = self._points[JOINT_INDEX[name]]
        return point

    def _depth(self, *names: str) -> float:
        return sum(float(self._depths[JOINT_INDEX[name]]) for name in names) / len(names)

    def _facing(self, left: str, right: str, width: float) -> float:
        """How square a pair of joints stands to the camera: 1 frontal, 0 from the side."""
        across = abs(float(self._at(left)[0] - self._at(right)[0])) / (width * self._px)
        return min(1.0, across)

    def _spine(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Centres and half widths of the trunk from below the hips to the collar."""
        b = self._body
        upper = self._facing("left_shoulder", "right_shoulder", 2 * SHOULDER_HALF)
        lower = self._facing("left_hip", "right_hip", 0.104)
        pelvis, waist = self._at("pelvis"), self._at("waist")
        chest, neck = self._at("chest"), self._at("neck")
        below = pelvis - 0.28 * (waist - pelvis)
        low_chest, high_chest = 0.5 * (waist + chest), chest + 0.55 * (neck - chest)
        centres = np.array(
            [below, pelvis, 0.5 * (pelvis + waist), waist, low_chest, chest, high_chest,
             chest + 0.85 * (neck - chest), neck]
        )  # fmt: skip
        front = np.array([0.072, 0.088, 0.082, 0.078, 0.086, 0.098, 0.108, 0.082, 0.044])
        deep = np.array([0.066, 0.080, 0.078, 0.076, 0.081, 0.085, 0.078, 0.064, 0.046])
        square = np.linspace(lower, upper, len(front))
        halves = np.sqrt((front * square) ** 2 + deep**2 * (1.0 - square**2))
        # A stout person is stout at the waist rather than at the collar.
        stout = b.build ** np.array([0.8, 1.0, 1.2, 1.3, 1.2, 1.0, 0.7, 0.5, 0.3])
        return centres, (halves * stout + b.bulk) * self._px

    def torso(self) -> list[Part]:
        """The trunk in three tones, with what is printed or sewn on it."""
        b = self._body
        centres, halves = self._spine()
        depth = self._depth("pelvis", "chest")
        push = self._light * float(halves[3])
        parts = [
            Part("torso.0", ribbon(centres, halves), shaded(b.top, 0.80), depth),
            Part("torso.1", ribbon(centres, halves * 0.84, shift=0.13 * push), b.top, depth + 1e-4),
            Part("torso.2", ribbon(centres[1:8], halves[1:8] * 0.42, shift=0.38 * push),
                 shaded(b.top, 1.10), depth + 2e-4),
        ]  # fmt: skip
        return parts + self._sewn(centres, halves, depth + 3e-4)

    def _sewn(
        self, centres: NDArray[np.float64], halves: NDArray[np.float64], depth: float
    ) -> list[Part]:
        b = self._body
        parts = []
        if b.pattern == "hoops":
            for row in (1, 3, 5):
                middle = 0.5 * (centres[row] + centres[row + 1])
                band = np.array([centres[row], middle])
                outline = ribbon(band, halves[row : row + 2] * 0.97)
                parts.append(Part(f"hoop.{row}", outline, b.top_other, depth))
        elif b.pattern == "panel":
            outline = ribbon(centres[4:8], halves[4:8] * 0.98)
            parts.append(Part("panel", outline, b.top_other, depth))
        # What is on the chest shows from the front only, moved towards where the body faces.
        front = self._depth("nose") - self._depth("neck")
        toward = float(self._at("nose")[0] - self._at("neck")[0])
        if b.pattern == "print" and front > 0.0:
            outline = ribbon(centres[4:7], halves[4:7] * 0.40, shift=0.8 * toward)
            parts.append(Part("print", outline, b.top_other, depth))
        if b.garment in ("jacket", "coat") and front > 0.0:
            outline = ribbon(centres[1:9], halves[1:9] * 0.16, shift=0.9 * toward)
            parts.append(Part("opening", outline, shaded(b.top_other, 0.9), depth))
        if b.garment == "shirt":
            outline = ribbon(centres[0:2], halves[0:2] * 0.96)
            parts.append(Part("belt", outline, shaded(b.trousers, 0.8), depth))
        return parts

    def cloth(self) -> list[Part]:
        """The skirt of a coat or a dress: from the waist over both thighs."""
        b = self._body
        if b.garment not in ("coat", "skirt"):
            return []
        reach = b.hem if b.garment == "coat" else 0.55 + 0.4 * b.hem
        waist, pelvis = self._at("waist"), self._at("pelvis")
        corners = []
        for side in _SIDES:
            hip, knee = self._at(f"{side}_hip"), self._at(f"{side}_knee")
            corners.append(hip + reach * (knee - hip))
        low = 0.5 * (corners[0] + corners[1])
        spread = 0.5 * float(np.hypot(*(corners[0] - corners[1])))
        _, halves = self._spine()
        centres = np.array([waist, pelvis, 0.4 * pelvis + 0.6 * low, low])
        hem = spread + (0.066 + b.bulk) * self._px
        wide = np.array([halves[3] * 0.98, halves[1] * 1.04, 0.4 * halves[1] + 0.6 * hem, hem])
        colour = b.top if b.garment == "coat" else b.trousers
        depth = self._depth("pelvis") - 0.004
        return [
            Part("cloth.0", ribbon(centres, wide), shaded(colour, 0.74), depth),
            Part("cloth.1", ribbon(centres, wide * 0.8, shift=0.12 * self._light * hem),
                 shaded(colour, 0.98), depth + 1e-4),
        ]  # fmt: skip

    def head(self) -> list[Part]:
        """Hair, face and eyes; the face moves over the head as the head turns."""
        b = self._body
        skull = self._skull()
        hair = b.skin if b.hair_style == "bald" else b.hair
        parts = self._hair(skull, hair)
        if skull.front > -0.55:
            parts += self._face(skull)
        if b.hair_style == "cap":
            parts += self._cap(skull)
        return parts

    def _skull(self) -> _Skull:
        b, px = self._body, self._head_px
        neck, crown = self._at("neck"), self._at("crown")
        up = crown - neck
        length = max(float(np.hypot(*up)), 1e-6)
        axis = up / length
        ears = 0.5 * (self._at("left_ear") + self._at("right_ear"))
        toward = (self._at("nose") - ears) / (0.066 * px)
        front = (self._depth("nose") - self._depth("left_ear", "right_ear")) / (0.066 * b.stature_m)
        # Seen from above, the middle of a head lies nearer to its crown.
        short = min(1.0, length / (HEAD * px)) if self._is_solid else 1.0
        centre = crown - axis * 0.072 * b.head * px * short
        depth = self._depth("crown", "neck") + 0.012
        tall, wide = 0.073 * b.head * px, _mix(0.063, 0.054, abs(front)) * b.head * px
        return _Skull(centre, axis, toward, front, depth, tall, wide)

    def _hair(self, skull: _Skull, hair: Colour) -> list[Part]:
        px, axis, toward, depth = self._head_px, skull.axis, skull.toward, skull.depth
        tall, wide = skull.tall, skull.wide
        back = skull.centre - toward * 0.008 * px
        parts = [Part("hair", oval(back, axis, tall, wide), shaded(hair, 0.85), depth)]
        if self._body.hair_style == "long":
            fall = np.array([back, back - axis * tall * 1.0 - toward * 0.018 * px])
            outline = ribbon(
                np.array([fall[0], fall.mean(axis=0), fall[1]]),
                np.array([wide * 1.04, wide * 1.10, wide * 0.92]),
            )
            behind = depth - 0.010 * np.sign(skull.front)
            parts.append(Part("hair.fall", outline, shaded(hair, 0.8), behind))
        if self._body.hair_style == "bun":
            knot = back - toward * 0.055 * px + axis * 0.02 * px
            outline = oval(knot, axis, 0.026 * px, 0.026 * px)
            parts.append(Part("hair.knot", outline, hair, depth - 1e-3))
        return parts

    def _face(self, skull: _Skull) -> list[Part]:
        px, axis, tall, skin = self._head_px, skull.axis, skull.tall, self._body.skin
        face = skull.centre + skull.toward * 0.020 * px - axis * 0.014 * px
        narrow = skull.wide * (0.80 if skull.front > 0.5 else 0.70)
        lit = face + np.array([self._light * 0.18 * narrow, -0.05 * tall])
        whole, bright = (
            oval(face, axis, tall * 0.78, narrow),
            oval(lit, axis, tall * 0.62, narrow * 0.74),
        )
        return [
            Part("face.0", whole, shaded(skin, 0.84), skull.depth + 1e-4),
            Part("face.1", bright, skin, skull.depth + 2e-4),
            *self._eyes(skull.depth + 3e-4, axis),
        ]

    def _cap(self, skull: _Skull) -> list[Part]:
        px, axis, cloth = self._head_px, skull.axis, self._body.top_other
        brim = skull.centre + axis * 0.030 * px + skull.toward * 0.028 * px
        across = np.array([-axis[1], axis[0]])
        edge = oval(brim, across, skull.wide * 1.02, 0.010 * px)
        top = skull.centre + axis * 0.036 * px
        crown = oval(top, axis, skull.tall * 0.52, skull.wide * 0.98)
        return [
            Part("cap.brim", edge, shaded(cloth, 0.7), skull.depth + 5e-4),
            Part("cap", crown, cloth, skull.depth + 4e-4),
        ]

    def _eyes(self, depth: float, axis: NDArray[np.float64]) -> list[Part]:
        size, dark = 0.0055 * self._head_px, (36, 34, 38)
        return [
            Part(f"{side}.eye", oval(self._at(f"{side}_eye"), axis, size, size), dark, depth)
            for side in _SIDES
            if self._depth(f"{side}_eye") > self._depth("left_ear", "right_ear") - 0.01
        ]  # fmt: skip


def _mix(low: float, high: float, u: float) -> float:
    return low + (high - low) * u
