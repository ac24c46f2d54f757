"""Windows keep what clips showed, in an eighth of the memory of doubles."""

from __future__ import annotations

import numpy as np

from motionapp.core.clip import MotionClip
from motionapp.core.geometry import Box
from motionapp.core.representation import Representation
from motionapp.training.windows import Windows, join, pack

SHAPE = Representation("absdiff", side_px=8)


def clip(seed: int, *, channels: int = 6, low: float = 0.0) -> MotionClip:
    maps = np.random.default_rng(seed).uniform(low, 1, (channels, 8, 8)).astype(np.float32)
    return MotionClip(1, 0.0, 0.48, Box(0, 0, 9, 9), maps)


def test_packed_clips_come_back_within_half_a_level() -> None:
    clips = [clip(1), clip(2)]

    windows = pack([clips], SHAPE)

    np.testing.assert_allclose(
        windows.numbers(), np.stack([one.maps for one in clips]), atol=0.5 / 255 + 1e-6
    )
    assert windows.numbers().dtype == np.float32


def test_flow_keeps_its_signs() -> None:
    shape = Representation("flow", side_px=8, planes=2, mirror="flip-negate-x")
    one = clip(3, channels=12, low=-1.0)

    windows = pack([[one]], shape)

    assert windows.maps.dtype == np.int8
    np.testing.assert_allclose(windows.numbers()[0], one.maps, atol=0.5 / 127 + 1e-6)


def test_each_window_knows_its_recording_even_after_one_without_windows() -> None:
    windows = pack([[clip(1)], [], [clip(2), clip(3)]], SHAPE)

    assert windows.samples.tolist() == [0, 2, 2]


def test_no_recordings_give_no_windows_of_the_right_shape() -> None:
    windows = pack([], SHAPE)

    assert len(windows) == 0
    assert windows.maps.shape == (0, 8, 8, 6)
    assert windows.numbers().shape == (0, 6, 8, 8)


def test_chosen_windows_keep_their_recordings() -> None:
    windows = pack([[clip(1)], [clip(2)], [clip(3)]], SHAPE).of(np.array([2, 0]))

    assert windows.samples.tolist() == [2, 0]


def test_joined_windows_stand_one_after_the_other() -> None:
    first, second = pack([[clip(1)]], SHAPE), pack([[clip(2)], [clip(3)]], SHAPE)

    joined = join([first, second])

    assert len(joined) == 3
    np.testing.assert_array_equal(joined.maps[1:], second.maps)


def test_times_go_with_their_windows() -> None:
    samples = np.array([0, 0, 1, 2])
    times_s = np.stack([np.arange(4.0), np.arange(4.0) + 1], axis=1)
    maps, goings = np.zeros((4, 8, 8, 2), np.uint8), np.zeros((4, 3), np.float32)
    windows = Windows(maps, samples, goings, times_s)
    without = Windows(maps, samples, goings)

    left = windows.of_samples(np.array([True, False, True]))

    assert left.times_s is not None
    assert left.times_s[:, 0].tolist() == [0, 1, 3]
    both = join([windows, left])
    assert both.times_s is not None
    assert both.times_s[:, 0].tolist() == [0, 1, 2, 3, 0, 1, 3]
    assert join([windows, without]).times_s is None
    assert without.of(np.array([1])).times_s is None
