"""Trails on the picture: they fade, and show on any ground."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.frame import Epoch, Frame
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.core.track import Group
from motionapp.overlay import Style, draw_moment, part_of
from motionapp.testing import GreyPixels

SIZE = (320, 240)
BARE = Style(groups=False, tracks=False, poses=False, status=False, events=False, trails=True)
NOW_S = 8.0


def walked(*, to_s: float = NOW_S, is_confirmed: bool = True) -> Moment:
    """Somebody went from the left to the right for three seconds, at half height."""
    trail = tuple((to_s - 3 + k / 10, 40 + 8.0 * k, 120.0) for k in range(30))
    box = Box(260, 90, 300, 150)
    group = Group(1, box, box, (1,), True, is_confirmed, 0.0, label="walk", trail=trail)
    frame = Frame(9, 9, NOW_S, 0.04, Epoch(0, SIZE, Fraction(1, 1000)), GreyPixels())
    return Moment("a", frame, groups=(group,))


def drawn(moment: Moment, grey: int = 90, scale: float = 1.0) -> NDArray[np.uint8]:
    shape = round(SIZE[1] * scale), round(SIZE[0] * scale), 3
    bgr = np.full(shape, grey, np.uint8)
    draw_moment(bgr, moment, style=BARE, scale=scale)
    return bgr


def changed(bgr: NDArray[np.uint8], grey: int = 90) -> NDArray[np.int_]:
    return np.abs(bgr.astype(int) - grey).max(axis=2)


def test_the_newer_the_clearer() -> None:
    apart = changed(drawn(walked()))[118:123].max(axis=0)

    assert apart[240] > apart[160] > apart[80] > 0


@pytest.mark.parametrize("grey", [0, 90, 255])
def test_it_is_seen_on_any_ground(grey: int) -> None:
    assert changed(drawn(walked(), grey), grey)[120, 240] > 60


def test_what_is_long_ago_or_of_somebody_unsure_is_not_drawn() -> None:
    longer_ago = walked(to_s=NOW_S - 3.5)
    group = longer_ago.groups[0]._replace(is_seen=False)

    assert not changed(drawn(Moment("a", longer_ago.frame, groups=(group,)))).any()
    assert not changed(drawn(walked(is_confirmed=False))).any()


def test_a_part_and_a_mirror_show_the_same_way() -> None:
    part = Box(64, 32, 320, 224)

    seen = part_of(walked(), part, SIZE)
    mirrored = part_of(walked(), Box(0, 0, *SIZE), SIZE, is_mirrored=True)

    assert seen.groups[0].trail[0] == (NOW_S - 3, 40 - 64, 120 - 32)
    assert mirrored.groups[0].trail[0] == (NOW_S - 3, 320 - 40, 120)
    there, back = (changed(drawn(each)).max(axis=0) for each in (walked(), mirrored))
    assert back[80] == pytest.approx(there[240], abs=3)
    assert back[240] == pytest.approx(there[80], abs=3)


@pytest.mark.parametrize("scale", [0.25, 2.0])
def test_a_smaller_or_larger_picture_has_it_in_the_same_place(scale: float) -> None:
    apart = changed(drawn(walked(), scale=scale))

    rows, columns = np.nonzero(apart > 40)
    assert rows.mean() / scale == pytest.approx(120, abs=3)
    assert columns.max() / scale == pytest.approx(280, abs=3 / scale)


def test_a_way_far_outside_of_the_picture_does_not_come_back_at_the_other_side() -> None:
    moment = walked()
    trail = ((NOW_S - 1, 1e6, -1e6), (NOW_S - 0.5, 2e6, 120.0))
    group = moment.groups[0]._replace(trail=trail, is_seen=False)

    assert not changed(drawn(Moment("a", moment.frame, groups=(group,)))).any()
