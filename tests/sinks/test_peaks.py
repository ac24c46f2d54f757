"""What is kept of the peaks of events, and how it is drawn into their pictures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from motionapp.core.moment import Moment
from motionapp.core.motion import Motion, Pose, Removal
from motionapp.overlay import Style, draw_moment
from motionapp.sinks.peaks import MOST_OPEN, Peaks
from motionapp.sinks.thumbnails import thumbnail

from .conftest import event_at

NONE = Style(groups=False, tracks=False, poses=False, events=False, status=False, valid=False)
EVENT = event_at(1.0, 3.0, peak_s=2.0)
LAYERS = ("mask", "flow", "arrows", "suppressed", "valid", "poses")


def seen(shift_px: int = 0) -> Motion:
    """Something in every layer; a valid scene, and a field of flow that is noise all over."""
    field = np.random.default_rng(7).normal(0, 40, (120, 160, 2)).astype(np.float32)
    mask, taken, valid = (np.zeros((120, 160), np.uint8) for _ in range(3))
    mask[30:60, 40 + shift_px : 60 + shift_px], taken[70:90, 100:120], valid[:, 20:] = 255, 255, 255
    places, body = np.zeros((12, 16), np.uint8), np.zeros((17, 3), np.float32)
    places[2, 3], body[5:7] = 2, ((100, 40, 1), (140, 60, 1))
    return Motion(
        "flow",
        mask=mask,
        flow=field,
        removed=(Removal("clock", 400, (("clocks", 1.0),), taken),),
        places=places,
        scene=np.array([[1, 0, 4], [0, 1, 2]], np.float64),
        valid=valid,
        poses=(Pose(body, 0.9),),
    )


def after(style: Style, *moments: Moment) -> Peaks:
    peaks = Peaks(style)
    for moment in moments:
        peaks.accept(moment)
    return peaks


@pytest.mark.parametrize("layer", LAYERS)
def test_a_peak_is_drawn_at_the_end_as_it_was_then(layer: str) -> None:
    style = replace(NONE, **{layer: True})
    first, last = Moment("a", None, seen(30), peaks=("all@1000",)), Moment("a", None, seen(90))
    peaks = after(style, first, last, Moment("a", None, closed=(EVENT,)))
    then, now = (np.full((240, 320, 3), 90, np.uint8) for _ in range(2))

    kept = peaks.motion_of(EVENT)

    assert kept is not None
    draw_moment(then, first, style=style)
    draw_moment(now, Moment("a", None, kept), style=style)
    assert np.array_equal(then, now)
    assert (then != 90).any()


def test_the_last_peak_counts_and_each_event_has_its_own() -> None:
    style = replace(NONE, mask=True)
    other = replace(EVENT, event_id="door@1000")
    peaks = after(
        style,
        Moment("a", None, seen(10), peaks=("all@1000", "door@1000")),
        Moment("a", None, seen(50), peaks=("all@1000",)),
        Moment("a", None, closed=(EVENT, other)),
    )

    for event, shift_px in ((EVENT, 50), (other, 10)):
        motion = peaks.motion_of(event)
        assert motion is not None
        assert np.array_equal(motion.mask, seen(shift_px).mask)


def test_nothing_is_kept_of_layers_that_are_off() -> None:
    peaks = after(NONE, Moment("a", None, seen(), peaks=("all@1000",)))

    peaks.accept(Moment("a", None, closed=(EVENT,)))

    kept = peaks.motion_of(EVENT)
    assert kept is not None
    layers = (kept.mask, kept.flow, kept.places, kept.valid, kept.scene)
    assert layers == (None,) * len(layers)
    assert (kept.removed, kept.poses) == ((), ())


def test_of_an_event_without_a_peak_nothing_is_known() -> None:
    assert after(NONE, Moment("a", None, closed=(EVENT,))).motion_of(EVENT) is None


def test_events_that_come_to_nothing_are_forgotten() -> None:
    trials = [Moment("a", None, seen(), peaks=(f"all@{n}",)) for n in range(MOST_OPEN + 1)]
    late = [Moment("a", None, closed=(replace(EVENT, event_id=f"all@{n}"),)) for n in (0, 1)]

    peaks = after(replace(NONE, mask=True), *trials, *late)

    known = [peaks.motion_of(replace(EVENT, event_id=f"all@{n}")) is not None for n in (0, 1)]
    assert known == [False, True]


def test_layers_lie_in_the_small_picture_beneath_the_box() -> None:
    style = replace(NONE, mask=True)
    large = np.full((480, 640, 3), 90, np.uint8)

    picture = thumbnail(large, EVENT, motion=seen(), style=style)

    rows, columns = np.nonzero((picture != 90).any(axis=2))
    assert picture.shape == (240, 320, 3)
    assert (picture[100, 100] != 90).any()  # of the mask: rows 30 to 60 of 120, columns 40 to 60
    assert (columns.max(), rows.max()) == (119, 119)
    assert (large == 90).all()
