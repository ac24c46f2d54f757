"""The road: one frame in, all that is known at it out.

Source -> Frame -> front-end -> Motion -> tracker -> Track -> clips -> network -> Prediction ->
events -> Moment. No threads, no clocks, no files, no randomness: the same frames and settings
give the same moments, whoever drives it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from motionapp.core.clip import Prediction
from motionapp.core.event import EndedBy
from motionapp.core.frame import Epoch, Frame
from motionapp.core.looks import Looks
from motionapp.core.models import NO_MODELS, Models
from motionapp.core.moment import Moment
from motionapp.core.motion import STILL, Motion, Reasons
from motionapp.core.pace import Pace
from motionapp.core.seams import FrontEnd, Session
from motionapp.core.stopwatch import Stopwatch
from motionapp.core.track import Group, Track
from motionapp.events import Beside, EventChanges, ZoneEvents
from motionapp.events.eligibility.chain import Eligibility
from motionapp.events.lines import Lines
from motionapp.frontends import registry
from motionapp.frontends.zone_map import ZoneMasks
from motionapp.gate import GateSession, beside_gate, make_gate, make_steady, seen_behind
from motionapp.privacy import cover_of, covered
from motionapp.recognition.names import Names
from motionapp.recognition.naming import MapRoom, Maps
from motionapp.settings.tree import AnalysisSettings
from motionapp.steady.stretch import Stretch
from motionapp.tracking import RegionTracker
from motionapp.tracking.people import people_of

_Seen = tuple[Motion, tuple[Track, ...], tuple[Group, ...]]
"""What was at the last frame that was looked at."""


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
        self._is_resting = True
        self._latest: _Seen = (Motion(), (), ())
        self._source_name = source_name
        self._stopwatch = Stopwatch(clock)
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

    @property
    def lead_in_s(self) -> float:
        """What the gate must have seen before a border to judge as if it had always run."""
        return math.inf if self._gate is None else self._gate.lead_in_s

    @property
    def rest_s(self) -> float:
        """The largest memory of any stage behind the gate: after so long without motion, all of
        them start afresh."""
        stages = (
            self._gate, self._session, self._people, self._tracker, self._events, self._names,
        )  # fmt: skip
        return max(stage.forget_s for stage in stages if stage is not None)

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
        frame = covered(frame, self._cover)
        if self._epoch is not None and self._is_elsewhere(frame):
            changes += self._end("epoch", frame)
        if self._epoch is None:
            self._begin(frame)
        self._last_s = frame.pts_s, frame.pts_s + frame.duration_s
        if not self._is_due(frame):
            return self._passed_by(frame, changes)
        with self._stopwatch("gate"):
            seen = self._steady.step(self._stretch.step(frame), is_resting=self._is_resting)
            gate = self._gate_motion(seen)
            maps = self._gate_maps(seen, gate)
        if gate.moved:
            self._moved_s = frame.pts_s
            self._is_resting = False
        elif not self._is_resting and frame.pts_s - self._moved_s > self.rest_s:
            changes += self._rest()
        if self._is_resting:
            return self._moment(frame, self._steady.shown.motion(gate), changes)
        moment = self._awake_step(seen, gate, maps, changes)
        return moment if seen is frame else replace(moment, frame=frame)

    def prepare(self, frame: Frame) -> None:
        """Let the gate learn noise and light from a frame before the stretch that is analysed.

        Nothing opens, and no stage behind the gate sees it.

        Parameters
        ----------
        frame : Frame
            Later than the one before, and earlier than the first that is stepped.
        """
        frame = covered(frame, self._cover)
        if self._is_elsewhere(frame):
            self._begin(frame)
        if self._is_due(frame):
            seen = self._steady.step(self._stretch.step(frame))
            self._gate_maps(seen, self._gate_motion(seen))
        else:
            self._passed_by(frame, EventChanges())

    def finish(self, ended_by: EndedBy = "end") -> Moment:
        """Close what is open; the next step begins an epoch of its own."""
        return self._moment(None, STILL, self._end(ended_by))

    # -- one step, stage by stage -----------------------------------------------------------

    def _is_due(self, frame: Frame) -> bool:
        """Whether a frame is looked at; at rest one a lag is enough."""
        step_s = self._pace.step(frame.pts_s, frame.duration_s)
        return self._looks.step(frame.pts_s, step_s, is_resting=self._is_resting)

    def _passed_by(self, frame: Frame, changes: EventChanges) -> Moment:
        """What is known at a frame that nobody looks at: what was at the last one."""
        assert self._gate is not None
        if not frame.is_flagged:
            with self._stopwatch("gate"):
                seen = self._steady.step(self._stretch.step(frame))
                self._gate.pass_by(seen)
                if self._frontend is None:
                    self._map_room.step(seen, STILL, is_wanted=False)
            if self._session is not None:
                self._session.pass_by(seen)
        motion, tracks, groups = self._latest
        return self._moment(frame, motion, changes, tracks, groups, looked=False)

    def _is_elsewhere(self, frame: Frame) -> bool:
        """Whether a frame is of another epoch, or the camera has turned to another scene."""
        return frame.epoch != self._epoch or self._steady.has_left

    def _gate_motion(self, frame: Frame) -> Motion:
        assert self._gate is not None
        if frame.is_flagged:  # what the decoder calls damaged opens nothing
            level = frame.epoch.level
            name = self._gate_maker.name
            return Motion(frontend=name, level=level, reasons=Reasons(declined="damaged"))
        return self._gate.step(frame)

    def _gate_maps(self, frame: Frame, gate: Motion) -> Maps:
        """Maps of what the gate sees: it compares at rest, too, so that waking costs no clip."""
        if self._frontend is not None or frame.is_flagged:
            return {}
        return self._map_room.step(frame, gate, is_wanted=gate.moved or not self._is_resting)

    def _awake_step(self, frame: Frame, gate: Motion, maps: Maps, changes: EventChanges) -> Moment:
        with self._stopwatch("frontend"):
            if self._frontend is None or frame.is_flagged:
                motion = gate
            else:
                motion, maps = self._frontend_sees(self._frontend, frame, gate)
                motion = beside_gate(self._steady.confirmed(motion, gate), gate)
        with self._stopwatch("tracking"):
            regions = motion.regions
            if self._people is not None and not frame.is_flagged:
                regions = self._people.step(frame, motion)
            tracks, groups = self._tracker.step(regions, frame.pts_s, self._pace.step_s)
        if self._people is not None and not frame.is_flagged:
            with self._stopwatch("people"):
                groups = self._people.ask(frame, groups)
            if self._gate is not None:
                self._gate.heed(self._people.boxes)
        said = self._names.step(frame, motion, groups, maps, self._stopwatch)
        predictions = self._names.decided(said)
        beside = [Beside(*one) for one in said] if len(said) > 1 else []
        with self._stopwatch("events"):
            groups = self._eligibility.step(
                frame.pts_s, regions, tracks, groups, restless=gate, size=frame.epoch.size,
                step_s=self._pace.step_s,
            )  # fmt: skip
            # Lines stay on the scene, as zones do: a camera that shakes moves nobody over them.
            crossings = self._lines.step(frame.pts_s, tracks, groups, frame.epoch.size)
            # From here on everything lies where the user sees it.
            motion, tracks, groups = self._steady.shown.all(motion, tracks, groups)
            changes += self._event_changes(frame, motion, groups, predictions, beside)
        groups = self._names.labelled(groups)
        moment = self._moment(frame, motion, changes, tracks, groups, predictions)
        return replace(moment, crossings=crossings) if crossings else moment

    def _frontend_sees(self, frontend: FrontEnd, frame: Frame, gate: Motion) -> tuple[Motion, Maps]:
        """What the front-end behind the gate sees; it begins anew after each rest."""
        if self._session is None or self._steady.has_begun:
            self._session = frontend.start(frame.epoch)
            self._map_room.start(frontend, frame.epoch)
            if registry.brings_people(frontend.name):
                self._tracker.forget_people()
        motion = seen_behind(gate, self._session, frame)
        return motion, self._map_room.step(frame, motion)

    def _event_changes(
        self,
        frame: Frame,
        motion: Motion,
        groups: Sequence[Group],
        predictions: Sequence[Prediction],
        beside: Sequence[Beside],
    ) -> EventChanges:
        return self._events.step(
            frame, groups, predictions, self._names.label_of, motion=motion,
            masks=self._steady.shown.masks(self._masks.at(frame.epoch, motion.level), motion.level),
            places=self._steady.shown.places(self._eligibility.places),
            beside=beside, step_s=self._pace.step_s,
        )  # fmt: skip

    def _moment(
        self,
        frame: Frame | None,
        motion: Motion,
        changes: EventChanges,
        tracks: tuple[Track, ...] = (),
        groups: tuple[Group, ...] = (),
        predictions: tuple[Prediction, ...] = (),
        *,
        looked: bool = True,
    ) -> Moment:
        self._latest = motion, tracks, groups
        return Moment(
            source=self._source_name,
            frame=frame,
            motion=motion,
            tracks=tracks,
            groups=groups,
            predictions=predictions,
            looked=looked,
            is_resting=self._is_resting,
            opened=changes.opened,
            changed=changes.changed,
            closed=changes.closed,
            peaks=changes.peaks,
        )

    # -- beginnings and ends ----------------------------------------------------------------

    def _build(self, settings: AnalysisSettings, models: Models) -> None:
        """Make every stage afresh; nothing has been seen."""
        self._settings, self._models = settings, models
        self._gate_maker = make_gate(settings)
        is_gate = settings.frontend == self._gate_maker.name
        self._frontend: FrontEnd | None = (
            None if is_gate else registry.make(settings.frontend, settings)
        )
        self._people = people_of(settings, models)
        self._names = Names.of(models, settings.recognition)
        self._map_room = MapRoom(each.contract.representation for each in models.all)
        self._tracker = RegionTracker(settings.tracking)
        included = [zone.name for zone in settings.zones if zone.kind == "include"]
        self._events = ZoneEvents(self._names.awaited(settings.events), included)
        self._eligibility = Eligibility(settings.events)
        self._masks = ZoneMasks(settings.zones)
        self._lines = Lines(settings.zones)
        self._cover = cover_of(settings.zones)
        self._stretch, self._steady = Stretch(), make_steady(settings)
        self._epoch: Epoch | None = None
        self._pace = Pace()
        self._looks = Looks(settings.absdiff.lag_s)
        self._gate: GateSession | None = None
        self._session, self._is_resting = None, True
        self._moved_s = 0.0

    def _begin(self, frame: Frame) -> None:
        """Start the gate on a new epoch; the rest starts when something moves."""
        self._epoch = frame.epoch
        self._stretch.start(frame.epoch)
        self._steady.start(frame.epoch)
        self._pace = Pace()
        self._looks = Looks(self._settings.absdiff.lag_s)
        self._latest = Motion(), (), ()
        self._gate = self._gate_maker.start(frame.epoch, self._steady)
        if self._frontend is None:
            self._map_room.start(self._gate_maker.frontend, frame.epoch)
        self._forget()

    def _forget(self) -> None:
        self._session = None
        # Whose memory has no end never rests.
        self._is_resting = self._gate is None or math.isfinite(self._gate.forget_s)
        self._tracker.restart()
        if self._people is not None:
            self._people.restart()
        self._events.restart()
        self._lines.restart()
        self._eligibility.restart()
        self._names.restart()

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
        is_same = (models.all, models.falls) == (self._models.all, self._models.falls)
        if (
            settings.frontend != self._settings.frontend
            or settings.zones != self._settings.zones
            or settings.people != self._settings.people
            or settings.steady != self._settings.steady
            or not is_same
        ):
            changes = self._end("settings", frame)
            self._build(settings, models)
            return changes
        self._models = models
        self._retune(settings)
        return EventChanges()

    def _retune(self, settings: AnalysisSettings) -> None:
        if settings.absdiff.lag_s != self._looks.lag_s:
            self._looks = Looks(settings.absdiff.lag_s)
        self._settings = settings
        self._gate_maker = make_gate(settings)
        if self._gate is not None:
            self._gate.retune(self._gate_maker)
        if self._frontend is not None:
            self._frontend = registry.make(settings.frontend, settings)
            if self._session is not None:
                self._session.retune(self._frontend)
        self._tracker.retune(settings.tracking)
        if self._people is not None:
            self._people.retune(settings.people_searches_hz)
        self._names.retune(settings.recognition)
        self._events.retune(self._names.awaited(settings.events))
        self._eligibility.retune(settings.events)
