"""Boxes against a model that counts pixels one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.geometry import Box, union_of

edges = st.integers(-6, 12)
boxes = st.builds(Box, edges, edges, edges, edges)
solid = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h),
    edges,
    edges,
    st.integers(1, 8),
    st.integers(1, 8),
)


def pixels(box: Box) -> set[tuple[int, int]]:
    return {(x, y) for x in range(box.x0, box.x1) for y in range(box.y0, box.y1)}


@given(boxes)
def test_the_area_counts_the_pixels(box: Box) -> None:
    assert box.area == len(pixels(box)) == box.width * box.height


@given(solid, solid)
def test_intersection_and_iou_count_common_pixels(a: Box, b: Box) -> None:
    common, whole = len(pixels(a) & pixels(b)), len(pixels(a) | pixels(b))

    assert a.intersection(b) == b.intersection(a) == common
    assert a.iou(b) == pytest.approx(common / whole)
    assert a.iou(a) == 1.0


def test_empty_boxes_have_no_overlap_rather_than_a_division_by_zero() -> None:
    assert Box(3, 3, 3, 9).iou(Box(5, 5, 5, 5)) == 0.0


@given(boxes, boxes)
def test_iou_lies_between_0_and_1_for_any_boxes(a: Box, b: Box) -> None:
    assert 0.0 <= a.iou(b) <= 1.0


@given(solid, solid)
def test_the_gap_is_the_number_of_empty_columns_and_rows_between(a: Box, b: Box) -> None:
    def between(low: tuple[int, int], high: tuple[int, int]) -> int:
        taken = set(range(*low)) | set(range(*high))
        return max(taken) - min(taken) + 1 - len(taken)

    assert a.gap(b) == b.gap(a)
    assert a.gap(b) == (
        between((a.x0, a.x1), (b.x0, b.x1)),
        between((a.y0, a.y1), (b.y0, b.y1)),
    )


@given(st.lists(solid, min_size=1, max_size=5))
def test_a_union_is_the_smallest_box_that_holds_all(several: list[Box]) -> None:
    whole = union_of(several)
    held = set().union(*(pixels(box) for box in several))

    assert held <= pixels(whole)
    assert {x for x, _ in held} >= {whole.x0, whole.x1 - 1}
    assert {y for _, y in held} >= {whole.y0, whole.y1 - 1}


def test_a_union_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        union_of([])


@given(solid, st.integers(1, 4))
def test_a_scaled_box_covers_the_scaled_pixels(box: Box, factor: int) -> None:
    grown = {
        (factor * x + i, factor * y + j)
        for x, y in pixels(box)
        for i in range(factor)
        for j in range(factor)
    }

    assert pixels(box.scaled(factor)) == grown


@given(boxes, st.floats(-5, 5), st.floats(-5, 5))
def test_a_shift_keeps_the_size(box: Box, dx: float, dy: float) -> None:
    shifted = box.shifted(dx, dy)

    assert (shifted.width, shifted.height) == (box.width, box.height)
    assert abs(shifted.x0 - box.x0 - dx) <= 0.5
    assert abs(shifted.y0 - box.y0 - dy) <= 0.5


@given(boxes, st.tuples(st.integers(1, 9), st.integers(1, 9)))
def test_a_clipped_box_holds_exactly_the_pixels_inside(box: Box, size: tuple[int, int]) -> None:
    clipped = box.clipped(size)

    assert pixels(clipped) == pixels(box) & pixels(Box(0, 0, *size))
    assert 0 <= clipped.x0 <= clipped.x1 <= size[0]
    assert 0 <= clipped.y0 <= clipped.y1 <= size[1]


@given(solid)
def test_the_centre_lies_in_the_middle(box: Box) -> None:
    x, y = box.centre

    assert x - box.x0 == box.x1 - x
    assert y - box.y0 == box.y1 - y
