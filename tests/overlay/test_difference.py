"""The layer of differences: warm where it counts, cold where it nearly does, nothing where it does
not."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from motionapp.analysis import Analysis
from motionapp.core.frame import Epoch, Frame
from motionapp.core.geometry import Box
from motionapp.core.moment import Moment
from motionapp.core.motion import Differs, Motion
from motionapp.overlay import Style, draw_moment, part_of
from motionapp.overlay.draw import draw_layers
from motionapp.settings import AnalysisSettings
from motionapp.testing import GreyPixels, Mover, Stage

UNIT = 8.0
BARE = Style(groups=False, tracks=False, poses=False, valid=False, status=False, difference=True)


def drawn(motion: Motion, grey: int = 90) -> NDArray[np.int_]:
    """How every pixel has changed: shape (60, 80, 3)."""
    bgr = np.full((60, 80, 3), grey, np.uint8)
    draw_layers(bgr, motion, BARE)
    return bgr.astype(int) - grey


def of(level: float) -> Motion:
    return Motion(differs=Differs(np.full((60, 80), round(level), np.uint8), UNIT))


def test_what_counts_is_warm_and_what_may_be_noise_is_cold() -> None:
    warm, cold = drawn(of(UNIT + 1))[30, 40], drawn(of(UNIT - 1))[30, 40]

    assert warm[2] > 50 > 0 > warm[0]
    assert cold[0] > 30 > 0 > cold[2]


def test_the_usual_noise_leaves_the_picture_nearly_as_it_is() -> None:
    """The threshold is about four times the noise."""
    assert np.abs(drawn(of(UNIT / 4))).max() <= 8


def test_where_nothing_was_compared_nothing_is_drawn() -> None:
    assert not drawn(Motion()).any()


def test_a_part_shows_what_the_whole_shows_there() -> None:
    strength = np.zeros((60, 80), np.uint8)
    strength[20:40, 30:50] = 60
    moment = Moment("a", None, Motion(differs=Differs(strength, UNIT)))

    part = part_of(moment, Box(80, 40, 240, 200), (320, 240)).motion
    moved = part_of(
        replace(moment, motion=replace(moment.motion, scene=np.array([[1.0, 0, 40], [0, 1, 0]]))),
        Box(80, 40, 240, 200),
        (320, 240),
    ).motion

    assert part.differs is not None
    assert moved.differs is not None
    assert np.array_equal(part.differs.strength, strength[10:50, 20:60])
    assert np.array_equal(moved.differs.strength[:, 10:], strength[10:50, 20:50])


def test_the_legend_tells_the_threshold() -> None:
    frame = Frame(0, 0, 1.5, 0.04, Epoch(0, (320, 240), Fraction(1, 1000)), GreyPixels())
    with_legend = np.full((240, 320, 3), 90, np.uint8)

    draw_moment(with_legend, Moment("a", frame, of(0)), style=BARE)

    assert (with_legend[:60, 160:] != 90).any()
    assert (with_legend[120:] == 90).all()


def test_the_gate_tells_what_it_compared_behind_any_front_end() -> None:
    stage = Stage((Mover(lambda t_s: (20 + 60 * t_s, 60)),))

    for frontend in ("absdiff", "flow"):
        analysis = Analysis(AnalysisSettings(frontend=frontend, people="off"))
        moments = [analysis.step(frame) for frame in stage.frames(3.0)]

        motion = moments[-1].motion
        assert motion.frontend == frontend
        assert motion.differs is not None
        assert not motion.differs.strength.flags.writeable
        assert motion.differs.strength.max() > motion.differs.unit
        assert moments[0].motion.differs is None
