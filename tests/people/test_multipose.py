"""Rows become persons in full-frame pixels; doubles, the unsure and the broken are left out."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.people.multipose import PersonRules, distinct, persons_of, similarity

VIEW = Box(100, 50, 300, 250)
SIZE = (640, 360)
RULES = PersonRules()


def row(
    box: tuple[float, float, float, float], score: float = 0.8, *, seed: int = 0
) -> NDArray[np.float32]:
    """A row of MultiPose: points drawn within a box (x0, y0, x1, y1) of shares."""
    x0, y0, x1, y1 = box
    values = np.zeros(56, np.float32)
    shares = np.random.default_rng(seed).random((17, 2), np.float32)
    points = values[:51].reshape(17, 3)
    points[:, 0] = y0 + shares[:, 1] * (y1 - y0)
    points[:, 1] = x0 + shares[:, 0] * (x1 - x0)
    points[:, 2] = 0.9
    values[51:] = (y0, x0, y1, x1, score)
    return values


def test_box_and_points_come_back_to_the_full_frame() -> None:
    values = row((0.25, 0.5, 0.5, 0.75))

    (person,) = persons_of(values[np.newaxis], VIEW, SIZE, RULES)

    assert person.box == Box(150, 150, 200, 200)
    assert person.score == pytest.approx(0.8)
    assert person.keypoints.shape == (17, 3)
    assert person.keypoints.dtype == np.float32
    assert person.keypoints[0, 0] == pytest.approx(100 + 200 * values[1])
    assert person.keypoints[0, 1] == pytest.approx(50 + 200 * values[0])
    assert person.keypoints[0, 2] == pytest.approx(0.9)
    assert not person.keypoints.flags.writeable


BIG = (1000, 800)


@pytest.mark.parametrize(
    ("shares", "is_cut"),
    [
        ((0.2, 0.2, 0.8, 0.8), False),
        ((0.2, 0.2, 0.99, 0.8), True),
        ((0.01, 0.2, 0.8, 0.8), True),
        ((0.2, 0.0, 0.8, 0.8), True),
        ((0.2, 0.2, 0.8, 1.0), True),
    ],
)
def test_who_ends_with_the_view_is_cut(
    shares: tuple[float, float, float, float], is_cut: bool
) -> None:
    (person,) = persons_of(row(shares)[np.newaxis], Box(300, 300, 500, 500), BIG, RULES)

    assert person.is_cut is is_cut


@pytest.mark.parametrize("view", [Box(0, 0, 1000, 800), Box(-9, -9, 1009, 809)])
def test_who_ends_with_the_picture_is_not_cut(view: Box) -> None:
    (person,) = persons_of(row((0.0, 0.0, 1.0, 1.0))[np.newaxis], view, BIG, RULES)

    assert not person.is_cut


def test_rows_below_the_threshold_are_nobody() -> None:
    rows = np.stack([row((0.1, 0.1, 0.3, 0.9), 0.1), row((0.6, 0.1, 0.8, 0.9), 0.05)])

    assert persons_of(rows, VIEW, SIZE, RULES) == ()
    assert persons_of(np.zeros((6, 56), np.float32), VIEW, SIZE, RULES) == ()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("place", [0, 52, 55])
def test_a_row_that_is_no_number_is_nobody(bad: float, place: int) -> None:
    values = row((0.1, 0.1, 0.3, 0.9))
    values[place] = bad

    assert persons_of(values[np.newaxis], VIEW, SIZE, RULES) == ()


def test_a_box_turned_inside_out_or_outside_the_picture_is_nobody() -> None:
    rows = np.stack([row((0.5, 0.5, 0.4, 0.9))])
    outside = np.stack([row((0.0, 0.0, 0.2, 0.2))])

    assert persons_of(rows, VIEW, SIZE, RULES) == ()
    assert persons_of(outside, Box(-200, -200, 0, 0), SIZE, RULES) == ()


def test_the_box_ends_at_the_picture() -> None:
    (person,) = persons_of(
        row((0.0, 0.5, 1.0, 1.0))[np.newaxis], Box(-100, 200, 100, 400), SIZE, RULES
    )

    assert person.box == Box(0, 300, 100, 360)


def test_of_two_that_overlap_much_the_surer_stays() -> None:
    rows = np.stack([
        row((0.30, 0.1, 0.60, 0.9), 0.4, seed=1),
        row((0.31, 0.1, 0.61, 0.9), 0.7, seed=2),
    ])  # fmt: skip

    (person,) = persons_of(rows, VIEW, SIZE, RULES)

    assert person.score == pytest.approx(0.7)


def test_of_two_with_the_same_points_the_surer_stays_whatever_their_boxes() -> None:
    half = row((0.3, 0.1, 0.6, 0.9), 0.4)
    half[53] = 0.5  # the box ends at the hips

    (person,) = persons_of(np.stack([half, row((0.3, 0.1, 0.6, 0.9))]), VIEW, SIZE, RULES)

    assert person.score == pytest.approx(0.8)


def test_two_who_walk_abreast_are_two() -> None:
    rows = np.stack([row((0.30, 0.1, 0.50, 0.9)), row((0.38, 0.1, 0.58, 0.9), 0.7)])

    persons = persons_of(rows, VIEW, SIZE, RULES)

    assert [p.score for p in persons] == pytest.approx([0.8, 0.7])


def test_similarity_is_one_for_the_same_and_none_for_the_distant() -> None:
    rows = np.stack([row((0.0, 0.1, 0.2, 0.9)), row((0.8, 0.1, 1.0, 0.9))])
    one, other = persons_of(rows, VIEW, SIZE, RULES)

    assert similarity(one, one) == pytest.approx(1.0)
    assert similarity(one, other) < 0.01


def test_equal_scores_keep_their_order() -> None:
    rows = np.stack([row((0.1, 0.1, 0.3, 0.9)), row((0.6, 0.1, 0.8, 0.9))])
    persons = persons_of(rows, VIEW, SIZE, RULES)

    assert distinct(persons, RULES) == persons


def test_half_of_somebody_inside_the_whole_is_no_second_person() -> None:
    whole, half = row((0.2, 0.1, 0.6, 0.9)), row((0.2, 0.1, 0.6, 0.45), 0.5)
    half[0:51] = whole[0:51]
    half[24:51:3] = 0.45  # a view has cut it below the hips: the points pile up at its border

    persons = persons_of(np.stack([whole, half]), VIEW, SIZE, RULES)

    assert [p.score for p in persons] == pytest.approx([0.8])


def test_a_child_before_an_adult_is_a_second_person() -> None:
    rows = np.stack([row((0.2, 0.1, 0.6, 0.9)), row((0.3, 0.6, 0.45, 0.9), 0.5)])

    assert len(persons_of(rows, VIEW, SIZE, RULES)) == 2
