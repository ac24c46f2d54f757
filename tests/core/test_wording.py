"""Times and names as people read them."""

from __future__ import annotations

import pytest

from motionapp.core.wording import clock_text, name_text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "00:00.0"),
        (-1, "00:00.0"),
        (59.97, "01:00.0"),
        (62.54, "01:02.5"),
        (3600, "1:00:00.0"),
        (3725.0, "1:02:05.0"),
    ],
)
def test_times_read_like_a_clock(seconds: float, text: str) -> None:
    assert clock_text(seconds) == text


def test_a_name_has_its_score_and_bare_motion_has_none() -> None:
    assert name_text("wave2", 0.934) == "wave2 0.93"
    assert name_text("walk", None) == "walk"
    assert name_text("motion", 0.5) == "motion"
