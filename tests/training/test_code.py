"""Windows are kept under the code that made them: each part of it, and no more."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from motionapp.training import code

LOADED = """
import sys
from pathlib import Path
from motionapp.frontends import registry
from motionapp.recognition.dataset import read_data_set
from motionapp.training.gather import gather
from motionapp.training.progress import Silent
from motionapp.training.rendered import render, rendered_clips

data = read_data_set(sys.argv[1], extensions={".mp4"})
for name in registry.names():
    gather(data, registry.representation(name), Silent())
for clip in (0, -1):
    render(rendered_clips(1, 1, seed=1)[clip:][:1], registry.representation("absdiff"), Silent())
for name, module in sys.modules.items():
    if name.startswith("motionapp.") and module.__file__:
        print(module.__file__)
"""

NO_PART = {
    "augment.py", "choices.py", "code.py", "gathering.py", "kept.py", "progress.py", "readable.py",
    "recipe.py", "workers.py",
}  # fmt: skip
"""Loaded with what gathers, and tells it nothing about windows that are kept."""


@pytest.mark.timeout(120)
def test_all_that_is_loaded_to_make_windows_counts(recordings: Path, tmp_path: Path) -> None:
    """Two recordings, as many as a data set has at least, load what all of them do."""
    rows = [f"{recordings / label / 'ann.mp4'},{label},ann" for label in ("across", "down")]
    (tmp_path / "labels.csv").write_text("\n".join(["path,label,group", *rows]))
    done = subprocess.run(
        [sys.executable, "-c", LOADED, str(tmp_path / "labels.csv")],
        capture_output=True,
        text=True,
        timeout=110,
        check=True,
    )

    loaded = {Path(line) for line in done.stdout.splitlines()}
    missed = loaded - set(code.window_sources())
    rest = {path for path in missed if path.parent.name != "training"}
    assert len(loaded) > 150
    assert {path.name for path in rest if path.name != "__init__.py"} == set()
    assert {path.name for path in missed - rest} <= NO_PART | {"__init__.py"}


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("tracking/tracker.py", True),
        ("training/gather.py", True),
        ("a_new_room/idea.py", True),
        ("training/fit.py", False),
        ("gui/window.py", False),
        ("cli/train.py", False),
    ],
)
def test_a_changed_file_counts_if_it_has_a_part_in_windows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, counts: bool
) -> None:
    package = tmp_path / "motionapp"
    shutil.copytree(code.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__", "models"))
    monkeypatch.setattr(code, "PACKAGE", package)
    before = code.code_digest.__wrapped__()

    (package / file).parent.mkdir(exist_ok=True)
    with (package / file).open("a") as changed:
        changed.write("\nchanged = True\n")

    assert (code.code_digest.__wrapped__() != before) == counts


def test_another_library_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    before = code.code_digest.__wrapped__()

    monkeypatch.setattr(code.metadata, "version", lambda library: "0.0")

    assert code.code_digest.__wrapped__() != before
