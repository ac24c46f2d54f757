"""How heat maps sharpen points, and what becomes of points outside the picture."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.frontends.pose.crop import Crop
from motionapp.frontends.pose.landmarks import see_person, sharpened
from motionapp.frontends.pose.networks import LandmarkOutput, PoseNetworks


def output_with(
    points: dict[int, tuple[float, float]], heat: dict[tuple[int, int, int], float]
) -> LandmarkOutput:
    """Points in pixels of the crop, and logits by (row, column, point); cold elsewhere."""
    landmarks = np.zeros((39, 5), np.float32)
    heatmaps = np.full((64, 64, 39), -1000, np.float32)
    for index, place in points.items():
        landmarks[index, :2] = place
    for cell, logit in heat.items():
        heatmaps[cell] = logit
    return LandmarkOutput(landmarks, heatmaps, flag=1.0)


def test_a_point_moves_to_the_heat_beside_it() -> None:
    output = output_with({5: (100, 60)}, {(16, 27, 5): 50.0})  # its own cell: row 15, column 25

    found = sharpened(output)

    assert found[5].tolist() == pytest.approx([27 * 4, 16 * 4])


def test_heat_is_weighed() -> None:
    """Two cells of 1 and 0.5: the point stands twice as near to the first."""
    output = output_with({0: (100, 60)}, {(15, 24, 0): 50.0, (15, 27, 0): 0.0})

    found = sharpened(output)

    assert found[0].tolist() == pytest.approx([25 * 4, 15 * 4])


@pytest.mark.parametrize(
    ("cell", "logit"),
    [((15, 25, 0), -0.1), ((15, 29, 0), 50.0), ((15, 25, 1), 50.0)],
    ids=["too little heat", "heat outside the window", "heat of another point"],
)
def test_a_point_without_heat_of_its_own_stays(cell: tuple[int, int, int], logit: float) -> None:
    found = sharpened(output_with({0: (101, 61)}, {cell: logit}))

    assert found[0].tolist() == [101, 61]


@pytest.mark.parametrize("place", [(-3.0, 60.0), (60.0, 256.0), (1e6, -1e6)])
def test_a_point_off_the_crop_stays(place: tuple[float, float]) -> None:
    found = sharpened(output_with({0: place}, {(15, 0, 0): 50.0}))

    assert found[0].tolist() == pytest.approx(place)


def test_the_window_is_cut_at_the_edge_of_the_map() -> None:
    found = sharpened(output_with({0: (1, 254)}, {(63, 0, 0): 50.0, (61, 2, 0): 50.0}))

    assert found[0].tolist() == pytest.approx([1 * 4, 62 * 4])


def test_sharpening_leaves_the_network_s_answer_alone() -> None:
    output = output_with({5: (100, 60)}, {(16, 27, 5): 50.0})
    before: NDArray[np.float32] = output.landmarks.copy()

    sharpened(output)

    np.testing.assert_array_equal(output.landmarks, before)


def test_points_outside_the_picture_are_not_visible(networks: PoseNetworks) -> None:
    """A crop that lies outside for the most part: whatever the network thinks of it."""
    grey = np.full((100, 100, 3), 128, np.uint8)

    person = see_person(networks, grey, Crop(x=0, y=0, side_px=400, angle=0))

    x, y, visibility = person.pose.keypoints.T
    outside = (x < 0) | (y < 0) | (x >= 100) | (y >= 100)
    assert outside.any()
    assert not visibility[outside].any()
    assert not person.pose.keypoints.flags.writeable
