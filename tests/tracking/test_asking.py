"""Whom a search looks at: by time stamps alone, and never more often than it may."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable

import pytest

from motionapp.core.geometry import Box
from motionapp.core.track import Group, Sought
from motionapp.tracking.asking import (
    MOST_SAVED,
    NOBODY_S,
    REFRESH_S,
    RETRY_S,
    SURE,
    Asking,
)

BOX = Box(100, 50, 140, 150)
Answer = Callable[[Group], bool]


def body(
    number: int,
    born_s: float = 0.0,
    *,
    person: int = 0,
    reach: Box = BOX,
    is_seen: bool = True,
    is_confirmed: bool = True,
) -> Group:
    return Group(number, BOX, reach, (number,), is_seen, is_confirmed, born_s, person=person)


def times(duration_s: float, rate_hz: float, start_s: float = 0.0) -> list[float]:
    return [start_s + k / rate_hz for k in range(round(duration_s * rate_hz))]


def asked_at(
    asking: Asking,
    groups: Iterable[Group],
    at_s: Iterable[float],
    *,
    is_found: Answer = lambda group: False,
    answered_s: dict[int, float] | None = None,
) -> list[tuple[float, int]]:
    """When each body was asked about, and its number; every question is answered at once."""
    bodies = list(groups)
    answered = {} if answered_s is None else answered_s
    asked = []
    for pts_s in at_s:
        for group in asking.step(bodies, answered, pts_s):
            asked.append((pts_s, group.group_id))
            found = is_found(group)
            asking.note(group, pts_s, is_found=found)
            if found and group.person:
                answered[group.person] = pts_s
    return asked


def crowd_asked_at(asking: Asking, at_s: Iterable[float]) -> list[float]:
    """When somebody of twelve people is asked about, who all would be every second."""
    crowd = [body(n, n / 10, person=n) for n in range(1, 13)]
    return [at for at, _ in asked_at(asking, crowd, at_s, is_found=lambda group: True)]


def numbers(groups: Iterable[Group]) -> list[int]:
    return [group.group_id for group in groups]


def gaps(at_s: Iterable[float]) -> list[float]:
    return [after - before for before, after in itertools.pairwise(at_s)]


def test_it_is_told_how_long_a_body_waited_for_its_first_search() -> None:
    asking, one, later = Asking(1.0), body(1), body(2, 0.5)
    asking.step([one], {}, 0.5)
    assert asking.sought(one, 0.5) == Sought(0.5, 0)

    asking.note(one, 0.5, is_found=False)

    assert asking.sought(one, 3.0) == Sought(0.5, 1)
    assert asking.sought(later, 3.0) == Sought(2.5, 0)
    asking.note(one, 3.0, is_found=True)
    assert asking.sought(one, 9.0) == Sought(0.5, 2)


def test_who_is_not_sure_yet_or_was_found_beside_another_waits_for_nothing() -> None:
    asking = Asking(1.0)

    assert asking.sought(body(1, is_confirmed=False), 1.0) is None
    assert asking.sought(body(1, person=3), 1.0) is None


def test_nobody_is_asked_about_where_there_are_no_bodies() -> None:
    assert Asking(2.0).step([], {}, 0.0) == []


def test_a_new_body_is_asked_about_at_once() -> None:
    assert numbers(Asking(2.0).step([body(1)], {}, 0.0)) == [1]


@pytest.mark.parametrize(("seen", "confirmed"), [(False, True), (True, False), (False, False)])
def test_who_is_not_seen_or_not_sure_is_not_asked_about(seen: bool, confirmed: bool) -> None:
    assert Asking(2.0).step([body(1, is_seen=seen, is_confirmed=confirmed)], {}, 0.0) == []


def test_of_the_new_bodies_the_newest_comes_first() -> None:
    groups = [body(1, 0.0), body(2, 3.0), body(3, 1.0)]

    asked = asked_at(Asking(1.0), groups, [4.0, 5.0], is_found=lambda group: True)

    assert asked == [(4.0, 2), (4.0, 3), (5.0, 1)]


def test_new_bodies_come_before_those_that_were_asked_about() -> None:
    asking = Asking(1.0)
    old = [body(1), body(2, person=7)]
    asked_at(asking, old, [0.0], is_found=lambda group: group.person > 0)

    later = asking.step([*old, body(3, 9.9)], {7: 0.0}, 10.0)

    assert numbers(later) == [3, 1]


def test_of_the_old_who_has_waited_longest_comes_first() -> None:
    asking = Asking(1.0)
    known = [body(1, person=1), body(2, person=2), body(3, person=3)]
    asked_at(asking, known, [0.0, 1.0], is_found=lambda group: True)

    assert numbers(asking.step(known, {1: 2.0, 2: 1.5, 3: 1.2}, 3.5))[0] == 3


@pytest.mark.parametrize("searches_hz", [0.5, 2.0, 4.0])
@pytest.mark.parametrize("rate_hz", [5, 12.5, 25, 60])
def test_no_more_is_asked_than_allowed_over_any_stretch(searches_hz: float, rate_hz: float) -> None:
    at_s = crowd_asked_at(Asking(searches_hz), times(30, rate_hz))

    for first, last in itertools.combinations(range(len(at_s)), 2):
        allowed = MOST_SAVED + searches_hz * (at_s[last] - at_s[first])
        assert last - first + 1 <= allowed + 1e-6
    assert len(at_s) >= searches_hz * 29


def test_the_frame_rate_changes_nothing_about_how_often_is_asked() -> None:
    counts = [len(crowd_asked_at(Asking(2.0), times(20, rate_hz))) for rate_hz in (5, 25, 60)]

    assert max(counts) - min(counts) <= 1
    assert counts[0] == pytest.approx(2.0 * 20 + MOST_SAVED, abs=1)


def test_uneven_time_stamps_are_counted_in_seconds() -> None:
    uneven = list(itertools.accumulate(itertools.islice(itertools.cycle((0.02, 0.3, 0.08)), 150)))

    count = len(crowd_asked_at(Asking(2.0), uneven))

    assert count == pytest.approx(2.0 * uneven[-1] + MOST_SAVED, abs=2)


def test_after_a_pause_no_more_than_two_follow_at_once() -> None:
    asking = Asking(4.0)
    asking.step([], {}, 0.0)

    assert len(asking.step([body(n) for n in range(1, 9)], {}, 60.0)) == MOST_SAVED


def test_searching_more_often_counts_from_the_next_step_on() -> None:
    asking = Asking(1.0)
    before = crowd_asked_at(asking, times(10, 25))
    asking.searches_hz = 4.0

    after = crowd_asked_at(asking, times(10, 25, 10.0))

    assert len(before) == pytest.approx(10 + MOST_SAVED, abs=1)
    assert len(after) == pytest.approx(40, abs=1)


@pytest.mark.parametrize("rate_hz", [5, 25, 60])
def test_who_is_known_is_asked_about_again_after_a_second(rate_hz: float) -> None:
    asked = asked_at(
        Asking(4.0), [body(1, person=1)], times(10, rate_hz), is_found=lambda group: True
    )

    assert gaps(at_s for at_s, _ in asked) == pytest.approx([REFRESH_S] * 9, abs=1.1 / rate_hz)


def test_who_was_answered_beside_somebody_else_need_not_be_asked_about() -> None:
    asking = Asking(4.0)
    known = [body(1, person=1)]
    asked_at(asking, known, [0.0], is_found=lambda group: True)

    assert asking.step(known, {1: 0.8}, 1.5) == []
    assert numbers(asking.step(known, {1: 0.8}, 1.9)) == [1]


def test_who_was_found_beside_somebody_else_is_not_asked_about_as_if_new() -> None:
    asking = Asking(4.0)
    asked_at(asking, [body(1)], [0.0], is_found=lambda group: True)
    both, answered = [body(1, person=1), body(2, 0.04, person=2)], {1: 0.0, 2: 0.0}

    at_s = asked_at(asking, both, times(0.9, 25, 0.04), answered_s=answered)

    assert at_s == []


def test_a_body_in_which_nobody_was_found_is_looked_at_once_more_soon() -> None:
    asked = asked_at(Asking(4.0), [body(1)], times(3, 25))

    assert [at_s for at_s, _ in asked] == pytest.approx([0.0, RETRY_S], abs=0.041)


@pytest.mark.parametrize("rate_hz", [5, 25, 60])
def test_who_was_twice_nobody_is_asked_about_every_five_seconds(rate_hz: float) -> None:
    asking = Asking(4.0)

    asked = asked_at(asking, [body(1)], times(21, rate_hz))

    assert gaps(at_s for at_s, _ in asked[SURE - 1 :]) == pytest.approx(
        [NOBODY_S] * 4, abs=1.1 / rate_hz
    )
    assert asking.is_nobody(1)


def test_nobody_is_only_who_was_not_found_twice_in_a_row() -> None:
    asking = Asking(4.0)
    group = body(1)

    told = []
    for at_s, is_found in ((0.0, False), (0.4, True), (1.4, False), (1.8, False), (6.8, True)):
        asking.note(group, at_s, is_found=is_found)
        told.append(asking.is_nobody(1))

    assert told == [False, False, False, True, False]
    assert not asking.is_nobody(2)


@pytest.mark.parametrize(
    ("reach", "is_asked"),
    [
        (Box(100, 50, 140, 216), True),
        (Box(100, 50, 140, 112), True),
        (Box(100, 50, 140, 205), False),
        (Box(100, 50, 140, 118), False),
        (BOX.shifted(300, 40), False),
    ],
    ids=["larger", "smaller", "a little larger", "a little smaller", "elsewhere"],
)
def test_nobody_is_asked_about_again_where_the_size_has_changed(reach: Box, is_asked: bool) -> None:
    asking = Asking(4.0)
    asked_at(asking, [body(1)], [0.0, 0.5])

    assert bool(asking.step([body(1, reach=reach)], {}, 1.0)) is is_asked


def test_a_change_of_size_still_waits_for_the_retry() -> None:
    asking = Asking(4.0)
    asked_at(asking, [body(1)], [0.0, 0.5])
    larger = [body(1, reach=Box(100, 50, 180, 150))]

    assert asking.step(larger, {}, 0.5 + RETRY_S - 0.01) == []
    assert numbers(asking.step(larger, {}, 0.5 + RETRY_S)) == [1]


def test_after_an_empty_answer_a_body_was_nobody_until_somebody_is_found() -> None:
    asking = Asking(4.0)
    group = body(1)

    told = []
    for at_s, is_found in ((0.0, False), (0.5, False), (5.5, True)):
        told.append(asking.was_nobody(1))
        asking.note(group, at_s, is_found=is_found)

    assert [*told, asking.was_nobody(1)] == [False, True, True, False]


def test_a_body_that_is_gone_is_forgotten() -> None:
    asking = Asking(4.0)
    asked_at(asking, [body(1)], [0.0, 0.5])

    asking.step([], {}, 1.0)

    assert not asking.is_nobody(1)
    assert numbers(asking.step([body(1, 1.5)], {}, 1.5)) == [1]


def test_a_restart_forgets_everybody_and_counts_afresh() -> None:
    groups = [body(1), body(2)]
    asking = Asking(2.0)
    first = asked_at(asking, groups, times(4, 25))
    assert asking.is_nobody(1)
    assert asking.is_nobody(2)

    asking.restart()

    assert not asking.is_nobody(1)
    assert not asking.is_nobody(2)
    # Time may begin again, too.
    assert asked_at(asking, groups, times(4, 25)) == first


def test_the_order_in_which_bodies_are_told_makes_no_difference() -> None:
    groups = [body(n, (n * 7) % 5 / 10) for n in range(1, 9)]

    def told(bodies: list[Group]) -> list[tuple[float, int]]:
        return asked_at(Asking(2.0), bodies, times(6, 25))

    assert told(groups) == told(groups[::-1])


def test_bodies_in_which_nobody_is_are_asked_about_half_as_often() -> None:
    crowd = [body(n, n / 10) for n in range(1, 200)]

    found = asked_at(Asking(2.0), crowd, times(20, 25), is_found=lambda group: True)
    empty = asked_at(Asking(2.0), crowd, times(20, 25))

    assert 40 <= len(found) <= 42
    assert 20 <= len(empty) <= 22


@pytest.mark.parametrize("searches_hz", [0.2, 2.5, 30.0])
def test_what_is_forgotten_in_a_rest_owes_no_search(searches_hz: float) -> None:
    """Or whoever wakes often would search more often than is allowed."""
    asking = Asking(searches_hz)
    crowd = [body(n) for n in range(1, 9)]
    at_s = times(3.0, 25.0)
    asked_at(asking, crowd, at_s)

    after_s = at_s[-1] + asking.forget_s
    rested = asked_at(asking, [body(n) for n in range(11, 19)], [after_s])

    fresh = asked_at(Asking(searches_hz), [body(n) for n in range(11, 19)], [after_s])
    assert len(rested) == len(fresh) == 2
