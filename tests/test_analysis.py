"""The road as a whole: frames in, moments out, and nothing remembered that should be forgotten."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motionapp.analysis import Analysis
from motionapp.core.clip import MotionClip, Prediction
from motionapp.core.contract import ModelContract
from motionapp.core.event import Event
from motionapp.core.frame import Epoch, Frame
from motionapp.core.models import Models
from motionapp.core.moment import Moment
from motionapp.core.representation import Representation
from motionapp.frontends import registry
from motionapp.gate import make_gate
from motionapp.settings import AnalysisSettings
from motionapp.settings.tree import EventSettings
from motionapp.testing import HandClock, Mover, Stage, frames_from

SIZE = (160, 90)
Stretch = tuple[float, float]


def pacing(*stretches: Stretch, x: float = 20.0, y: float = 25.0, seed: int = 1) -> Mover:
    """A body that stands still but for the stretches, in which it walks to and fro."""

    def path(t_s: float) -> tuple[float, float]:
        walked = sum(max(0.0, min(t_s, end) - start) for start, end in stretches)
        return x + 60 * abs((walked + 1) % 2 - 1), y

    return Mover(path, size=(14, 40), seed=seed)


def stage(*stretches: Stretch, sigma: float = 1.5) -> Stage:
    return Stage(movers=(pacing(*stretches),), size=SIZE, sigma=sigma)


def walked(
    frames: Iterable[Frame],
    models: Models | None = None,
    values: AnalysisSettings | None = None,
) -> list[Moment]:
    analysis = Analysis(values or AnalysisSettings(), models or Models(), source_name="stage")
    return [*map(analysis.step, frames), analysis.finish()]


def closed(moments: Iterable[Moment]) -> list[Event]:
    return [event for moment in moments for event in moment.closed]


def opened(moments: Iterable[Moment]) -> list[Event]:
    return [event for moment in moments for event in moment.opened]


def stroll(*stretches: Stretch) -> Stage:
    """A body that goes on to the right in each stretch: one region all the way."""

    def path(t_s: float) -> tuple[float, float]:
        walked = sum(max(0.0, min(t_s, end) - start) for start, end in stretches)
        return 20 + 80 * walked, 60

    return Stage(movers=(Mover(path, size=(24, 60)),), size=(320, 180))


ONE_WALK = stage((1.0, 3.0))


def test_a_walk_becomes_one_event_that_opens_and_closes() -> None:
    moments = walked(ONE_WALK.frames(6.0))

    (first,), (event,) = opened(moments), closed(moments)
    assert first.event_id == event.event_id
    assert event.event_id == f"all@{round(event.start_s * 1000)}"
    assert event.start_s == pytest.approx(1.0, abs=0.12)
    assert event.end_s == pytest.approx(3.0, abs=0.16)
    assert (event.label, event.score, event.ended_by) == ("motion", None, "motion")
    assert [segment.label for segment in event.segments] == ["motion"]


def test_moments_carry_source_frame_tracks_and_groups() -> None:
    moments = walked(stroll((1.0, 3.0)).frames(3.0))

    assert {moment.source for moment in moments} == {"stage"}
    assert [moment.frame.index for moment in moments[:-1] if moment.frame] == list(range(75))
    assert moments[-1].frame is None
    busy = moments[60]
    assert [track.track_id for track in busy.tracks] == [1]
    assert busy.groups[0].track_ids == (1,)
    assert busy.motion.moved


@pytest.mark.parametrize(
    ("grid_s", "hold_s", "events"), [(0.16, None, 2), (0.4, None, 1), (0.4, 1.5, 2)]
)
def test_an_event_stays_open_until_a_network_has_named_what_passed_in_it(
    grid_s: float, hold_s: float | None, events: int
) -> None:
    """Half a clip of 2.4 s and half of 2 s; somebody who says how long it stays open is heeded."""
    network = Naming("walk", grid_s=grid_s)
    values = AnalysisSettings(events=EventSettings(hold_s=hold_s))

    moments = walked(stage((0.5, 2.0), (3.8, 5.0)).frames(9.0), Models(network), values)

    assert len(closed(moments)) == events


def test_a_still_picture_gives_moments_without_anything() -> None:
    for moment in walked(stage().frames(3.0)):
        assert not moment.motion.moved
        assert (moment.tracks, moment.groups) == ((), ())
        assert (moment.opened, moment.closed) == ((), ())


def test_the_same_frames_give_the_same_events_twice() -> None:
    scene = stage((0.5, 2.0), (5.0, 6.0))

    assert closed(walked(scene.frames(9.0))) == closed(walked(scene.frames(9.0)))


def test_two_analyses_side_by_side_do_not_disturb_each_other() -> None:
    one, other = stage((0.5, 2.0)), stage((1.0, 3.0), sigma=4.0)
    alone = [closed(walked(scene.frames(5.0))) for scene in (one, other)]

    first, second = Analysis(AnalysisSettings()), Analysis(AnalysisSettings())
    beside: list[list[Event]] = [[], []]
    for a, b in zip(one.frames(5.0), other.frames(5.0), strict=True):
        beside[0] += first.step(a).closed
        beside[1] += second.step(b).closed
    beside[0] += first.finish().closed
    beside[1] += second.finish().closed

    assert beside == alone


def test_an_analysis_without_frames_finishes_without_events() -> None:
    assert closed(walked([])) == []
    assert closed(walked(ONE_WALK.frames(0.04))) == []


# -- rest --------------------------------------------------------------------------------------


def test_tracks_and_groups_count_from_1_after_a_rest() -> None:
    moments = walked(stroll((0.5, 2.0), (6.0, 7.5)).frames(10.0))

    late = [moment for moment in moments if moment.frame and moment.frame.pts_s > 6.0]
    assert {track.track_id for moment in late for track in moment.tracks} == {1}
    assert {group.group_id for moment in late for group in moment.groups} == {1}
    assert len(closed(moments)) == 2


def test_a_pause_within_hold_is_no_rest() -> None:
    moments = walked(stage((0.5, 2.0), (3.2, 5.0)).frames(8.0))

    assert len(closed(moments)) == 1
    assert len(opened(moments)) == 1


def rests_of(moments: Sequence[Moment], values: AnalysisSettings) -> list[float]:
    """Times at which the gate had seen nothing for long enough, from moments alone."""
    rests, moved_s, is_resting = [], 0.0, True
    for moment in moments:
        if moment.frame is None:
            continue
        now_s = moment.frame.pts_s
        if moment.motion.moved:
            moved_s, is_resting = now_s, False
        elif not is_resting and now_s - moved_s > values.events.pause_s:
            is_resting = True
            rests.append(now_s)
    return rests


scenes = st.lists(
    st.tuples(st.sampled_from([0.08, 0.4, 1.2, 2.0]), st.sampled_from([0.3, 1.2, 1.7, 2.6])),
    min_size=2,
    max_size=4,
)


@settings(max_examples=12)
@given(scenes, st.integers(0, 99), st.sampled_from([0.5, 3.0]))
def test_from_any_rest_on_the_events_are_those_of_the_whole_run(
    parts: list[tuple[float, float]], seed: int, sigma: float
) -> None:
    """What splits a recording over workers: a gate that starts a lead-in earlier is enough."""
    edges = list(itertools.accumulate([5.0, *itertools.chain(*parts)]))
    stretches = list(zip(edges[::2], edges[1::2], strict=False))
    scene = replace(stage(*stretches, sigma=sigma), seed=seed)
    frames = list(scene.frames(edges[-1] + 2.0))
    values = AnalysisSettings()
    whole = walked(frames, values=values)
    lead_in_s = make_gate(values).start(frames[0].epoch).lead_in_s

    for rest_s in rests_of(whole, values):
        from_s = rest_s - lead_in_s - values.events.pause_s
        part = walked([frame for frame in frames if frame.pts_s >= from_s], values=values)
        owned = [event for event in closed(whole) if event.start_s > rest_s]
        assert [event for event in closed(part) if event.start_s > rest_s] == owned


# -- beginnings and ends -----------------------------------------------------------------------


def with_epoch(frames: Iterable[Frame], number: int, shift_s: float = 0.0) -> list[Frame]:
    return [
        replace(
            frame,
            pts_s=frame.pts_s + shift_s,
            epoch=replace(frame.epoch, number=number, origin_s=shift_s),
        )
        for frame in frames
    ]


def test_a_new_epoch_closes_what_is_open_and_nothing_crosses_it() -> None:
    walking = stage((0.2, 9.0))
    first = with_epoch(walking.frames(2.0), 0)
    larger = replace(walking, size=(320, 180))
    second = with_epoch(larger.frames(2.0), 1, 2.0)

    moments = walked(first + second)

    before, after = closed(moments)
    assert (before.ended_by, after.ended_by) == ("epoch", "end")
    assert before.end_s == pytest.approx(2.0)
    assert after.start_s > before.end_s
    assert moments[50].closed == (before,)
    assert moments[50].tracks == ()
    assert {track.track_id for moment in moments[50:] for track in moment.tracks} == {1}


def test_an_event_ends_no_later_than_the_next_epoch_begins() -> None:
    """A camera that changes its size in the middle of a frame's time."""
    walking = stage((0.2, 9.0))
    first = with_epoch(walking.frames(2.0), 0)
    second = with_epoch(walking.frames(1.0), 1, 1.97)

    before = closed(walked(first + second))[0]

    assert before.end_s == pytest.approx(1.97)


def test_equal_epochs_are_the_same_epoch() -> None:
    """An epoch is a value: a source may make it anew for each frame."""
    frames = [replace(frame, epoch=replace(frame.epoch)) for frame in ONE_WALK.frames(6.0)]

    assert closed(walked(frames)) == closed(walked(ONE_WALK.frames(6.0)))


def test_finish_closes_what_is_open_and_the_next_step_begins_anew() -> None:
    frames = list(stage((0.2, 9.0)).frames(4.0))
    analysis = Analysis(AnalysisSettings())
    for frame in frames[:50]:
        analysis.step(frame)

    last = analysis.finish("interrupted")
    again = analysis.step(frames[50])

    assert [event.ended_by for event in last.closed] == ["interrupted"]
    assert last.closed[0].end_s == pytest.approx(2.0)
    assert last.frame is None
    assert again.tracks == ()
    assert again.motion.lag_s == 0.0
    assert analysis.finish().closed == ()


def test_after_finish_time_may_begin_again() -> None:
    """A window that plays a recording a second time."""
    analysis = Analysis(AnalysisSettings())
    runs = []
    for _ in range(2):
        moments = [analysis.step(frame) for frame in ONE_WALK.frames(5.0)]
        runs.append(closed([*moments, analysis.finish()]))

    assert runs[0] == runs[1]
    assert len(runs[0]) == 1


def changed_in_the_middle(values: AnalysisSettings, models: Models | None = None) -> list[Moment]:
    frames = list(stage((0.2, 9.0)).frames(4.0))
    analysis = Analysis(AnalysisSettings())
    moments = [analysis.step(frame) for frame in frames[:50]]
    analysis.change(values, models or Models())
    moments += [analysis.step(frame) for frame in frames[50:]]
    return [*moments, analysis.finish()]


def test_another_front_end_closes_open_events_with_settings() -> None:
    moments = changed_in_the_middle(AnalysisSettings(frontend="flow"))

    assert [event.ended_by for event in closed(moments)] == ["settings", "end"]
    assert [event.ended_by for event in moments[50].closed] == ["settings"]
    assert moments[-2].motion.flow is not None


def test_another_model_closes_open_events_with_settings() -> None:
    moments = changed_in_the_middle(AnalysisSettings(), Models(Naming("walk")))

    assert [event.ended_by for event in closed(moments)] == ["settings", "end"]
    assert closed(moments)[1].label == "walk"


@pytest.mark.parametrize(
    "values",
    [
        {"absdiff": {"sensitivity": 1.3}},
        {"absdiff": {"lag_s": 0.12}},
        {"tracking": {"coast_s": 0.7}},
        {"events": {"hold_s": 2.5, "max_event_s": 100}},
        {"recognition": {"cadence_s": 0.32, "smooth_s": 0.4}},
        {"flow": {"sensitivity": 2.0}},
    ],
)
def test_another_threshold_ends_nothing(values: dict[str, dict[str, float]]) -> None:
    """Also where whoever changes it has made the same models anew."""
    moments = changed_in_the_middle(AnalysisSettings.model_validate(values))

    assert [event.ended_by for event in closed(moments)] == ["end"]
    assert len(opened(moments)) == 1


LEFT = {"name": "left", "polygon": [[0.0, 0.0], [0.5, 0.0], [0.5, 1.0], [0.0, 1.0]]}
RIGHT = {"name": "right", "polygon": [[0.5, 0.0], [1.0, 0.0], [1.0, 1.0], [0.5, 1.0]]}


def test_other_zones_close_open_events_with_settings() -> None:
    moments = changed_in_the_middle(AnalysisSettings.model_validate({"zones": [LEFT, RIGHT]}))

    first, *later = closed(moments)
    assert (first.zone, first.ended_by) == ("all", "settings")
    assert {event.zone for event in later} <= {"left", "right"}
    assert later


def test_each_zone_that_a_walker_passes_has_an_event_of_its_own() -> None:
    values = AnalysisSettings.model_validate({"zones": [LEFT, RIGHT]})

    left, right = closed(walked(stroll((1.0, 4.0)).frames(7.0), values=values))

    assert (left.zone, right.zone) == ("left", "right")
    assert left.event_id == f"left@{round(left.start_s * 1000)}"
    assert left.start_s == pytest.approx(1.0, abs=0.15)
    # He is 24 pixels wide and crosses the middle, 160, between second 2.5 and 2.8.
    assert left.end_s == pytest.approx(2.8, abs=0.3)
    assert right.start_s == pytest.approx(2.5, abs=0.3)


def test_nothing_happens_where_a_zone_is_excluded() -> None:
    out = {**RIGHT, "kind": "exclude"}
    scene = stroll((1.0, 4.0))

    (event,) = closed(walked(scene.frames(7.0), values=zoned(out)))
    nothing = closed(walked(scene.frames(7.0), values=zoned(out, {**LEFT, "kind": "exclude"})))

    assert event.zone == "all"
    assert event.end_s < 3.2
    assert event.box.x1 <= 168
    assert nothing == []


def test_a_zone_is_watched_as_if_it_were_the_only_one() -> None:
    scene = stroll((1.0, 4.0))

    both = closed(walked(scene.frames(7.0), values=zoned(LEFT, RIGHT)))
    alone = closed(walked(scene.frames(7.0), values=zoned(LEFT)))

    assert [(e.start_s, e.end_s) for e in both if e.zone == "left"] == [
        (pytest.approx(e.start_s, abs=0.13), pytest.approx(e.end_s, abs=0.13)) for e in alone
    ]


def zoned(*zones: dict[str, object]) -> AnalysisSettings:
    return AnalysisSettings.model_validate({"zones": zones})


@pytest.mark.parametrize("frontend", ["absdiff", "flow"])
def test_zones_hold_for_every_front_end_that_has_a_mask(frontend: str) -> None:
    large = replace(
        ONE_WALK, size=(320, 180), movers=(replace(pacing((1.0, 3.0), x=60), size=(40, 90)),)
    )
    values = AnalysisSettings.model_validate({"frontend": frontend, "zones": [LEFT, RIGHT]})

    events = closed(walked(large.frames(6.0), values=values))

    assert {event.zone for event in events} >= {"left"}


def test_the_last_of_several_changes_counts() -> None:
    analysis = Analysis(AnalysisSettings())
    analysis.change(AnalysisSettings(frontend="flow"), Models())
    analysis.change(AnalysisSettings(), Models())

    analysis.step(next(ONE_WALK.frames(1.0)))

    assert analysis.settings == AnalysisSettings()


def test_flagged_frames_open_nothing() -> None:
    """Damage looks like motion: smeared blocks all over the picture."""
    rng = np.random.default_rng(0)
    still = stage()
    flagged = range(30, 60)
    pictures = [
        rng.integers(0, 255, SIZE[::-1], np.uint8) if k in flagged else still.picture(k / 25)
        for k in range(150)
    ]

    moments = walked(frames_from(pictures, flagged=flagged))

    assert opened(moments) == []
    assert all(moments[k].motion.reasons.declined == "damaged" for k in flagged)


def test_a_damaged_frame_within_an_event_does_not_cut_it() -> None:
    flagged = (60, 61, 70)
    frames = [
        replace(frame, is_flagged=frame.index in flagged) for frame in stage((1.0, 4.0)).frames(7.0)
    ]

    assert len(closed(walked(frames))) == 1


def test_a_long_gap_within_an_epoch_leaves_no_motion_behind() -> None:
    frames = list(ONE_WALK.frames(2.0))
    late = [replace(frame, pts_s=frame.pts_s + 20) for frame in stage().frames(2.0)]

    (event,) = closed(walked(frames + late))

    assert event.end_s <= 20.0


# -- recognition -------------------------------------------------------------------------------


class Naming:
    """Says the same of every clip; `later` of clips that end after `turn_s`."""

    takes_nobody: ClassVar[bool] = False

    def __init__(
        self,
        label: str,
        *,
        score: float = 0.9,
        later: str = "",
        turn_s: float = 1e9,
        name: str = "fake",
        grid_s: float = 0.08,
    ) -> None:
        self.contract = ModelContract(
            name=name,
            version="1",
            labels=("walk", "run"),
            representation=Representation(frontend="absdiff", side_px=32, grid_s=grid_s),
            architecture="none",
        )
        self.calls: list[int] = []
        self.seen: list[MotionClip] = []
        self._label, self._score, self._later, self._turn_s = label, score, later, turn_s

    def classify(self, clips: Sequence[MotionClip]) -> tuple[Prediction, ...]:
        self.calls.append(len(clips))
        self.seen += clips
        return tuple(self._answer(clip) for clip in clips)

    def _answer(self, clip: MotionClip) -> Prediction:
        label = self._later if clip.end_s > self._turn_s else self._label
        at = self.contract.labels.index(label)
        scores = [(1 - self._score) / 2] * 2
        scores[at] = self._score
        return Prediction(
            clip.subject_id, clip.start_s, clip.end_s, label, self._score, tuple(scores)
        )


def test_labels_reach_groups_segments_and_the_event() -> None:
    naming = Naming("walk")
    moments = walked(ONE_WALK.frames(6.0), Models(naming))

    (event,) = closed(moments)
    assert (event.label, event.score) == ("walk", pytest.approx(0.9))
    assert [segment.label for segment in event.segments] == ["walk"]
    assert event.segments[0].start_s == event.start_s
    assert any(group.label == "walk" for moment in moments for group in moment.groups)
    assert any(moment.predictions for moment in moments)


def test_several_networks_name_the_same_segments_and_the_first_decides() -> None:
    first, second = Naming("walk"), Naming("walk", later="run", turn_s=1.5, name="other")

    alone = closed(walked(ONE_WALK.frames(6.0), Models(Naming("walk"))))
    (event,) = closed(walked(ONE_WALK.frames(6.0), Models(first, others=(second,))))

    assert event.label == "walk"
    (segment,) = event.segments
    assert [(name.model, name.label) for name in segment.names] == [
        ("fake", "walk"), ("other", "run"),
    ]  # fmt: skip
    assert segment.names[0].score == segment.score
    assert first.seen[0].maps is not None
    assert len(first.seen) == len(second.seen)
    assert replace(event, segments=(replace(segment, names=()),)) == alone[0]


def test_opened_carries_motion_and_changed_carries_the_label() -> None:
    moments = walked(ONE_WALK.frames(6.0), Models(Naming("walk")))

    assert [event.label for event in opened(moments)] == ["motion"]
    changed = [event for moment in moments for event in moment.changed]
    # Until it is sure, the network declines; what was unknown so far then belongs to the walk.
    assert [event.label for event in changed] == ["unknown", "walk"]
    assert changed[0].event_id == closed(moments)[0].event_id
    assert changed[0].ended_by is None


def test_a_movement_that_turns_into_another_becomes_two_segments() -> None:
    naming = Naming("walk", later="run", turn_s=3.5)
    moments = walked(stage((1.0, 6.5)).frames(9.0), Models(naming))

    (event,) = closed(moments)
    assert [segment.label for segment in event.segments] == ["walk", "run"]
    assert event.segments[1].start_s == pytest.approx(3.5 - 0.24, abs=0.17)
    assert event.label == "run"


def test_below_the_threshold_it_is_unknown() -> None:
    moments = walked(ONE_WALK.frames(6.0), Models(Naming("walk", score=0.4)))

    assert closed(moments)[0].label == "unknown"


def test_the_network_is_called_on_the_cadence_and_only_while_something_moves() -> None:
    naming = Naming("walk")
    moments = walked(ONE_WALK.frames(9.0), Models(naming))

    ends = [clip.end_s for clip in naming.seen]
    cadence_s = AnalysisSettings().recognition.cadence_s
    assert 8 <= len(ends) <= 16
    assert all(round(end / cadence_s, 6).is_integer() for end in ends)
    assert all(1.0 <= end <= 3.6 for end in ends)
    assert all(len(m.predictions) <= 1 for m in moments)


def test_another_cadence_counts_from_the_next_frame_on() -> None:
    naming = Naming("walk")
    models = Models(naming)
    analysis = Analysis(AnalysisSettings(), models)
    for frame in stage((0.2, 9.0)).frames(6.0):
        if frame.index == 75:
            slower = AnalysisSettings.model_validate({"recognition": {"cadence_s": 0.64}})
            analysis.change(slower, models)
        analysis.step(frame)

    late = [clip.end_s for clip in naming.seen if clip.end_s > 3.3]
    assert np.diff(late) == pytest.approx(0.64)


def test_the_event_is_the_same_with_and_without_a_network() -> None:
    named, plain = (
        closed(walked(ONE_WALK.frames(6.0), models))[0]
        for models in (Models(Naming("walk")), Models())
    )

    assert (named.event_id, named.end_s, named.box) == (plain.event_id, plain.end_s, plain.box)


# -- the same at every frame rate --------------------------------------------------------------

BUSY = stage((1.0, 3.0), (4.0, 4.8), (7.5, 9.0), (11.5, 11.9))


def frames_at(kind: str) -> Iterable[Frame]:
    if kind == "doubled":
        times = [k / 25 for k in range(350)]
        return frames_from((BUSY.picture(t_s) for t_s in times for _ in range(2)), rate_hz=50)
    if kind == "uneven":
        rng = np.random.default_rng(2)
        uneven = np.cumsum(rng.choice([0.02, 0.04, 0.06], 350)).round(3).tolist()
        return frames_from(map(BUSY.picture, uneven), times_s=uneven)
    return BUSY.frames(14.0, rate_hz=float(kind))


@pytest.mark.parametrize("kind", ["50", "30", "25", "12.5", "doubled", "uneven"])
def test_events_are_the_same_within_0_2_s_at_every_frame_rate(kind: str) -> None:
    truth = [(1.0, 4.8), (7.5, 9.0), (11.5, 11.9)]

    events = closed(walked(frames_at(kind)))

    assert len(events) == len(truth)
    for event, (start_s, end_s) in zip(events, truth, strict=True):
        assert event.start_s == pytest.approx(start_s, abs=0.2)
        assert event.end_s == pytest.approx(end_s, abs=0.2)


# -- front-ends behind the gate, and the clock ----------------------------------------------------


def test_flow_runs_behind_the_gate_and_only_while_it_is_awake() -> None:
    values = AnalysisSettings(frontend="flow")
    large = replace(
        ONE_WALK, size=(320, 180), movers=(replace(pacing((1.0, 3.0), x=60), size=(40, 90)),)
    )
    moments = walked(large.frames(8.0), values=values)

    (event,) = closed(moments)
    assert event.start_s == pytest.approx(1.0, abs=0.3)
    assert moments[10].motion.flow is None
    assert moments[60].motion.flow is not None
    assert moments[190].motion.flow is None


def test_stages_are_measured_by_the_clock_that_is_passed_in() -> None:
    clock = HandClock()

    def ticking() -> int:
        clock.turn(0.001)
        return clock()

    timed = Analysis(AnalysisSettings(), clock=ticking)
    silent = Analysis(AnalysisSettings())
    for frame in ONE_WALK.frames(2.0):
        timed.step(frame)
        silent.step(frame)

    assert timed.stage_s["gate"] == pytest.approx(50 * 0.001)
    assert 0 < timed.stage_s["events"] < timed.stage_s["gate"]
    assert silent.stage_s == {}


def test_an_epoch_knows_no_equality_beyond_its_values() -> None:
    assert Epoch(1, SIZE, Fraction(1, 25)) != Epoch(2, SIZE, Fraction(1, 25))


def test_at_rest_every_second_picture_of_25_is_looked_at_and_the_others_repeat_it() -> None:
    moments = walked(stage().frames(4.0))[:-1]

    assert [moment.looked for moment in moments[:6]] == [True, False, True, False, True, False]
    assert all(moment.frame is not None for moment in moments)
    for looked, passed in zip(moments[::2], moments[1::2], strict=False):
        assert passed.motion is looked.motion


def test_awake_every_picture_up_to_thirty_a_second_is_looked_at() -> None:
    moments = walked(ONE_WALK.frames(6.0))
    awake = [moment for moment in moments if moment.groups]

    assert len(awake) > 20
    assert all(moment.looked for moment in awake)


def test_a_picture_that_is_passed_by_costs_no_decision_but_time_goes_on() -> None:
    """An epoch that ends at one closes what is open, as at any other."""
    moments = walked(ONE_WALK.frames(6.0, rate_hz=50))
    (event,) = closed(moments)

    passed = [moment for moment in moments if not moment.looked]
    assert passed
    assert not any(moment.predictions or moment.opened for moment in passed)
    assert event.ended_by == "motion"


@pytest.mark.parametrize("name", [n for n in registry.names() if n != registry.gate_of(n)])
def test_while_nothing_moves_a_front_end_takes_no_time_beside_the_gate(name: str) -> None:
    analysis = Analysis(AnalysisSettings(frontend=name), clock=time.perf_counter_ns)

    for frame in Stage(size=(320, 240), sigma=1.5).frames(4):
        analysis.step(frame)

    assert set(analysis.stage_s) == {"gate"}
