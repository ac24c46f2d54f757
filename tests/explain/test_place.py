"""Why, asked about a place: the answer is about what is there, whatever happens elsewhere."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from motionapp.analysis import Analysis
from motionapp.core.frame import Frame
from motionapp.core.motion import Removal
from motionapp.explain.inquiry import Answer, Inquiry
from motionapp.explain.place import Place, evidence_near, is_watched, near
from motionapp.settings import AnalysisSettings
from motionapp.testing import Mover, Stage, frames_from

SIZE = (160, 90)
AT_S = 6.0
WALKER, WALL, TREMBLES = Place(0.41, 0.5), Place(0.1, 0.1), Place(0.9, 0.8)
"""Where the walker is at that time, where nothing is, and where a small thing trembles."""


@cache
def street() -> tuple[Frame, ...]:
    """Somebody walks through from second 5 to 7; to the lower right something tiny moves."""

    def walks(t_s: float) -> tuple[float, float]:
        return 20 + 40 * (min(max(t_s, 5.0), 7.0) - 5.0), 25

    def trembles(t_s: float) -> tuple[float, float]:
        return 143 + 1.5 * np.sin(9 * t_s), 71

    movers = Mover(walks, size=(14, 40)), Mover(trembles, size=(4, 4), seed=9)
    return tuple(Stage(movers=movers, size=SIZE, sigma=1.5).frames(8.6))


def asked(place: Place | None, **parts: object) -> Answer:
    settings = AnalysisSettings.model_validate({"people": "off", **parts})
    analysis, inquiry = Analysis(settings), Inquiry(settings, AT_S, place=place)
    for frame in street():
        inquiry.accept(analysis.step(frame))
    return inquiry.answer()


def test_at_the_walker_there_is_the_event() -> None:
    answer = asked(WALKER)

    assert answer.event is not None
    assert answer.stop is None
    assert "There was number" in answer.where


def test_where_nothing_moves_the_noise_there_is_told_though_somebody_walks_elsewhere() -> None:
    answer, anywhere = asked(WALL), asked(None)

    assert anywhere.event is not None
    assert answer.event is None
    assert answer.near == ()
    assert answer.stop is not None
    assert answer.stop.gate == "noise"
    assert answer.stop.measured < answer.stop.threshold
    assert answer.stop.setting is None  # a wall's noise is made no event of
    assert anywhere.stop is None
    assert answer.where == "Nobody was at this place. There is an event at this time, elsewhere."


def test_what_is_too_small_is_told_with_its_own_size() -> None:
    answer = asked(TREMBLES, absdiff={"min_area": 0.02})

    assert answer.event is None
    assert answer.stop is not None
    assert answer.stop.gate == "area"
    assert 0 < answer.stop.measured < 0.01


def test_a_zone_that_leaves_the_place_out_is_told() -> None:
    left = {"name": "left", "polygon": [(0, 0), (0.7, 0), (0.7, 1), (0, 1)], "kind": "exclude"}

    answer = asked(WALKER, zones=[left])

    assert answer.event is None
    assert answer.stop is not None
    assert answer.stop.gate == "zone"
    assert "Zones leave it out." in answer.where


def test_the_rule_that_took_what_was_at_the_place_is_told() -> None:
    settings = AnalysisSettings.model_validate({"people": "off"})
    analysis = Analysis(settings)
    moment = near([analysis.step(frame) for frame in street()][60], WALL)
    strength = moment.motion.differs.strength if moment.motion.differs else None
    assert strength is not None
    there, elsewhere = (np.zeros(strength.shape, np.uint8) for _ in range(2))
    there[:20, :20], elsewhere[-9:, -9:] = 255, 255
    removed = Removal("soft_shadow", 400, mask=there), Removal("scatter", 81, mask=elsewhere)
    moment = replace(moment, motion=replace(moment.motion, removed=removed))

    assert evidence_near(moment, WALL, settings).reasons.declined == "soft_shadow"
    assert evidence_near(moment, Place(0.5, 0.1), settings).reasons.declined == ""


def test_what_lasts_too_short_is_told_of_the_body_at_the_place() -> None:
    answer = asked(WALKER, events={"persist_s": 20.0})

    assert answer.stop is not None
    assert answer.stop.gate == "persistence"
    assert "There was number" in answer.where


@pytest.mark.parametrize("place", [Place(0, 0), Place(1, 1), Place(0.5, 1)])
def test_edges_are_places_too(place: Place) -> None:
    assert asked(place).event is None
    assert is_watched(place, SIZE, AnalysisSettings())


def test_flow_tells_how_fast_it_is_there() -> None:
    answer = asked(WALL, frontend="flow")

    assert answer.event is None
    assert answer.stop is not None
    assert answer.stop.gate == "noise"


def test_without_pictures_nothing_is_told() -> None:
    inquiry = Inquiry(AnalysisSettings(), AT_S, place=WALL)
    blank = frames_from([np.zeros((90, 160), np.uint8)], rate_hz=25)
    inquiry.accept(Analysis(AnalysisSettings(people="off")).step(next(iter(blank))))

    assert inquiry.answer().note == "There are no pictures."
