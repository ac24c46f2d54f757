"""The gate: the cheap front-end, and the rules that take out of its mask what is nobody.

Front-ends and suppression do not know each other: here, and only here, they are put together. The
same way does for any front-end that leaves the regions of its mask open.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from motionapp.core.frame import Epoch, Frame
from motionapp.core.geometry import Box
from motionapp.core.looks import Beat
from motionapp.core.motion import Differs, Motion, Reasons
from motionapp.core.pace import Pace, SlowTime
from motionapp.core.seams import FrontEnd, Guided, Heeding, Session
from motionapp.core.window import BLOCK_S
from motionapp.frontends import registry
from motionapp.regions import strength_of
from motionapp.settings.frontends import AbsdiffSettings, BackgroundSettings
from motionapp.settings.tree import AnalysisSettings
from motionapp.steady.steady import Steady
from motionapp.suppression import Settled, SuppressionChain

STIRRING, CLOCKS = ("stirring", "restless", "range"), ("clock",)
"""The rules that `ignore_stirring` and `ignore_clocks` switch, by their names."""

OUTSIDE = "clock"
"""What this rule takes is told like what zones cut out: text is no part of the scene."""


class Gate:
    """A front-end that leaves its regions open, and the chain behind it.

    Parameters
    ----------
    frontend : FrontEnd
    settings : AbsdiffSettings
        What counts as a region, which rules are asked, and how often they learn.
    regions : BackgroundSettings, optional
        What counts as a region instead, to another front-end than absdiff.
    """

    def __init__(
        self,
        frontend: FrontEnd,
        settings: AbsdiffSettings,
        regions: BackgroundSettings | None = None,
    ) -> None:
        self.name = frontend.name
        self.frontend = frontend
        self.settings = settings
        self.regions = settings if regions is None else regions

    def start(self, epoch: Epoch, steady: Steady | None = None) -> GateSession:
        """Begin on `epoch`: nothing is remembered of another.

        `steady` takes out of the mask what only the camera did, before the rules see it.
        """
        return GateSession(self, epoch, steady)


class GateSession:
    """A front-end and the chain at work on one epoch."""

    def __init__(self, gate: Gate, epoch: Epoch, steady: Steady | None = None) -> None:
        self._steady = steady
        self._settings, self._regions = gate.settings, gate.regions
        self._size = epoch.size
        self._session: Session = gate.frontend.start(epoch)
        # Asked once: to look a protocol up takes longer than most rules take for a picture.
        self._heeding = self._session if isinstance(self._session, Heeding) else None
        self._pace = Pace()
        self._slow = SlowTime(BLOCK_S)
        self._beat = Beat(gate.settings.lag_s)
        self._chain = SuppressionChain.of_all(
            (max(1, epoch.size[1] >> epoch.level), max(1, epoch.size[0] >> epoch.level))
        )

    @property
    def forget_s(self) -> float:
        """Beyond the front-end's own memory, only what whole blocks have shown is remembered."""
        return self._session.forget_s

    @property
    def lead_in_s(self) -> float:
        """So long before a border must it start to judge as if it had always run: the rules learn
        from masks, and these are right only after the front-end's own lead-in."""
        if self._steady is not None and self._steady.memory_is_endless:
            return math.inf
        return self._session.lead_in_s + self._chain.memory_s

    def retune(self, gate: Gate) -> None:
        """Take over thresholds and switches, from the next frame on."""
        self._session.retune(gate.frontend)
        if gate.settings.lag_s != self._settings.lag_s:
            self._beat = Beat(gate.settings.lag_s)
        self._settings, self._regions = gate.settings, gate.regions

    def heed(self, people: Sequence[Box]) -> None:
        """Tell a front-end that may take them for background who is there."""
        if self._heeding is not None:
            self._heeding.heed(people)

    def pass_by(self, frame: Frame) -> None:
        """Take note of a frame that nobody looks at."""
        self._session.pass_by(frame)
        self._pace.step(frame.pts_s, frame.duration_s)
        self._beat.step(frame.pts_s)

    def step(self, frame: Frame) -> Motion:
        """What moves at `frame` and may be somebody."""
        motion = self._session.step(frame)
        step_s = self._pace.step(frame.pts_s, frame.duration_s)
        learns = self._beat.step(frame.pts_s)
        # While priming there is no mask, and whoever finds regions by themselves has no contrast.
        if motion.mask is None or motion.contrast is None:
            return motion
        if self._steady is not None:
            motion = self._steady.judge(frame, motion)
        assert motion.mask is not None
        assert motion.contrast is not None
        settings, slow_s = self._settings, self._slow.step(frame.pts_s, step_s)
        settled = self._chain.step(
            motion.mask,
            motion.contrast,
            pts_s=slow_s,
            level=motion.level,
            min_area=self._regions.min_area,
            merge_gap=self._regions.merge_gap,
            off=_switched_off(settings),
            lag_s=motion.lag_s / self._slow.stretch,
            stretch=self._slow.stretch,
            learns=learns,
        )
        return self._told(motion, settled)

    def _told(self, motion: Motion, settled: Settled) -> Motion:
        """The motion with its regions; the pictures behind it are let go of."""
        settled.mask.flags.writeable = False
        differs = None
        if (contrast := motion.contrast) is not None:
            contrast.strength.flags.writeable = False
            differs = Differs(contrast.strength, contrast.unit)
        regions = settled.found.regions
        # Field by field: `replace` takes a fifth of the time in which regions are found.
        return Motion(
            frontend=motion.frontend,
            level=motion.level,
            strength=strength_of(regions, self._size),
            regions=regions,
            mask=settled.mask,
            differs=differs,
            removed=settled.removed,
            flow=motion.flow,
            lately_px_s=motion.lately_px_s,
            poses=motion.poses,
            places=settled.places,
            scene=motion.scene,
            valid=motion.valid,
            lag_s=motion.lag_s,
            reasons=_reasons(motion.reasons, settled),
        )


def make_steady(settings: AnalysisSettings) -> Steady:
    """What takes the camera's movement out."""
    return Steady(settings.steady, learns=registry.gate_of(settings.frontend) != registry.GATE)


def make_gate(settings: AnalysisSettings) -> Gate:
    """What decides whether anything moves at all: the cheap front-end, or one that is its own."""
    name = registry.gate_of(settings.frontend)
    regions = None if name == registry.GATE else settings.background
    return Gate(registry.make(name, settings), settings.absdiff, regions)


def seen_behind(gate: Motion, session: Session, frame: Frame) -> Motion:
    """What a session sees at a frame, told first what the gate saw there if it wants to know."""
    if isinstance(session, Guided):
        session.guide(gate)
    return session.step(frame)


def beside_gate(motion: Motion, gate: Motion) -> Motion:
    """What a front-end behind the gate saw, and what the rules said of what the gate saw."""
    if not gate.removed and gate.places is None and gate.differs is None:
        return motion
    return replace(motion, differs=gate.differs, removed=gate.removed, places=gate.places)


def _switched_off(settings: AbsdiffSettings) -> tuple[str, ...]:
    return (() if settings.ignore_stirring else STIRRING) + (
        () if settings.ignore_clocks else CLOCKS
    )


def _reasons(reasons: Reasons, settled: Settled) -> Reasons:
    """The front-end's figures, and what the chain adds to them."""
    picture_px = settled.mask.size
    outside_px = sum(removal.px for removal in settled.removed if removal.rule == OUTSIDE)
    # The last rule that took anything left nothing; where something is left, nobody said no.
    declined = settled.removed[-1].rule if settled.removed else reasons.declined
    return Reasons(
        noise=reasons.noise,
        threshold=reasons.threshold,
        light_gain=reasons.light_gain,
        light_offset=reasons.light_offset,
        share=reasons.share,
        light_share=reasons.light_share,
        strongest=reasons.strongest,
        rejected_area=settled.found.rejected_px / picture_px,
        camera_px=reasons.camera_px,
        outside=reasons.outside + outside_px / picture_px,
        declined="" if settled.found.regions else declined,
    )
