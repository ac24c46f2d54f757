"""Bins of activity: bounded, and never losing the strongest."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from motionapp.sinks.report.activity import FIRST_WIDTH_S, MOST_BINS, Activity, ActivityBins

STEPS = st.lists(
    st.tuples(
        st.floats(0, 90, allow_nan=False),
        st.floats(0.001, 40, allow_nan=False),
        st.floats(0, 1, allow_nan=False),
    ),
    max_size=60,
)


def collected(*steps: tuple[float, float, float]) -> Activity:
    bins = ActivityBins()
    for from_s, to_s, strength in steps:
        bins.add(from_s, to_s, strength)
    return bins.activity()


@given(st.floats(-1e4, 1e6, allow_nan=False), STEPS)
def test_each_bin_is_the_strongest_of_all_that_touches_it(
    begin_s: float, steps: list[tuple[float, float, float]]
) -> None:
    notes = []
    time_s = begin_s
    for gap_s, length_s, strength in steps:
        notes.append((time_s, time_s + length_s, strength))
        time_s += length_s + gap_s

    activity = collected(*notes)

    assert len(activity.strengths) <= MOST_BINS
    for index, strength in enumerate(activity.strengths):
        left_s, right_s = index * activity.width_s, (index + 1) * activity.width_s
        touching = [note for a, b, note in notes if a - begin_s < right_s and b - begin_s > left_s]
        assert strength == max(touching, default=None)


def test_a_day_takes_no_more_room_than_a_minute_and_keeps_its_one_short_event() -> None:
    bins = ActivityBins()

    for second in range(86_400):
        bins.add(second, second + 1, 0.7 if second == 40_000 else 0.0)

    activity = bins.activity()
    assert MOST_BINS / 2 <= len(activity.strengths) <= MOST_BINS
    assert activity.strengths[int(40_000 / activity.width_s)] == 0.7
    assert sum(bool(each) for each in activity.strengths) == 1


def test_a_time_without_pictures_stays_empty() -> None:
    activity = collected((0, 0.1, 0.5), (0.5, 0.6, 0.25))

    assert activity.width_s == FIRST_WIDTH_S
    assert activity.strengths[:2] == (0.5, 0.5)
    assert set(activity.strengths[2:8]) == {None}
    assert activity.strengths[8:] == (0.25, 0.25)


def test_a_recording_that_is_read_from_its_middle_begins_there() -> None:
    activity = collected((3600, 3601, 0.5))

    assert (activity.from_s, activity.to_s) == (3600, 3601)


def test_folding_keeps_the_strongest_and_the_length() -> None:
    activity = Activity(1.0, 0.5, (0.1, None, None, None, 0.3))

    folded = activity.folded(3)

    assert folded == Activity(1.0, 1.0, (0.1, None, 0.3))
    assert activity.folded(5) == activity


def test_nothing_noted_is_an_empty_activity() -> None:
    assert collected() == Activity()
    assert Activity().folded(600).strengths == ()
