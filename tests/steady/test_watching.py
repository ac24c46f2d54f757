"""When a look at the camera is taken."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.steady.watching import BUSY_PAUSE_S, BUSY_S, PAUSE_S, Watching

STEP_S = 0.04


def moving(share: float, shape: tuple[int, int] = (180, 320)) -> NDArray[np.uint8]:
    """A mask of which the upper part moves."""
    mask = np.zeros(shape, np.uint8)
    mask[: round(share * shape[0])] = 255
    return mask


def looks(watching: Watching, mask: NDArray[np.uint8], start_s: float, end_s: float) -> list[float]:
    """When it looked, and found nothing."""
    times = []
    for n in range(round(start_s / STEP_S), round(end_s / STEP_S)):
        if watching.wants_look(mask, n * STEP_S):
            times.append(n * STEP_S)
            watching.note(False)
    return times


def test_a_busy_street_is_looked_at_four_times_a_second_and_soon_but_once() -> None:
    times = looks(Watching(), moving(0.4), 0.0, 8.0)

    pauses, after_s = np.diff(times), np.array(times[:-1])
    assert pauses[after_s < BUSY_S - PAUSE_S] == pytest.approx(PAUSE_S, abs=1.1 * STEP_S)
    assert pauses[after_s >= BUSY_S] == pytest.approx(BUSY_PAUSE_S, abs=1.1 * STEP_S)


def test_a_look_in_vain_of_long_ago_makes_no_street_busy() -> None:
    """A gust, and a minute later a camera that begins to shake."""
    watching = Watching()
    looks(watching, moving(0.4), 1.0, 1.2)

    assert np.diff(looks(watching, moving(0.4), 60.0, 61.5)).max() < PAUSE_S + 1.1 * STEP_S


def test_at_the_beginning_every_picture_is_looked_at() -> None:
    watching, mask = Watching(), moving(0.4)
    for n in range(25):
        assert watching.wants_look(mask, n * STEP_S, is_beginning=True)
        watching.note(False)

    assert not watching.wants_look(mask, 25 * STEP_S)


def test_where_much_more_moves_than_at_the_last_look_the_next_comes_at_once() -> None:
    watching = Watching()
    last_s = looks(watching, moving(0.4), 0.0, 8.0)[-1]

    assert watching.wants_look(moving(0.7), last_s + STEP_S)


def test_what_moves_in_one_corner_is_no_camera() -> None:
    mask = np.zeros((180, 320), np.uint8)
    mask[:70, :100] = 255

    assert looks(Watching(), mask, 0.0, 4.0) == []


@pytest.mark.parametrize("shape", [(1, 64), (5, 7), (8, 12), (90, 159), (181, 323)])
def test_pictures_of_any_size_are_looked_at(shape: tuple[int, int]) -> None:
    assert Watching().wants_look(moving(1.0, shape), 0.0)


def test_once_a_look_found_something_every_picture_is_looked_at() -> None:
    watching = Watching()
    assert watching.wants_look(moving(0.5), 0.0)
    watching.note(True)

    assert watching.wants_look(moving(0.0), STEP_S)
