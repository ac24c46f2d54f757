"""Boxes of people between two answers: they go where the person goes, and vanish when they do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.geometry import Box, union_of
from motionapp.core.motion import Motion, Region
from motionapp.core.person import Person
from motionapp.tracking.known import KEPT_S, MISSES, KnownPeople

SIZE = (320, 180)
WIDE, TALL = 30, 80
Way = Callable[[float], tuple[float, float]]


def texture(width: int, height: int, seed: int, *, grain: int = 4) -> NDArray[np.uint8]:
    """Smooth blotches, as cloth has them."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(30, 226, (height // grain + 2, width // grain + 2)).astype(np.float32)
    fine = np.kron(coarse, np.ones((grain, grain), np.float32))[:height, :width]
    return fine.astype(np.uint8)


BACKGROUND = texture(*SIZE, 99, grain=10) // 4 + 90


@dataclass(frozen=True)
class Patch:
    """Somebody: a textured patch on its way."""

    way: Way
    seed: int
    size: tuple[int, int] = (WIDE, TALL)

    def box(self, t_s: float) -> Box:
        x, y = self.way(t_s)
        return Box(0, 0, *self.size).shifted(round(x), round(y))


def walking(x: float, y: float, vx: float, vy: float = 0.0) -> Way:
    return lambda t_s: (x + vx * t_s, y + vy * t_s)


def picture(patches: Sequence[Patch], t_s: float) -> NDArray[np.uint8]:
    """The patches over the background, the last in front."""
    canvas = BACKGROUND.copy()
    for patch in patches:
        x0, y0, x1, y1 = patch.box(t_s)
        cut = Box(x0, y0, x1, y1).clipped(SIZE)
        part = texture(*patch.size, patch.seed)[
            cut.y0 - y0 : cut.y1 - y0, cut.x0 - x0 : cut.x1 - x0
        ]
        canvas[cut.y0 : cut.y1, cut.x0 : cut.x1] = part
    return canvas


def region(*boxes: Box, strength: float = 2.0) -> Region:
    whole = union_of(boxes)
    return Region(whole, float(sum(box.area for box in boxes)), strength)


def motion_of(regions: Sequence[Region], boxes: Sequence[Box] = ()) -> Motion:
    """Motion with a mask in which the boxes, or else the regions, are filled."""
    mask = np.zeros(SIZE[::-1], np.uint8)
    for x0, y0, x1, y1 in boxes or [region.box for region in regions]:
        mask[max(0, y0) : y1, max(0, x0) : x1] = 255
    return Motion(regions=tuple(regions), mask=mask)


def one_region(boxes: Sequence[Box]) -> Motion:
    return motion_of([region(*boxes)], boxes)


def found(*boxes: Box) -> tuple[Person, ...]:
    return tuple(Person(box, 0.9, np.zeros((17, 3), np.float32)) for box in boxes)


def shown(
    people: KnownPeople, patches: Sequence[Patch], t_s: float, motion: Motion | None = None
) -> tuple[Region, ...]:
    """Step on a picture of the patches, which move as one region."""
    if motion is None:
        motion = one_region([patch.box(t_s) for patch in patches])
    return people.step(motion, picture(patches, t_s), 0, t_s, SIZE)


def persons(regions: Sequence[Region]) -> dict[int, Box]:
    return {region.person: region.box for region in regions if region.person}


STANDING = Patch(walking(100, 60, 0), 1)


def known_standing() -> KnownPeople:
    """Somebody who is known, seen moving on the spot at 0 s."""
    people = KnownPeople()
    shown(people, [STANDING], 0.0)
    people.learn(0, found(STANDING.box(0.0)))
    return people


# -- following ---------------------------------------------------------------------------------


@pytest.mark.parametrize("rate_hz", [10, 30])
@pytest.mark.parametrize("velocity", [(60, 0), (-90, 10), (25, 15), (0, -20)])
def test_a_person_keeps_their_box_for_two_seconds_without_an_answer(
    rate_hz: int, velocity: tuple[int, int]
) -> None:
    x = 40 if velocity[0] >= 0 else 240
    patch = Patch(walking(x, 60, *velocity), 3)
    people = KnownPeople()

    for k in range(2 * rate_hz + 1):
        t_s = k / rate_hz
        boxes = persons(shown(people, [patch], t_s))
        if k == 0:
            people.learn(0, found(patch.box(t_s)))
            continue
        assert list(boxes) == [1]
        assert boxes[1].iou(patch.box(t_s)) >= 0.7


@pytest.mark.parametrize("velocity", [(-60, 0), (60, 0), (0, -60), (0, 60)])
def test_who_has_left_the_picture_is_known_no_more_whatever_moves_there(
    velocity: tuple[int, int],
) -> None:
    patch = Patch(walking(140, 50, *velocity), 3)
    clutter = region(Box(0, 0, *SIZE))  # something moves everywhere, so that nobody is at rest
    people = KnownPeople()

    for k in range(81):
        t_s = k / 20
        boxes = persons(shown(people, [patch], t_s, motion_of([clutter])))
        if k == 0:
            people.learn(0, found(patch.box(t_s)))
            continue
        assert all(box.clipped(SIZE).area for box in boxes.values())
    assert boxes == {}
    assert not people.answered_s


def passed(patches: Sequence[Patch], rate_hz: int) -> list[tuple[float, dict[int, Box]]]:
    """The boxes of patches that are found once, at 0 s, and move as one region for two seconds."""
    people = KnownPeople()
    told = []
    for k in range(2 * rate_hz + 1):
        t_s = k / rate_hz
        boxes = persons(shown(people, patches, t_s))
        if k == 0:
            people.learn(0, found(*(patch.box(t_s) for patch in patches)))
        else:
            told.append((t_s, boxes))
    return told


@pytest.mark.parametrize("rate_hz", [10, 30])
def test_two_who_pass_in_one_region_keep_their_boxes_where_heads_stay_seen(rate_hz: int) -> None:
    patches = [Patch(walking(60, 40, 60), 3), Patch(walking(220, 84, -60), 5)]

    for t_s, boxes in passed(patches, rate_hz):
        assert set(boxes) == {1, 2}
        for number, patch in enumerate(patches, start=1):
            assert boxes[number].iou(patch.box(t_s)) >= 0.7


@pytest.mark.parametrize("rate_hz", [10, 30])
def test_who_passes_before_somebody_keeps_their_box(rate_hz: int) -> None:
    patches = [Patch(walking(60, 60, 60), 3), Patch(walking(220, 62, -60), 5)]

    for t_s, boxes in passed(patches, rate_hz):
        assert boxes[2].iou(patches[1].box(t_s)) >= 0.7


@pytest.mark.parametrize("rate_hz", [10, 30])
def test_who_passes_behind_somebody_comes_out_with_their_box(rate_hz: int) -> None:
    patches = [Patch(walking(60, 60, 60), 3), Patch(walking(220, 62, -60), 5)]

    t_s, boxes = passed(patches, rate_hz)[-1]

    assert boxes[1].iou(patches[0].box(t_s)) >= 0.7


def test_who_is_hidden_while_they_are_asked_about_misses_nothing() -> None:
    patches = [Patch(walking(60, 60, 60), 3), Patch(walking(220, 62, -60), 5)]
    people = KnownPeople()

    for k in range(21):
        t_s = k / 10
        boxes = persons(shown(people, patches, t_s))
        if k == 0:
            people.learn(0, found(*(patch.box(t_s) for patch in patches)))
        elif patches[0].box(t_s).iou(patches[1].box(t_s)) >= 0.3:
            people.learn(1, found(patches[1].box(t_s)))

    assert set(boxes) == {1, 2}


def test_a_halved_picture_gives_boxes_at_full_size() -> None:
    patch = Patch(walking(40, 60, 60), 3)
    people = KnownPeople()

    for k in range(26):
        t_s = k / 25
        motion = one_region([patch.box(t_s)])
        half = picture([patch], t_s)[::2, ::2]
        motion = Motion(regions=motion.regions, mask=half.copy(), level=1)
        boxes = persons(people.step(motion, half, 1, t_s, SIZE))
        if k == 0:
            people.learn(0, found(patch.box(t_s)))

    assert boxes[1].iou(patch.box(1.0)) >= 0.7


def test_the_speed_of_a_person_is_told_in_pixels_per_second() -> None:
    patch = Patch(walking(40, 60, 60), 3)
    people = KnownPeople()
    for k in range(51):
        regions = shown(people, [patch], k / 25)
        if k == 0:
            people.learn(0, found(patch.box(0.0)))

    (person,) = regions
    assert person.velocity_px_s == pytest.approx((60, 0), abs=5)


def test_the_same_input_gives_the_same_boxes_twice() -> None:
    patches = [Patch(walking(60, 60, 60), 3), Patch(walking(220, 62, -60), 5)]

    def told() -> list[tuple[Region, ...]]:
        people = KnownPeople()
        regions = []
        for k in range(20):
            regions.append(shown(people, patches, k / 10))
            if k in (0, 10):
                people.learn(0, found(*(patch.box(k / 10) for patch in patches)))
        return regions

    assert told() == told()


# -- stopping and going ------------------------------------------------------------------------


def test_who_stops_is_no_motion_but_has_the_same_box_and_number_when_they_go_on() -> None:
    people = known_standing()
    still = Motion(mask=np.zeros(SIZE[::-1], np.uint8))

    for k in range(1, round((KEPT_S - 0.2) * 10)):
        assert shown(people, [STANDING], k / 10, still) == ()

    boxes = persons(shown(people, [STANDING], KEPT_S - 0.1))
    assert boxes == {1: STANDING.box(0.0)}


def test_who_has_stopped_for_longer_is_known_no_more() -> None:
    people = known_standing()
    still = Motion(mask=np.zeros(SIZE[::-1], np.uint8))
    for k in range(1, 10):
        shown(people, [STANDING], k * 0.3, still)

    regions = shown(people, [STANDING], KEPT_S + 0.1)

    assert persons(regions) == {}
    assert people.answered_s == {}


def test_a_hand_that_moves_carries_the_whole_person_and_is_told_apart() -> None:
    people = known_standing()
    hand = Box(124, 64, 134, 80)

    (person,) = shown(people, [STANDING], 0.1, motion_of([region(hand)]))

    assert person.box == STANDING.box(0.0)
    assert person.moving == hand
    assert person.area_px <= hand.area


def test_what_moves_of_a_person_ends_a_little_beside_their_box() -> None:
    people = known_standing()
    far = Box(90, 50, 300, 150)

    person, *_ = shown(people, [STANDING], 0.1, motion_of([region(far)]))

    assert person.person == 1
    assert person.moving == Box(90, 50, 142, 150)


# -- answers -----------------------------------------------------------------------------------


def test_who_is_not_found_twice_in_a_row_is_forgotten() -> None:
    people = known_standing()

    for k in range(1, MISSES + 1):
        assert persons(shown(people, [STANDING], k / 10)) == {1: STANDING.box(0.0)}
        people.learn(1, ())

    assert persons(shown(people, [STANDING], 0.5)) == {}


def test_one_miss_between_two_answers_forgets_nobody() -> None:
    people = known_standing()

    for k in range(1, 7):
        boxes = persons(shown(people, [STANDING], k / 10))
        people.learn(1, found(STANDING.box(0.0)) if k % 2 else ())

    assert boxes == {1: STANDING.box(0.0)}


def test_who_was_not_asked_about_misses_nothing() -> None:
    people = known_standing()

    for k in range(1, 6):
        boxes = persons(shown(people, [STANDING], k / 10))
        people.learn(0, ())

    assert boxes == {1: STANDING.box(0.0)}


def test_an_answer_moves_the_box_and_keeps_the_number() -> None:
    people = known_standing()
    shown(people, [STANDING], 1.0)
    better = Box(98, 56, 134, 144)

    people.learn(1, found(better))

    assert dict(people.answered_s) == {1: 1.0}
    assert persons(shown(people, [STANDING], 1.04)) == {1: better}


def test_who_does_not_move_is_not_taken_in() -> None:
    people = KnownPeople()
    shown(people, [STANDING], 0.0)
    beside = Box(140, 60, 170, 140)

    people.learn(0, found(STANDING.box(0.0), beside))

    assert set(people.answered_s) == {1}
    assert persons(shown(people, [STANDING], 0.1)) == {1: STANDING.box(0.0)}


def test_who_was_bent_and_is_found_whole_is_the_same_person() -> None:
    """The box of the whole is five times as large: the two overlap by a fifth."""
    people = known_standing()
    x0, y0, x1, y1 = STANDING.box(0.0)
    whole = Box(x0 - 40, y0 - 60, x1 + 40, y1 - (y1 - y0) // 4)

    people.learn(0, found(whole))

    assert set(people.answered_s) == {1}
    assert people.boxes == (whole,)


def test_who_stands_before_somebody_who_is_found_too_is_another_person() -> None:
    people = known_standing()
    x0, y0, x1, y1 = STANDING.box(0.0)
    larger = Box(x0 - 40, y0 - 60, x1 + 40, y1 + 10)

    people.learn(0, found(larger, STANDING.box(0.0)))

    assert people.boxes == (STANDING.box(0.0), larger)


def test_two_found_in_one_body_are_two_people() -> None:
    patches = [STANDING, Patch(walking(140, 60, 0), 2)]
    people = KnownPeople()
    shown(people, patches, 0.0)
    people.learn(0, found(*(patch.box(0.0) for patch in patches)))

    regions = shown(people, patches, 0.1)

    assert persons(regions) == {1: patches[0].box(0.0), 2: patches[1].box(0.0)}
    assert len(regions) == 2


def test_the_same_person_found_twice_at_a_frame_is_one() -> None:
    people = known_standing()

    people.learn(0, found(STANDING.box(0.0)))

    assert set(people.answered_s) == {1}


# -- what is left ------------------------------------------------------------------------------


def test_of_a_region_of_two_of_whom_one_is_known_the_other_stays_a_region() -> None:
    patches = [STANDING, Patch(walking(150, 60, 0), 2)]
    people = KnownPeople()
    shown(people, patches, 0.0)
    people.learn(0, found(patches[0].box(0.0)))

    person, rest = shown(people, patches, 0.1)

    assert person.person == 1
    assert person.box == patches[0].box(0.0)
    assert rest.person == 0
    assert rest.box.iou(patches[1].box(0.0)) >= 0.9
    assert rest.area_px == pytest.approx(WIDE * TALL, rel=0.1)


def test_what_moves_elsewhere_stays_the_region_that_it_is() -> None:
    people = known_standing()
    elsewhere = region(Box(220, 20, 260, 60))

    regions = shown(people, [STANDING], 0.1, motion_of([region(STANDING.box(0.0)), elsewhere]))

    assert [one.person for one in regions] == [1, 0]
    assert regions[1] is elsewhere


def test_the_border_of_a_person_is_nobody_else() -> None:
    people = known_standing()
    x0, y0, x1, y1 = STANDING.box(0.0)

    regions = shown(people, [STANDING], 0.1, motion_of([region(Box(x0 - 8, y0, x1 + 8, y1))]))

    assert [one.person for one in regions] == [1]


@pytest.mark.parametrize("box", [Box(-6, 60, 30, 140), Box(290, -10, 340, 70)])
def test_people_over_the_border_of_the_picture_are_carried_along(box: Box) -> None:
    people = KnownPeople()
    patch = Patch(walking(box.x0, box.y0, 0), 4, (box.width, box.height))
    inside = box.clipped(SIZE)
    motion = motion_of([region(inside)])
    shown(people, [patch], 0.0, motion)
    people.learn(0, found(inside))

    (person,) = shown(people, [patch], 0.1, motion)

    assert person.person == 1
    assert person.box.iou(inside) >= 0.7


def test_without_people_the_regions_are_returned_as_they_are() -> None:
    people = KnownPeople()
    motion = one_region([STANDING.box(0.0)])

    assert people.step(motion, picture([STANDING], 0.0), 0, 0.0, SIZE) is motion.regions
    people.learn(0, ())
    assert people.step(motion, picture([STANDING], 0.1), 0, 0.1, SIZE) is motion.regions


def test_without_a_mask_nothing_is_left_over_and_nothing_breaks() -> None:
    people = known_standing()
    wide = region(STANDING.box(0.0), Box(200, 60, 230, 140))

    regions = shown(people, [STANDING], 0.1, Motion(regions=(wide,)))

    assert persons(regions) == {1: STANDING.box(0.0)}


def test_another_picture_size_is_not_compared() -> None:
    people = known_standing()
    motion = one_region([STANDING.box(0.0)])

    regions = people.step(motion, BACKGROUND[::2, ::2].copy(), 1, 0.1, SIZE)

    assert persons(regions) == {1: STANDING.box(0.0)}


def test_numbers_count_from_1_after_a_restart() -> None:
    people = known_standing()
    people.restart()
    assert people.answered_s == {}

    shown(people, [STANDING], 0.0)
    people.learn(0, found(STANDING.box(0.0)))

    assert set(people.answered_s) == {1}


def test_a_number_is_never_given_twice() -> None:
    people = known_standing()
    for k in range(1, MISSES + 1):
        shown(people, [STANDING], k / 10)
        people.learn(1, ())

    people.learn(0, found(STANDING.box(0.0)))

    assert set(people.answered_s) == {2}


# -- who was seen in part ----------------------------------------------------------------------


def known_head() -> KnownPeople:
    """The upper quarter of somebody, which is all that a look has shown."""
    people = KnownPeople()
    shown(people, [STANDING], 0.0)
    x0, y0, x1, y1 = STANDING.box(0.0)
    people.learn(0, (replace(found(Box(x0, y0, x1, (3 * y0 + y1) // 4))[0], is_cut=True),))
    return people


def test_the_whole_of_who_was_seen_in_part_is_no_second_person() -> None:
    people = known_head()
    assert people.cut == {1}

    people.learn(1, found(STANDING.box(0.0)))

    assert people.cut == set()
    assert persons(shown(people, [STANDING], 0.1)) == {1: STANDING.box(0.1)}


def test_a_wider_look_in_vain_is_the_only_one_and_no_miss() -> None:
    people = known_head()

    people.learn(1, ())
    assert people.cut == set()
    for _ in range(MISSES - 1):
        people.learn(1, ())

    assert list(people.answered_s) == [1]


def test_who_is_cut_by_the_wider_look_too_is_as_whole_as_they_come() -> None:
    people = known_head()

    people.learn(1, (replace(found(STANDING.box(0.0))[0], is_cut=True),))

    assert people.cut == set()


def half(box: Box) -> Person:
    """All that a look has shown of somebody."""
    return replace(found(box)[0], is_cut=True)


def test_a_half_of_who_is_known_is_nobody_else() -> None:
    people = known_standing()
    x0, y0, x1, y1 = STANDING.box(0.0)

    people.learn(0, (half(Box(x0, y0, (x0 + 2 * x1) // 3, (y0 + y1) // 2)),))

    assert people.boxes == (STANDING.box(0.0),)


def test_a_half_from_a_look_at_the_other_arm_does_not_shrink_who_was_just_seen() -> None:
    people = known_standing()
    x0, y0, x1, y1 = STANDING.box(0.0)

    people.learn(0, (half(Box(x0, y0, x1 - 2, (y0 + 2 * y1) // 3)),))

    assert people.boxes == (STANDING.box(0.0),)


def test_two_halves_are_one_person_once_the_whole_is_seen() -> None:
    people = KnownPeople()
    shown(people, [STANDING], 0.0)
    x0, y0, x1, _ = STANDING.box(0.0)
    people.learn(0, (half(Box(x0, y0, x0 + 12, y0 + 40)),))
    people.learn(0, (half(Box(x1 - 12, y0, x1, y0 + 40)),))
    assert people.cut == {1, 2}

    people.learn(2, found(STANDING.box(0.0)))

    assert people.boxes == (STANDING.box(0.0),)


def test_a_child_who_is_seen_whole_before_somebody_is_a_person_too() -> None:
    people = known_standing()
    x0, _, x1, y1 = STANDING.box(0.0)

    people.learn(0, found(Box(x0 + 5, y1 - 30, x1 - 5, y1)))

    assert len(people.boxes) == 2
