"""One road at work: frames in, moments to its sinks. Runs on a thread that the pipeline starts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from motionapp.analysis import Analysis
from motionapp.core.event import EndedBy
from motionapp.core.frame import Frame
from motionapp.core.models import Models
from motionapp.core.moment import Moment
from motionapp.core.seams import Sink
from motionapp.runtime.metrics import Meter, StageMeters
from motionapp.settings import AnalysisSettings


@dataclass(frozen=True, slots=True)
class Loss:
    """The source is lost for now: what is open is closed, and what comes is another epoch."""

    why: str


class Inlet(Protocol):
    """Where a road takes its frames from: a channel or a mailbox."""

    def put(self, item: Frame) -> bool:
        """Hand over; False when it is closed."""
        ...

    def keep(self, item: Loss) -> bool:
        """Hand over what no frame may replace; False when it is closed."""
        ...

    def close(self, error: BaseException | None = None) -> None:
        """End the stream."""
        ...

    def __iter__(self) -> Iterator[Frame | Loss]:
        """Frames and losses in order, until it is closed."""
        ...

    @property
    def dropped(self) -> int:
        """Frames that were never taken."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Road:
    """An analysis and who gets its moments."""

    analysis: Analysis
    sinks: Sequence[Sink] = ()


class RoadWork:
    """Drives a road until its inlet is closed.

    Sinks are closed when the frames have ended, for whatever reason, and abandoned when the
    analysis or one of the sinks raised: then what they hold is not to be trusted. They are
    abandoned too when the source failed before its first frame: then there is nothing to publish.
    """

    def __init__(
        self,
        road: Road,
        inlet: Inlet,
        *,
        clock_ns: Callable[[], int],
        publish: Callable[[Moment], None],
        ended_by: Callable[[], EndedBy],
        has_failed: Callable[[], bool],
    ) -> None:
        self.inlet = inlet
        self.steps = Meter(clock_ns)
        self.ages_s = Meter(clock_ns)
        self.stages = StageMeters(clock_ns)
        self._analysis = road.analysis
        self._sinks = road.sinks
        self._clock_ns = clock_ns
        self._publish = publish
        self._ended_by = ended_by
        self._has_failed = has_failed
        self._change: tuple[AnalysisSettings, Models] | None = None
        self._change_lock = threading.Lock()

    def change(self, settings: AnalysisSettings, models: Models) -> None:
        """Analyse otherwise from the next frame on; of several changes the newest counts."""
        with self._change_lock:
            self._change = (settings, models)

    def run(self) -> None:
        """Analyse until the inlet is closed, then finish; raises what analysis or sinks raise."""
        try:
            for item in self.inlet:
                if isinstance(item, Loss):
                    self._hand_on(replace(self._analysis.finish("lost"), loss=item.why))
                else:
                    self._step(item)
            if self._has_failed() and not self.steps.count:
                self._abandon_sinks()
                return
            self._hand_on(self._analysis.finish(self._ended_by()))
        except BaseException:
            self._abandon_sinks()
            raise
        self._close_sinks()

    def _step(self, frame: Frame) -> None:
        began_ns = self._clock_ns()
        if frame.captured_ns is not None:
            self.ages_s.observe((began_ns - frame.captured_ns) / 1e9)
        with self._change_lock:
            change, self._change = self._change, None
        if change is not None:
            self._analysis.change(*change)
        moment = self._analysis.step(frame)
        stepped_ns = self._clock_ns()
        self._hand_on(moment)
        self.stages.observe("analysis", (stepped_ns - began_ns) / 1e9)
        self.stages.observe("sinks", (self._clock_ns() - stepped_ns) / 1e9)
        self.stages.observe_totals(self._analysis.stage_s)
        self.steps.observe()

    def _hand_on(self, moment: Moment) -> None:
        self._publish(moment)  # before the sinks, which may take their time
        for sink in self._sinks:
            sink.accept(moment)

    def _abandon_sinks(self) -> None:
        for sink in self._sinks:
            sink.abandon()

    def _close_sinks(self) -> None:
        """Close all of them, also when one fails; then raise the first error."""
        errors: list[BaseException] = []
        for sink in self._sinks:
            try:
                sink.close()
            except Exception as error:  # noqa: BLE001  the others' files shall still be whole
                errors.append(error)
        if errors:
            raise errors[0]
