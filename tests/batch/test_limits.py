"""What a process takes, as the system says it."""

from __future__ import annotations

import mmap
import os
import subprocess
import sys

import pytest

from motionapp.batch.limits import can_see_memory, in_mb, limits_of, memory_for, resident_bytes
from motionapp.settings import Settings


@pytest.mark.skipif(not can_see_memory(), reason="this system does not say what a process takes")
def test_the_memory_of_a_process_is_what_it_has_touched() -> None:
    # Not from the allocator, which may have kept as much of what was freed before.
    pages = 12_500
    with mmap.mmap(-1, pages * mmap.PAGESIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as held:
        before = resident_bytes(os.getpid())
        for page in range(pages):
            held[page * mmap.PAGESIZE] = 1
        after = resident_bytes(os.getpid())

    assert before is not None
    assert after is not None
    assert after - before == pytest.approx(pages * mmap.PAGESIZE, rel=0.2)


def test_a_process_that_has_ended_takes_nothing_that_can_be_told() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()

    assert resident_bytes(ended.pid) is None


def test_limits_are_those_of_the_settings() -> None:
    limits = limits_of(Settings().run)

    assert (in_mb(limits.memory_bytes), limits.silence_s) == ("2048 MB", 120.0)


def test_large_pictures_may_take_more() -> None:
    limits = limits_of(Settings().run)
    sizes = [(1920, 1080), (3840, 2160), (5312, 2988), (7680, 4320)]

    allowed = [in_mb(memory_for(limits, width * height)) for width, height in sizes]

    assert allowed == ["2048 MB", "2048 MB", "2692 MB", "4422 MB"]
