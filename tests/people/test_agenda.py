"""Where is searched next: what is new soon, what is nobody seldom, and never more than allowed."""

from __future__ import annotations

from motionapp.core.geometry import Box
from motionapp.people.agenda import MOST_PLACES, SURE, Agenda, AgendaRules

SIZE = (640, 360)
BODY = Box(300, 100, 350, 220)
STEP_S = 0.04


def asked_at(body: Box, seconds: float, *, is_found: bool = False) -> list[float]:
    """When a body that stays is searched, and the answer is always the same."""
    agenda, times = Agenda(AgendaRules()), []
    for index in range(int(seconds / STEP_S)):
        t_s = index * STEP_S
        for box, _ in agenda.begin(t_s, [body] if index else [], SIZE):
            if agenda.may():
                times.append(round(t_s, 2))
                agenda.note(box, t_s, is_found=is_found)
    return times


def test_what_flickers_all_over_the_picture_is_not_remembered_without_end() -> None:
    agenda = Agenda(AgendaRules())
    asked = Box(580, 300, 620, 340)
    agenda.begin(0.0, [asked], SIZE)
    for _ in range(SURE):
        agenda.note(asked, 0.0, is_found=False)

    for k in range(1, 60):
        flicker = [Box(x, 5 * k, x + 10, 5 * k + 4) for x in range(0, 550, 12)]
        due = agenda.begin(k / 60, [*flicker, asked], SIZE)
        assert asked not in [box for box, _ in due]  # it is remembered to be nobody

    assert agenda.remembered <= MOST_PLACES


def test_what_is_new_is_searched_at_once_if_it_is_large_and_soon_if_it_is_small() -> None:
    assert asked_at(BODY, 0.4)[0] == 0.04
    assert asked_at(Box(300, 100, 320, 130), 0.4)[0] == 0.16


def test_what_twice_was_nobody_is_asked_every_five_seconds() -> None:
    times = asked_at(BODY, 12.0)

    assert len(times) == 4
    assert times[1] - times[0] < 0.5
    assert times[2] - times[1] > 4.9


def test_who_may_come_in_at_the_border_is_asked_more_often() -> None:
    assert len(asked_at(Box(600, 100, 640, 220), 3.0)) == 8


def test_what_grows_is_asked_again_soon() -> None:
    agenda = Agenda(AgendaRules())
    asked = []
    for index in range(60):
        t_s = index * STEP_S
        body = BODY if index < 30 else Box(250, 60, 380, 300)
        for box, _ in agenda.begin(t_s, [body], SIZE):
            asked.append(index)
            agenda.note(box, t_s, is_found=False)

    assert len([index for index in asked if index >= 30]) >= 1


def test_no_more_searches_than_allowed_however_much_moves() -> None:
    agenda = Agenda(AgendaRules(searches_hz=4.0, most_saved=3.0))
    bodies = [Box(60 * k, 100, 60 * k + 40, 200) for k in range(10)]
    count = 0
    for index in range(100):
        for box, _ in agenda.begin(index * STEP_S, bodies, SIZE):
            if agenda.may():
                count += 1
                agenda.note(box, index * STEP_S, is_found=False)

    assert count <= 3 + 4 * 4


def test_the_whole_picture_has_its_turn_once_a_second() -> None:
    agenda = Agenda(AgendaRules())
    turns = 0
    for index in range(101):
        agenda.begin(index * STEP_S, [], SIZE)
        turns += agenda.may_see_whole(index * STEP_S)

    assert turns == 5
