"""People in real recordings: whoever waves both arms is one person, with the box of the whole."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest

from motionapp.analysis import Analysis
from motionapp.assembly import load_models
from motionapp.settings.tree import AnalysisSettings
from motionapp.sources.file import FileSource

pytestmark = pytest.mark.real

WAVERS = ("daria", "denis", "eli", "ido", "lena", "lyova", "moshe")
WHOLE_PX = 60
"""They are 62 to 90 pixels high; their arms alone reach over 30."""


@pytest.mark.parametrize("waver", WAVERS)
def test_who_waves_both_arms_is_one_person_and_whole(waver: str, shared_data: Path) -> None:
    settings = AnalysisSettings.model_validate({"recognition": {"classifier": "none"}})
    analysis = Analysis(settings, load_models(settings))
    source = FileSource(shared_data / "weizmann_full" / "wave2" / f"{waver}_wave2.mp4")
    try:
        told = [
            (frame.pts_s, [g for g in analysis.step(frame).groups if g.is_confirmed and g.is_seen])
            for frame in source.frames()
        ]
    finally:
        source.close()

    assert max(len(groups) for _, groups in told) == 1
    later = [group for pts_s, groups in told for group in groups if pts_s > 0.8]
    assert {(group.group_id, group.person) for group in later} == {(1, 1)}
    assert median(group.box.height for group in later) >= WHOLE_PX
