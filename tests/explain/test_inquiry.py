"""Why there is no event: one scene for each gate, and the change that lets it through."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.analysis import Analysis
from motionapp.core.clip import MotionClip, Prediction
from motionapp.core.contract import ModelContract
from motionapp.core.frame import Frame
from motionapp.core.geometry import Box
from motionapp.core.models import Models
from motionapp.core.person import Person
from motionapp.core.representation import Representation
from motionapp.core.track import Sought
from motionapp.explain.counterfactual import Counterfactual, find_counterfactual
from motionapp.explain.gates import Body
from motionapp.explain.inquiry import Answer, Inquiry
from motionapp.explain.rejections import MOST_PENDING, Rejections
from motionapp.explain.verdicts import search_text
from motionapp.settings import AnalysisSettings, Settings, apply_changes
from motionapp.testing import Mover, Stage, frames_from

SIZE = (160, 90)


def stroll(start_s: float = 5.0, end_s: float = 7.0, *, size: tuple[int, int] = (14, 40)) -> Stage:
    """A body that walks to the right for a while, and stands still before and after."""

    def path(t_s: float) -> tuple[float, float]:
        return 20 + 40 * (min(max(t_s, start_s), end_s) - start_s), 25

    return Stage(movers=(Mover(path, size=size),), size=SIZE, sigma=1.5)


def values(**parts: Mapping[str, Any] | Sequence[Any]) -> Settings:
    return Settings(analysis=AnalysisSettings.model_validate(parts))


@cache
def one_walk() -> tuple[Frame, ...]:
    """One walk from second 5 to second 7: rendered once."""
    return tuple(stroll().frames(9.6))


class Scene:
    """Frames that are asked about again and again."""

    def __init__(self, frames: Iterable[Frame], at_s: float, models: Models | None = None) -> None:
        self.frames, self.at_s = list(frames), at_s
        self.models = models or Models()

    def ask(self, settings: Settings) -> Answer:
        analysis = Analysis(settings.analysis, self.models)
        contract = None if self.models.recogniser is None else self.models.recogniser.contract
        inquiry = Inquiry(
            settings.analysis,
            self.at_s,
            labels=() if contract is None else contract.labels,
            threshold=settings.analysis.recognition.threshold or 0.0,
        )
        for frame in self.frames:
            inquiry.accept(analysis.step(frame))
        inquiry.accept(analysis.finish())
        return inquiry.answer()

    def remedy(self, answer: Answer, settings: Settings) -> Counterfactual | None:
        return find_counterfactual(
            answer, settings.analysis, lambda changes: self.ask(apply_changes(settings, changes))
        )


ELSEWHERE = {"name": "shelf", "polygon": [[0.0, 0.0], [1.0, 0.0], [1.0, 0.1], [0.0, 0.1]]}
EVERYWHERE = {
    "name": "room", "kind": "exclude", "polygon": [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]],
}  # fmt: skip


@pytest.mark.parametrize(
    ("gate", "settings", "key"),
    [
        ("noise", values(absdiff={"floor_levels": 120}), "absdiff.sensitivity"),
        ("area", values(absdiff={"min_area": 0.2}), "absdiff.min_area"),
        ("zone", values(zones=[ELSEWHERE]), "zones"),
        ("zone", values(zones=[EVERYWHERE]), "zones"),
        ("travel", values(events={"travel": 0.95}), "events.travel"),
        ("persistence", values(events={"persist_s": 3.0}), "events.persist_s"),
        ("persistence", values(tracking={"confirm_s": 3.0}), "tracking.confirm_s"),
    ],
    ids=["noise", "area", "not-included", "excluded", "travel", "persist", "confirm"],
)
def test_the_gate_that_stops_it_is_named_and_one_change_lets_it_through(
    gate: str, settings: Settings, key: str
) -> None:
    scene = Scene(one_walk(), at_s=6.0)

    answer = scene.ask(settings)
    remedy = scene.remedy(answer, settings)

    assert answer.event is None
    assert answer.stop is not None
    assert (answer.stop.gate, answer.stop.setting) == (gate, f"analysis.{key}")
    assert remedy is not None
    assert list(remedy.changes) == [f"analysis.{key}"]
    again = scene.ask(apply_changes(settings, remedy.changes))
    assert again.covers(6.0)


class Looking:
    """Finds somebody wherever it is asked, or nobody anywhere."""

    def __init__(self, *, finds: bool) -> None:
        self.finds = finds

    def search(
        self,
        bgr: NDArray[np.uint8],
        boxes: Sequence[Box],
        *,
        known: Container[int] = (),
        wide: Container[int] = (),
    ) -> tuple[tuple[Person, ...], ...]:
        points = np.zeros((17, 3), np.float32)
        return tuple((Person(box, 0.9, points),) if self.finds else () for box in boxes)


def searched(hz: float, *, finds: bool, at_s: float = 6.0) -> str:
    people = Models(people=Looking(finds=finds))
    return Scene(one_walk(), at_s, people).ask(values(people_searches_hz=hz)).search


@pytest.mark.parametrize(("finds", "found"), [(True, "a person"), (False, "nobody")])
def test_it_is_told_what_a_search_for_people_found_and_how_long_it_was_waited_for(
    finds: bool, found: str
) -> None:
    said = searched(2.5, finds=finds)

    assert said.startswith("A search for people looked at it 0.")
    assert said.endswith(f" s after it came and found {found}.")


def test_what_waits_for_its_search_is_told_to_wait() -> None:
    said = search_text(Body(1.25, is_sure=True, sought=Sought(1.25, 0)))

    assert said == "No search for people has looked at it yet: it has waited for 1.25 s."


def test_where_nobody_is_looked_for_nothing_is_said_of_searches() -> None:
    assert Scene(one_walk(), 6.0).ask(values()).search == ""


def test_the_change_is_a_small_one() -> None:
    """A tenth less of it is not enough."""
    scene = Scene(one_walk(), at_s=6.0)
    settings = values(events={"persist_s": 3.0})

    remedy = scene.remedy(scene.ask(settings), settings)

    assert remedy is not None
    needed = remedy.changes["analysis.events.persist_s"]
    assert isinstance(needed, float)
    assert 1.5 <= needed <= 2.0
    larger = apply_changes(settings, {"analysis.events.persist_s": needed * 1.1 + 0.1})
    assert scene.ask(larger).event is None


def test_light_that_changes_everywhere_is_stopped_by_the_gate_of_light() -> None:
    lit = Stage(size=SIZE, light=lambda t_s: (1.0, 0.0) if t_s < 6 else (1.3, 4.0))
    scene = Scene(lit.frames(9.0), at_s=6.0)

    answer = scene.ask(values())

    assert answer.stop is not None
    assert answer.stop.gate == "light"
    assert "light changed" in answer.stop.sentence


def test_two_gates_in_a_row_need_two_changes_together() -> None:
    scene = Scene(one_walk(), at_s=6.0)
    settings = values(tracking={"confirm_s": 4.0}, events={"persist_s": 4.0})

    answer = scene.ask(settings)
    remedy = scene.remedy(answer, settings)

    assert remedy is not None
    assert set(remedy.changes) == {"analysis.tracking.confirm_s", "analysis.events.persist_s"}


def test_what_nothing_can_let_through_is_said_to_be_so() -> None:
    scene = Scene(Stage(size=SIZE, sigma=0.0).frames(3.0), at_s=1.5)

    answer = scene.ask(values())

    assert answer.stop is not None
    assert answer.stop.gate == "noise"
    assert scene.remedy(answer, values()) is None


def test_where_there_is_an_event_it_is_named() -> None:
    scene = Scene(one_walk(), at_s=6.0)

    answer = scene.ask(values())

    assert answer.event is not None
    assert answer.event.start_s == pytest.approx(5.0, abs=0.15)
    assert answer.stop is None
    assert [verdict.gate for verdict in answer.verdicts][-1] == "label"
    assert scene.remedy(answer, values()) is None


def test_an_event_a_little_later_is_told_but_is_not_the_answer() -> None:
    answer = Scene(one_walk(), at_s=4.3).ask(values())

    assert answer.event is None
    assert [round(event.start_s) for event in answer.near] == [5]
    assert answer.stop is not None
    assert answer.stop.gate == "noise"


def test_one_zone_says_no_where_the_other_has_an_event() -> None:
    """Asked about one zone: whoever asks leaves the others out."""
    left = {"name": "left", "polygon": [[0.0, 0.0], [0.8, 0.0], [0.8, 1.0], [0.0, 1.0]]}
    scene = Scene(one_walk(), at_s=6.0)

    both = scene.ask(values(zones=[left, ELSEWHERE]))
    alone = scene.ask(values(zones=[ELSEWHERE]))

    assert both.event is not None
    assert both.event.zone == "left"
    assert alone.stop is not None
    assert alone.stop.gate == "zone"


def test_pictures_that_tell_nothing_give_a_note() -> None:
    damaged = frames_from([stroll().picture(k / 25) for k in range(100)], flagged=range(100))

    assert "damaged" in Scene(damaged, at_s=2.0).ask(values()).note
    assert "nothing yet to compare" in Scene(stroll().frames(0.04), at_s=0.0).ask(values()).note
    assert "no pictures" in Scene([], at_s=3.0).ask(values()).note


# -- labels ------------------------------------------------------------------------------------


class Naming:
    """Says the same of every clip."""

    takes_nobody: ClassVar[bool] = False

    def __init__(self, *probabilities: float, threshold: float) -> None:
        self.contract = ModelContract(
            name="fake",
            version="1",
            labels=("walk", "run", "jack")[: len(probabilities)],
            representation=Representation(frontend="absdiff", side_px=32),
            architecture="none",
            threshold=threshold,
        )
        self._probabilities = probabilities

    def classify(self, clips: Sequence[MotionClip]) -> tuple[Prediction, ...]:
        best = int(np.argmax(self._probabilities))
        return tuple(
            Prediction(
                clip.subject_id, clip.start_s, clip.end_s, self.contract.labels[best],
                self._probabilities[best], self._probabilities,
            )
            for clip in clips
        )  # fmt: skip


def named(threshold: float, *probabilities: float) -> tuple[Scene, Settings]:
    models = Models(Naming(*probabilities, threshold=threshold))
    settings = values(recognition={"threshold": threshold})
    return Scene(one_walk(), at_s=6.0, models=models), settings


def test_a_label_is_told_with_the_next_likely_one() -> None:
    scene, settings = named(0.5, 0.7, 0.3)

    answer = scene.ask(settings)

    label = answer.verdicts[-1]
    assert (label.gate, label.passed) == ("label", True)
    assert (label.measured, label.threshold) == (pytest.approx(0.7), 0.5)
    assert label.sentence == "walk is the likeliest with 0.70; then comes run with 0.30."


def test_who_surely_goes_somewhere_is_told_to_where_no_name_is_sure() -> None:
    scene, settings = named(0.8, 0.45, 0.4, 0.15)

    answer = scene.ask(settings)

    assert answer.stop is not None
    assert answer.stop.sentence == (
        "walk is the likeliest with 0.45 (locomotion: 0.85); 0.80 is the least."
    )


def test_unknown_is_explained_and_a_lower_threshold_gives_the_name() -> None:
    scene, settings = named(0.8, 0.6, 0.4)

    answer = scene.ask(settings)
    remedy = scene.remedy(answer, settings)

    assert answer.event is not None
    assert answer.event.label == "unknown"
    assert answer.stop is not None
    assert answer.stop.sentence == "walk is the likeliest with 0.60; 0.80 is the least."
    assert remedy is not None
    assert remedy.changes == {"analysis.recognition.threshold": pytest.approx(0.6, abs=0.011)}
    assert remedy.answer.event is not None
    assert remedy.answer.event.label == "walk"


def test_a_movement_that_is_none_of_the_labels_has_no_remedy() -> None:
    scene, settings = named(0.1, 0.3, 0.1)

    answer = scene.ask(settings)

    assert answer.stop is not None
    assert "none of the labels with 0.60" in answer.stop.sentence
    assert scene.remedy(answer, settings) is None


# -- a whole recording -------------------------------------------------------------------------


def refused(frames: Iterable[Frame], settings: Settings, *, most: int = 20) -> Rejections:
    analysis, rejections = Analysis(settings.analysis), Rejections(settings.analysis, most=most)
    for frame in frames:
        rejections.accept(analysis.step(frame))
    rejections.accept(analysis.finish())
    return rejections


def pacing(*stretches: tuple[float, float]) -> Stage:
    """A body that walks to and fro in the stretches, and stands still otherwise."""

    def path(t_s: float) -> tuple[float, float]:
        walked = sum(max(0.0, min(t_s, end) - start) for start, end in stretches)
        return 20 + 60 * abs((walked + 1) % 2 - 1), 25

    return Stage(movers=(Mover(path, size=(14, 40)),), size=SIZE, sigma=1.5)


def test_what_became_an_event_is_not_refused() -> None:
    assert refused(pacing((2.0, 4.0), (9.0, 11.0)).frames(14.0), values()).rejections() == ()


def test_a_stretch_that_was_too_short_is_refused_with_its_times_and_its_gate() -> None:
    scene = pacing((3.0, 5.0), (9.0, 10.0))

    rejections = refused(scene.frames(14.0), values(events={"persist_s": 1.5}))

    (rejection,) = rejections.rejections()
    assert rejections.count == 1
    assert rejection.start_s == pytest.approx(9.0, abs=0.15)
    assert rejection.end_s == pytest.approx(10.0, abs=0.25)
    assert rejection.gate == "persistence"
    assert "1.50 s is the least" in rejection.sentence
    assert "analysis.events.persist_s = 0.9" in rejection.sentence


def test_only_those_nearest_to_an_event_are_kept_and_all_are_counted() -> None:
    """Eight stretches, the longer the later."""
    stretches = [(4.0 * k, 4.0 * k + 0.3 + 0.05 * k) for k in range(1, 9)]

    rejections = refused(pacing(*stretches).frames(38.0), values(events={"persist_s": 2.0}), most=3)

    kept = [round(rejection.start_s) for rejection in rejections.rejections()]
    assert rejections.count == 8
    assert kept == [24, 28, 32]


def test_memory_is_bounded_whatever_happens() -> None:
    """A flash every second, with pauses shorter than what settles a stretch."""
    settings = values(events={"persist_s": 25.0, "hold_s": 0.7})
    stretches = [(2.0 * k, 2.0 * k + 0.3) for k in range(1, 30)]

    rejections = refused(pacing(*stretches).frames(62.0, rate_hz=10.0), settings)

    assert rejections.count == 29
    assert len(rejections.rejections()) == 20
    assert len(rejections._pending) <= MOST_PENDING


def test_an_event_that_is_dated_back_takes_the_beginning_with_it() -> None:
    """Who walks slowly has moved for seconds before he has gone far enough."""
    settings = values(events={"travel": 0.4})

    rejections = refused(stroll(3.0, 7.0).frames(12.0), settings)

    assert rejections.rejections() == ()
