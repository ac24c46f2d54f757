"""Lines count tracks that are somebody's, and nothing else of them."""

from __future__ import annotations

import pytest

from motionapp.core.crossing import Crossing
from motionapp.core.errors import SettingsError
from motionapp.core.geometry import Box
from motionapp.core.standing import Standing
from motionapp.core.track import Group, Track
from motionapp.events.lines import Lines
from motionapp.settings.zones import ZoneSettings

SIZE = (640, 360)
DOOR = ZoneSettings(name="door", kind="line", polygon=((0.5, 0), (0.5, 1)))
"""It leads down the middle: its left side is the picture's right one."""


def track(x: int, *, number: int = 1, person: int = 0, **more: bool) -> Track:
    flags = {"is_seen": True, "is_confirmed": True, **more}
    return Track(
        number, Box(x, 100, x + 40, 200), 0.0, 0.0, group_id=number, person=person, **flags
    )


def body(number: int = 1, *, counts: bool = True) -> Group:
    box = Box(0, 0, 1, 1)
    return Group(number, box, box, (number,), True, True, 0.0, standing=Standing(counts, 0.0))


def walked(
    lines: Lines, *xs: int, start_s: float = 0.0, counts: bool = True, number: int = 1
) -> list[Crossing]:
    found: list[Crossing] = []
    for step, x in enumerate(xs):
        at_s = start_s + step
        bodies = [body(number, counts=counts)]
        found += lines.step(at_s, [track(x, number=number)], bodies, SIZE)
    return found


def test_somebody_who_goes_over_is_told_with_the_time_on_the_line() -> None:
    assert walked(Lines((DOOR,)), 200, 400) == [Crossing("door", 0.5, 1, "left")]


def test_two_who_go_over_are_two() -> None:
    lines = Lines((DOOR,))
    lines.step(0.0, [track(200), track(450, number=2)], [body(), body(2)], SIZE)

    found = lines.step(1.0, [track(450), track(200, number=2)], [body(), body(2)], SIZE)

    assert [(one.track_id, one.direction) for one in found] == [(1, "left"), (2, "right")]


def test_what_does_not_count_goes_over_nothing_until_it_does() -> None:
    lines = Lines((DOOR,))
    assert walked(lines, 200, 400, counts=False) == []

    (found,) = walked(lines, 420, start_s=2.0)

    assert (found.t_s, found.direction) == (0.5, "left")


def test_where_somebody_should_be_is_a_guess_and_goes_over_nothing() -> None:
    lines = Lines((DOOR,))
    lines.step(0.0, [track(200)], [body()], SIZE)
    assert lines.step(1.0, [track(400, is_seen=False)], [body()], SIZE) == ()

    assert lines.step(2.0, [track(220)], [body()], SIZE) == ()


def test_the_whole_of_a_person_is_another_point_than_what_moved_of_them() -> None:
    lines = Lines((DOOR,))
    lines.step(0.0, [track(200)], [body()], SIZE)

    assert lines.step(1.0, [track(400, person=3)], [body()], SIZE) == ()


def test_after_a_rest_the_same_number_is_somebody_else() -> None:
    lines = Lines((DOOR,))
    walked(lines, 200)
    lines.restart()

    assert walked(lines, 400, start_s=1.0) == []


def test_zones_of_other_kinds_count_nobody() -> None:
    square = ((0.4, 0.0), (0.6, 0.0), (0.6, 1.0), (0.4, 1.0))
    zones = [ZoneSettings(name="a", polygon=square),
             ZoneSettings(name="b", kind="privacy", polygon=square)]  # fmt: skip

    assert walked(Lines(zones), 100, 500) == []


def test_a_line_in_pixels_that_no_picture_has_is_refused_by_its_name() -> None:
    far = ZoneSettings(name="far", kind="line", polygon=((700, 10), (800, 90)), unit="px")

    with pytest.raises(SettingsError, match="line far lies outside of the picture, which is 640"):
        walked(Lines((far,)), 10)
