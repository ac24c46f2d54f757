"""What is known at a frame, as a part of its picture or a mirror shows it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.core.motion import Differs, Motion, Pose
from motionapp.core.track import Group
from motionapp.overlay.suppressed import in_picture

A = TypeVar("A", bound=NDArray[Any])


def part_of(
    moment: Moment, part: Box, size: tuple[int, int], *, is_mirrored: bool = False
) -> Moment:
    """A moment in the pixels of a part of its picture.

    Parameters
    ----------
    moment : Moment
    part : Box
        Not empty, and within the picture. Masks and flow are cut to their nearest pixels: exactly
        where its edges are multiples of what one of these covers.
    size : tuple of (int, int)
        Width and height of the whole picture.
    is_mirrored : bool
        Left and right of the part are exchanged.

    Returns
    -------
    Moment
        Its boxes may lie outside the part.
    """
    if part == Box(0, 0, *size) and not is_mirrored:
        return moment
    seen = _Seen(part, size, is_mirrored)
    return replace(
        moment,
        groups=tuple(seen.group(group) for group in moment.groups),
        tracks=tuple(track._replace(box=seen.box(track.box)) for track in moment.tracks),
        motion=seen.motion(moment.motion),
    )


class _Seen:
    """From the pixels of a picture to those of a part of it."""

    def __init__(self, part: Box, size: tuple[int, int], is_mirrored: bool) -> None:
        self._part, self._size, self._is_mirrored = part, size, is_mirrored

    def box(self, box: Box) -> Box:
        """A box."""
        x0, x1 = box.x0 - self._part.x0, box.x1 - self._part.x0
        if self._is_mirrored:
            x0, x1 = self._part.width - x1, self._part.width - x0
        return Box(x0, box.y0 - self._part.y0, x1, box.y1 - self._part.y0)

    def group(self, group: Group) -> Group:
        """A body and its way."""
        trail = tuple([(t_s, *self.point(x, y)) for t_s, x, y in group.trail])
        return group._replace(box=self.box(group.box), reach=self.box(group.reach), trail=trail)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A place."""
        x -= self._part.x0
        return self._part.width - x if self._is_mirrored else x, y - self._part.y0

    def motion(self, motion: Motion) -> Motion:
        """All that is drawn of a motion."""
        return replace(
            motion,
            mask=None if motion.mask is None else self.array(motion.mask),
            valid=None if motion.valid is None else self.array(motion.valid),
            flow=None if motion.flow is None else self.flow(motion.flow),
            poses=tuple(self.pose(pose) for pose in motion.poses),
            removed=tuple(
                replace(one, mask=self.of_scene(one.mask, motion.scene)) for one in motion.removed
            ),
            differs=self.differs(motion),
            places=self.of_scene(motion.places, motion.scene),
            scene=None,
        )

    def differs(self, motion: Motion) -> Differs | None:
        """What the gate compared."""
        if motion.differs is None:
            return None
        strength = self.of_scene(motion.differs.strength, motion.scene)
        return None if strength is None else motion.differs._replace(strength=strength)

    def array(self, array: A) -> A:
        """Of any scale that shows the whole picture."""
        height, width = array.shape[:2]
        across, down = width / self._size[0], height / self._size[1]
        x0, x1 = (round(edge * across) for edge in (self._part.x0, self._part.x1))
        y0, y1 = (round(edge * down) for edge in (self._part.y0, self._part.y1))
        # At least a pixel: what is drawn is stretched to the part.
        x0, y0 = min(x0, width - 1), min(y0, height - 1)
        cut = array[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)]
        return cut[:, ::-1] if self._is_mirrored else cut  # type: ignore[return-value]  # a view

    def flow(self, flow: NDArray[np.float32]) -> NDArray[np.float32]:
        """What goes to the right goes to the left in a mirror."""
        cut = self.array(flow)
        return cut * np.array((-1, 1), np.float32) if self._is_mirrored else cut

    def pose(self, pose: Pose) -> Pose:
        """Body points."""
        keypoints = pose.keypoints.copy()
        keypoints[:, :2] -= np.array((self._part.x0, self._part.y0), np.float32)
        if self._is_mirrored:
            keypoints[:, 0] = self._part.width - keypoints[:, 0]
        return replace(pose, keypoints=keypoints)

    def of_scene(
        self, mask: NDArray[np.uint8] | None, scene: NDArray[np.float64] | None
    ) -> NDArray[np.uint8] | None:
        """What lies in the scene, where the part shows it."""
        if mask is None:
            return None
        return self.array(mask if scene is None else in_picture(mask, scene, self._size))
