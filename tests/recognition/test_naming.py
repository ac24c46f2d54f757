"""A naming: who goes on as it did is looked at less often, until it does something else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import ClassVar

import numpy as np
import pytest

from motionapp.core.clip import MotionClip, Prediction
from motionapp.core.contract import ModelContract
from motionapp.core.frame import Epoch, Frame
from motionapp.core.geometry import Box
from motionapp.core.motion import Map, Motion, Region
from motionapp.core.representation import Representation, Scope
from motionapp.core.stopwatch import Stopwatch
from motionapp.core.track import Group, Sought
from motionapp.recognition.naming import MapRoom, Naming
from motionapp.recognition.smoothing import STEADY_AFTER_S
from motionapp.settings.tree import RecognitionSettings
from motionapp.testing import GreyPixels

EPOCH = Epoch(0, (64, 48), Fraction(1, 1000))
BODY = Box(20, 10, 40, 40)
SHAPE = Representation("absdiff", side_px=8)


class Answering:
    """Answers by the time of the clip, and remembers when it was asked."""

    takes_nobody: ClassVar[bool] = False

    def __init__(self, turn_s: float = 1e9, shape: Representation = SHAPE) -> None:
        self.contract = ModelContract("fake", "1", ("walk", "run"), shape, "none")
        self.asked_s: list[float] = []
        self.asked: list[int] = []
        self._turn_s = turn_s

    def classify(self, clips: Sequence[MotionClip]) -> tuple[Prediction, ...]:
        self.asked_s += [clip.end_s for clip in clips]
        self.asked += [clip.subject_id for clip in clips]
        return tuple(self._answer(clip) for clip in clips)

    def _answer(self, clip: MotionClip) -> Prediction:
        is_run = clip.end_s > self._turn_s
        shares = (0.1, 0.9) if is_run else (0.9, 0.1)
        label = "run" if is_run else "walk"
        return Prediction(clip.subject_id, clip.start_s, clip.end_s, label, 0.9, shares)


def named(
    recogniser: Answering, *, until_s: float, rate_hz: float = 25, cadence_s: float = 0.16,
    steady_cadence_s: float = 0.32, nobody_from_s: float = 1e9, found_from_s: float | None = None,
    smooth_s: float = 2.0,
) -> Naming:  # fmt: skip
    settings = RecognitionSettings(
        cadence_s=cadence_s, steady_cadence_s=steady_cadence_s, smooth_s=smooth_s
    )
    naming = Naming(recogniser, settings)
    motion = Motion(regions=(Region(BODY, 600.0, 2.0),))
    map_: Map = np.full((48, 64), 90, np.uint8)
    for k in range(round(until_s * rate_hz)):
        pts_s = k / rate_hz
        frame = Frame(k, k, pts_s, 1 / rate_hz, EPOCH, GreyPixels())
        group = Group(
            1, BODY, BODY, (1,), is_seen=True, is_confirmed=True, born_s=0.0,
            is_nobody=pts_s >= nobody_from_s,
            person=int(found_from_s is not None and pts_s >= found_from_s),
            sought=None if found_from_s is None else Sought(0.2, 1),
        )  # fmt: skip
        naming.step(frame, motion, [group], {SHAPE: map_}, Stopwatch(None))
    return naming


@pytest.mark.parametrize(("scope", "clips"), [("track", [1, 2]), ("frame", [1])])
def test_a_network_of_pictures_is_asked_once_for_everybody(scope: Scope, clips: list[int]) -> None:
    """Two bodies, and a third that stands still."""
    boxes = [BODY, Box(44, 10, 60, 40), Box(2, 10, 12, 40)]
    shape = replace(SHAPE, scope=scope)
    recogniser = Answering(shape=shape)
    naming = Naming(recogniser, RecognitionSettings())
    motion = Motion(regions=tuple(Region(box, 600.0, 2.0) for box in boxes[:2]))
    groups = [Group(n, box, box, (n,), True, True, 0.0) for n, box in enumerate(boxes, 1)]
    map_: Map = np.full((48, 64), 90, np.uint8)
    said: list[Prediction] = []
    for k in range(25):
        frame = Frame(k, k, k / 25, 1 / 25, EPOCH, GreyPixels())
        said += naming.step(frame, motion, groups, {shape: map_}, Stopwatch(None))

    times = sorted(set(recogniser.asked_s))
    assert len(times) == 4
    assert recogniser.asked == clips * 4
    assert [(each.subject_id, each.end_s) for each in said] == [
        (n, t) for t in times for n in (1, 2)
    ]
    assert naming.label_of(1) == naming.label_of(2) == ("walk", pytest.approx(0.9))
    assert naming.label_of(3) is None


def test_who_goes_on_as_it_did_is_looked_at_every_second_time() -> None:
    recogniser = Answering()

    named(recogniser, until_s=8.0)

    steps = np.diff(recogniser.asked_s)
    early = np.array(recogniser.asked_s[1:]) < STEADY_AFTER_S
    assert steps[early] == pytest.approx(0.16)
    assert steps[-8:] == pytest.approx(0.32)


def test_who_does_something_else_is_looked_at_closely_again_and_renamed() -> None:
    recogniser = Answering(turn_s=6.0)

    naming = named(recogniser, until_s=7.6)

    after = [at_s for at_s in recogniser.asked_s if at_s > 6.4]
    assert np.diff(after) == pytest.approx(0.16)
    label = naming.label_of(1)
    assert label is not None
    assert label[0] == "run"


@pytest.mark.parametrize("rate_hz", [12.5, 50])
def test_when_it_is_looked_at_does_not_hang_on_the_frame_rate(rate_hz: float) -> None:
    one, other = Answering(), Answering()

    named(one, until_s=6.0)
    named(other, until_s=6.0, rate_hz=rate_hz)

    assert one.asked_s == pytest.approx(other.asked_s)


@pytest.mark.parametrize("steady_cadence_s", [0.16, 0.32])
def test_who_is_nobody_is_not_looked_at_and_loses_the_label(steady_cadence_s: float) -> None:
    recogniser = Answering()

    naming = named(recogniser, until_s=6.0, nobody_from_s=3.0, steady_cadence_s=steady_cadence_s)

    assert 2.6 < max(recogniser.asked_s) < 3.0
    assert naming.label_of(1) is None


def test_who_may_be_nobody_has_no_name_until_a_person_is_found() -> None:
    """Cars waved with both hands until a second search had found nobody in them, too."""
    recogniser = Answering()

    named(recogniser, until_s=6.0, found_from_s=3.0)

    assert min(recogniser.asked_s) == pytest.approx(3.04, abs=0.17)


def test_who_is_nobody_is_looked_at_where_the_recogniser_takes_them() -> None:
    class Taking(Answering):
        takes_nobody = True

    recogniser = Taking()

    naming = named(recogniser, until_s=6.0, nobody_from_s=3.0)

    assert max(recogniser.asked_s) > 5.5
    assert naming.label_of(1) is not None


def test_training_looks_at_everything() -> None:
    recogniser = Answering()

    named(recogniser, until_s=5.0, cadence_s=0.04, steady_cadence_s=0.04)

    assert np.diff(recogniser.asked_s) == pytest.approx(0.04)


def test_a_label_never_goes_before_the_next_look() -> None:
    recogniser = Answering()

    naming = named(recogniser, until_s=9.0, steady_cadence_s=5.0, smooth_s=0.8)

    assert max(np.diff(recogniser.asked_s)) <= 0.41
    assert naming.label_of(1) is not None


def test_equal_representations_share_one_map() -> None:
    made: list[Representation] = []

    class Seeing:
        def maps(self, epoch: Epoch, representation: Representation) -> object:
            made.append(representation)
            return self

        def step(self, frame: Frame, motion: Motion, *, is_wanted: bool = True) -> None:
            return None

    room = MapRoom([SHAPE, Representation("absdiff", side_px=8), Representation("absdiff")])
    room.start(Seeing(), EPOCH)  # type: ignore[arg-type]  # what a room asks of a front-end

    assert made == [SHAPE, Representation("absdiff")]
