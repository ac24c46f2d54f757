"""A worker hears its batch, and does not outlive it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from motionapp.batch.lifeline import lines_while_batch_lives

HANGING_WORKER = """
import sys
from motionapp.batch.lifeline import lines_while_batch_lives
for line in lines_while_batch_lives(sys.stdin):
    print("at work", flush=True)
    while True:
        pass
"""

BATCH = f"""
import os, subprocess, sys
worker = subprocess.Popen(
    [sys.executable, "-c", {HANGING_WORKER!r}], stdin=subprocess.PIPE, start_new_session=True,
    text=True,
)
worker.stdin.write("a job\\n")
worker.stdin.flush()
sys.stdin.read()
"""


def test_the_lines_come_and_end() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading) as lines, os.fdopen(writing, "w") as out:
        out.write("one\ntwo\n")
        out.close()

        assert list(lines_while_batch_lives(lines)) == ["one\n", "two\n"]


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a process keeps its dead parent's number")
@pytest.mark.timeout(20)
def test_a_worker_that_hangs_ends_when_its_batch_is_killed() -> None:
    """The worker holds the batch's standard output open until it has ended itself."""
    batch = subprocess.Popen(
        [sys.executable, "-c", BATCH], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert batch.stdout is not None
    assert batch.stdout.readline() == "at work\n"

    batch.kill()

    assert batch.communicate()[0] == ""
