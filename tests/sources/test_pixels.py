"""Conversions keep what they have prepared, and give what a fresh one would."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import numpy as np
import pytest

from motionapp.sources.pixels import converted

SIZES = ((64, 48), (33, 17), (64, 48))
TASKS = Path("/proc/self/task")
FORMATS = ("yuv420p", "yuvj420p", "nv12", "gray10le", "rgb24")


def picture_of(size: tuple[int, int], format_name: str, seed: int) -> av.VideoFrame:
    """A picture of noise, as a decoder might give it."""
    width, height = size
    noise = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    return av.VideoFrame.from_ndarray(noise, format="rgb24").reformat(format=format_name)


@pytest.mark.parametrize("wanted", ["bgr24", "gray"])
def test_pictures_of_many_kinds_by_turns_are_converted_as_each_would_be_alone(wanted: str) -> None:
    kinds = itertools.product(SIZES, FORMATS, (1, 2))
    for seed, (size, format_name, colour_range) in enumerate(kinds):
        picture = picture_of(size, format_name, seed)
        picture.color_range = colour_range
        fresh = picture.reformat(format=wanted, threads=1).to_ndarray()
        assert np.array_equal(converted(picture, wanted), fresh)


def test_a_smaller_picture_is_made_of_areas() -> None:
    picture = picture_of((64, 48), "yuv420p", 1)
    small = picture.reformat(16, 12, "bgr24", interpolation="AREA", threads=1).to_ndarray()
    assert np.array_equal(converted(picture, "bgr24", (16, 12)), small)


@pytest.mark.skipif(not TASKS.is_dir(), reason="threads are counted in /proc")
def test_no_conversion_starts_a_thread() -> None:
    pictures = [picture_of((640, 480), "gray10le", seed) for seed in range(40)]
    done, watches = threading.Event(), threading.Event()
    threads: set[str] = set()

    def watch() -> None:
        while not done.is_set():
            threads.update(each.name for each in TASKS.iterdir())
            watches.set()

    with ThreadPoolExecutor(1) as pool:
        watching = pool.submit(watch)
        watches.wait()
        before = set(threads)
        for picture in pictures:
            converted(picture, "bgr24")
        done.set()
        watching.result()
    assert threads == before
