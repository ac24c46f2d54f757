"""Frame difference: what it finds, and what it must not take for motion."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from motionapp.core.cover import Cover, Patch
from motionapp.core.frame import Frame
from motionapp.core.geometry import Box, union_of
from motionapp.core.motion import Motion
from motionapp.frontends.difference.frontend import Absdiff
from motionapp.frontends.difference.illumination import LightChange, fit_light
from motionapp.frontends.difference.noise import (
    BLOCK_S,
    BlockNoise,
    counted,
    counted_grain,
    sigma_of,
)
from motionapp.frontends.difference.sampling import sampled
from motionapp.frontends.difference.uncovered import Uncovered
from motionapp.gate import Gate, make_gate
from motionapp.privacy import covered
from motionapp.regions import MOST_REGIONS, find_regions
from motionapp.settings import AnalysisSettings
from motionapp.settings.frontends import AbsdiffSettings
from motionapp.testing import Mover, Stage, frames_from


def watched(
    frames: Iterable[Frame], settings: AbsdiffSettings | None = None
) -> list[tuple[float, Motion]]:
    frames = list(frames)
    settings = settings or AbsdiffSettings()
    session = Gate(Absdiff(settings), settings).start(frames[0].epoch)
    return [(frame.pts_s, session.step(frame)) for frame in frames]


def crossing(size: tuple[int, int]) -> Mover:
    """A body a quarter as high as the picture that crosses it in about four seconds."""
    width, height = size
    body = (max(4, height // 7), max(8, height // 4))
    return Mover(lambda t_s: (0.1 * width + 0.25 * width * t_s, 0.4 * height), size=body)


def where(mover: Mover, t_s: float) -> Box:
    corner = mover.path(t_s)
    assert corner is not None
    return Box(0, 0, *mover.size).shifted(*corner)


@pytest.mark.parametrize(
    ("size", "sigma"),
    [
        *(((64, 64), sigma) for sigma in (0.0, 2.0)),
        *(((320, 180), sigma) for sigma in (0.0, 2.0, 6.0)),
        *(((640, 480), sigma) for sigma in (0.0, 2.0, 6.0)),
        *(((1280, 720), sigma) for sigma in (0.0, 2.0, 6.0)),
    ],
)
def test_a_moving_body_is_found_and_boxed(size: tuple[int, int], sigma: float) -> None:
    mover = crossing(size)
    stage = Stage(movers=(mover,), size=size, sigma=sigma)

    found = 0
    seen = watched(stage.frames(0.6))[4:]
    for pts_s, motion in seen:
        now = where(mover, pts_s)
        # The fringe behind the body, where it was a lag ago, belongs to the region.
        fringed = now.union(where(mover, pts_s - motion.lag_s))
        assert all(region.box.intersection(fringed) for region in motion.regions)
        if motion.moved:
            whole = union_of(region.box for region in motion.regions)
            found += whole.iou(now) > 0.4

    assert found >= 0.9 * len(seen)


@pytest.mark.parametrize("size", [(64, 64), (320, 180), (1280, 720)])
@pytest.mark.parametrize("sigma", [0.0, 1.0, 3.0, 6.0, 10.0, 16.0])
def test_sensor_noise_alone_gives_no_region(size: tuple[int, int], sigma: float) -> None:
    """The first frames too: they are judged by what the running block has shown."""
    stage = Stage(size=size, sigma=sigma)
    duration_s = 0.4 if size[0] > 1000 else 2.6

    seen = watched(stage.frames(duration_s))

    assert not [pts_s for pts_s, motion in seen if motion.moved]


def step_at_one(t_s: float) -> tuple[float, float]:
    return (1.0, 0.0) if t_s < 1 else (1.0, 40.0)


LIGHTS: dict[str, Callable[[float], tuple[float, float]]] = {
    "a step up": step_at_one,
    "a step down": lambda t_s: (1.0, 0.0) if t_s < 1 else (0.5, 0.0),
    "a gain": lambda t_s: (1.0, 0.0) if t_s < 1 else (1.5, 0.0),
    "a gain with an offset": lambda t_s: (1.0, 0.0) if t_s < 1 else (0.7, 60.0),
    "a slow ramp": lambda t_s: (1.0, 10.0 * t_s),
    "a fast ramp": lambda t_s: (1.0, -40.0 * t_s),
    "a flicker": lambda t_s: (1.0 + 0.08 * math.sin(2 * math.pi * 9 * t_s), 0.0),
    "a strong flicker": lambda t_s: (1.0, 25.0 * math.sin(2 * math.pi * 11 * t_s)),
}


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("sigma", [0.0, 2.0])
def test_a_change_of_light_alone_gives_no_region(light: str, sigma: float) -> None:
    stage = Stage(sigma=sigma, light=LIGHTS[light])

    seen = watched(stage.frames(2.0))

    assert not [(pts_s, motion.regions) for pts_s, motion in seen if motion.moved]


@pytest.mark.parametrize("light", LIGHTS)
def test_a_body_that_moves_while_the_light_changes_is_still_found(light: str) -> None:
    mover = crossing((320, 180))
    stage = Stage(movers=(mover,), light=LIGHTS[light])

    seen = watched(stage.frames(2.0))[4:]

    found = 0
    for pts_s, motion in seen:
        truth = where(mover, pts_s)
        found += any(region.box.iou(truth) > 0.3 for region in motion.regions)
    assert found >= 0.9 * len(seen)


def test_the_reasons_name_the_light_that_was_taken_off() -> None:
    seen = dict(watched(Stage(sigma=1.0, light=step_at_one).frames(1.2)))

    assert seen[0.96].reasons.light_offset == 0.0
    assert seen[1.0].reasons.light_offset == pytest.approx(40, abs=4)
    assert seen[1.0].reasons.light_gain == pytest.approx(1.0, abs=0.05)


def test_a_lamp_that_lights_a_part_softly_gives_no_region() -> None:
    """Light has soft borders, bodies have not."""
    x, y = np.meshgrid(np.arange(320), np.arange(180))
    glow = 60 * np.exp(-(((x - 90) / 110) ** 2 + ((y - 60) / 90) ** 2))
    stage = Stage(sigma=1.5)
    times = [k / 25 for k in range(40)]
    pictures = (
        np.clip(stage.picture(t_s) + (glow if t_s >= 0.8 else 0), 0, 255).astype(np.uint8)
        for t_s in times
    )

    seen = watched(frames_from(pictures))

    assert not [(pts_s, motion.regions) for pts_s, motion in seen if motion.moved]


def test_noise_that_grows_is_learnt_within_two_blocks() -> None:
    quiet, loud = Stage(sigma=1.0), Stage(sigma=8.0)
    times = [k / 25 for k in range(25 * 6)]
    pictures = ((quiet if t_s < 1 else loud).picture(t_s) for t_s in times)

    seen = watched(frames_from(pictures))

    assert not [pts_s for pts_s, motion in seen if motion.moved and pts_s > 2 * BLOCK_S]


@pytest.mark.parametrize("share", [0.3, 0.5, 0.6, 0.75, 0.9, 1.0])
def test_somebody_close_to_the_camera_is_seen(share: float) -> None:
    """All of the picture may move: the running frame must not call that noise."""
    size = (round(320 * share), 180)
    near = Mover(lambda t_s: (60 * (t_s - 1.0), 0) if t_s > 1.0 else (0, 0), size=size)

    seen = watched(Stage(movers=(near,)).frames(2.0))

    moved = [motion.moved for pts_s, motion in seen if pts_s > 1.2]
    assert sum(moved) >= 0.9 * len(moved)


def test_sensitivity_sees_weaker_motion() -> None:
    faint = Mover(lambda t_s: (40 + 100 * t_s, 60), size=(30, 50))
    stage = Stage(sigma=1.0)
    bright = replace(stage, movers=(faint,))
    blend = [
        np.rint(0.9 * stage.picture(k / 25) + 0.1 * bright.picture(k / 25)).astype(np.uint8)
        for k in range(12)
    ]

    dull = watched(frames_from(picture.copy() for picture in blend))
    keen = watched(frames_from(blend), AbsdiffSettings(sensitivity=3.0))

    assert not any(motion.moved for _, motion in dull)
    assert sum(motion.moved for _, motion in keen) >= 8


# -- the same whatever the frame rate ----------------------------------------------------------


def regions_by_time(frames: Iterable[Frame]) -> dict[int, tuple[Box, ...]]:
    return {
        round(1000 * pts_s): tuple(region.box for region in motion.regions)
        for pts_s, motion in watched(frames)
    }


def paused(t_s: float) -> tuple[float, float]:
    return 20 + 120 * min(t_s, 0.8) + 120 * max(0.0, t_s - 1.6), 60.0


def test_every_second_frame_gives_the_same_regions_at_the_same_times() -> None:
    stage = Stage(movers=(Mover(paused),))

    full = regions_by_time(stage.frames(2.0, rate_hz=50))
    half = regions_by_time(stage.frames(2.0, rate_hz=25))

    common = {time_ms for time_ms in half if time_ms > 160}
    assert {t: full[t] for t in common} == {t: half[t] for t in common}


def test_doubled_frames_give_the_same_regions_at_the_same_times() -> None:
    stage = Stage(movers=(Mover(paused),))
    times = [k / 25 for k in range(50)]

    once = regions_by_time(stage.frames(2.0, rate_hz=25))
    twice = regions_by_time(
        frames_from((stage.picture(t_s) for t_s in times for _ in range(2)), rate_hz=50)
    )

    common = {time_ms for time_ms in once if time_ms > 160}
    assert {t: twice[t] for t in common} == {t: once[t] for t in common}


def test_the_reasons_tell_how_strong_and_how_small_what_moved_was() -> None:
    mover = Mover(lambda t_s: (40 + 100 * t_s, 60), size=(30, 50))
    stage = Stage(sigma=1.0, movers=(mover,))

    choosy = watched(stage.frames(0.6), AbsdiffSettings(min_area=0.2))[4:]
    plain = watched(stage.frames(0.6))[4:]

    assert not any(motion.moved for _, motion in choosy)
    for (_, small), (_, motion) in zip(choosy, plain, strict=True):
        assert small.reasons.strongest > 3 * small.reasons.threshold
        assert small.reasons.rejected_area > 0.005
        assert motion.reasons.rejected_area < 0.005
        assert motion.reasons.light_share == AbsdiffSettings().light_share


# -- finite memory -----------------------------------------------------------------------------


@pytest.mark.parametrize("start_s", [1.0, 2.0, 3.32])
def test_a_gate_that_starts_a_lead_in_earlier_judges_as_if_it_had_always_run(
    start_s: float,
) -> None:
    stage = Stage(size=(160, 90), movers=(Mover(paused),), sigma=4.0)
    frames = list(stage.frames(15.0))

    lead_in_s = make_gate(AnalysisSettings()).start(frames[0].epoch).lead_in_s
    always = dict(watched(frames))
    late = dict(watched(frame for frame in frames if frame.pts_s >= start_s))

    ready_s = start_s + lead_in_s
    judged = [pts_s for pts_s in late if pts_s >= ready_s]
    assert judged
    for pts_s in judged:
        assert late[pts_s].reasons == always[pts_s].reasons
        assert late[pts_s].regions == always[pts_s].regions


def all_at(level: int) -> np.ndarray:
    return counted(np.full(100, level, np.uint8))


def test_block_noise_judges_by_the_last_full_block_and_forgets_all_before() -> None:
    noise = BlockNoise()
    for k in range(50):
        noise.step(k / 25, all_at(20))

    second = [noise.step(2.0 + k / 25, all_at(4)) for k in range(50)]
    third = [noise.step(4.0 + k / 25, all_at(9)) for k in range(50)]

    assert set(second) == {sigma_of(all_at(20))}
    assert set(third) == {sigma_of(all_at(4))}


def test_before_there_is_a_full_block_the_running_one_is_believed() -> None:
    assert BlockNoise().step(0.0, all_at(5)) == sigma_of(all_at(5))


def test_a_block_that_nobody_saw_does_not_leave_an_older_figure_standing() -> None:
    noise = BlockNoise()
    noise.step(0.0, all_at(20))

    assert noise.step(10.0, all_at(3)) == sigma_of(all_at(3))


@pytest.mark.parametrize("sigma", [0.8, 1.5, 3.0, 8.0, 20.0])
def test_the_noise_of_a_difference_is_measured_within_a_tenth(sigma: float) -> None:
    rng = np.random.default_rng(3)
    difference = np.abs(np.rint(rng.normal(0, sigma, 50_000))).astype(np.uint8)

    assert sigma_of(counted(difference)) == pytest.approx(sigma, rel=0.1)


@pytest.mark.parametrize("sigma", [1.0, 3.0, 8.0])
def test_noise_has_as_much_grain_as_strength_and_a_body_has_little(sigma: float) -> None:
    noisy = Stage(sigma=sigma)
    wide = Mover(lambda t_s: (200 * t_s, 0), size=(320, 180))
    body = Stage(sigma=1.0, movers=(wide,))

    grain = sigma_of(counted_grain(noisy.picture(0.0), noisy.picture(0.08)))
    smooth = sigma_of(counted_grain(body.picture(0.0), body.picture(0.08)))

    assert grain == pytest.approx(sigma * 2**0.5, rel=0.15)
    assert smooth < 3


def test_pictures_that_do_not_differ_have_no_noise() -> None:
    assert sigma_of(np.zeros(256, np.int64)) == 0.0
    assert sigma_of(all_at(0)) == 0.0


# -- light and regions by themselves -----------------------------------------------------------


@pytest.mark.parametrize(("gain", "offset"), [(1.0, 12.0), (0.6, 0.0), (1.4, -20.0), (0.8, 30.0)])
def test_light_is_fitted_although_a_third_of_the_picture_is_something_else(
    gain: float, offset: float
) -> None:
    rng = np.random.default_rng(5)
    then = rng.uniform(40, 150, (60, 80))
    now = gain * then + offset + rng.normal(0, 1.0, then.shape)
    now[:20] = rng.uniform(20, 220, (20, 80))

    light = fit_light(
        np.rint(then).astype(np.uint8), np.clip(np.rint(now), 0, 255).astype(np.uint8)
    )

    assert light.gain == pytest.approx(gain, abs=0.05)
    assert light.gain * 95 + light.offset == pytest.approx(gain * 95 + offset, abs=1.5)


@pytest.mark.parametrize("level", [0, 3, 255])
def test_pictures_that_are_all_clipped_tell_nothing_of_the_light(level: int) -> None:
    flat = np.full((9, 9), level, np.uint8)

    assert fit_light(flat, flat) == LightChange()


def test_a_flat_picture_has_an_offset_and_no_gain() -> None:
    light = fit_light(np.full((9, 9), 80, np.uint8), np.full((9, 9), 95, np.uint8))

    assert (light.gain, light.offset) == (1.0, 15.0)


def spots(count: int) -> np.ndarray:
    mask = np.zeros((120, 160), np.uint8)
    for k in range(count):
        mask[4 + 10 * (k // 12) :, 4 + 12 * (k % 12) :][: 3 + (k % 3), :3] = 255
    return mask


def found_in(mask: np.ndarray, **changes: float) -> Sequence[Box]:
    regions = find_regions(
        mask,
        mask,
        unit=255.0,
        level=1,
        min_area=changes.get("min_area", 0.0),
        merge_gap=changes.get("merge_gap", 0.0),
    ).regions
    assert [region.area_px for region in regions] == sorted(
        (region.area_px for region in regions), reverse=True
    )
    return [region.box for region in regions]


def test_a_region_is_boxed_in_full_frame_pixels() -> None:
    mask = np.zeros((120, 160), np.uint8)
    mask[10:30, 40:50] = 255

    assert found_in(mask) == [Box(80, 20, 100, 60)]


def test_parts_nearer_than_the_gap_are_one_and_others_stay_two() -> None:
    mask = np.zeros((120, 160), np.uint8)
    mask[10:30, 40:50] = mask[10:30, 54:60] = mask[10:30, 100:110] = 255

    assert len(found_in(mask, merge_gap=0.05)) == 2
    assert len(found_in(mask, merge_gap=0.0)) == 3


def test_specks_below_the_smallest_area_are_left_out() -> None:
    mask = spots(3)

    assert len(found_in(mask, min_area=10 / mask.size)) == 2
    assert found_in(np.zeros_like(mask)) == []


def test_rain_gives_a_bounded_number_of_regions_the_largest_ones() -> None:
    boxes = found_in(spots(100))

    assert len(boxes) == MOST_REGIONS
    assert min(box.height for box in boxes) >= 8


# -- covered parts -------------------------------------------------------------------------------

MOST_OF_IT = Cover((Patch("most", ((0.0, 0.0), (0.8, 0.0), (0.8, 1.0), (0.0, 1.0))),))


def seen_of(stage: Stage, duration_s: float) -> tuple[list[Motion], list[Motion]]:
    """What is seen of a stage as it is, and with four fifths of it covered."""
    frames = list(stage.frames(duration_s))
    hidden = [covered(frame, MOST_OF_IT) for frame in frames]
    return [one for _, one in watched(frames)], [one for _, one in watched(hidden)]


def test_noise_is_that_of_what_is_not_covered() -> None:
    """What is covered has none: of all pixels the median would be 0, and noise would be motion."""
    whole, hidden = seen_of(Stage(sigma=6.0), 5.0)

    noises = [[one.reasons.noise for one in motions[60:]] for motions in (whole, hidden)]
    assert np.mean(noises[1]) == pytest.approx(np.mean(noises[0]), rel=0.1)
    assert not any(one.moved for one in hidden)


def test_a_change_of_light_beside_a_cover_is_light() -> None:
    def light(t_s: float) -> tuple[float, float]:
        return (1.25, 8.0) if t_s >= 2.5 else (1.0, 0.0)

    whole, hidden = seen_of(Stage(sigma=1.0, light=light), 4.0)

    assert not any(one.moved for one in hidden)
    gains = [max(abs(one.reasons.light_gain - 1) for one in motions) for motions in (whole, hidden)]
    assert gains[1] == pytest.approx(gains[0], abs=0.05)


@pytest.mark.parametrize("light", LIGHTS)
def test_a_change_of_light_alone_gives_no_region_beside_a_cover(light: str) -> None:
    _, hidden = seen_of(Stage(sigma=2.0, light=LIGHTS[light]), 2.0)

    assert not [motion.regions for motion in hidden if motion.moved]


def test_a_row_s_band_of_light_is_that_of_what_is_seen_of_it() -> None:
    """Each piece of a row must change alike: one that never changes would hide all bands."""
    epoch = replace(next(Stage().frames(1.0)).epoch, cover=MOST_OF_IT)
    seen = Uncovered.of(epoch)
    assert seen is not None
    sample = sampled(np.tile(np.arange(180, dtype=np.uint8)[:, None], (1, 320)))
    covered_sample = sample.copy()
    covered_sample[:, : int(0.8 * sample.shape[1])] = 48

    np.testing.assert_array_equal(seen.rows_filled(covered_sample), sample)


def test_where_all_is_covered_nothing_moves() -> None:
    everything = Cover((Patch("all", ((0, 0), (1, 0), (1, 1), (0, 1))),))
    frames = Stage(movers=(crossing((320, 180)),)).frames(3.0)

    assert not any(one.moved for _, one in watched(covered(frame, everything) for frame in frames))
