"""What a process takes, as the system says it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from motionapp.batch.limits import can_see_memory, in_mb, limits_of, resident_bytes
from motionapp.settings import Settings


@pytest.mark.skipif(not can_see_memory(), reason="this system does not say what a process takes")
def test_the_memory_of_a_process_is_what_it_has_touched() -> None:
    before = resident_bytes(os.getpid())
    held = bytearray(b"\1") * 50_000_000
    after = resident_bytes(os.getpid())

    assert before is not None
    assert after is not None
    assert after - before == pytest.approx(len(held), rel=0.2)


def test_a_process_that_has_ended_takes_nothing_that_can_be_told() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()

    assert resident_bytes(ended.pid) is None


def test_limits_are_those_of_the_settings() -> None:
    limits = limits_of(Settings().run)

    assert (in_mb(limits.memory_bytes), limits.silence_s) == ("2048 MB", 120.0)
