"""What may not be looked at: told by name, while the rest is done. Also where tests run as root."""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="rights of Linux")

PR_CAPBSET_DROP = 24
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2


def without_roots_rights() -> None:
    """What root starts from here on may read no more than the owner of a file."""
    libc = ctypes.CDLL(None)
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


def batch(folder: Path, named: str) -> tuple[int, dict[str, dict[str, Any]], str]:
    """Exit code, entries of the summary by input, and what was said."""
    command = [sys.executable, "-m", "motionapp", "batch", named, "--out", "out"]
    run = subprocess.run(
        [*command, "--classifier", "none", "--people", "off"],
        cwd=folder,
        preexec_fn=without_roots_rights,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    summary = json.loads((folder / "out" / "summary.json").read_text())
    return run.returncode, {each["input"]: each for each in summary["inputs"]}, run.stderr


@pytest.fixture
def tree(recording: Callable[..., Path], tmp_path: Path) -> Iterator[Path]:
    """A folder with a good recording, and a way to close what is in it."""
    recording("in/a.mp4", duration_s=1.0)
    yield tmp_path
    for place, folders, files in os.walk(tmp_path):
        for name in (*folders, *files):
            if not (path := Path(place, name)).is_symlink():
                path.chmod(0o700)


def close(tree: Path, *names: str) -> None:
    for name in names:
        path = tree / "in" / name
        if not path.exists():
            path.mkdir(parents=True)
            (path / "b.mp4").write_bytes(b"x")
        path.chmod(0)


@pytest.mark.parametrize("named", ["in", "in/**/*.mp4", "in/*"])
def test_a_folder_that_may_not_be_searched_is_one_failed_entry(tree: Path, named: str) -> None:
    close(tree, "private")

    code, found, said = batch(tree, named)

    assert code == 3, said
    assert {name: each["status"] for name, each in found.items()} == {
        "in/a.mp4": "ok",
        "in/private": "failed",
    }
    assert found["in/private"]["error"] == "in/private cannot be searched: permission denied"


def test_a_systems_own_folder_that_may_not_be_searched_costs_nothing(tree: Path) -> None:
    close(tree, "lost+found")

    code, found, said = batch(tree, "in")

    assert code == 0, said
    assert found["in/lost+found"]["status"] == "skipped"
    assert "permission denied" in found["in/lost+found"]["error"]


def test_files_that_may_not_be_read_are_failed_entries_and_folders_without_entry_too(
    tree: Path,
) -> None:
    for name in ("b.mp4", "c.unknown"):
        (tree / "in" / name).write_bytes(b"x" * 1000)
    close(tree, "b.mp4", "c.unknown")
    (tree / "in" / "listed").mkdir()
    (tree / "in" / "listed" / "d.mp4").write_bytes(b"x")
    (tree / "in" / "listed").chmod(0o600)

    code, found, said = batch(tree, "in")

    assert code == 3, said
    assert found.pop("in/a.mp4")["status"] == "ok"
    assert sorted(found) == ["in/b.mp4", "in/c.unknown", "in/listed/d.mp4"]
    assert all("permission denied" in each["error"] for each in found.values())


@pytest.mark.parametrize("named", ["in/lost+found", "in/private", "in/private/b.mp4"])
def test_what_is_named_outright_and_may_not_be_read_is_said_in_a_sentence(
    tree: Path, named: str
) -> None:
    close(tree, "private", "lost+found")

    code, found, said = batch(tree, named)

    assert found[named]["status"] == "failed"
    assert code == 4, said
    assert "permission denied" in found[named]["error"]
    assert "Traceback" not in said
