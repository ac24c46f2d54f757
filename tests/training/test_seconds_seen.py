"""How right a recording is named grows with what has been seen of it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from motionapp.training.seconds_seen import FIRST_S, MOST_STEPS, Seen, seen_after, steps_of


def seen(*rows: tuple[float, float], first_s: float = 3.0, truth: int = 1) -> Seen:
    """Windows of a second, half a second apart."""
    starts_s = first_s + 0.5 * np.arange(len(rows))
    times_s = np.stack([starts_s, starts_s + 1.0], axis=1)
    return Seen(np.array(rows, np.float32), times_s, truth)


def test_a_recording_has_no_name_before_its_first_window_has_ended() -> None:
    one = seen((0.2, 0.8))

    assert seen_after(one, 0.5) is None
    assert seen_after(one, 1.0) is True


def test_the_name_is_that_of_the_mean_so_far() -> None:
    one = seen((0.9, 0.1), (0.3, 0.7), (0.1, 0.9))

    assert [seen_after(one, seconds) for seconds in (1.0, 1.5, 2.0)] == [False, False, True]


def test_steps_double_until_all_of_the_longest_is_seen() -> None:
    steps = steps_of([seen(*[(0.2, 0.8)] * 5), seen((0.9, 0.1))])

    assert [step.seconds for step in steps] == [0.5, 1.0, 2.0, 4.0]
    assert [step.named for step in steps] == [0.0, 1.0, 1.0, 1.0]
    assert [step.right for step in steps] == [0.0, 0.5, 0.5, 0.5]
    assert [step.long_enough for step in steps] == [2, 2, 1, 0]


@given(
    st.lists(st.lists(st.floats(0, 1, width=16), min_size=1, max_size=8), min_size=1, max_size=5)
)
def test_names_only_come_and_the_last_step_is_that_of_whole_recordings(
    shares: list[list[float]],
) -> None:
    recordings = [seen(*[(1 - share, share) for share in rows]) for rows in shares]

    steps = steps_of(recordings)

    assert steps[0].seconds == FIRST_S
    assert len(steps) <= MOST_STEPS
    assert all(0 <= step.right <= step.named <= 1 for step in steps)
    assert [step.named for step in steps] == sorted(step.named for step in steps)
    whole = [int(one.probabilities.mean(0).argmax()) == one.truth for one in recordings]
    assert steps[-1].right == sum(whole) / len(whole)


def test_nothing_has_no_steps() -> None:
    assert steps_of([]) == ()
