"""What a person says of events: said once, taken back by saying it again, kept as a set."""

from __future__ import annotations

from motionapp.core.event import Event
from motionapp.core.geometry import Box
from motionapp.gui.found.marks import Mark, Marks

EVENT = Event("door@3120", "door", 3.12, 6.4, "walk", 0.9, 4.0, Box(0, 0, 9, 9), ended_by="motion")


def test_an_event_is_confirmed_rejected_and_left_alone_again() -> None:
    marks = Marks().confirmed("a.mp4", EVENT)
    assert marks.of("a.mp4", "door@3120") == Mark(3.12, 6.4, "door", "confirmed")
    assert marks.of("b.mp4", "door@3120") is None

    marks = marks.rejected("a.mp4", EVENT)
    mark = marks.of("a.mp4", "door@3120")
    assert mark is not None
    assert mark.verdict == "rejected"

    assert marks.rejected("a.mp4", EVENT) == Marks()


def test_what_a_person_names_is_right_unless_they_have_said_otherwise() -> None:
    named = Marks().renamed("a.mp4", EVENT, "run").of("a.mp4", "door@3120")
    wrong = Marks().rejected("a.mp4", EVENT).renamed("a.mp4", EVENT, "cat")

    assert named is not None
    assert (named.label, named.verdict) == ("run", "confirmed")
    assert wrong.reviewed()[0].verdict == "rejected"
    assert Marks().renamed("a.mp4", EVENT, None) == Marks()


def test_what_is_hidden_is_no_part_of_the_set() -> None:
    marks = Marks().hidden("a.mp4", EVENT)

    assert marks.reviewed() == ()
    mark = marks.of("a.mp4", "door@3120")
    assert mark is not None
    assert mark.is_hidden


def test_a_set_comes_back_as_it_was() -> None:
    marks = Marks().confirmed("a.mp4", EVENT).renamed("b.mp4", EVENT, "run")

    assert Marks.of_reviewed(marks.reviewed()) == marks
