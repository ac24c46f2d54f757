"""Boxes round groups and tracks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.core.track import Group, Track
from motionapp.core.wording import name_text
from motionapp.overlay.palette import OUTLINE_COLOUR, TRACK_COLOUR, Colour, label_colour
from motionapp.overlay.style import Sizes
from motionapp.overlay.text import Plates

EDGE_DARKER: Final = 4
"""Of what is beside a box's line, so much less light is left; half of it is lost on white."""


def draw_groups(bgr: NDArray[np.uint8], groups: tuple[Group, ...], sizes: Sizes) -> None:
    """A box for every confirmed group, thinner while it is not seen."""
    for group in _shown(groups, bgr):
        width = sizes.line_px if group.is_seen else sizes.thin_px
        outline_box(bgr, group.box, label_colour(group.label), width)


def name_groups(bgr: NDArray[np.uint8], groups: tuple[Group, ...], plates: Plates) -> None:
    """A plate with number, label and score for every confirmed group."""
    for group in _shown(groups, bgr):
        plates.beside(group.box, group_text(group), label_colour(group.label))


def draw_tracks(
    bgr: NDArray[np.uint8],
    tracks: tuple[Track, ...],
    plates: Plates,
    sizes: Sizes,
    *,
    beside_groups: bool = True,
) -> None:
    """Thin corners and a small number for every confirmed track.

    `beside_groups`: only for those that share their group, which has a box of its own.
    """
    together: dict[int, int] = {}
    for track in tracks:
        together[track.group_id] = together.get(track.group_id, 0) + track.is_confirmed
    for track in tracks:
        # The only track of a group would be drawn over the group's own box.
        if track.is_confirmed and (together[track.group_id] > 1 or not beside_groups):
            draw_corners(bgr, track.box, TRACK_COLOUR, sizes.thin_px)
            x, y = track.box.x0 + 2 * sizes.thin_px + 2, track.box.y1 - 2 * sizes.thin_px - 2
            plates.bare(x, y, str(track.track_id), TRACK_COLOUR)


def group_text(group: Group) -> str:
    """What the plate of a group says: its number, and its label and score where it has them."""
    if group.label is None:
        return f"{group.group_id}"
    return f"{group.group_id} {name_text(group.label, group.score)}"


def outline_box(bgr: NDArray[np.uint8], box: Box, colour: Colour, width_px: int) -> None:
    """Frame a half-open box from within, and darken a line beside it so that it shows anywhere:
    on snow, at night, and on what has the box's own colour."""
    height, width = bgr.shape[:2]
    seen = box.clipped((width, height))
    if not seen.area:
        return
    for side in _sides(bgr, seen, width_px + max(1, width_px // 2)):
        side[:] = side // EDGE_DARKER
    for side in _sides(bgr, seen, width_px):
        side[:] = colour


def draw_corners(bgr: NDArray[np.uint8], box: Box, colour: Colour, width_px: int) -> None:
    """Mark the four corners of a half-open box, each a quarter of the shorter side long, with a
    dark edge."""
    arm = max(3, min(box.width, box.height) // 4)
    for line, wide_px in ((OUTLINE_COLOUR, width_px + 2), (colour, width_px)):
        for x, across in ((box.x0, 1), (box.x1 - 1, -1)):
            for y, down in ((box.y0, 1), (box.y1 - 1, -1)):
                cv2.line(bgr, (x, y), (x + across * arm, y), line, wide_px)
                cv2.line(bgr, (x, y), (x, y + down * arm), line, wide_px)


def _shown(groups: tuple[Group, ...], bgr: NDArray[np.uint8]) -> list[Group]:
    """Those that have moved long enough and are, seen or coasting, still in the picture."""
    size = bgr.shape[1], bgr.shape[0]
    return [group for group in groups if group.is_confirmed and group.box.clipped(size).area]


def _sides(bgr: NDArray[np.uint8], box: Box, width_px: int) -> Iterator[NDArray[np.uint8]]:
    """Views of the four sides of a box that lies in the picture; no pixel is in two of them.

    Slices rather than cv2.rectangle, whose thick lines are centred on the edge and rounded.
    """
    x0, y0, x1, y1 = box
    top, bottom = min(y0 + width_px, y1), max(y1 - width_px, y0)
    yield bgr[y0:top, x0:x1]
    yield bgr[max(bottom, top) : y1, x0:x1]
    left, right = min(x0 + width_px, x1), max(x1 - width_px, x0)
    yield bgr[top : max(bottom, top), x0:left]
    yield bgr[top : max(bottom, top), max(right, left) : x1]
