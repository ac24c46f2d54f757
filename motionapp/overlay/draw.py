"""Draws one moment on its picture: the order in which things lie on each other.

The annotated video, the report's pictures and the window all call this, so that they are alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.core.event import Event
from motionapp.core.moment import Moment
from motionapp.core.motion import Motion
from motionapp.core.wording import clock_text
from motionapp.overlay.banner import draw_events, draw_status
from motionapp.overlay.boxes import draw_groups, draw_tracks, name_groups
from motionapp.overlay.difference import difference_rows, draw_difference
from motionapp.overlay.fitted import fitted
from motionapp.overlay.flow import blend_flow, draw_arrows, laid_wheel, top_speed, what_counts
from motionapp.overlay.legends import draw_arrow_legend, draw_legend
from motionapp.overlay.masks import draw_valid, tint_mask
from motionapp.overlay.poses import draw_pose
from motionapp.overlay.style import EVERYDAY, Sizes, Style
from motionapp.overlay.suppressed import draw_suppressed, rule_rows
from motionapp.overlay.text import Plates
from motionapp.overlay.trails import draw_trails

SMALLEST_STATUS_PX: Final = 120
"""On a narrower picture the line of status would hide more than it says."""
SMALLEST_LEGEND_PX: Final = 200
"""The same, of the rules' names."""


def draw_moment(
    bgr: NDArray[np.uint8],
    moment: Moment,
    *,
    style: Style = EVERYDAY,
    frontend: str = "",
    open_events: Sequence[Event] = (),
    scale: float = 1.0,
) -> None:
    """Draw what is known at a frame on its picture, in place.

    Parameters
    ----------
    bgr : ndarray of uint8, shape (h, w, 3)
        The picture; written to, so a copy of `Frame.bgr()`.
    moment : Moment
        Its boxes and poses are in the pixels of its frame.
    style : Style
        Which parts are drawn. What is not is not looked at, either.
    frontend : str
        Named in the line of status; left out if empty.
    open_events : sequence of Event
        Named in the upper left corner: `OpenEvents` gives them.
    scale : float
        Pixels of `bgr` to one of the frame.
    """
    height, width = bgr.shape[:2]
    sizes = Sizes.of(width, height)
    plates = Plates(bgr, sizes)
    moment = fitted(moment, scale)
    motion = moment.motion
    draw_layers(bgr, motion, style, scale=scale)
    if style.trails and moment.frame is not None:
        draw_trails(bgr, moment.groups, moment.frame.pts_s, sizes)
    if style.poses:
        for pose in motion.poses:
            draw_pose(bgr, pose, sizes)
    if style.tracks:
        draw_tracks(bgr, moment.tracks, plates, sizes, beside_groups=style.groups)
    if style.groups:
        draw_groups(bgr, moment.groups, sizes)
    # Plates come last, and those with a fixed place first: the others keep clear of them.
    if width >= SMALLEST_LEGEND_PX:
        rows = difference_rows(motion) if style.difference else []
        rows += rule_rows(motion) if style.suppressed else []
        if rows:
            plates.legend(rows)
    if moment.frame is not None and width >= SMALLEST_STATUS_PX:
        now_s = moment.frame.pts_s
        if style.status:
            text = " · ".join(part for part in (clock_text(now_s), frontend) if part)
            draw_status(text, height, plates, sizes)
        if style.events:
            draw_events(tuple(open_events), now_s, plates, sizes)
    if style.groups:
        name_groups(bgr, moment.groups, plates)


def draw_layers(
    bgr: NDArray[np.uint8], motion: Motion, style: Style, *, scale: float = 1.0
) -> None:
    """Lay over a picture, in place, what was seen in each of its places.

    Parameters
    ----------
    bgr : ndarray of uint8, shape (h, w, 3)
    motion : Motion
    style : Style
        Its difference, flow, arrows, mask, suppressed and valid count.
    scale : float
        Pixels of `bgr` to one of the frame.
    """
    height, width = bgr.shape[:2]
    if style.difference:
        draw_difference(bgr, motion, scale=scale)
    draw_flow(bgr, motion, colours=style.flow, arrows=style.arrows)
    if style.mask and motion.mask is not None:
        tint_mask(bgr, motion.mask)
    if style.suppressed:
        draw_suppressed(bgr, motion, scale=scale)
    if style.valid and motion.valid is not None:
        draw_valid(bgr, motion.valid, Sizes.of(width, height).thin_px)
    # Last: no tint may lie on it.
    explain_flow(bgr, motion, colours=style.flow, arrows=style.arrows)


def draw_flow(bgr: NDArray[np.uint8], motion: Motion, *, colours: bool, arrows: bool) -> None:
    """Draw a frame's flow on its picture, in place.

    Parameters
    ----------
    bgr : ndarray of uint8, shape (h, w, 3)
        The picture, at any scale.
    motion : Motion
        Nothing is drawn where it has no flow. With a mask, only what counts as moving and a little
        around it is drawn: on a flat wall flow is a guess.
    colours, arrows : bool
        What is drawn.
    """
    if motion.flow is None or not (colours or arrows):
        return
    flow, full_px_s = motion.flow, top_speed(motion)
    if motion.mask is not None:
        flow = what_counts(flow, motion.mask)
    if colours:
        blend_flow(bgr, flow, full_px_s)
    if arrows:
        draw_arrows(bgr, flow, full_px_s)


def explain_flow(bgr: NDArray[np.uint8], motion: Motion, *, colours: bool, arrows: bool) -> None:
    """Put the legend of what `draw_flow` draws into the lower right corner, in place: the wheel of
    colours with the speed of its rim, or the longest arrow with its own."""
    if motion.flow is None:
        return
    if colours:
        draw_legend(bgr, top_speed(motion), "px/s", wheel_of=laid_wheel)
    elif arrows:
        draw_arrow_legend(bgr, top_speed(motion), "px/s")
