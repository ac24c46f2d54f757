"""Undo and redo: every state comes back, in order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from motionapp.gui.history import MOST_STEPS, History


@given(values=st.lists(st.integers(0, 5), min_size=1, max_size=30))
def test_all_states_come_back_and_forth(values: list[int]) -> None:
    history: History[int] = History()
    states = [0]
    for value in values:
        history.note(states[-1], value, f"to {value}")
        if value != states[-1]:
            states.append(value)

    back = [states[-1]]
    while history.to_undo:
        back.append(history.undo())  # type: ignore[arg-type]  # there is one
    assert back == states[::-1]
    forth = [states[0]]
    while history.to_redo:
        forth.append(history.redo())  # type: ignore[arg-type]

    assert forth == states
    assert history.redo() is None


def test_what_is_drawn_in_one_go_is_one_step() -> None:
    history: History[int] = History()
    for value in range(10):
        history.note(value, value + 1, "lag", merges="lag")
    history.pause()
    history.note(10, 20, "lag", merges="lag")

    assert history.undo() == 10
    assert history.undo() == 0
    assert history.undo() is None


def test_drawn_to_and_fro_it_is_no_change() -> None:
    history: History[int] = History()
    history.note(0, 5, "lag", merges="lag")
    history.note(5, 0, "lag", merges="lag")

    assert history.to_undo == ""


def test_a_new_change_forgets_what_was_undone() -> None:
    history: History[int] = History()
    history.note(0, 1, "a")
    history.undo()
    history.note(0, 2, "b")

    assert history.to_redo == ""
    assert history.undo() == 0


def test_steps_are_bounded() -> None:
    history: History[int] = History()
    for value in range(2 * MOST_STEPS):
        history.note(value, value + 1, "a")

    undone = 0
    while history.undo() is not None:
        undone += 1

    assert undone == MOST_STEPS


def test_a_change_that_could_not_be_is_none_and_one_in_part_leads_to_what_became_of_it() -> None:
    history: History[int] = History()
    history.note(0, 1, "a")
    history.note(1, 9, "b")
    history.amend(9, 1)
    assert (history.to_undo, history.undo(), history.redo()) == ("a", 0, 1)

    history.note(1, 2, "lag", merges="lag")
    history.note(2, 9, "lag", merges="lag")
    history.amend(9, 2)
    history.amend(9, 5)

    assert (history.undo(), history.redo()) == (1, 2)
