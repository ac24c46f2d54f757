"""Which frame is the peak of an event is told when it comes, so that what it shows can be kept."""

from __future__ import annotations

import pytest

from motionapp.analysis import Analysis
from motionapp.settings import AnalysisSettings
from motionapp.testing import Mover, Stage

STAGE = Stage(
    size=(320, 180),
    sigma=1.0,
    movers=(
        Mover(lambda t_s: (20 + 60 * t_s, 60), size=(20, 60)),
        Mover(lambda t_s: (300 - 70 * t_s, 40), size=(30, 90)),
    ),
)
LEFT = {"name": "left", "polygon": [[0, 0], [0.5, 0], [0.5, 1], [0, 1]]}
RIGHT = {"name": "right", "polygon": [[0.5, 0], [1, 0], [1, 1], [0.5, 1]]}


@pytest.mark.parametrize("zones", [[], [LEFT, RIGHT]])
def test_the_last_frame_that_was_told_as_the_peak_is_the_peak(zones: list[object]) -> None:
    settings = AnalysisSettings.model_validate({"people": "off", "zones": zones})
    analysis = Analysis(settings)
    peaks: dict[str, float] = {}
    closed = []

    for frame in STAGE.frames(3.0):
        moment = analysis.step(frame)
        peaks.update(dict.fromkeys(moment.peaks, frame.pts_s))
        closed += moment.closed
    closed += analysis.finish().closed

    assert {event.zone for event in closed} == ({"left", "right"} if zones else {"all"})
    assert {event.event_id: event.peak_s for event in closed}.items() <= peaks.items()
