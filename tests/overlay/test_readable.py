"""Boxes, corners, plates and legends are to be read on any ground."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.frame import Epoch, Frame
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.core.motion import Motion, Removal
from motionapp.core.track import Group, Track
from motionapp.overlay import Style, draw_moment, label_colour
from motionapp.overlay.palette import MOTION_COLOUR, TRACK_COLOUR
from motionapp.testing import GreyPixels

SIZE = (640, 360)
BOX = Box(200, 120, 300, 300)
NAMES = ("walk", "run", "wave2", "unknown", None)
GROUNDS = {
    "white": (255, 255, 255),
    "black": (0, 0, 0),
    "grey": (128, 128, 128),
    "red": MOTION_COLOUR,
    "light grey": TRACK_COLOUR,
}


def ground(colour: tuple[int, int, int]) -> NDArray[np.uint8]:
    return np.full((SIZE[1], SIZE[0], 3), colour, np.uint8)


def drawn(bgr: NDArray[np.uint8], style: Style, *, label: str | None, motion: Motion) -> None:
    frame = Frame(0, 0, 1.0, 0.04, Epoch(0, SIZE, Fraction(1, 1000)), GreyPixels())
    group = Group(1, BOX, BOX, (1, 2), True, True, 0.0, label=label, score=None)
    tracks = tuple(Track(n, BOX, 0.0, 1.0, True, True, 1) for n in (1, 2))
    moment = Moment("a", frame, motion, tracks=tracks, groups=(group,))
    draw_moment(bgr, moment, style=style)


@pytest.mark.parametrize("colour", [*GROUNDS.values(), *(label_colour(name) for name in NAMES)])
@pytest.mark.parametrize("label", NAMES)
def test_a_box_is_seen_on_any_ground_also_on_its_own_colour(
    colour: tuple[int, int, int], label: str | None
) -> None:
    bgr = ground(colour)

    drawn(bgr, Style(tracks=False, status=False), label=label, motion=Motion())

    across = bgr[200, BOX.x0 - 4 : BOX.x0 + 8].astype(int) - colour
    assert np.abs(across).max() >= 90


@pytest.mark.parametrize("colour", GROUNDS.values(), ids=GROUNDS)
def test_the_corners_of_tracks_are_seen_on_any_ground(colour: tuple[int, int, int]) -> None:
    bgr = ground(colour)

    drawn(bgr, Style(groups=False, status=False), label=None, motion=Motion())

    across = bgr[BOX.y0 + 10, BOX.x0 - 4 : BOX.x0 + 5].astype(int) - colour
    assert np.abs(across).max() >= 90


@pytest.mark.parametrize("colour", GROUNDS.values(), ids=GROUNDS)
def test_letters_have_seven_times_the_light_of_their_plates(
    colour: tuple[int, int, int],
) -> None:
    """W3C, Web Content Accessibility Guidelines 2.1, 1.4.6: 7 to 1 reads for nearly everybody."""
    bgr = ground(colour)

    drawn(bgr, Style(tracks=False, status=False), label="walk", motion=Motion())

    plate = bgr[BOX.y0 - 4, BOX.x0 + 8].astype(float) / 255  # below the letters
    light = np.where(plate <= 0.04045, plate / 12.92, ((plate + 0.055) / 1.055) ** 2.4)
    assert 1.05 / (float(light @ (0.0722, 0.7152, 0.2126)) + 0.05) >= 7


def test_no_tint_lies_on_the_legend_of_the_flow() -> None:
    everywhere = np.full((90, 160), 255, np.uint8)
    flow = np.full((90, 160, 2), 60, np.float32)
    motion = Motion(flow=flow, mask=everywhere, removed=(Removal("stirring", 9, mask=everywhere),))
    bare, tinted = ground((90, 90, 90)), ground((90, 90, 90))
    off = Style(groups=False, tracks=False, status=False, flow=True)

    drawn(bare, off, label=None, motion=motion)
    drawn(tinted, replace(off, suppressed=True), label=None, motion=motion)

    middle = slice(SIZE[1] - 30, SIZE[1] - 26), slice(SIZE[0] - 40, SIZE[0] - 30)
    assert np.array_equal(bare[middle], tinted[middle])
    assert not np.array_equal(bare[100:110, 100:110], tinted[100:110, 100:110])
