"""What two settings find of the same stretch: alike, otherwise, or by one alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.event import Event
from motionapp.core.geometry import Box
from motionapp.gui.found import differences as module
from motionapp.gui.found.differences import differences
from motionapp.gui.found.log import Found, are_the_same


def found(start_s: float, end_s: float, label: str = "walk", *, is_cut: bool = False) -> Found:
    event = Event(
        f"all@{round(start_s * 1000)}", "all", start_s, end_s, label, 0.9, start_s,
        Box(0, 0, 9, 9), ended_by="motion",
    )  # fmt: skip
    return Found(event, is_cut)


def test_each_kind_is_told_in_the_order_of_time() -> None:
    a = [found(1, 4), found(10, 14, "walk"), found(20, 24)]
    b = [found(1.1, 4.2), found(10.2, 13, "run"), found(30, 31)]

    told = [(one.kind, one.start_s) for one in differences(a, b)]

    assert told == [("called otherwise", 10), ("only A", 20), ("only B", 30)]


def test_what_is_open_or_cut_is_no_difference() -> None:
    going = found(1, 4)
    going = replace(going, event=replace(going.event, ended_by=None))

    assert differences([going, found(9, 12, is_cut=True)], []) == ()


def test_what_the_other_is_still_seeing_is_not_said_to_be_one_s_alone() -> None:
    going = found(9.2, 13)
    going = replace(going, event=replace(going.event, ended_by=None))

    assert differences([found(9, 12)], [going]) == ()
    assert differences([going], [found(9, 12)]) == ()
    assert differences([found(9, 12)], [found(11, 14, is_cut=True)]) == ()
    assert [one.kind for one in differences([found(1, 4)], [going])] == ["only A"]


EVENTS = st.lists(
    st.builds(
        lambda start, length, label: found(start * 10, start * 10 + length, label),
        st.integers(0, 30), st.integers(1, 9), st.sampled_from(["walk", "run"]),
    ),
    max_size=12, unique_by=lambda one: one.event.event_id,
)  # fmt: skip


@given(EVENTS, EVENTS)
def test_a_list_is_like_itself_and_what_differs_differs_both_ways(
    a: list[Found], b: list[Found]
) -> None:
    assert differences(a, a) == ()
    there = {(one.kind, one.start_s) for one in differences(a, b)}
    turned = {"only A": "only B", "only B": "only A", "called otherwise": "called otherwise"}
    back = {(turned[one.kind], one.start_s) for one in differences(b, a)}

    assert there == back


def test_of_thousands_of_events_each_is_held_to_its_neighbours_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Asked for a few times a second, on the window's thread."""
    asked: list[float] = []

    def like(one: Event, other: Event) -> bool:
        asked.append(one.start_s)
        return are_the_same(one, other)

    monkeypatch.setattr(module, "are_the_same", like)
    many = [found(10.0 * n, 10.0 * n + 4) for n in range(2000)]

    assert differences(many, many[1:]) == (module.Difference("only A", many[0].event, None),)
    assert len(asked) < 3 * len(many)
