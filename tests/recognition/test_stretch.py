"""A clip carries the label of the stretch that it shows, and not of one that it touches."""

from __future__ import annotations

import numpy as np
import pytest

from motionapp.recognition.stretch import WHOLE, Claim, Stretch, overlapping


def held(stretch: Stretch, *times_s: tuple[float, float]) -> list[bool]:
    answers: list[bool] = stretch.holds(np.array(times_s).reshape(len(times_s), 2)).tolist()
    return answers


def test_a_clip_is_held_where_most_of_it_lies_within() -> None:
    stretch = Stretch(2, 4)

    assert held(stretch, (1.0, 2.0), (1.4, 2.4), (1.7, 2.7), (1.75, 2.75), (2.5, 3.5)) == [
        False, False, False, True, True,
    ]  # fmt: skip
    assert held(stretch, (3.25, 4.25), (3.3, 4.3), (3.6, 4.6), (4.0, 5.0)) == [
        True, False, False, False,
    ]  # fmt: skip


def test_of_a_stretch_shorter_than_a_clip_most_has_to_be_seen_in_its_middle() -> None:
    short = Stretch(2.0, 2.4)

    assert held(short, (1.7, 2.7), (1.5, 2.5), (1.9, 2.9), (1.2, 2.2), (1.4, 2.4)) == [
        True, True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("stretch", "answers"),
    [(Stretch(), [True, True]), (Stretch(end_s=1), [True, False]), (Stretch(1), [False, True])],
)
def test_an_open_end_is_the_recording_s(stretch: Stretch, answers: list[bool]) -> None:
    assert held(stretch, (0.0, 0.48), (5.0, 5.48)) == answers


def test_no_clips_are_none() -> None:
    assert held(Stretch(1, 2)) == held(WHOLE) == []


def test_stretches_that_touch_do_not_overlap() -> None:
    claims = [Claim(Stretch(1, 2), "b", 3), Claim(Stretch(0, 1), "a", 2), Claim(Stretch(2), "c", 4)]

    assert overlapping(claims) is None


def test_a_long_stretch_overlaps_one_that_is_not_next_to_it() -> None:
    long, short = Claim(Stretch(0, 9), "a", 2), Claim(Stretch(8, 10), "b", 3)
    between = [Claim(Stretch(1, 2), "a", 4), Claim(Stretch(3, 4), "a", 5)]

    assert overlapping([*between, short, long]) == (long, short)
