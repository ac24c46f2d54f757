"""Draws one moment on its picture: the order in which things lie on each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from motionapp.core.event import Event
from motionapp.core.moment import Moment
from motionapp.core.motion import Motion
from motionapp.core.wording import clock_text
from motionapp.overlay.banner import draw_events, draw_status
from motionapp.overlay.boxes import draw_groups, draw_tracks, name_groups
from motionapp.overlay.flow import (
    FULL_HEIGHTS_S,
    blend_flow,
    draw_arrows,
    draw_legend,
    what_counts,
)
from motionapp.overlay.masks import NOT_VALID_COLOUR, tint_mask
from motionapp.overlay.poses import draw_pose
from motionapp.overlay.style import EVERYDAY, Sizes, Style
from motionapp.overlay.text import Plates

SMALLEST_STATUS_PX = 120
"""On a narrower picture the line of status would hide more than it says."""


def draw_moment(
    bgr: NDArray[np.uint8],
    moment: Moment,
    *,
    style: Style = EVERYDAY,
    frontend: str = "",
    open_events: Sequence[Event] = (),
) -> None:
    """Draw what is known at a frame on its picture, in place.

    Parameters
    ----------
    bgr : ndarray of uint8, shape (h, w, 3)
        The picture at full size; written to, so a copy of `Frame.bgr()`.
    moment : Moment
        Its boxes and poses are in the pixels of `bgr`.
    style : Style
        Which parts are drawn.
    frontend : str
        Named in the line of status; left out if empty.
    open_events : sequence of Event
        Named in the upper left corner: `OpenEvents` gives them.
    """
    height, width = bgr.shape[:2]
    sizes = Sizes.of(width, height)
    plates = Plates(bgr, sizes)
    motion = moment.motion
    draw_flow(bgr, motion, height, colours=style.flow, arrows=style.arrows)
    if style.mask and motion.mask is not None:
        tint_mask(bgr, motion.mask)
    if motion.valid is not None:
        tint_mask(bgr, ~motion.valid, colour=NOT_VALID_COLOUR, opacity=0.5)
    if style.poses:
        for pose in motion.poses:
            draw_pose(bgr, pose, sizes)
    if style.tracks:
        draw_tracks(bgr, moment.tracks, plates, sizes)
    if style.groups:
        draw_groups(bgr, moment.groups, sizes)
    # Plates come last, and those with a fixed place first: the others keep clear of them.
    if moment.frame is not None and width >= SMALLEST_STATUS_PX:
        now_s = moment.frame.pts_s
        if style.status:
            text = " · ".join(part for part in (clock_text(now_s), frontend) if part)
            draw_status(text, height, plates, sizes)
        if style.events:
            draw_events(tuple(open_events), now_s, plates, sizes)
    if style.groups:
        name_groups(bgr, moment.groups, plates)


def draw_flow(
    bgr: NDArray[np.uint8], motion: Motion, frame_height: int, *, colours: bool, arrows: bool
) -> None:
    """Draw a frame's flow on its picture, in place: alike in a file and in the window.

    Parameters
    ----------
    bgr : ndarray of uint8, shape (h, w, 3)
        The picture, at any scale.
    motion : Motion
        Nothing is drawn where it has no flow. With a mask, only what counts as moving and a little
        around it is drawn: on a flat wall flow is a guess.
    frame_height : int
        Of the full picture: the scale of the colours.
    colours : bool
        With their legend.
    arrows : bool
    """
    if motion.flow is None or not (colours or arrows):
        return
    flow, full_px_s = motion.flow, FULL_HEIGHTS_S * frame_height
    if motion.mask is not None:
        flow = what_counts(flow, motion.mask)
    if colours:
        blend_flow(bgr, flow, full_px_s)
    if arrows:
        draw_arrows(bgr, flow, full_px_s)
    if colours:
        draw_legend(bgr, full_px_s, "px/s")
