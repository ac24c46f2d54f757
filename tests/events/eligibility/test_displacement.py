"""Bodies in restless places: who goes somewhere counts, who stays does not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from motionapp.core.geometry import Box
from motionapp.core.motion import Region
from motionapp.core.places import DOUBTFUL, NEW, RESTLESS
from motionapp.core.track import Group, Track
from motionapp.events.eligibility.displacement import (
    CRUMB_S,
    KEPT_S,
    LARGE_S,
    WITHIN_S,
    Displacement,
)

SIZE = (640, 360)
BODY = Box(100, 100, 150, 220)


def all_places(place: int) -> np.ndarray:
    return np.full((24, 43), place, np.uint8)


def body(box: Box, now_s: float, *, born_s: float = 0.0) -> tuple[Region, Track, Group]:
    """One body of one track, seen with a region of its own."""
    track = Track(1, box, born_s, now_s, True, True, 1)
    group = Group(1, box, box, (1,), is_seen=True, is_confirmed=True, born_s=born_s)
    return Region(box, float(box.area), 2.0), track, group


def walked(
    displacement: Displacement,
    boxes: Sequence[Box],
    places: np.ndarray | None,
    *,
    start_s: float = 0.0,
) -> list[Group]:
    """How a body counts that is seen ten times a second."""
    counted = []
    for k, box in enumerate(boxes):
        now_s = start_s + k / 10
        region, track, group = body(box, now_s)
        counted += displacement.step(now_s, [region], [track], [group], places, SIZE)
    return counted


def way(steps: int, step_px: int) -> list[Box]:
    return [BODY.shifted(k * step_px, 0) for k in range(steps)]


def test_in_calm_places_every_body_counts_as_it_is() -> None:
    region, track, group = body(BODY, 0.0)

    (counted,) = Displacement().step(0.0, [region], [track], [group], None, SIZE)

    assert counted.standing == (True, 0.0, "", 0.0, 0.0, False, True)
    assert counted._replace(standing=None) == group


def test_who_stays_in_a_restless_place_does_not_count() -> None:
    counted = walked(Displacement(), [BODY] * 50, all_places(RESTLESS))

    assert not any(group.moves or group.is_settled for group in counted)
    assert {group.standing.rule for group in counted if group.standing} == {"displacement"}


def where_new(box: Box) -> np.ndarray:
    places = all_places(RESTLESS)
    places[box.y0 // 15 : box.y1 // 15, box.x0 // 15 : box.x1 // 15] = NEW
    return places


def test_who_is_new_in_a_restless_place_counts_without_going_anywhere() -> None:
    displacement = Displacement()
    before = walked(displacement, [BODY] * 20, all_places(RESTLESS))

    (now,) = walked(displacement, [BODY], where_new(BODY), start_s=2.0)
    after = walked(displacement, [BODY] * 20, all_places(RESTLESS), start_s=2.1)

    assert not any(group.moves for group in before)
    assert now.moves
    assert now.since_s == 2.0
    assert sum(group.moves for group in after) == round(LARGE_S * 10)


def test_who_is_new_elsewhere_makes_nobody_else_count() -> None:
    places = where_new(BODY.shifted(300, 0))

    assert not any(group.moves for group in walked(Displacement(), [BODY] * 20, places))


def test_how_far_a_body_went_is_told_while_it_is_not_far_enough() -> None:
    counted = walked(Displacement(), way(4, 12), all_places(RESTLESS))

    assert counted[-1].standing is not None
    assert counted[-1].standing.measured == 36 / SIZE[1] < counted[-1].standing.needed


def test_who_walks_through_a_restless_place_counts_from_the_beginning_of_the_walk() -> None:
    counted = walked(Displacement(), way(20, 12), all_places(RESTLESS))

    assert not counted[3].moves
    assert counted[-1].moves
    assert counted[-1].since_s == 0.0


def test_who_has_gone_and_stays_counts_for_a_few_seconds_more() -> None:
    displacement = Displacement()
    boxes = way(15, 12)

    counted = walked(displacement, boxes + [boxes[-1]] * 60, all_places(RESTLESS))

    assert counted[len(boxes) + 10 * int(WITHIN_S) - 10].moves
    assert not counted[-1].moves


def test_a_track_that_hops_between_branches_goes_nowhere() -> None:
    branches = [BODY, BODY.shifted(100, 0)]

    counted = walked(
        Displacement(), [branches[k // 8 % 2] for k in range(60)], all_places(RESTLESS)
    )

    assert not any(group.moves for group in counted)


def test_a_part_that_grows_into_the_whole_tree_goes_nowhere() -> None:
    parts = [Box(100, 100, 140, 140)] * 5 + [Box(100, 60, 280, 240)] * 5
    parts += [Box(220, 180, 280, 240)] * 5

    counted = walked(Displacement(), parts, all_places(RESTLESS))

    assert not any(group.moves for group in counted)


def test_a_doubtful_place_makes_a_body_doubtful_and_no_more() -> None:
    counted = walked(Displacement(), [BODY] * 5, all_places(DOUBTFUL))

    assert all(group.moves and group.is_doubtful for group in counted)


def test_a_place_stays_restless_while_a_long_gust_leaves_no_crumbs() -> None:
    displacement = Displacement()
    walked(displacement, [BODY] * 2, all_places(RESTLESS))

    later = walked(displacement, [BODY], None, start_s=KEPT_S - 1.0)
    much_later = walked(displacement, [BODY], None, start_s=KEPT_S + 1.0)

    assert not later[0].moves
    assert much_later[0].moves


def test_at_rest_every_place_is_forgotten() -> None:
    displacement = Displacement()
    walked(displacement, [BODY] * 2, all_places(RESTLESS))

    displacement.restart()

    assert walked(displacement, [BODY], None, start_s=1.0)[0].moves
    assert displacement.places is None


def test_a_speck_beside_a_tree_may_be_a_falling_leaf_and_must_last() -> None:
    places = all_places(0)
    places[:, :4] = RESTLESS
    leaf = Box(400, 100, 420, 130)

    counted = walked(Displacement(), [leaf] * 40, places)

    assert not any(group.moves for group in counted[: int(CRUMB_S * 10)])
    assert counted[-1].moves
    assert walked(Displacement(), [BODY.shifted(300, 0)], places)[0].moves


def test_a_person_counts_in_a_restless_place_without_going_anywhere() -> None:
    displacement = Displacement()
    region, track, group = body(BODY, 0.0)
    person = group._replace(person=1)

    counts = []
    for k in range(30):
        step = (k / 10, [region], [track], [person], all_places(RESTLESS), SIZE)
        counts += [counted.moves for counted in displacement.step(*step)]

    assert counts == [True] * 30
