"""A source, the roads that analyse it and the viewers that look on, each on its own thread.

Only pictures may be dropped, and only where a clock paces them; moments always wait for sinks.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Literal, Self

from motionapp.core.errors import SourceError
from motionapp.core.event import EndedBy
from motionapp.core.frame import Frame
from motionapp.core.models import Models
from motionapp.core.moment import Moment
from motionapp.core.seams import Source
from motionapp.runtime.channel import Channel
from motionapp.runtime.mailbox import Mailbox
from motionapp.runtime.metrics import Meter, Snapshot, StageMeters
from motionapp.runtime.pacing import Pacer
from motionapp.runtime.place import BEGINNING, Place
from motionapp.runtime.road import Inlet, Loss, Road, RoadWork
from motionapp.runtime.span import ROUNDING_S
from motionapp.runtime.viewer import Onlooker
from motionapp.settings import AnalysisSettings

Pace = Literal["real", "max"]

WAITING_FRAMES = 2
"""Frames that may wait for analysis where none is dropped: each pins a decoded picture, and more
than one ahead gains nothing."""


@dataclass(slots=True, eq=False)
class _Fate:
    """How it ended, for those who work in it."""

    ended_by: EndedBy = "end"
    error: BaseException | None = None


class Pipeline:
    """Runs from entering the `with` block until the source ends, `stop`, or the block is left.

    Live sources and paced recordings drop pictures that analysis cannot follow; at pace ``max`` a
    recording waits for analysis and nothing is dropped. The pipeline closes its source.

    Parameters
    ----------
    source : Source
    roads : sequence of Road
        Each gets its own mailbox or channel. The first one's moments go to the viewers.
    viewers : sequence of Onlooker
    pace : {"real", "max"}
        Recordings: at their own time stamps, or as fast as the roads go.
    place : Place
        Where in a recording to begin.
    end_s : float
        Where it ends; see `end_at`.
    hold_s : float
        Where a paced recording is paused; see `hold_at`.
    rate : float
        Seconds of a paced recording a second, above 0.
    is_paused : bool
        A paced recording stands still after its first frame.
    patience_s : float or None
        How long leaving the block waits for a source that hangs; a process that ends then leaves
        it to itself. None waits until its read is over: who opens the camera again needs it free.
    on_hold : callable, optional
        Called on the capture thread when it was paused at `hold_s`.
    on_end : callable, optional
        Called once on one of the threads, when everything has ended and been written.
    clock_ns : callable
        Monotonic nanoseconds.
    """

    def __init__(
        self,
        source: Source,
        roads: Sequence[Road],
        viewers: Sequence[Onlooker] = (),
        *,
        pace: Pace = "real",
        place: Place = BEGINNING,
        end_s: float = math.inf,
        hold_s: float = math.inf,
        rate: float = 1.0,
        is_paused: bool = False,
        patience_s: float | None = None,
        on_hold: Callable[[], None] = lambda: None,
        on_end: Callable[[], None] | None = None,
        clock_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._source = source
        self._viewers = tuple(viewers)
        self._place, self._end_s, self._hold_s = place, end_s, hold_s
        self._patience_s = patience_s
        self._on_hold, self._on_end = on_hold, on_end
        self._clock_ns = clock_ns
        is_live = source.info.is_live
        self._pacer: Pacer | None = None
        if pace == "real" and not is_live:
            self._pacer = Pacer(clock_ns, rate=rate, is_paused=is_paused)
        self._may_drop = is_live or pace == "real"
        self._fate = _Fate()
        self._work = [self._work_on(road, is_first=n == 0) for n, road in enumerate(roads)]
        self._captures = Meter(clock_ns)
        self._stages = StageMeters(clock_ns)
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=self._guarded, args=(run,), name=name)
            for name, run in (
                ("capture", self._capture),
                *((f"analysis-{n}", work.run) for n, work in enumerate(self._work)),
            )
        ]
        self._threads[0].daemon = patience_s is not None
        self._running = len(self._threads)

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop, wait for all threads, close the source; raise what nobody has seen yet."""
        self.stop()
        capture, *analyses = self._threads
        for thread in analyses:
            thread.join()
        capture.join(self._patience_s)  # without one bounded, because every source's reads are
        if not capture.is_alive():  # else it would be waited for here
            self._source.close()
        if kind is None:
            self._raise_once()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until all has ended and been written.

        Returns
        -------
        bool
            False: the time was up first.

        Raises
        ------
        Exception
            What the source, an analysis or a sink raised; once.
        """
        if not self._ended.wait(timeout_s):
            return False
        self._raise_once()
        return True

    def stop(self, ended_by: EndedBy = "interrupted") -> None:
        """End early: open events are closed with `ended_by`. Does not wait; safe to call twice."""
        with self._lock:
            if self._fate.ended_by == "end" and not self._ended.is_set():
                self._fate.ended_by = ended_by
        self._source.stop()
        if self._pacer is not None:
            self._pacer.close()
        self._close_inlets()

    def note_loss(self, why: str) -> None:
        """The source is lost, and will go on later with another epoch: close what is open.

        Called on the thread that reads, which is where a source says so.
        """
        for work in self._work:
            work.inlet.keep(Loss(why))

    def change(self, settings: AnalysisSettings, models: Models, *, road: int = 0) -> None:
        """Analyse otherwise from the next frame on, with models that are already loaded."""
        self._work[road].change(settings, models)

    def pause(self) -> None:
        """Hold a paced recording; without effect on others, whose clock is not ours."""
        if self._pacer is not None:
            self._pacer.pause()

    def resume(self) -> None:
        """Go on after `pause`."""
        if self._pacer is not None:
            self._pacer.resume()

    def step(self) -> None:
        """Show and analyse one frame more of a paced recording that stands still."""
        if self._pacer is not None:
            self._pacer.step()

    def set_rate(self, rate: float) -> None:
        """Play a paced recording at another speed from here: so many of its seconds a second."""
        if self._pacer is not None:
            self._pacer.set_rate(rate)

    def end_at(self, end_s: float) -> None:
        """End before the first frame at or after this second, or at once where it is past."""
        self._end_s = end_s

    def hold_at(self, hold_s: float) -> None:
        """Pause at the last frame before this second, or at the next where it is past."""
        self._hold_s = hold_s

    @property
    def can_pause(self) -> bool:
        """Whether `pause` has an effect."""
        return self._pacer is not None

    @property
    def has_ended(self) -> bool:
        """Whether the source has ended and everything has been written."""
        return self._ended.is_set()

    def snapshot(self) -> Snapshot:
        """What the meters say now."""
        ages_s = [work.ages_s.percentile(0.95) for work in self._work]
        stage_ms = self._stages.mean_ms()
        for work in self._work:
            stage_ms |= work.stages.mean_ms()
        known_ages_s = [age_s for age_s in ages_s if age_s is not None]
        drops = self._drops()
        return Snapshot(
            captured=self._captures.count,
            analysed=min((work.steps.count for work in self._work), default=0),
            dropped=drops["analysis"],
            drops=drops,
            capture_hz=self._captures.rate_hz(),
            analysis_hz=min((work.steps.rate_hz() for work in self._work), default=0.0),
            queue_age_ms=max(known_ages_s) * 1000 if known_ages_s else None,
            stage_ms=stage_ms,
        )

    def _drops(self) -> dict[str, int]:
        drops = {
            "capture": self._source.damage.dropped_stamps,
            "analysis": sum(work.inlet.dropped for work in self._work),
        }
        for viewer in self._viewers:
            drops[viewer.stage] = drops.get(viewer.stage, 0) + viewer.dropped
        return drops

    def _work_on(self, road: Road, *, is_first: bool) -> RoadWork:
        fate = self._fate  # not the pipeline, which nothing but the collector would then free
        inlet: Inlet = (
            Mailbox[Frame | Loss]() if self._may_drop else Channel[Frame | Loss](WAITING_FRAMES)
        )
        return RoadWork(
            road,
            inlet,
            clock_ns=self._clock_ns,
            publish=partial(_publish, self._viewers if is_first else ()),
            ended_by=lambda: fate.ended_by,
            has_failed=lambda: fate.error is not None,
        )

    def _capture(self) -> None:
        try:
            frames = self._timed(self._place.read(self._source))
            for frame in frames if self._pacer is None else self._pacer.play(frames):
                if frame.pts_s >= self._end_s - ROUNDING_S:
                    with self._lock:  # what is open may go on: it is cut, and not at its end
                        self._fate.ended_by = "interrupted"
                    return
                self._captures.observe()
                for viewer in self._viewers:  # before analysis, which may be slower
                    viewer.show(frame)
                for work in self._work:
                    if not work.inlet.put(frame):
                        return
                self._hold(frame)
        except SourceError as error:
            if self._fate.ended_by != "end":
                return  # whoever stopped it no longer asks what became of it
            # Before the roads see the end, and ask how it came.
            self._fail(error, "lost" if self._source.info.is_live else "interrupted")
        except BaseException as error:
            self._fail(error)
            raise
        finally:
            self._close_inlets()

    def _hold(self, frame: Frame) -> None:
        """Pause where it was to be paused; once."""
        if frame.pts_s + frame.duration_s >= self._hold_s - ROUNDING_S:
            self._hold_s = math.inf
            self.pause()
            self._on_hold()

    def _timed(self, frames: Iterator[Frame]) -> Iterator[Frame]:
        """The same frames, what each took to read being noted."""
        while True:
            began_ns = self._clock_ns()
            frame = next(frames, None)
            if frame is None:
                return
            self._stages.observe("source", (self._clock_ns() - began_ns) / 1e9)
            yield frame

    def _close_inlets(self) -> None:
        for work in self._work:
            work.inlet.close()
        for viewer in self._viewers:
            viewer.close()

    def _guarded(self, run: Callable[[], None]) -> None:
        """What every thread runs: no error is lost, and the last one says that all has ended."""
        try:
            run()
        except BaseException as error:  # noqa: BLE001  the thread ends here; the caller raises it
            self._fail(error)
        with self._lock:
            self._running -= 1
            is_last = self._running == 0
        if is_last:
            self._ended.set()
            if self._on_end is not None:
                self._on_end()

    def _fail(self, error: BaseException, ended_by: EndedBy = "interrupted") -> None:
        with self._lock:
            self._fate.error = self._fate.error or error
        self.stop(ended_by)

    def _raise_once(self) -> None:
        with self._lock:
            error, self._fate.error = self._fate.error, None
        if error is not None:
            raise error


def _publish(viewers: Sequence[Onlooker], moment: Moment) -> None:
    for viewer in viewers:
        viewer.note(moment)
