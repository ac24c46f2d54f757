"""What was found in the scene is told where it lies in the picture, or how to get there."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from motionapp.core.motion import Motion, Removal
from motionapp.overlay.draw import draw_layers
from motionapp.overlay.style import Style
from motionapp.steady.back import InPicture
from motionapp.steady.way import STAYED, Way

SIZE = (320, 240)
BARE = Style(valid=False)


@pytest.mark.parametrize("way", [Way(24, -10, 1, 0), Way(6, 40, 0.998, 0.06)])
@pytest.mark.parametrize("level", [0, 1])
@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_what_a_rule_took_is_drawn_where_the_mask_of_the_same_pixels_is(
    way: Way, level: int, scale: float
) -> None:
    mask = np.zeros((SIZE[1] >> level, SIZE[0] >> level), np.uint8)
    mask[60 >> level : 160 >> level, 100 >> level : 180 >> level] = 255
    told = Motion(level=level, mask=mask, removed=(Removal("clock", 9, mask=mask),))

    seen = InPicture(SIZE, way).motion(told)

    moved, taken = (
        np.full((round(240 * scale), round(320 * scale), 3), 90, np.uint8) for _ in "ab"
    )
    draw_layers(moved, seen, Style(mask=True, valid=False), scale=scale)
    draw_layers(taken, seen, Style(suppressed=True, valid=False), scale=scale)
    one, other = ((bgr != 90).any(axis=2) for bgr in (moved, taken))
    assert one.sum() > 1000 * scale**2
    # Rounding may differ along the border.
    assert np.count_nonzero(one ^ other) < 0.03 * one.sum()


def test_before_a_camera_that_stands_nothing_is_moved() -> None:
    told = Motion(removed=(Removal("clock", 9, mask=np.zeros((4, 4), np.uint8)),))

    assert InPicture(SIZE, STAYED).motion(told) is told
    assert told.scene is None


def test_nobody_moves_what_a_rule_took_unless_it_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = np.zeros((240, 320), np.uint8)
    moved = []
    warp = cv2.warpAffine
    monkeypatch.setattr(cv2, "warpAffine", lambda *a, **k: moved.append(a[0]) or warp(*a, **k))

    seen = InPicture(SIZE, Way(24, -10, 1, 0)).motion(
        Motion(removed=(Removal("clock", 9, (), taken),))
    )
    bgr = np.full((240, 320, 3), 90, np.uint8)
    draw_layers(bgr, seen, BARE)
    before = any(each is taken for each in moved)
    draw_layers(bgr, seen, Style(suppressed=True))

    assert not before
    assert any(each is taken for each in moved)
