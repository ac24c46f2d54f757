"""Movements of a kind are of one family, and what nobody knows is of none."""

from __future__ import annotations

from motionapp.core.event import UNKNOWN
from motionapp.recognition.families import FAMILIES, NONE, families_of
from motionapp.scenes.people.actions import ACTIONS


def test_all_that_figures_do_has_a_family() -> None:
    assert set(ACTIONS) <= set(FAMILIES)


def test_who_goes_somewhere_is_told_from_who_stays() -> None:
    assert families_of(("walk", "wave1", "run")) == ("locomotion", "in place", "locomotion")


def test_what_a_person_teaches_under_a_name_of_their_own_has_none() -> None:
    assert families_of(("walk", "wave1", "my cat jumps")) == ()


def test_one_family_alone_leaves_nothing_to_decide() -> None:
    assert families_of(("hug", "punch")) == ()
    assert families_of(()) == ()


def test_what_is_unknown_is_of_the_family_of_nothing() -> None:
    assert FAMILIES[UNKNOWN] == NONE
