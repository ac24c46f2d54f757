"""What a front-end saw at one frame."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box


class Region(NamedTuple):
    """A connected moving part of the picture; a tuple, since a busy picture has dozens."""

    box: Box
    area_px: float
    """Moving pixels, counted at full size."""
    strength: float
    """How far above its threshold the part is; 1 is just at it."""
    velocity_px_s: tuple[float, float] | None = None
    """Where it is measured: pixels per second, x to the right, y down."""
    person: int = 0
    """The person that it is, whose box it has; 0 where it is only what moves."""
    moving: Box | None = None
    """What moves of a person; None where the box is that."""
    speed_m_s: float | None = None
    """Metres per second, where it is measured and a scale is known."""


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """The body points of one person."""

    keypoints: NDArray[np.float32]
    """Shape (17, 3): x and y in full-frame display pixels, visibility 0 to 1 (COCO's order)."""
    score: float
    """How sure the network is that a person is there, 0 to 1."""
    person: int = 0
    """The person that it is, as regions say it; 0 where nobody is followed."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """The figures behind a front-end's decision; what a "why not?" is answered from."""

    noise: float = 0.0
    """Measured noise of the compared pictures, in grey levels (or pixels per second)."""
    threshold: float = 0.0
    """What a pixel had to exceed, in the same unit."""
    light_gain: float = 1.0
    """Brightness of this picture over that of the earlier one, as a factor."""
    light_offset: float = 0.0
    """The rest of the brightness change, in grey levels."""
    share: float = 0.0
    """Moving share of the picture, 0 to 1."""
    light_share: float = 1.0
    """If `share` is above it, only what has hard borders counts."""
    strongest: float = 0.0
    """Largest difference of the pixels that are looked at for noise, in grey levels."""
    rejected_area: float = 0.0
    """Largest region that was too small, in moving shares of the picture."""
    outside: float = 0.0
    """Share of the picture that moved but was cut out by zones or a burned-in clock."""
    camera_px: float = 0.0
    """By so many full-frame pixels the picture was moved back, where it was moved most; 0 where the
    camera stands."""
    declined: str = ""
    """Why nothing counts: `priming`, `damaged`, or what was left out: `light`, `stirring`
    (leaves, rain), `clock`, `zone`, `camera`; empty if nothing was, or something else moves."""


Map: TypeAlias = NDArray[np.uint8] | NDArray[np.float32]
"""What a network sees of one frame: (h, w) magnitudes, or (h, w, planes), read-only."""


@dataclass(frozen=True, slots=True, eq=False)
class Contrast:
    """What a mask was made of: two pictures in the same light, and how they differ."""

    then: NDArray[np.uint8]
    now: NDArray[np.uint8]
    strength: NDArray[np.uint8]
    """What was compared with the threshold; all three at analysis scale."""
    unit: float
    """The threshold: a region's strength is given in multiples of it. Greater than 0."""


class Differs(NamedTuple):
    """How much each pixel differs to a gate."""

    strength: NDArray[np.uint8]
    """Shape (h, w) at analysis scale, read-only; what was compared with `unit`."""
    unit: float
    """The threshold. Greater than 0."""


@dataclass(frozen=True, slots=True)
class Removal:
    """What one rule of suppression took out of a mask."""

    rule: str
    px: int
    """Moving pixels, at analysis scale, that no rule before it had taken."""
    figures: tuple[tuple[str, float], ...] = ()
    """What it measured, by name."""
    mask: NDArray[np.uint8] | None = field(default=None, compare=False, repr=False)
    """Those pixels, 0 or 255: the rule's own array, read-only. In the scene (`Motion.scene`)."""


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """What moves at one frame. Arrays are read-only and belong to whoever got them."""

    frontend: str = ""
    """The name of the front-end that saw it."""
    level: int = 0
    """Analysis scale: how often the picture was halved for mask and flow."""
    strength: float = 0.0
    """Moving share of the picture weighed by how strongly it moves; 0 where nothing does."""
    regions: tuple[Region, ...] = ()
    mask: NDArray[np.uint8] | None = None
    """At analysis scale, 0 or 255; None while priming."""
    contrast: Contrast | None = None
    """Beside a mask of which the regions are still to be found; None once they are."""
    differs: Differs | None = None
    """What the gate's mask was made of; None while priming. In the scene."""
    removed: tuple[Removal, ...] = ()
    """What suppression took out of the gate's mask, rule by rule; empty where it took nothing."""
    flow: NDArray[np.float32] | None = None
    """Shape (h, w, 2) at analysis scale: full-frame pixels per second, x right, y down."""
    lately_px_s: float = 0.0
    """Hardly anything that moves has been faster lately, since the last rest; 0 where there is no
    flow. It decides nothing: a flow is drawn by it, so that colours keep their meaning."""
    poses: tuple[Pose, ...] = ()
    places: NDArray[np.uint8] | None = None
    """The cells of `core.places.Places`; None where all is calm. In the scene."""
    scene: NDArray[np.float64] | None = None
    """Shape (2, 3): takes a point of the scene to where it lies in the picture, in full-frame
    pixels; None where the camera stands. All else but `differs`, `removed` and `places` lies in
    the picture: to move what few look at would cost everybody."""
    valid: NDArray[np.uint8] | None = None
    """At analysis scale, 255 where the mask can be trusted and 0 where the picture shows what is no
    part of the scene (a camera that moves); None where all of it can."""
    lag_s: float = 0.0
    """The actual seconds between the two compared pictures; 0 while priming."""
    reasons: Reasons = Reasons()

    @property
    def moved(self) -> bool:
        """Whether anything moves."""
        return bool(self.regions)


STILL = Motion(reasons=Reasons(declined="priming"))
"""Nothing has been compared, and nobody has looked."""


def priming(frontend: str, level: int) -> Motion:
    """What a front-end says while it has nothing to compare with."""
    return Motion(frontend=frontend, level=level, reasons=STILL.reasons)
