"""What is seen again over a line is not counted again."""

from __future__ import annotations

from motionapp.core.crossing import Crossing, Direction
from motionapp.gui.found.crossings import Counts, CrossingLog


def over(t_s: float, direction: Direction = "left", line: str = "door") -> Crossing:
    return Crossing(line, t_s, 1, direction)


def test_each_direction_of_each_line_has_its_own_count() -> None:
    log = CrossingLog()
    for one in (over(1), over(1.1), over(2, "right"), over(3, line="gate")):
        log.note(one)

    assert log.counts("door") == Counts(2, 1)
    assert log.counts("gate") == Counts(1, 0)
    assert log.counts("nowhere") == Counts()


def test_a_recording_that_is_seen_again_counts_once_and_what_is_new_is_added() -> None:
    log = CrossingLog()
    log.begin(may_repeat=True)
    for t_s in (1.0, 1.1, 5.0):
        log.note(over(t_s))
    log.begin(may_repeat=True)
    for t_s in (1.05, 1.2, 9.0):
        log.note(over(t_s))

    assert log.counts("door") == Counts(left=4)


def test_a_camera_that_comes_back_begins_at_0_and_shows_others() -> None:
    log = CrossingLog()
    for _ in range(2):
        log.begin(may_repeat=False)
        log.note(over(1.0))

    assert log.counts("door") == Counts(left=2)


def test_a_line_that_is_drawn_elsewhere_begins_anew() -> None:
    log = CrossingLog()
    log.note(over(1))
    log.note(over(1, line="gate"))

    log.forget({"door"})
    assert (log.counts("door"), log.counts("gate")) == (Counts(), Counts(1))
    log.clear()

    assert log.counts("gate") == Counts()


def test_of_very_many_none_is_lost() -> None:
    log = CrossingLog()
    for number in range(20_100):
        log.note(over(number))

    assert log.counts("door") == Counts(left=20_100)


def test_what_is_seen_again_takes_the_place_of_one_alone_in_whatever_order() -> None:
    log = CrossingLog()
    log.begin(may_repeat=True)
    for t_s in (8.0, 3.0, 3.2):
        log.note(over(t_s))
    for _ in range(3):
        log.begin(may_repeat=True)
        for t_s in (3.3, 8.4, 2.9):
            log.note(over(t_s))

    assert log.counts("door") == Counts(left=3)
