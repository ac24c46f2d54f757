"""Cuts the clip of a crop: by the front-end's own maps and the road's own clip builder.

Only the pictures that a clip looks at are rendered, and of them only the square that it cuts out:
no scene, no detection, no tracking.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.clip import MotionClip
from motionapp.core.errors import SettingsError
from motionapp.core.frame import Epoch, Frame
from motionapp.core.geometry import Box, union_of
from motionapp.core.motion import Motion
from motionapp.core.representation import Representation
from motionapp.core.seams import FrontEnd
from motionapp.core.track import Group
from motionapp.core.window import TIME_TOLERANCE_S
from motionapp.frontends import registry
from motionapp.recognition.clips import ClipBuilder
from motionapp.recognition.framing import square_around
from motionapp.scenes.crop import Crop
from motionapp.scenes.crop_render import CropRenderer, CropStage
from motionapp.training.crop_poses import CropPoses
from motionapp.training.gather import road_settings

CROPPED: Final = ("absdiff", "flow", "pose")
"""Front-ends whose maps follow from the pictures of one clip; a background takes seconds."""

_AROUND: Final = {"absdiff": 0.0, "flow": 0.25, "pose": 0.0}
"""What is rendered beyond the square, in its sides: flow needs to see where things come from."""
_END_S: Final = 1000.0
"""Clips end at multiples of the cadence; of one so long, a crop sees one."""
_TICKS: Final = 1_000_000
_SHOWN: Final = 0.3
_LEAST_SHOWN: Final = 0.003
"""Of a clip's numbers, 0 to 1, so many have to be more than `_SHOWN`: 12 pixels of each map."""
SMALLEST_PX: Final = 8
"""Of who is nearly outside, nothing can be learnt."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """One picture's time: on the road, and in the crop."""

    pts_s: float
    duration_s: float
    t_s: float
    is_wanted: bool
    """Whether a map of the clip is this one's."""

    def frame(self, index: int, epoch: Epoch, renderer: CropRenderer) -> Frame:
        """The frame, of which the picture is rendered when somebody looks at it."""
        pts = round(self.pts_s * _TICKS)
        pixels = _Pixels(renderer, self.t_s)
        return Frame(index, pts, self.pts_s, self.duration_s, epoch, pixels)


class _Pixels:
    """Pixels of a crop's picture on demand."""

    def __init__(self, renderer: CropRenderer, t_s: float) -> None:
        self._renderer, self._t_s = renderer, t_s
        self._luma: NDArray[np.uint8] | None = None

    def luma_at(self, level: int) -> NDArray[np.uint8]:
        """Grey, halved `level` times."""
        if self._luma is None:
            self._luma = self._renderer.luma(self._t_s)
        size = self._luma.shape[1] >> level, self._luma.shape[0] >> level
        if not level:
            return self._luma
        return np.asarray(cv2.resize(self._luma, size, interpolation=cv2.INTER_AREA), np.uint8)

    def bgr(self) -> NDArray[np.uint8]:
        """Grey in three planes: no map looks at colours."""
        return np.asarray(cv2.cvtColor(self.luma_at(0), cv2.COLOR_GRAY2BGR), np.uint8)


class CropCutter:
    """Makes the clips that a network of one representation sees of crops.

    Parameters
    ----------
    representation : Representation
    given : sequence of ndarray of uint8, shape (h, w, 3)
        Empty pictures of somebody's cameras.

    Raises
    ------
    SettingsError
        The front-end's maps cannot be made from so short a stretch.
    """

    def __init__(
        self, representation: Representation, given: Sequence[NDArray[np.uint8]] = ()
    ) -> None:
        check_croppable(representation)
        self._shape, self._given = representation, given
        name = representation.frontend
        self._frontend: FrontEnd = registry.make(name, road_settings(name))

    def clip(self, crop: Crop, *, box: Box | None = None) -> MotionClip | None:
        """The clip whose middle is the crop's time 0.

        Parameters
        ----------
        crop : Crop
        box : Box, optional
            Where the person is said to be all the time; found from the crop when left out.

        Returns
        -------
        MotionClip or None
            None where the person is in the picture for less than half of it, or where nothing is
            seen of the movement: grey before grey, behind a hedge.
        """
        stage = CropStage(crop)
        moments = moments_of(crop, self._shape)
        boxes = {m.t_s: box or stage.box(m.t_s) for m in moments if m.is_wanted}
        found = [one for one in boxes.values() if one is not None]
        if not found:
            return None
        square = square_around(union_of(found), crop.size)
        region = _region(square, crop.size, _AROUND[self._shape.frontend])
        if min(region.width, region.height) < SMALLEST_PX:
            return None
        clip = self._cut(stage, moments, boxes, region)
        if clip is None or not _shows_something(clip):
            return None
        return replace(clip, box=clip.box.shifted(region.x0, region.y0))

    def _cut(
        self, stage: CropStage, moments: list[_Moment], boxes: dict[float, Box | None], region: Box
    ) -> MotionClip | None:
        renderer = CropRenderer(stage, region, self._given)
        epoch = Epoch(0, (region.width, region.height), Fraction(1, _TICKS))
        maps = self._frontend.maps(epoch, self._shape)
        builder = ClipBuilder(self._shape, cadence_s=_END_S)
        groups: tuple[Group, ...] = ()
        poses = self._poses(stage.crop, moments)
        for index, moment in enumerate(moments):
            frame = moment.frame(index, epoch, renderer)
            motion = Motion()
            if moment.is_wanted:
                if poses is not None:
                    motion = Motion(poses=poses.at(moment.t_s, region))
                groups = _group(boxes[moment.t_s], region)
            drawn = maps.step(frame, motion, is_wanted=moment.is_wanted)
            clips = builder.step(frame, motion, groups, drawn)
            if clips:
                return clips[0]
        return None

    def _poses(self, crop: Crop, moments: list[_Moment]) -> CropPoses | None:
        """Everybody's body points, where somebody looks for them."""
        if self._shape.frontend != "pose":
            return None
        return CropPoses(crop, [moment.t_s for moment in moments if moment.is_wanted])


def check_croppable(representation: Representation) -> None:
    """Refuse what sees more than one body for a moment, with a `SettingsError`."""
    name = representation.frontend
    if name not in CROPPED:
        raise SettingsError(
            f"crops cannot be seen with {name}, which has to watch for seconds: "
            f"use {', '.join(CROPPED)}"
        )
    if representation.scope == "frame":
        raise SettingsError("crops show one person, and no network of the scope frame: use track")


def moments_of(crop: Crop, shape: Representation) -> list[_Moment]:
    """The pictures that a clip is made from, oldest first, at the crop's rate.

    A map is the newest picture's at or before its time, as on the road.
    """
    step_s, reach_s = 1.0 / crop.rate_hz, (shape.steps - 1) * shape.grid_s
    grid = [_END_S - k * shape.grid_s + TIME_TOLERANCE_S for k in range(shape.steps)]
    first = math.floor((-reach_s - shape.lag_s - 2 * TIME_TOLERANCE_S) * crop.rate_hz) - 1
    moments = []
    for number in range(first, 2):
        pts_s = _END_S + (number - crop.phase) * step_s
        is_wanted = any(pts_s <= time_s < pts_s + step_s for time_s in grid)
        t_s = pts_s - _END_S + reach_s / 2
        moments.append(_Moment(pts_s, step_s, t_s, is_wanted))
    return moments


def _shows_something(clip: MotionClip) -> bool:
    """Whether the road would have called it movement, and not the camera's noise."""
    return int(np.count_nonzero(np.abs(clip.maps) > _SHOWN)) >= _LEAST_SHOWN * clip.maps.size


def _group(box: Box | None, region: Box) -> tuple[Group, ...]:
    """The body as the road has it when somebody has found the person."""
    if box is None:
        return ()
    placed = box.shifted(-region.x0, -region.y0)
    return (
        Group(
            group_id=1, box=placed, reach=placed, track_ids=(1,), is_seen=True, is_confirmed=True,
            born_s=0.0, person=1,
        ),
    )  # fmt: skip


def _region(square: Box, size: tuple[int, int], around: float) -> Box:
    """What is rendered for a square: a little more, for rounding, and within the picture."""
    margin = 2 + math.ceil(around * square.width)
    return Box(
        square.x0 - margin, square.y0 - margin, square.x1 + margin, square.y1 + margin
    ).clipped(size)
