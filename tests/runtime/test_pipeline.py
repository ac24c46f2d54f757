"""Pipeline: what is dropped, what never is, how it ends. Every wait here is for an event."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest

from motionapp.core.errors import SourceError
from motionapp.core.frame import Frame
from motionapp.core.moment import Moment
from motionapp.core.seams import Damage
from motionapp.runtime import Pipeline, Road, Viewer
from motionapp.settings import AnalysisSettings
from motionapp.testing import STEP_S, CollectingSink, ScriptedAnalysis, ScriptedSource

pytestmark = pytest.mark.timeout(30)


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


def test_at_pace_max_nothing_is_dropped_and_everything_is_closed() -> None:
    source, analysis, sink = ScriptedSource(200), ScriptedAnalysis(), CollectingSink()

    with Pipeline(source, [Road(analysis, [sink])], pace="max") as pipeline:
        assert pipeline.wait()
        snapshot = pipeline.snapshot()

    assert sink.indices == list(range(200))
    assert sink.moments[-1].frame is None
    assert sink.endings == ["closed"]
    assert analysis.ended_by == ["end"]
    assert source.times_closed == 1
    assert (snapshot.captured, snapshot.analysed, snapshot.dropped) == (200, 200, 0)
    assert {"source", "analysis", "sinks"} <= set(snapshot.stage_ms)


def test_a_viewer_sees_pictures_while_analysis_stands_still() -> None:
    """A live source gives a frame each time the viewer has seen the one before."""
    seen = threading.Semaphore(1)
    release = threading.Event()
    source = ScriptedSource(20, is_live=True, before=lambda index: seen.acquire())
    analysis, viewer = ScriptedAnalysis(during=lambda frame: release.wait()), Viewer()
    shown: list[int] = []

    with Pipeline(source, [Road(analysis)], [viewer]) as pipeline:
        for view in viewer:
            shown.append(view.frame.index)
            seen.release()
        release.set()
        pipeline.wait()
        dropped = pipeline.snapshot().dropped

    assert shown == list(range(20))
    assert viewer.dropped == 0
    assert len(analysis.steps) + dropped == 20
    assert analysis.steps[-1] == 19


def test_a_sink_that_blocks_makes_capture_drop_but_loses_no_moment() -> None:
    release, blocked = threading.Event(), threading.Event()

    def block(_: object) -> None:
        blocked.set()
        release.wait()

    def before(index: int) -> None:
        if index == 1:
            blocked.wait()

    source = ScriptedSource(50, is_live=True, before=before)
    analysis, sink = ScriptedAnalysis(), CollectingSink(during=block)

    with Pipeline(source, [Road(analysis, [sink])]) as pipeline:
        while pipeline.snapshot().captured < 50:
            pipeline.wait(0.001)
        release.set()
        pipeline.wait()
        dropped = pipeline.snapshot().dropped

    assert sink.indices == analysis.steps == [0, 49]
    assert dropped == 48


def test_drops_are_told_by_the_stage_that_could_not_take_them() -> None:
    """Analysis keeps up, nobody takes the viewer's pictures, and two stamps repeated."""
    analysed = threading.Semaphore(1)
    source = ScriptedSource(20, is_live=True, before=lambda index: analysed.acquire())
    source.damage = Damage(dropped_stamps=2)
    analysis, viewer = ScriptedAnalysis(during=lambda frame: analysed.release()), Viewer()

    with Pipeline(source, [Road(analysis)], [viewer, Slow()]) as pipeline:
        pipeline.wait()
        snapshot = pipeline.snapshot()

    assert snapshot.drops == {"capture": 2, "analysis": 0, "view": 19, "recorder": 7}
    assert list(snapshot.drops) == ["capture", "analysis", "view", "recorder"]
    assert snapshot.dropped == 0


class Slow:
    """An onlooker that says it could not follow."""

    stage, dropped = "recorder", 7

    def show(self, frame: Frame) -> None:
        """Seen."""

    def note(self, moment: Moment) -> None:
        """Heard."""

    def close(self) -> None:
        """Done."""


def test_a_viewer_gets_the_newest_moment_with_its_picture() -> None:
    analysed = threading.Semaphore(1)
    source = ScriptedSource(3, is_live=True, before=lambda index: analysed.acquire())
    viewer = Viewer()
    sink = CollectingSink(during=lambda moment: analysed.release())

    with Pipeline(source, [Road(ScriptedAnalysis(), [sink])], [viewer]) as pipeline:
        views = list(viewer)
        pipeline.wait()

    known = [view.moment.frame.index for view in views if view.moment and view.moment.frame]
    assert all(index <= view.frame.index for index, view in zip(known, views[-2:], strict=False))
    assert sink.moments[-1].frame is None
    assert viewer.latest is sink.moments[-2]


def test_an_error_of_the_source_reaches_the_caller_once_and_results_are_kept() -> None:
    analysis, sink = ScriptedAnalysis(), CollectingSink()
    source = ScriptedSource(3, error=SourceError("the camera was unplugged"))

    with Pipeline(source, [Road(analysis, [sink])], pace="max") as pipeline:
        with pytest.raises(SourceError, match="unplugged"):
            pipeline.wait()
        assert pipeline.wait()

    assert analysis.ended_by == ["interrupted"]
    assert sink.endings == ["closed"]


def test_a_live_source_that_fails_is_lost_and_its_events_say_so() -> None:
    analysis, sink = ScriptedAnalysis(), CollectingSink()
    source = ScriptedSource(3, is_live=True, error=SourceError("the camera was unplugged"))

    with Pipeline(source, [Road(analysis, [sink])]) as pipeline:
        with pytest.raises(SourceError, match="unplugged"):
            pipeline.wait()
        assert pipeline.wait()

    assert analysis.ended_by == ["lost"]
    assert sink.endings == ["closed"]


def test_a_source_that_fails_after_it_was_stopped_is_no_error() -> None:
    stopped = threading.Event()
    error = SourceError("nothing came for 5 s")
    source = ScriptedSource(0, is_live=True, error=error)
    source.stop = stopped.set  # type: ignore[method-assign]
    analysis = ScriptedAnalysis()
    frames = source.frames

    def read(start_s: float = 0.0) -> Iterator[Frame]:
        stopped.wait()
        return frames(start_s)

    source.frames = read  # type: ignore[method-assign]
    with Pipeline(source, [Road(analysis)]):
        pass

    assert analysis.ended_by == ["interrupted"]


def test_a_source_that_hangs_is_left_to_itself_and_results_are_whole() -> None:
    release, hangs = threading.Event(), threading.Event()

    def before(index: int) -> None:
        if index == 2:
            hangs.set()
            release.wait()

    analysis, sink = ScriptedAnalysis(), CollectingSink()
    source = ScriptedSource(3, is_live=True, before=before)

    with Pipeline(source, [Road(analysis, [sink])], patience_s=0.01):
        hangs.wait()

    assert sink.endings == ["closed"]
    assert analysis.ended_by == ["interrupted"]
    assert (source.is_stopped, source.times_closed) == (True, 0)
    release.set()
    for thread in threading.enumerate():
        if thread.name == "capture":
            thread.join()


def test_a_source_that_fails_before_its_first_frame_publishes_nothing() -> None:
    analysis, sink = ScriptedAnalysis(), CollectingSink()
    source = ScriptedSource(0, error=SourceError("there is no camera 0"))

    with (
        pytest.raises(SourceError, match="no camera"),
        Pipeline(source, [Road(analysis, [sink])]) as pipeline,
    ):
        pipeline.wait()

    assert sink.moments == []
    assert sink.endings == ["abandoned"]
    assert analysis.ended_by == []


def test_an_error_of_an_analysis_reaches_the_caller_and_results_are_abandoned() -> None:
    def fail(frame: Frame) -> None:
        if frame.index == 2:
            raise RuntimeError("broken")

    sink, source = CollectingSink(), ScriptedSource(None)

    with (
        pytest.raises(RuntimeError, match="broken"),
        Pipeline(source, [Road(ScriptedAnalysis(during=fail), [sink])], pace="max") as pipeline,
    ):
        pipeline.wait()

    assert sink.endings == ["abandoned"]
    assert source.times_closed == 1


def test_an_error_that_nobody_waited_for_is_raised_when_the_block_is_left() -> None:
    sink = CollectingSink()
    ended = threading.Event()
    pipeline = Pipeline(
        ScriptedSource(0, error=SourceError("no picture")),
        [Road(ScriptedAnalysis(), [sink])],
        on_end=ended.set,
    )

    with pytest.raises(SourceError, match="no picture"), pipeline:
        ended.wait()


def test_leaving_the_block_ends_an_endless_recording_with_its_events_closed() -> None:
    analysis, sink = ScriptedAnalysis(), CollectingSink()
    started = threading.Event()
    analysis.during = lambda frame: started.set()

    with Pipeline(ScriptedSource(None), [Road(analysis, [sink])], pace="max"):
        started.wait()

    assert analysis.ended_by == ["interrupted"]
    assert sink.endings == ["closed"]


def test_stopping_ends_a_paused_recording() -> None:
    started = threading.Event()
    analysis = ScriptedAnalysis(during=lambda frame: started.set())

    with Pipeline(ScriptedSource(None), [Road(analysis)]) as pipeline:
        started.wait()
        pipeline.pause()
        assert pipeline.can_pause
        pipeline.stop()
        assert pipeline.wait(20)


def test_what_goes_on_where_playing_ends_is_interrupted() -> None:
    analysis = ScriptedAnalysis()

    road = Road(analysis)
    with Pipeline(ScriptedSource(9), [road], pace="max", end_s=0.12) as pipeline:
        assert pipeline.wait(20)

    assert analysis.steps == [0, 1, 2]
    assert analysis.ended_by == ["interrupted"]


def test_a_held_recording_shows_its_first_frame_and_steps() -> None:
    seen = threading.Semaphore(0)
    analysis = ScriptedAnalysis(during=lambda frame: seen.release())

    with Pipeline(ScriptedSource(None), [Road(analysis)], is_paused=True) as pipeline:
        assert seen.acquire(timeout=20)
        pipeline.step()
        assert seen.acquire(timeout=20)
        assert pipeline.snapshot().captured == 2


def test_a_live_source_cannot_be_paused() -> None:
    with Pipeline(ScriptedSource(3, is_live=True), [Road(ScriptedAnalysis())]) as pipeline:
        pipeline.pause()
        assert not pipeline.can_pause
        assert pipeline.wait(20)


def test_a_change_is_made_between_two_steps_and_the_newest_wins() -> None:
    stepping, changed = threading.Event(), threading.Event()

    def during(frame: Frame) -> None:
        if frame.index == 0:
            stepping.set()
            changed.wait()

    analysis = ScriptedAnalysis(during=during)
    settings = AnalysisSettings(frontend="flow")

    with Pipeline(ScriptedSource(5), [Road(analysis)], pace="max") as pipeline:
        stepping.wait()
        pipeline.change(AnalysisSettings(), "old")
        pipeline.change(settings, "new")
        changed.set()
        pipeline.wait()

    assert analysis.changes == [(settings, "new")]
    assert analysis.steps == [0, 1, 2, 3, 4]


def test_several_roads_see_the_same_frames() -> None:
    first, second = CollectingSink(), CollectingSink()
    roads = [Road(ScriptedAnalysis(), [first]), Road(ScriptedAnalysis(), [second])]

    with Pipeline(ScriptedSource(30), roads, pace="max") as pipeline:
        pipeline.wait()

    assert first.indices == second.indices == list(range(30))


def test_a_sink_that_cannot_close_does_not_keep_the_others_from_it() -> None:
    class Full(CollectingSink):
        def close(self) -> None:
            raise OSError("disk full")

    other = CollectingSink()

    with (
        pytest.raises(OSError, match="disk full"),
        Pipeline(
            ScriptedSource(1), [Road(ScriptedAnalysis(), [Full(), other])], pace="max"
        ) as pipeline,
    ):
        pipeline.wait()

    assert other.endings == ["closed"]


def test_threads_have_names() -> None:
    names: list[str] = []
    analysis = ScriptedAnalysis(during=lambda frame: names.append(threading.current_thread().name))
    source = ScriptedSource(1, before=lambda index: names.append(threading.current_thread().name))

    with Pipeline(source, [Road(analysis)], pace="max") as pipeline:
        pipeline.wait()

    assert names == ["capture", "analysis-0"]


def test_on_end_is_called_once_when_all_is_written() -> None:
    endings: list[list[str]] = []
    sink = CollectingSink()
    pipeline = Pipeline(
        ScriptedSource(3),
        [Road(ScriptedAnalysis(), [sink])],
        pace="max",
        on_end=lambda: endings.append(list(sink.endings)),
    )

    with pipeline:
        pipeline.wait()

    assert endings == [["closed"]]


def test_a_recording_is_paused_at_the_last_frame_before_a_second_and_goes_on_when_asked() -> None:
    held = threading.Event()
    source, road = ScriptedSource(8), Road(ScriptedAnalysis())

    with Pipeline(source, [road], rate=50.0, hold_s=4 * STEP_S, on_hold=held.set) as pipeline:
        assert held.wait(5)
        assert pipeline.snapshot().captured == 4
        assert not pipeline.has_ended
        pipeline.resume()
        assert pipeline.wait(5)

    assert pipeline.snapshot().captured == 8


def test_what_has_ended_is_freed_without_the_collector() -> None:
    """A window opens many of them, and each holds pictures and what analyses remember."""
    gc.disable()
    try:
        analysis = ScriptedAnalysis()
        pipeline = Pipeline(ScriptedSource(5), [Road(analysis, [CollectingSink()])], [Viewer()])
        with pipeline:
            pipeline.wait()
        left = weakref.ref(pipeline), weakref.ref(analysis)
        del pipeline, analysis

        assert [one() for one in left] == [None, None]
    finally:
        gc.enable()
