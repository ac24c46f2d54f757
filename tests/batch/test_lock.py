"""One batch at a time in a folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from motionapp.batch.lock import LOCK, locked
from motionapp.core.errors import OutputError

HOLDER = """
import sys, time
from pathlib import Path
from motionapp.batch.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_batch_is_refused_with_the_number_of_the_first(tmp_path: Path) -> None:
    with (
        locked(tmp_path),
        pytest.raises(OutputError, match=rf"process {os.getpid()}\) writes into .*wait for"),
        locked(tmp_path),
    ):
        pass


def test_afterwards_the_folder_is_free_and_nothing_is_left(tmp_path: Path) -> None:
    for _ in range(2):
        with locked(tmp_path):
            assert (tmp_path / LOCK).exists()

    assert list(tmp_path.iterdir()) == []


def test_the_file_of_a_killed_batch_locks_nobody_out(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(OutputError, match=f"process {holder.pid}"), locked(tmp_path):
            pass
    finally:
        holder.kill()
        holder.communicate()

    assert (tmp_path / LOCK).exists()
    with locked(tmp_path):
        assert (tmp_path / LOCK).read_text() == f"{os.getpid()}\n"


def test_a_folder_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / LOCK).mkdir()

    with pytest.raises(OutputError, match="cannot be written"), locked(tmp_path):
        pass
