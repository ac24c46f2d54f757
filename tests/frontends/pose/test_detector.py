"""Anchors, letterbox, decoding and the merging of heads."""

from __future__ import annotations

import numpy as np
import pytest

from motionapp.frontends.pose.anchors import anchor_centres
from motionapp.frontends.pose.detector import (
    Detections,
    decode,
    find_people,
    find_people_in_parts,
    letterbox,
    merge_heads,
)
from motionapp.frontends.pose.networks import PoseNetworks


def detections(*rows: tuple[float, tuple[float, float, float, float]]) -> Detections:
    """Detections whose four points all lie in their box's upper left corner."""
    scores = np.array([score for score, _ in rows], np.float32)
    boxes = np.array([box for _, box in rows], np.float32).reshape(-1, 4)
    return Detections(scores, boxes, np.repeat(boxes[:, np.newaxis, :2], 4, axis=1))


def test_there_is_an_anchor_for_each_row_of_the_network() -> None:
    assert anchor_centres().shape == (2254, 2)


def test_anchors_go_row_by_row_with_those_of_a_cell_together() -> None:
    centres = anchor_centres()

    np.testing.assert_allclose(centres[:3] * 28, [[0.5, 0.5], [0.5, 0.5], [1.5, 0.5]], rtol=1e-6)
    np.testing.assert_allclose(centres[2 * 28] * 28, [0.5, 1.5], rtol=1e-6)
    np.testing.assert_allclose(centres[1568] * 14, [0.5, 0.5], rtol=1e-6)
    np.testing.assert_allclose(centres[1568 + 392 :][:7] * 7, [[0.5, 0.5]] * 6 + [[1.5, 0.5]])


def test_anchors_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        anchor_centres()[0, 0] = 0


@pytest.mark.parametrize("size", [(640, 360), (360, 640), (64, 64), (30, 150)])
def test_the_letterbox_keeps_the_aspect_and_is_centred(size: tuple[int, int]) -> None:
    width, height = size

    square, scale, offset = letterbox(np.full((height, width, 3), 255, np.uint8))

    assert square.shape == (224, 224, 3)
    assert max(size) * scale == pytest.approx(224)
    np.testing.assert_allclose(2 * offset + np.array(size) * scale, 224, rtol=1e-5)
    assert square[112, 112].min() == 255


def test_rows_are_decoded_round_their_anchors() -> None:
    rows, logits = np.zeros((2254, 12), np.float32), np.full(2254, -1000, np.float32)
    rows[1] = [10, 20, 40, 60, 1, 2, 3, 4, 5, 6, 7, 8]
    logits[1] = 1000

    found = decode(rows, logits, min_score=0.5)

    assert found.scores.tolist() == [1.0]
    np.testing.assert_allclose(found.boxes, [[14 - 20, 24 - 30, 14 + 20, 24 + 30]], rtol=1e-5)
    np.testing.assert_allclose(found.points[0], [[5, 6], [7, 8], [9, 10], [11, 12]], rtol=1e-5)


def test_boxes_of_one_head_are_averaged_by_their_scores() -> None:
    found = detections((0.9, (0, 0, 10, 10)), (0.3, (4, 0, 14, 10)))

    merged = merge_heads(found)

    assert merged.scores.tolist() == pytest.approx([0.9])
    np.testing.assert_allclose(merged.boxes, [[1, 0, 11, 10]], atol=1e-5)
    np.testing.assert_allclose(merged.points, [[[1, 0]] * 4], atol=1e-5)


def test_heads_apart_stay_apart_best_first() -> None:
    found = detections((0.9, (0, 0, 10, 10)), (0.8, (50, 0, 60, 10)), (0.7, (1, 1, 11, 11)))

    merged = merge_heads(found)

    assert merged.scores.tolist() == pytest.approx([0.9, 0.8])


def test_nothing_found_is_nothing_merged() -> None:
    merged = merge_heads(detections())

    assert merged.boxes.shape == (0, 4)
    assert merged.crops() == ()


def test_a_grey_picture_holds_nobody(networks: PoseNetworks) -> None:
    grey = np.full((120, 200, 3), 128, np.uint8)

    assert find_people(networks, grey, min_score=0.5).crops() == ()
    assert find_people_in_parts(networks, grey, min_score=0.5).crops() == ()
