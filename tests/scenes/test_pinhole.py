"""A pinhole camera shows near things large, and what it looks at where it was told to."""

from __future__ import annotations

import numpy as np
import pytest

from motionapp.scenes.pinhole import Pinhole

CAMERA = Pinhole(60.0, 5.0, (100.0, 80.0), (0.0, 1.0, 0.0), tilt_deg=30.0)


def test_the_point_looked_at_lies_where_it_was_placed() -> None:
    seen = CAMERA.see(np.array([[0.0, 1.0, 0.0]]))

    np.testing.assert_allclose(seen.points, [[100.0, 80.0]])
    np.testing.assert_allclose(seen.scales, [1.0])


def test_what_is_nearer_looks_larger() -> None:
    near, far = CAMERA.see(np.array([[0.5, 1.0, 1.0], [0.5, 1.0, -1.0]])).points[:, 0] - 100.0

    assert near > 30.0 > far > 0.0


def test_from_above_a_step_towards_the_camera_goes_down_the_picture() -> None:
    level = Pinhole(60.0, 1e6, (0.0, 0.0), tilt_deg=0.0)
    above = Pinhole(60.0, 1e6, (0.0, 0.0), tilt_deg=30.0)
    step = np.array([[0.0, 0.0, 1.0]])

    assert level.see(step).points[0, 1] == pytest.approx(0.0, abs=1e-3)
    assert above.see(step).points[0, 1] == pytest.approx(30.0, abs=1e-3)


def test_what_passes_the_lens_stays_finite() -> None:
    seen = CAMERA.see(np.array([[0.0, 1.0, 50.0]]))

    assert np.isfinite(seen.points).all()
    assert seen.scales[0] < 10.0
