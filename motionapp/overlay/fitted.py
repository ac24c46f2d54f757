"""What is known at a frame, in the pixels of a picture that was made smaller or larger."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.core.motion import Pose
from motionapp.core.track import Group


def fitted(moment: Moment, scale: float) -> Moment:
    """Boxes and body points times `scale`; masks and flow are stretched by whoever draws them."""
    if scale == 1.0:
        return moment
    return replace(
        moment,
        groups=tuple(_group(group, scale) for group in moment.groups),
        tracks=tuple(track._replace(box=_box(track.box, scale)) for track in moment.tracks),
        motion=replace(
            moment.motion, poses=tuple(_pose(pose, scale) for pose in moment.motion.poses)
        ),
    )


def _group(group: Group, scale: float) -> Group:
    return group._replace(
        box=_box(group.box, scale),
        reach=_box(group.reach, scale),
        trail=tuple([(t_s, x * scale, y * scale) for t_s, x, y in group.trail]),
    )


def _box(box: Box, scale: float) -> Box:
    x0, y0, x1, y1 = (round(edge * scale) for edge in box)
    # What is a pixel wide far away is still there.
    return Box(x0, y0, max(x1, x0 + (box.x1 > box.x0)), max(y1, y0 + (box.y1 > box.y0)))


def _pose(pose: Pose, scale: float) -> Pose:
    keypoints = pose.keypoints.copy()
    keypoints[:, :2] *= np.float32(scale)
    return replace(pose, keypoints=keypoints)
