"""The layers: what is tinted, where, in what colour, and that nobody looks at what is off."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.frame import Epoch, Frame
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.core.motion import Motion, Pose, Removal
from motionapp.core.places import DOUBTFUL, NEW, RESTLESS
from motionapp.core.track import Group, Track
from motionapp.overlay import Style, draw_moment
from motionapp.overlay.draw import draw_layers
from motionapp.overlay.masks import MASK_COLOUR, OUTSIDE_LIGHT, draw_valid
from motionapp.overlay.palette import BORDER_COLOUR, RULE_COLOURS, rule_colour
from motionapp.overlay.suppressed import OPACITY, PLACES_OPACITY
from motionapp.suppression.chain import RULES
from motionapp.testing import GreyPixels

SIZE = (320, 240)
GREY = 90
BARE = Style(groups=False, tracks=False, poses=False, events=False, status=False, valid=False)
MIDDLE = (120, 160)


def drawn(motion: Motion, style: Style, *, with_frame: bool = False) -> NDArray[np.uint8]:
    bgr = np.full((SIZE[1], SIZE[0], 3), GREY, np.uint8)
    if with_frame:
        frame = Frame(0, 0, 1.5, 0.04, Epoch(0, SIZE, Fraction(1, 1000)), GreyPixels())
        draw_moment(bgr, Moment("a", frame, motion=motion), style=style)
    else:
        draw_layers(bgr, motion, style)
    return bgr


def mask_of(rows: slice, columns: slice) -> NDArray[np.uint8]:
    """At half the scale of the picture."""
    mask = np.zeros((SIZE[1] // 2, SIZE[0] // 2), np.uint8)
    mask[rows, columns] = 255
    return mask


def mixed(colour: tuple[int, int, int], opacity: float) -> list[int]:
    return [round(GREY * (1 - opacity) + part * opacity) for part in colour]


def changed(bgr: NDArray[np.uint8]) -> Box:
    """The pixels that were drawn on."""
    at = np.argwhere((bgr != GREY).any(axis=2))
    (y0, x0), (y1, x1) = at.min(axis=0), at.max(axis=0) + 1
    return Box(int(x0), int(y0), int(x1), int(y1))


class Untouchable:
    """Fails whoever looks at it."""

    def __getattribute__(self, name: str) -> object:
        raise AssertionError(f"somebody looked at its {name}")


@pytest.mark.parametrize("rule", ["light", "stirring", "clock"])
def test_what_a_rule_took_has_the_tint_of_the_rule(rule: str) -> None:
    taken = mask_of(slice(50, 70), slice(70, 90))

    bgr = drawn(Motion(removed=(Removal(rule, 400, mask=taken),)), replace(BARE, suppressed=True))

    assert changed(bgr) == Box(140, 100, 180, 140)
    assert np.abs(bgr[MIDDLE] - np.array(mixed(RULE_COLOURS[rule], OPACITY))).max() <= 1


def test_restless_places_are_tinted_and_others_are_not() -> None:
    places = np.zeros((6, 8), np.uint8)
    places[1, 2], places[3, 3], places[4, 4] = DOUBTFUL, RESTLESS, NEW

    bgr = drawn(Motion(places=places), replace(BARE, suppressed=True))

    assert changed(bgr) == Box(120, 120, 160, 160)
    wanted = np.array(mixed(RULE_COLOURS["restless"], PLACES_OPACITY))
    assert np.abs(bgr[130, 130] - wanted).max() <= 1


def test_what_was_taken_is_shown_where_the_scene_lies() -> None:
    taken, places = mask_of(slice(50, 70), slice(70, 90)), np.zeros((6, 8), np.uint8)
    places[2, 3] = RESTLESS
    scene = np.array([[1, 0, 20], [0, 1, -40]], np.float64)

    style = replace(BARE, suppressed=True)
    pixels = drawn(Motion(removed=(Removal("clock", 400, mask=taken),), scene=scene), style)
    cells = drawn(Motion(places=places, scene=scene * (1, 1, 2)), style)

    assert changed(pixels) == Box(160, 60, 200, 100)
    assert changed(cells) == Box(160, 0, 200, 40)


def test_the_rules_are_named_in_the_corner_whatever_they_took() -> None:
    taken = mask_of(slice(100, 110), slice(0, 10))
    style = replace(BARE, suppressed=True)

    idle = drawn(Motion(), style, with_frame=True)
    busy = drawn(Motion(removed=(Removal("clock", 9, mask=taken),)), style, with_frame=True)

    assert changed(idle).y1 < 120
    assert changed(idle).x0 > 160
    own = (busy == RULE_COLOURS["clock"]).all(axis=2)
    assert own.sum() >= 80
    assert not (idle == RULE_COLOURS["clock"]).all(axis=2).any()


def test_every_rule_that_takes_or_marks_has_a_tint_of_its_own_away_from_the_masks() -> None:
    names = {rule.name for rule in RULES} - {"range"}  # lifts what another has marked

    assert names == set(RULE_COLOURS)
    colours = [np.array(rule_colour(name), int) for name in (*names, "a rule to come")]
    for number, colour in enumerate([np.array(MASK_COLOUR), *colours]):
        for other in colours[number:]:
            assert np.abs(colour - other).max() > 40


def test_outside_of_the_scene_it_is_dim_and_the_border_is_a_line() -> None:
    valid = mask_of(slice(0, 120), slice(0, 140))

    bgr = drawn(Motion(valid=valid), replace(BARE, valid=True))

    assert changed(bgr) == Box(279, 0, 320, 240)
    assert (bgr[:, 280:] == round(GREY * OUTSIDE_LIGHT)).all()
    assert (bgr[:, 279] == BORDER_COLOUR).all()


def test_a_scene_that_fills_the_picture_has_no_border() -> None:
    bgr = np.full((240, 320, 3), GREY, np.uint8)

    draw_valid(bgr, np.full((120, 160), 255, np.uint8), 1)

    assert (bgr == GREY).all()


def test_what_moves_is_tinted_where_it_moves() -> None:
    bgr = drawn(Motion(mask=mask_of(slice(50, 70), slice(70, 90))), replace(BARE, mask=True))

    assert changed(bgr) == Box(140, 100, 180, 140)
    assert np.abs(bgr[MIDDLE] - np.array(mixed(MASK_COLOUR, 0.45))).max() <= 1


def test_nobody_looks_at_layers_that_are_off() -> None:
    never = Untouchable()
    motion = Motion(
        mask=never,  # type: ignore[arg-type]
        removed=never,  # type: ignore[arg-type]
        flow=never,  # type: ignore[arg-type]
        places=never,  # type: ignore[arg-type]
        valid=never,  # type: ignore[arg-type]
        poses=never,  # type: ignore[arg-type]
    )

    assert (drawn(motion, BARE, with_frame=True) == GREY).all()


@pytest.mark.parametrize("scale", [0.5, 1.5])
def test_at_another_scale_everything_lies_in_the_same_place(scale: float) -> None:
    box = Box(80, 60, 160, 180)
    body = np.zeros((17, 3), np.float32)
    body[5:7] = (200, 60, 1), (240, 60, 1)
    motion = Motion(
        removed=(Removal("clock", 9, mask=mask_of(slice(50, 70), slice(100, 120))),),
        scene=np.array([[1, 0, 20], [0, 1, 40]], np.float64),
        poses=(Pose(body, 0.9),),
    )
    group = Group(1, box, box, (1,), is_seen=True, is_confirmed=True, born_s=0.0)
    track = Track(1, box, 0, 1, True, True, 1)
    moment = Moment("a", None, motion=motion, groups=(group,), tracks=(track,))
    bgr = np.full((round(240 * scale), round(320 * scale), 3), GREY, np.uint8)

    draw_moment(bgr, moment, style=Style(suppressed=True), scale=scale)

    left, top = round(box.x0 * scale), round(box.y0 * scale)
    assert (bgr[round(120 * scale), left] != GREY).any()
    assert (bgr[round(120 * scale), left - 1] == GREY).all()
    assert (bgr[round(60 * scale), round(220 * scale)] != GREY).any()  # a shoulder
    assert (
        np.abs(
            bgr[round(160 * scale), round(240 * scale)]
            - np.array(mixed(RULE_COLOURS["clock"], OPACITY))
        ).max()
        <= 1
    )
    assert (bgr[: top // 2, : bgr.shape[1] // 2] == GREY).all()


def test_without_boxes_every_track_has_its_corners() -> None:
    box = Box(80, 60, 160, 180)
    moment = Moment("a", None, tracks=(Track(1, box, 0, 1, True, True, 1),))
    both, alone = (np.full((240, 320, 3), GREY, np.uint8) for _ in range(2))

    draw_moment(both, moment, style=replace(BARE, tracks=True, groups=True))
    draw_moment(alone, moment, style=replace(BARE, tracks=True))

    assert (both == GREY).all()
    assert (alone[60, 80] != GREY).any()
