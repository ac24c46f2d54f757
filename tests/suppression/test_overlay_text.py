"""Burned-in clocks and counters: found by how they change, and cut out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest

from motionapp.core.geometry import Box
from motionapp.core.motion import Motion, Region
from motionapp.core.window import BLOCK_S
from motionapp.gate import make_gate
from motionapp.settings import AnalysisSettings
from motionapp.suppression.overlay_text import BLOCKS, Clock, OverlayText, find_clocks, moment_of
from motionapp.suppression.rule import Evidence
from motionapp.testing import Mover, Stage, evidence_of, frames_from

SHAPE = (180, 320)
DIGIT = Box(100, 8, 108, 18)
LEARNT_S = (BLOCKS + 1) * BLOCK_S

Changes = Callable[[float], Sequence[Box]]


def moving(boxes: Sequence[Box], pts_s: float) -> Evidence:
    """Boxes as what moves, whatever the mask."""
    regions = tuple(Region(box, float(box.area), 2.0) for box in boxes)
    return replace(evidence_of(np.zeros(SHAPE, np.uint8), pts_s), regions=regions, found=regions)


def cut(clocks: OverlayText, mask: np.ndarray, pts_s: float) -> np.ndarray | None:
    return clocks.step(evidence_of(mask, pts_s)).mask


def learnt(changes: Changes, *, until_s: float = LEARNT_S, rate_hz: int = 25) -> OverlayText:
    clocks = OverlayText(SHAPE)
    for k in range(round(until_s * rate_hz) + 1):
        clocks.step(moving(changes(k / rate_hz), k / rate_hz))
    return clocks


def ticking(t_s: float) -> Sequence[Box]:
    """A digit that changes 0.37 s after every full second, seen for one lag."""
    return [DIGIT] if (t_s - 0.37) % 1.0 < 0.079 else []


@pytest.mark.parametrize("rate_hz", [10, 25, 50])
def test_what_changes_once_a_second_in_step_is_a_clock(rate_hz: int) -> None:
    (clock,) = learnt(ticking, rate_hz=rate_hz).found

    assert clock.box.intersection(DIGIT) == DIGIT.area
    assert clock.box.area < 6 * DIGIT.area
    assert clock.beat is not None


def test_a_counter_changes_always() -> None:
    (clock,) = learnt(lambda t_s: [DIGIT]).found

    assert clock.beat is None


def test_at_the_beat_the_whole_line_is_cut_for_tens_and_minutes_change_with_it() -> None:
    clocks = learnt(ticking)
    mask = np.zeros(SHAPE, np.uint8)
    mask[8:18, 70:78] = 255  # the tens of minutes

    at_beat, between = cut(clocks, mask, 9.42), cut(clocks, mask, 9.9)

    assert at_beat is not None
    assert np.array_equal(at_beat, mask)
    assert between is None


def test_only_the_digits_are_cut_so_that_somebody_in_front_is_seen_round_them() -> None:
    clocks = learnt(ticking)
    body = np.zeros(SHAPE, np.uint8)
    body[2:120, 80:140] = 255

    taken = cut(clocks, body, 9.9)

    assert taken is not None
    assert 0 < np.count_nonzero(taken) < 0.1 * np.count_nonzero(body)
    assert np.count_nonzero(body) == 118 * 60


def seldom(t_s: float) -> Sequence[Box]:
    return [DIGIT] if t_s % 2.6 < 0.08 else []


def unsteady(t_s: float) -> Sequence[Box]:
    return [DIGIT] if t_s % 0.83 < 0.08 else []


def in_the_middle(t_s: float) -> Sequence[Box]:
    return [DIGIT.shifted(0, 80)]


def passing(t_s: float) -> Sequence[Box]:
    return [DIGIT.shifted(25 * t_s - 100, 0)]


@pytest.mark.parametrize("changes", [seldom, unsteady, in_the_middle, passing])
def test_other_small_things_are_no_clocks(changes: Changes) -> None:
    assert learnt(changes).found == ()


def test_a_clock_is_forgotten_and_found_again_after_a_gap() -> None:
    def paused(t_s: float) -> Sequence[Box]:
        return [] if 10 <= t_s < 20 else ticking(t_s)

    assert learnt(paused, until_s=9.9).found
    assert not learnt(paused, until_s=18).found
    assert learnt(paused, until_s=28).found


def test_somebody_who_walks_by_does_not_hide_the_clock() -> None:
    def busy(t_s: float) -> Sequence[Box]:
        walker = [Box(90, 10, 130, 120)] if 3 <= t_s < 5 else []
        return walker or ticking(t_s)

    assert learnt(busy).found


def test_without_seconds_there_is_no_clock() -> None:
    assert find_clocks((), SHAPE) == ()


def test_the_moments_of_a_second_do_not_depend_on_rounding() -> None:
    assert [moment_of(k / 10) for k in range(12)] == [*range(10), 0, 1]
    assert Clock(DIGIT, DIGIT, 9).cut_at(3.05) == DIGIT


# -- with the gate -----------------------------------------------------------------------------


def written(picture: np.ndarray, text: str) -> np.ndarray:
    canvas = picture.copy()
    for width, tone in ((3, 10), (1, 245)):
        cv2.putText(canvas, text, (10, 16), cv2.FONT_HERSHEY_PLAIN, 1.0, tone, width)
    return canvas


def recording(seconds: float, *, movers: tuple[Mover, ...] = ()) -> Iterator[np.ndarray]:
    stage = Stage(movers=movers, sigma=1.0)
    for k in range(round(seconds * 25)):
        t_s = k / 25
        yield written(stage.picture(t_s), f"09:59:{int(50 + t_s) % 60:02d} {k:04d}")


def watched(pictures: Iterator[np.ndarray], **changes: bool) -> list[tuple[float, Motion]]:
    frames = list(frames_from(pictures))
    settings = AnalysisSettings.model_validate({"absdiff": changes})
    session = make_gate(settings).start(frames[0].epoch)
    return [(frame.pts_s, session.step(frame)) for frame in frames]


def test_text_that_counts_frames_gives_almost_no_region_from_the_start() -> None:
    seen = watched(recording(14))
    counted = watched(recording(4), ignore_clocks=False)

    assert sum(motion.moved for _, motion in seen) < 0.1 * len(seen)
    assert sum(motion.moved for _, motion in counted) >= 80
    assert {motion.reasons.declined for _, motion in seen} >= {"clock"}


def test_somebody_who_walks_over_the_text_is_found() -> None:
    body = Mover(lambda t_s: (25.0 * (t_s - 9) - 20, 2.0) if t_s > 9 else None, size=(30, 90))

    seen = watched(recording(13, movers=(body,)))

    moved = [motion.moved for pts_s, motion in seen if 10 < pts_s < 12.9]
    assert sum(moved) >= 0.95 * len(moved)


def test_a_gate_that_starts_a_lead_in_earlier_knows_the_same_clock() -> None:
    pictures = list(recording(14))
    late_from = 3 * 25 + 8

    always = watched(iter(pictures))
    frames = list(frames_from(pictures[late_from:], start_s=late_from / 25))
    session = make_gate(AnalysisSettings()).start(frames[0].epoch)
    late = [session.step(frame) for frame in frames]

    ready_s = late_from / 25 + session.lead_in_s
    judged = 0
    for frame, motion, (_, same) in zip(frames, late, always[late_from:], strict=True):
        if frame.pts_s >= ready_s:
            assert (motion.regions, motion.reasons) == (same.regions, same.reasons)
            judged += 1
    assert judged > 10
