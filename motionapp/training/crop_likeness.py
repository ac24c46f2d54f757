"""How near crops come to the road's own clips of the same people: what vouches for both.

Only what a scene's renderer can do is compared: side views without perspective.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motionapp.core.clip import MotionClip
from motionapp.core.geometry import Box
from motionapp.core.representation import Representation
from motionapp.recognition.framing import MARGIN
from motionapp.scenes.crop import Actor, Backcloth, Crop
from motionapp.scenes.pinhole import Pinhole
from motionapp.scenes.scene import Scene
from motionapp.sources.synthetic import SyntheticSource
from motionapp.training.crop_clips import CropCutter
from motionapp.training.gather import Collector, road_settings, walk_past, wanting

FAR_M = 1e6
"""From so far away, nothing looks larger for being nearer."""
RATE_HZ = 25


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """The same moment of the same person, by the road and as a crop."""

    road: MotionClip
    crop: MotionClip
    """In the road's own square."""
    framed: MotionClip
    """In the square that the crop finds for itself."""

    @property
    def likeness(self) -> float:
        """Correlation of all numbers of both clips, 1 for the same."""
        return correlation(self.road.maps, self.crop.maps)

    @property
    def energy(self) -> float:
        """How much of it there is in the crop, for each of the road's."""
        return float(np.abs(self.crop.maps).sum() / max(np.abs(self.road.maps).sum(), 1e-6))

    @property
    def overlap(self) -> float:
        """Intersection over union of the road's square and the crop's own."""
        return self.road.box.iou(self.framed.box)


def pair_of(scene: Scene, representation: Representation) -> Pair | None:
    """The middle clip that the road cuts of a scene's only figure, and a crop of it."""
    collector = Collector(wanting(representation))
    walk_past(
        SyntheticSource(scene, rate_hz=RATE_HZ), collector, road_settings(representation.frontend)
    )
    if not collector.clips:
        return None
    road = collector.clips[len(collector.clips) // 2]
    cutter = CropCutter(representation)
    crop = crop_of(scene, road.end_s, representation)
    own, framed = cutter.clip(crop, box=_inner(road.box)), cutter.clip(crop)
    return Pair(road, own, framed) if own is not None and framed is not None else None


def crop_of(scene: Scene, end_s: float, representation: Representation) -> Crop:
    """What a crop shows of a scene's first figure in the clip that ends at `end_s`."""
    figure = scene.figures[0]
    cue = figure.cues[0]
    since_s = end_s - (representation.steps - 1) * representation.grid_s / 2 - cue.start_s
    stature_m = figure.body.stature_m
    vx, vz = cue.performance.velocity
    actor = Actor(
        figure.body, cue.performance, since_s, (vx * since_s * stature_m, vz * since_s * stature_m)
    )
    newest = np.floor(end_s * RATE_HZ + 1e-6)
    return Crop(
        (actor,),
        Pinhole(figure.px_per_m, FAR_M, figure.foot_px, tilt_deg=scene.tilt_deg),
        scene.size,
        backcloth=Backcloth(scene.backdrop),
        light=scene.light,
        sensor=scene.sensor,
        rate_hz=RATE_HZ,
        phase=max(0.0, float(end_s * RATE_HZ - newest)),
        seed=scene.seed,
    )


def correlation(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Of all numbers of two arrays of one shape; 0.0 where one of them is flat."""
    if not one.std() or not other.std():
        return 0.0
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


def _inner(square: Box) -> Box:
    """A box whose square is this one, to a pixel."""
    side = square.width / (1 + MARGIN)
    x, y = square.centre
    return Box(round(x - side / 2), round(y - side / 2), round(x + side / 2), round(y + side / 2))
