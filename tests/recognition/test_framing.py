"""Which square a network sees, by the scope of its contract."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.core.motion import Region
from motionapp.core.representation import Scope
from motionapp.core.track import Group
from motionapp.recognition.framing import FRAMINGS, Seen, framed, square_around

SIZE = (640, 360)
MAN = Box(300, 40, 400, 320)


def group(box: Box, number: int = 1, *, person: int = 0, moving: Box | None = None,
          is_seen: bool = True) -> Group:  # fmt: skip
    return Group(number, box, box, (number,), is_seen, True, 0.0, person=person, moving=moving)


def mask_of(*boxes: Box) -> NDArray[np.uint8]:
    mask = np.zeros((SIZE[1], SIZE[0]), np.uint8)
    for x0, y0, x1, y1 in boxes:
        mask[y0:y1, x0:x1] = 255
    return mask


def seen(groups: Sequence[Group], *moved: Box, also: Sequence[Box] = ()) -> Seen:
    """A frame at which `moved` are regions, and `also` moves too faintly to be any."""
    regions = tuple(Region(box, box.area, 1.0) for box in moved)
    return Seen(regions, groups, mask_of(*moved, *also), 0)


def square(scope: Scope, whose: Group, *window: Seen) -> Box | None:
    found = framed(scope, whose, window, SIZE)
    return None if found is None else found.square


def boxes(scope: Scope, whose: Group, *window: Seen) -> tuple[Box | None, ...]:
    found = framed(scope, whose, window, SIZE)
    assert found is not None
    return found.boxes


def test_a_person_is_framed_whole_while_only_a_hand_moves() -> None:
    hand = Box(390, 120, 410, 150)
    man = group(MAN, person=3, moving=hand)

    found = square("track", man, *[seen([man], hand)] * 6)

    assert found == square_around(MAN.union(hand), SIZE)


def test_an_arm_beyond_the_box_of_a_person_is_theirs_a_shadow_is_not() -> None:
    arm, shadow = Box(400, 100, 480, 120), Box(10, 300, 400, 340)
    waves, throws = group(MAN, person=3, moving=arm), group(MAN, person=3, moving=shadow)

    with_arm = square("track", waves, *[seen([waves], arm)] * 6)
    with_shadow = square("track", throws, *[seen([throws], shadow)] * 6)

    assert with_arm == square_around(MAN.union(arm), SIZE)
    assert with_shadow == square_around(Box(188, 40, 400, 340), SIZE)


def test_who_is_somebody_else_in_one_body_with_them_at_first_is_left_out() -> None:
    """A search found two people in one moving region, in the middle of the clip."""
    both = Box(100, 40, 400, 320)
    before, man = group(both), group(MAN, person=3)
    other = group(Box(100, 40, 200, 320), 2, person=4)

    found = square("track", man, *[seen([before], both)] * 3, *[seen([man, other], both)] * 3)

    assert found == square_around(MAN, SIZE)


def test_who_was_still_for_most_of_the_clip_has_no_square() -> None:
    man, still = group(MAN, person=3), group(MAN, person=3, is_seen=False)

    assert square("track", man, *[seen([still])] * 4, *[seen([man], MAN)] * 2) is None
    assert square("track", man, *[seen([still])] * 3, *[seen([man], MAN)] * 3) is not None


def test_a_few_stray_pixels_make_nobody_larger() -> None:
    """Where no person is known: 27 of 2,700 pixels made the square 704 wide."""
    trunk, strays = (
        Box(330, 60, 370, 300),
        [Box(140, 200, 143, 203), Box(590, 200, 593, 203)],
    )
    leg = group(Box(330, 200, 400, 300))
    window = [seen([leg], leg.box, also=[trunk, *strays])] * 6

    old, new = square("moving", leg, *window), square("track", leg, *window)

    assert old is not None
    assert new is not None
    assert old.width > 450
    assert new.width == pytest.approx(1.1 * 240, rel=0.03)
    assert new.y0 <= 70


@pytest.mark.parametrize(("away_px", "is_pair"), [(40, True), (400, False)])
def test_who_is_near_somebody_is_seen_with_them_by_a_network_of_pairs(
    away_px: int, is_pair: bool
) -> None:
    one = group(Box(60, 100, 120, 260), person=1)
    other = group(Box(120 + away_px, 100, 180 + away_px, 260), 2, person=2)
    third = group(Box(560, 100, 620, 260), 3, person=3)
    window = [seen([one, other, third], one.box, other.box)] * 6

    found = square("group", one, *window)

    both = one.box.union(other.box) if is_pair else one.box
    assert found == square_around(both, SIZE)


def test_a_network_of_pictures_sees_all_of_it() -> None:
    man = group(MAN, person=3)

    assert square("frame", man, *[seen([man], MAN)] * 6) == Box(0, -140, 640, 500)


@pytest.mark.parametrize("scope", FRAMINGS)
def test_every_framing_tells_where_the_body_was_at_each_map(scope: Scope) -> None:
    """A man who walks past one who stands still, and is not seen to move at one of the times."""
    stands = group(Box(330, 40, 390, 320), 2, person=4, is_seen=False)
    places = [MAN.shifted(8 * n, 0) for n in range(6)]
    walks = [group(box, person=3, is_seen=n != 2) for n, box in enumerate(places)]
    window = [seen([man, stands], *[man.box] if man.is_seen else []) for man in walks]

    assert boxes(scope, walks[-1], *window) == (*places[:2], None, *places[3:])


@pytest.mark.parametrize("scope", FRAMINGS)
def test_where_a_body_without_a_name_was_is_told_too(scope: Scope) -> None:
    places = [MAN.shifted(8 * n, 0) for n in range(6)]
    window = [seen([group(box)], box) for box in places]

    found = boxes(scope, group(places[-1]), *window)

    assert [box.centre[0] for box in found if box] == pytest.approx(
        [box.centre[0] for box in places], abs=2
    )


@pytest.mark.parametrize("scope", FRAMINGS)
def test_who_was_still_is_framed_by_no_framing(scope: Scope) -> None:
    man, still = group(MAN, person=3), group(MAN, person=3, is_seen=False)

    assert square(scope, man, *[seen([still])] * 4, *[seen([man], MAN)] * 2) is None
