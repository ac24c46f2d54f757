"""Lines on the road: the same crossings at any rate and from any rest on, and no other events."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from motionapp.analysis import Analysis
from motionapp.core.crossing import Crossing
from motionapp.core.frame import Frame
from motionapp.core.moment import Moment
from motionapp.settings import AnalysisSettings, load_settings
from motionapp.testing import Mover, Stage

LINE = {"name": "gate", "kind": "line", "polygon": ((0.5, 0.0), (0.5, 1.0))}


def walks(t_s: float) -> tuple[float, float] | None:
    """Over to the right from second 1 to 3, and back from 12 to 14."""
    if 1 <= t_s < 3:
        return 60 + 90 * (t_s - 1), 70
    if 12 <= t_s < 14:
        return 240 - 90 * (t_s - 12), 70
    return None


STAGE = Stage(movers=(Mover(walks),), sigma=1.0)


def settings(*zones: object) -> AnalysisSettings:
    changes = {
        "analysis.recognition.classifier": "none", "analysis.people": "off",
        "analysis.zones": list(zones),
    }  # fmt: skip
    return load_settings(changes=changes).analysis


def moments(frames: Iterable[Frame], *zones: object) -> list[Moment]:
    analysis = Analysis(settings(*zones))
    return [*(analysis.step(frame) for frame in frames), analysis.finish()]


def crossings(found: Iterable[Moment]) -> list[Crossing]:
    return [crossing for moment in found for crossing in moment.crossings]


@pytest.fixture(scope="module")
def whole() -> list[Moment]:
    return moments(STAGE.frames(16.0), LINE)


def test_there_and_back_are_two_crossings_with_their_times(whole: list[Moment]) -> None:
    there, back = crossings(whole)

    assert (there.direction, back.direction) == ("left", "right")
    # Its middle is on the line, at 160 pixels, after 88 of its way of 90 a second.
    assert there.t_s == pytest.approx(1 + 88 / 90, abs=0.1)
    assert back.t_s == pytest.approx(12 + 92 / 90, abs=0.1)


@pytest.mark.parametrize("rate_hz", [12.5, 50.0])
def test_the_rate_of_pictures_does_not_matter(whole: list[Moment], rate_hz: float) -> None:
    found = crossings(moments(STAGE.frames(16.0, rate_hz=rate_hz), LINE))

    assert [one.direction for one in found] == ["left", "right"]
    for one, other in zip(found, crossings(whole), strict=True):
        assert one.t_s == pytest.approx(other.t_s, abs=0.1)


def test_from_a_rest_on_they_are_the_same_to_the_digit(whole: list[Moment]) -> None:
    """Who cuts a recording at a rest finds what a run over all of it finds."""
    assert any(moment.is_resting for moment in whole)
    frames = [frame for frame in STAGE.frames(16.0) if frame.pts_s >= 6.0]

    (later,) = crossings(moments(frames, LINE))

    assert later == crossings(whole)[1]


def test_a_line_changes_no_event(whole: list[Moment]) -> None:
    without = moments(STAGE.frames(16.0))

    assert [m.closed for m in whole] == [m.closed for m in without]
    assert {event.zone for moment in whole for event in moment.closed} == {"all"}
