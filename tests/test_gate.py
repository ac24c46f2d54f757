"""The gate: a front-end and the chain behind it, put together in one place."""

from __future__ import annotations

from dataclasses import fields
from typing import cast

import numpy as np
import pytest

from motionapp.core.frame import Epoch, Frame
from motionapp.core.motion import Contrast, Motion, Reasons, Removal
from motionapp.core.seams import FrontEnd
from motionapp.frontends import registry
from motionapp.gate import CLOCKS, OUTSIDE, STIRRING, Gate, beside_gate, make_gate
from motionapp.settings import AnalysisSettings
from motionapp.settings.frontends import AbsdiffSettings
from motionapp.suppression import RULES, SuppressionChain
from motionapp.suppression.rule import Evidence, Removed
from motionapp.testing import Mover, Stage

STAGE = Stage(
    size=(320, 180), sigma=1.0, movers=(Mover(lambda t_s: (40 + 90 * t_s, 60), size=(24, 60)),)
)
COUNTER = Stage(
    size=(320, 180),
    sigma=1.0,
    movers=(Mover(lambda t_s: (100 + 8 * (round(25 * t_s) % 3), 5), size=(8, 9)),),
)


class Saying:
    """A session that says one thing."""

    forget_s = lead_in_s = 0.0

    def __init__(self, motion: Motion) -> None:
        self.motion = motion

    def step(self, frame: Frame) -> Motion:
        return self.motion


class Says:
    """A front-end that says one thing."""

    name = "says"

    def __init__(self, motion: Motion) -> None:
        self.motion = motion

    def start(self, epoch: Epoch) -> Saying:
        return Saying(self.motion)


def gate_told(motion: Motion) -> Motion:
    """What the gate makes of it."""
    frame = next(STAGE.frames(1))
    gate = Gate(cast(FrontEnd, Says(motion)), AbsdiffSettings())
    return gate.start(frame.epoch).step(frame)


def seen(gate: Gate, frames: list[Frame]) -> list[Motion]:
    session = gate.start(frames[0].epoch)
    return [session.step(frame) for frame in frames]


def test_a_gate_must_start_ten_seconds_early_at_most() -> None:
    session = make_gate(AnalysisSettings()).start(next(STAGE.frames(1)).epoch)

    assert session.lead_in_s == 10.0


def test_regions_are_found_and_the_pictures_behind_them_are_let_go_of() -> None:
    motions = seen(make_gate(AnalysisSettings()), list(STAGE.frames(1.0)))

    assert all(motion.moved for motion in motions[3:])
    assert all(motion.contrast is None for motion in motions)
    assert all(motion.strength > 0 for motion in motions[3:])


def test_what_was_removed_is_told_by_rule_beside_the_reason() -> None:
    motions = seen(make_gate(AnalysisSettings()), list(COUNTER.frames(2.0)))

    withheld = [motion for motion in motions if motion.reasons.declined == "clock"]
    assert withheld
    for motion in withheld:
        (removal,) = motion.removed
        assert motion.mask is not None
        assert (removal.rule, removal.px > 0) == ("clock", True)
        assert motion.reasons.outside == pytest.approx(removal.px / motion.mask.size)
        assert removal.mask is not None
        assert np.count_nonzero(removal.mask) == removal.px
        assert not (removal.mask & motion.mask).any()
        assert not removal.mask.flags.writeable
        assert dict(removal.figures)["withheld"] >= 1


def test_a_rule_is_switched_on_as_if_it_had_always_been() -> None:
    frames = list(COUNTER.frames(11.0))
    off = AnalysisSettings.model_validate({"absdiff": {"ignore_clocks": False}})
    session = make_gate(off).start(frames[0].epoch)

    moved = [session.step(frame).moved for frame in frames[:250]]
    session.retune(make_gate(AnalysisSettings()))
    later = [session.step(frame).moved for frame in frames[250:]]

    assert sum(moved[5:]) > 0.9 * len(moved[5:])
    assert not any(later)


def test_behind_a_front_end_that_finds_its_own_regions_the_chain_stays_off() -> None:
    settings = AnalysisSettings()
    frames = list(STAGE.frames(0.4))
    flow = registry.make("flow", settings)
    alone = flow.start(frames[0].epoch)

    for motion, frame in zip(seen(Gate(flow, settings.absdiff), frames), frames, strict=True):
        assert motion.regions == alone.step(frame).regions
        assert motion.removed == ()


def test_behind_the_gate_what_the_rules_said_of_what_it_saw_is_told() -> None:
    flow, places = Motion(frontend="flow", strength=0.3), np.ones((2, 2), np.uint8)
    gate = Motion(removed=(Removal("clock", 9),), places=places)

    told = beside_gate(flow, gate)

    assert (told.frontend, told.strength) == ("flow", 0.3)
    assert told.removed == gate.removed
    assert told.places is places
    assert beside_gate(flow, Motion()) is flow


def test_what_the_chain_keeps_of_a_rule_is_its_own_array() -> None:
    """Nothing is copied for a layer that nobody may look at."""
    taken = np.full((90, 160), 255, np.uint8)

    class Takes:
        name, blocks = "clock", 0

        def __init__(self, shape: tuple[int, int]) -> None: ...

        def step(self, evidence: Evidence) -> Removed:
            return Removed(taken, self.name)

    mask = np.full((90, 160), 255, np.uint8)
    chain = SuppressionChain([Takes((90, 160))])

    settled = chain.step(
        mask, Contrast(mask, mask, mask, 9.0), pts_s=0.0, level=0, min_area=0.1, merge_gap=0.1
    )

    assert settled.removed[0].mask is taken


def test_the_switches_name_rules_that_there_are() -> None:
    names = {rule.name for rule in RULES}

    assert {*STIRRING, *CLOCKS, OUTSIDE} <= names


def test_what_the_chain_does_not_decide_stays_as_the_front_end_said_it() -> None:
    """`Motion` and `Reasons` are made field by field: a new field must not be lost on the way."""
    decided = {"strength", "regions", "mask", "contrast", "removed", "places", "reasons"}
    decided |= {"differs"}  # made of the contrast
    said = Reasons(*range(1, len(fields(Reasons)) + 1))  # type: ignore[arg-type]
    mask = np.zeros((90, 160), np.uint8)
    contrast = Contrast(mask, mask, mask, 9.0)
    given = {one.name: object() for one in fields(Motion) if one.name not in decided}
    given |= {"level": 0, "lag_s": 0.08}
    motion = Motion(mask=mask, contrast=contrast, reasons=said, **given)  # type: ignore[arg-type]

    told = gate_told(motion)

    assert {name: getattr(told, name) for name in given} == given
    assert told.differs is not None
    assert told.differs.strength is mask
    kept = [one.name for one in fields(Reasons) if one.name not in ("rejected_area",)]
    assert [getattr(told.reasons, name) for name in kept] == [getattr(said, name) for name in kept]
