"""What was found in the scene, where the user sees it: in the picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.motion import Motion, Pose, Region
from motionapp.core.places import Places
from motionapp.core.track import Group, Track, Trail
from motionapp.steady.pictures import valid_in_picture
from motionapp.steady.way import Way


class InPicture:
    """Moves what was found to where it is seen at one frame.

    Parameters
    ----------
    size : tuple of int
        Width and height of the picture, in display pixels.
    way : Way
        Where the scene lies in it.
    """

    __slots__ = ("_is_none", "_size", "_way")

    def __init__(self, size: tuple[int, int], way: Way) -> None:
        self._size, self._way = size, way
        self._is_none = way.is_none

    def all(
        self, motion: Motion, tracks: tuple[Track, ...], groups: tuple[Group, ...]
    ) -> tuple[Motion, tuple[Track, ...], tuple[Group, ...]]:
        """All that is known at the frame."""
        if self._is_none:
            return motion, tracks, groups
        return self.motion(motion), self.tracks(tracks), self.groups(groups)

    def motion(self, motion: Motion) -> Motion:
        """Regions, mask, flow and poses; what part of the picture counts, where the scene is."""
        if self._is_none:
            return motion
        level = motion.level
        shape = max(1, self._size[1] >> level), max(1, self._size[0] >> level)
        moved = (_region(region, self._way, self._size) for region in motion.regions)
        return replace(
            motion,
            regions=tuple(region for region in moved if region.box.area),
            mask=None if motion.mask is None else _mask(motion.mask, self._way, level),
            flow=None if motion.flow is None else _flow(motion.flow, self._way, level),
            poses=tuple(_pose(pose, self._way) for pose in motion.poses),
            scene=self._way.matrix(),
            valid=valid_in_picture(self._way, shape, level),
        )

    def tracks(self, tracks: tuple[Track, ...]) -> tuple[Track, ...]:
        """Tracks, as far as they are known."""
        if self._is_none:
            return tracks
        put = self._way.box_in_picture
        return tuple(
            track._replace(
                box=put(track.box), moving=None if track.moving is None else put(track.moving)
            )
            for track in tracks
        )

    def groups(self, groups: tuple[Group, ...]) -> tuple[Group, ...]:
        """Bodies."""
        if self._is_none:
            return groups
        put = self._way.box_in_picture
        return tuple(
            group._replace(
                box=put(group.box),
                reach=put(group.reach),
                moving=None if group.moving is None else put(group.moving),
                trail=_trail(group.trail, self._way),
            )
            for group in groups
        )

    def places(self, places: Places | None) -> Places | None:
        """Where leaves stir or rain falls, in whole cells."""
        if places is None or self._is_none:
            return places
        rows, columns = places.cells.shape
        dx, dy = self._way.shift_at(places.size[0] / 2, places.size[1] / 2)
        across, down = dx * columns / places.size[0], dy * rows / places.size[1]
        shift = np.array([[1, 0, round(across)], [0, 1, round(down)]], np.float64)
        cells = cv2.warpAffine(places.cells, shift, (columns, rows), flags=cv2.INTER_NEAREST)
        return Places(np.asarray(cells, np.uint8), places.size)

    def masks(
        self, masks: Mapping[str, NDArray[np.uint8]], level: int
    ) -> Mapping[str, NDArray[np.uint8]]:
        """Zones, by their names."""
        if self._is_none or not masks:
            return masks
        return {name: _mask(mask, self._way, level) for name, mask in masks.items()}


def _region(region: Region, way: Way, size: tuple[int, int]) -> Region:
    moving = region.moving
    return region._replace(
        box=way.box_in_picture(region.box).clipped(size),
        moving=None if moving is None else way.box_in_picture(moving).clipped(size),
    )


def _trail(trail: Trail, way: Way) -> Trail:
    """Where a body has been in the scene: there it stays, wherever the camera looks by now."""
    (a, b, x0), (c, d, y0) = way.matrix().tolist()
    return tuple([(t_s, a * x + b * y + x0, c * x + d * y + y0) for t_s, x, y in trail])


def _mask(mask: NDArray[np.uint8], way: Way, level: int) -> NDArray[np.uint8]:
    size = (mask.shape[1], mask.shape[0])
    moved = cv2.warpAffine(mask, way.matrix(level), size, flags=cv2.INTER_NEAREST)
    moved.flags.writeable = False
    return np.asarray(moved, np.uint8)


def _flow(flow: NDArray[np.float32], way: Way, level: int) -> NDArray[np.float32]:
    size = (flow.shape[1], flow.shape[0])
    moved = cv2.warpAffine(flow, way.matrix(level), size, flags=cv2.INTER_NEAREST)
    moved.flags.writeable = False
    return np.asarray(moved, np.float32)


def _pose(pose: Pose, way: Way) -> Pose:
    matrix = way.matrix()
    keypoints = pose.keypoints.copy()
    keypoints[:, :2] = keypoints[:, :2] @ matrix[:, :2].T + matrix[:, 2]
    keypoints.flags.writeable = False
    return replace(pose, keypoints=keypoints)
