"""The road: one frame in, all that is known at it out.

Source -> Frame -> front-end -> Motion -> tracker -> Track -> clips -> network -> Prediction ->
events -> Moment. No threads, no clocks, no files, no randomness: the same frames and settings
give the same moments, whoever drives it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass

from motionapp.core.clip import Prediction
from motionapp.core.event import EndedBy
from motionapp.core.frame import Epoch, Frame
from motionapp.core.moment import Moment
from motionapp.core.motion import Motion, Reasons
from motionapp.core.representation import Representation
from motionapp.core.seams import FrontEnd, Recogniser, Session
from motionapp.core.track import Group, Track
from motionapp.events import EventChanges, Masks, ZoneEvents
from motionapp.events.eligibility.chain import Eligibility
from motionapp.frontends import registry
from motionapp.frontends.zone_map import zone_map
from motionapp.recognition.clips import ClipBuilder
from motionapp.recognition.smoothing import Smoother
from motionapp.settings.tree import AnalysisSettings
from motionapp.tracking import RegionTracker, groups_of


@dataclass(frozen=True, slots=True, eq=False)
class Models:
    """The loaded networks of a road."""

    recogniser: Recogniser | None = None
    note: str = ""
    """One line that says why there is none; empty if there is one or none was asked for."""
    digest: str = ""
    """SHA-256 of the model file, as hex."""


NO_MODELS = Models()


class Analysis:
    """Turns frames into moments.

    Parameters
    ----------
    settings : AnalysisSettings
    models : Models
        Already loaded; without a recogniser movements are found but not named.
    source_name : str
        Goes into every moment.
    clock : callable, optional
        Gives nanoseconds; with one, `stage_s` tells where the time went.
    """

    def __init__(
        self,
        settings: AnalysisSettings,
        models: Models = NO_MODELS,
        *,
        source_name: str = "",
        clock: Callable[[], int] | None = None,
    ) -> None:
        self._session: Session | None = None
        self._source_name = source_name
        self._stopwatch = _Stopwatch(clock)
        self._next: tuple[AnalysisSettings, Models] | None = None
        # The times alone: a kept frame would pin the decoder's whole picture.
        self._last_s: tuple[float, float] | None = None
        self._build(settings, models)

    @property
    def stage_s(self) -> dict[str, float]:
        """Seconds spent in each stage so far; empty without a clock."""
        return self._stopwatch.spent_s

    @property
    def settings(self) -> AnalysisSettings:
        """What the last step was taken with."""
        return self._settings

    def change(self, settings: AnalysisSettings, models: Models) -> None:
        """Use other settings and models from the next step on.

        Another front-end, another model or other zones end the session: open events close with
        ``ended_by: "settings"``. Thresholds end nothing.
        """
        self._next = (settings, models)

    def step(self, frame: Frame) -> Moment:
        """What is known at `frame`.

        Parameters
        ----------
        frame : Frame
            Later than the one before.

        Returns
        -------
        Moment
        """
        changes = self._adopt(frame)
        if self._epoch is not None and frame.epoch != self._epoch:
            changes += self._end("epoch", frame)
        if self._epoch is None:
            self._begin(frame)
        self._last_s = frame.pts_s, frame.pts_s + frame.duration_s
        with self._stopwatch("gate"):
            gate = self._gate_motion(frame)
        if gate.moved:
            self._moved_s = frame.pts_s
            self._is_resting = False
        elif not self._is_resting and frame.pts_s - self._moved_s > self._rest_s:
            changes += self._rest()
        if self._is_resting:
            return self._moment(frame, gate, changes)
        return self._awake_step(frame, gate, changes)

    def prepare(self, frame: Frame) -> None:
        """Let the gate learn noise and light from a frame before the stretch that is analysed.

        Nothing opens, and no stage behind the gate sees it.

        Parameters
        ----------
        frame : Frame
            Later than the one before, and earlier than the first that is stepped.
        """
        if frame.epoch != self._epoch:
            self._begin(frame)
        self._gate_motion(frame)

    def finish(self, ended_by: EndedBy = "end") -> Moment:
        """Close what is open; the next step begins an epoch of its own."""
        changes = self._end(ended_by)
        return Moment(
            source=self._source_name,
            frame=None,
            opened=changes.opened,
            changed=changes.changed,
            closed=changes.closed,
        )

    # -- one step, stage by stage -----------------------------------------------------------

    def _gate_motion(self, frame: Frame) -> Motion:
        assert self._gate is not None
        if frame.is_flagged:  # what the decoder calls damaged opens nothing
            level = frame.epoch.level
            return Motion(frontend=registry.GATE, level=level, reasons=Reasons(declined="damaged"))
        return self._gate.step(frame)

    def _awake_step(self, frame: Frame, gate: Motion, changes: EventChanges) -> Moment:
        with self._stopwatch("frontend"):
            motion = self._frontend_motion(frame, gate)
        with self._stopwatch("tracking"):
            tracks = self._tracker.step(motion, frame.pts_s)
            groups = groups_of(tracks, self._tracker.reaches)
        predictions = self._recognise(frame, motion, groups)
        with self._stopwatch("events"):
            groups = self._eligibility.step(
                frame.pts_s, motion, tracks, groups, restless=gate, size=frame.epoch.size
            )
            changes += self._event_changes(frame, motion, groups, predictions)
        groups = self._labelled(groups)
        return self._moment(frame, motion, changes, tracks, groups, predictions)

    def _frontend_motion(self, frame: Frame, gate: Motion) -> Motion:
        """The gate is the front-end, or lets one run behind it while it is awake."""
        if self._frontend is None or frame.is_flagged:
            return gate
        if self._session is None:
            self._session = self._frontend.start(frame.epoch, self._representation)
        return self._session.step(frame)

    def _recognise(
        self, frame: Frame, motion: Motion, groups: Sequence[Group]
    ) -> tuple[Prediction, ...]:
        recogniser = self._models.recogniser
        if recogniser is None or self._clips is None or self._smoother is None:
            return ()
        with self._stopwatch("clips"):
            clips = self._clips.step(frame, motion, groups)
        with self._stopwatch("network"):
            predictions = recogniser.classify(clips) if clips else ()
        self._smoother.step(predictions, frame.pts_s)
        return predictions

    def _event_changes(
        self,
        frame: Frame,
        motion: Motion,
        groups: Sequence[Group],
        predictions: Sequence[Prediction],
    ) -> EventChanges:
        return self._events.step(
            frame,
            groups,
            predictions,
            self._label_of,
            motion=motion,
            masks=self._zone_masks(frame.epoch, motion.level),
            places=self._eligibility.places,
        )

    def _zone_masks(self, epoch: Epoch, level: int) -> Masks:
        """Where each include zone lies at a level, made once an epoch."""
        if level not in self._masks:
            zones = zone_map(self._settings.zones, epoch.size, level)
            parts = () if zones is None else zones.parts
            self._masks[level] = {part.name: part.inside for part in parts}
        return self._masks[level]

    def _label_of(self, group_id: int) -> tuple[str, float] | None:
        return None if self._smoother is None else self._smoother.label_of(group_id)

    def _labelled(self, groups: tuple[Group, ...]) -> tuple[Group, ...]:
        """The bodies with what they are called now."""
        if self._smoother is None:
            return groups
        labels = [self._label_of(group.group_id) for group in groups]
        return tuple(
            [
                group if label is None else group._replace(label=label[0], score=label[1])
                for group, label in zip(groups, labels, strict=True)
            ]
        )

    def _moment(
        self,
        frame: Frame,
        motion: Motion,
        changes: EventChanges,
        tracks: tuple[Track, ...] = (),
        groups: tuple[Group, ...] = (),
        predictions: tuple[Prediction, ...] = (),
    ) -> Moment:
        return Moment(
            source=self._source_name,
            frame=frame,
            motion=motion,
            tracks=tracks,
            groups=groups,
            predictions=predictions,
            opened=changes.opened,
            changed=changes.changed,
            closed=changes.closed,
        )

    # -- beginnings and ends ----------------------------------------------------------------

    def _build(self, settings: AnalysisSettings, models: Models) -> None:
        """Make every stage afresh; nothing has been seen."""
        self._settings, self._models = settings, models
        self._gate_maker = registry.make(registry.GATE, settings)
        is_gate = settings.frontend == registry.GATE
        self._frontend: FrontEnd | None = (
            None if is_gate else registry.make(settings.frontend, settings)
        )
        self._representation: Representation | None = None
        self._clips: ClipBuilder | None = None
        self._smoother: Smoother | None = None
        if models.recogniser is not None:
            contract = models.recogniser.contract
            self._representation = contract.representation
            self._clips = ClipBuilder(
                contract.representation, cadence_s=settings.recognition.cadence_s
            )
            self._smoother = _smoother(settings, models.recogniser)
        self._tracker = RegionTracker(settings.tracking)
        included = [zone.name for zone in settings.zones if zone.kind == "include"]
        self._events = ZoneEvents(settings.events, included)
        self._eligibility = Eligibility(settings.events)
        self._masks: dict[int, Masks] = {}
        self._epoch: Epoch | None = None
        self._gate: Session | None = None
        self._session = None
        self._is_resting = True
        self._moved_s = 0.0

    @property
    def _rest_s(self) -> float:
        """The largest memory of any stage behind the gate."""
        stages = (
            *(self._gate, self._session, self._tracker),
            *(self._clips, self._smoother, self._events),
        )
        return max(stage.forget_s for stage in stages if stage is not None)

    def _begin(self, frame: Frame) -> None:
        """Start the gate on a new epoch; the rest starts when something moves."""
        self._epoch = frame.epoch
        self._masks = {}
        self._gate = self._gate_maker.start(
            frame.epoch, self._representation if self._frontend is None else None
        )
        self._forget()

    def _forget(self) -> None:
        self._session = None
        self._is_resting = True
        self._tracker.restart()
        self._events.restart()
        self._eligibility.restart()
        if self._clips is not None:
            self._clips.restart()
        if self._smoother is not None:
            self._smoother.restart()

    def _rest(self) -> EventChanges:
        changes = self._events.close("motion")
        self._forget()
        return changes

    def _end(self, ended_by: EndedBy, following: Frame | None = None) -> EventChanges:
        """Close what is open at the end of the last frame, and forget the epoch."""
        at_s = None
        if self._last_s is not None:
            began_s, at_s = self._last_s
            if following is not None and began_s < following.pts_s:
                at_s = min(at_s, following.pts_s)
        changes = self._events.close(ended_by, at_s)
        self._forget()
        self._epoch = self._gate = self._last_s = None
        return changes

    def _adopt(self, frame: Frame) -> EventChanges:
        """Take over what `change` has asked for, from `frame` on."""
        if self._next is None:
            return EventChanges()
        settings, models = self._next
        self._next = None
        is_same = models.recogniser is self._models.recogniser
        if (
            settings.frontend != self._settings.frontend
            or settings.zones != self._settings.zones
            or not is_same
        ):
            changes = self._end("settings", frame)
            self._build(settings, models)
            return changes
        self._models = models
        self._retune(settings)
        return EventChanges()

    def _retune(self, settings: AnalysisSettings) -> None:
        recognition = self._settings.recognition
        self._settings = settings
        self._gate_maker = registry.make(registry.GATE, settings)
        if self._gate is not None:
            self._gate.retune(self._gate_maker)
        if self._frontend is not None:
            self._frontend = registry.make(settings.frontend, settings)
            if self._session is not None:
                self._session.retune(self._frontend)
        self._tracker.retune(settings.tracking)
        self._events.retune(settings.events)
        self._eligibility.retune(settings.events)
        if self._models.recogniser is not None and settings.recognition != recognition:
            self._smoother = _smoother(settings, self._models.recogniser)
            if self._clips is not None:
                self._clips.cadence_s = settings.recognition.cadence_s


def _smoother(settings: AnalysisSettings, recogniser: Recogniser) -> Smoother:
    threshold = settings.recognition.threshold
    contract = recogniser.contract
    return Smoother(
        contract.labels,
        smooth_s=settings.recognition.smooth_s,
        threshold=contract.threshold if threshold is None else threshold,
    )


class _Stopwatch:
    """Adds up where the time goes, by a clock that the driver passes in."""

    def __init__(self, clock: Callable[[], int] | None) -> None:
        self._clock = clock
        self.spent_s: dict[str, float] = {}

    def __call__(self, stage: str) -> AbstractContextManager[None]:
        return nullcontext() if self._clock is None else self._measured(stage, self._clock)

    @contextmanager
    def _measured(self, stage: str, clock: Callable[[], int]) -> Iterator[None]:
        began_ns = clock()
        yield
        self.spent_s[stage] = self.spent_s.get(stage, 0.0) + (clock() - began_ns) / 1e9
