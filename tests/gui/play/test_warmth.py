"""After a seek, what is found is marked until it is what a run from the start finds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from motionapp.analysis import Analysis
from motionapp.core.event import Event
from motionapp.core.moment import Moment
from motionapp.gui.play.warmth import Warmth
from motionapp.gui.play.wish import Wish
from motionapp.runtime.span import LEAD_IN_S
from motionapp.settings import AnalysisSettings
from motionapp.testing import Mover, Stage, frame_at

SETTINGS = Wish("", AnalysisSettings()).with_classifier("none").settings
SETTINGS = SETTINGS.model_copy(update={"people": "off"})


def at(pts_s: float, *, is_resting: bool) -> Moment:
    return Moment("test", replace(frame_at(0), pts_s=pts_s), is_resting=is_resting)


def test_at_the_start_it_is_warm_and_elsewhere_after_a_rest_that_comes_late_enough() -> None:
    assert Warmth(0.0).is_warm
    warmth = Warmth(100.0)

    for moment in (
        at(100.0, is_resting=True), at(105.0, is_resting=False),
        at(100.0 + LEAD_IN_S + 1, is_resting=False), Moment("test", None, is_resting=True),
    ):  # fmt: skip
        warmth.note(moment)
        assert not warmth.is_warm
    warmth.note(at(130.0, is_resting=True))

    assert warmth.is_warm


EACH_S, WALKS_S, LENGTH_S = 12.0, 2.0, 52.0


def walking(t_s: float) -> tuple[float, float] | None:
    """Somebody comes by for two seconds, again and again."""
    since_s = t_s % EACH_S
    return (10 + 55 * since_s, 40) if since_s < WALKS_S else None


STAGE = Stage((Mover(walking, size=(14, 24)),), size=(160, 90))


@pytest.mark.parametrize("began_s", [1.6, 12.8])
def test_what_is_found_once_it_is_warm_is_what_a_run_from_the_start_finds(began_s: float) -> None:
    whole, _ = found_from(0.0)

    later, warm_s = found_from(began_s)

    assert warm_s is not None
    expected = [event for event in whole if event.start_s >= warm_s]
    assert len(expected) >= 2
    found = [event for event in later if event.start_s >= warm_s]
    assert list(map(written, found)) == list(map(written, expected))


def written(event: Event) -> tuple[object, ...]:
    """As files have it: to the millisecond."""
    times = round(event.start_s, 3), round(event.end_s, 3), round(event.peak_s, 3)
    return *times, event.label, event.box, [segment.box for segment in event.segments]


def found_from(from_s: float) -> tuple[list[Event], float | None]:
    """The events, and from when on it was warm."""
    analysis, warmth = Analysis(SETTINGS), Warmth(from_s)
    events: list[Event] = []
    warm_s: float | None = None
    for frame in STAGE.frames(LENGTH_S - from_s, rate_hz=12.5, start_s=from_s):
        moment = analysis.step(frame)
        events += moment.closed
        warmth.note(moment)
        if warmth.is_warm and warm_s is None:
            warm_s = frame.pts_s
    return [*events, *analysis.finish().closed], warm_s
