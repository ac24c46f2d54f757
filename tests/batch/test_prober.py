"""Another process looks into files whose names say nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from motionapp.batch.inputs import find_inputs
from motionapp.batch.prober import Prober

CRASHES = "import os, sys; sys.stdin.readline(); os.abort()"
HANGS = "import sys; sys.stdin.readline(); sys.stdin.read()"
RUBBISH = "import sys; sys.stdin.readline(); print('hello', flush=True); sys.stdin.read()"
SAYS_NO = """
import sys
for line in sys.stdin:
    print('{"type": "probe", "is_recording": false}', flush=True)
"""


def test_files_are_told_apart_by_one_process(
    recording: Callable[..., Path], tmp_path: Path
) -> None:
    recording("in/a.mp4", duration_s=1.0).rename(tmp_path / "in" / "a")
    (tmp_path / "in" / "b").write_bytes(b"\0" * 1000)

    with Prober() as probe:
        found = find_inputs([str(tmp_path / "in")], probe=probe)

    assert [Path(each.spec).name for each in found] == ["a"]


@pytest.mark.parametrize("script", [CRASHES, HANGS, RUBBISH], ids=["crash", "hang", "rubbish"])
def test_a_file_of_which_the_process_dies_is_an_input_and_the_next_is_looked_at(
    script: str, tmp_path: Path
) -> None:
    with Prober([sys.executable, "-c", script], longest_s=0.5) as probe:
        assert probe(tmp_path / "a")
        assert probe(tmp_path / "b")


def test_no_process_is_started_where_names_tell(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"x")

    with Prober(["/nowhere/program"]) as probe:
        assert len(find_inputs([str(tmp_path)], probe=probe)) == 1


def test_what_the_process_says_is_believed(tmp_path: Path) -> None:
    with Prober([sys.executable, "-c", SAYS_NO]) as probe:
        assert not any(probe(tmp_path / name) for name in "abc")
