"""Why there was no event a moment ago: kept second by second, and no longer than said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from motionapp.analysis import Analysis
from motionapp.core.models import Models
from motionapp.core.moment import Moment
from motionapp.edge.camera.reasons import KEPT_S, Reasons
from motionapp.settings import AnalysisSettings, load_settings
from motionapp.sources.synthetic import SyntheticSource

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def settings_of(**changes: object) -> AnalysisSettings:
    unnamed = {"analysis.recognition.classifier": "none", "analysis.people": "off"}
    return load_settings(changes={**unnamed, **changes}).analysis


def walked(settings: AnalysisSettings) -> Reasons:
    """What is known after somebody has walked through a rendered scene, which begins at noon."""
    analysis = Analysis(settings, Models(), source_name="door")
    reasons = Reasons(lambda: settings)
    epochs: dict[int, object] = {}
    for frame in SyntheticSource.named("walk").frames():
        epoch = epochs.setdefault(frame.epoch.number, replace(frame.epoch, start_utc=NOON))
        reasons.accept(analysis.step(replace(frame, epoch=epoch)))  # type: ignore[arg-type]
    reasons.accept(analysis.finish())
    return reasons


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_an_instant_of_an_event_is_told_as_one() -> None:
    answer = walked(settings_of()).answer(at(4))

    assert answer["event"] is not None
    assert answer["sentence"].startswith("There was an event: motion")


def test_an_instant_without_one_has_the_gate_that_stopped_it() -> None:
    """Nobody in the scene moves for half a minute on end."""
    answer = walked(settings_of(**{"analysis.events.persist_s": 30.0})).answer(at(4))

    assert answer["event"] is None
    assert [verdict["passed"] for verdict in answer["verdicts"]][-1] is False
    assert answer["verdicts"][-1]["gate"] == "persistence"
    assert answer["sentence"] == answer["verdicts"][-1]["sentence"]


def test_what_is_too_long_ago_or_has_no_pictures_is_said_so() -> None:
    reasons = walked(settings_of())

    assert "too long ago" in reasons.answer(at(-KEPT_S))["sentence"]
    assert reasons.answer(at(9999))["sentence"] == "There were no pictures."
    assert "no pictures yet" in Reasons(settings_of).answer(NOON)["sentence"]


def test_a_moment_without_a_frame_is_no_second() -> None:
    reasons = Reasons(settings_of)

    reasons.accept(Moment(source="door", frame=None))

    assert "no pictures yet" in reasons.answer(NOON)["sentence"]
