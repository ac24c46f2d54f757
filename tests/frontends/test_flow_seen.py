"""The flow layer on a street seen from afar, where people are small and slow."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from motionapp.analysis import Analysis
from motionapp.overlay.draw import draw_flow
from motionapp.settings import AnalysisSettings
from motionapp.sources.file import FileSource

pytestmark = pytest.mark.real


def test_all_that_moves_on_a_street_is_seen_in_colours(shared_data: Path) -> None:
    """With a fixed scale, a third of it changed by less than 25 levels."""
    settings = AnalysisSettings(frontend="flow", people="off")
    analysis = Analysis(settings)
    source = FileSource(shared_data / "events" / "vtest.avi")
    seen = moving = 0

    for frame in source.frames():
        motion = analysis.step(frame).motion
        if frame.pts_s > 5:
            break
        if motion.flow is None or motion.mask is None:
            continue
        bgr = frame.bgr().copy()
        draw_flow(bgr, motion, colours=True, arrows=False)
        apart = np.abs(bgr.astype(int) - frame.bgr()).max(axis=2)
        size = bgr.shape[1], bgr.shape[0]
        mask = cv2.resize(motion.mask, size, interpolation=cv2.INTER_NEAREST) > 0
        moving += int(mask.sum())
        seen += int((apart[mask] >= 25).sum())
    source.close()

    assert moving > 100_000
    assert seen >= 0.95 * moving
