"""Motionapp starts itself: by its Python, or as the bundle that it is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import motionapp
from motionapp.core.errors import MissingExtraError
from motionapp.core.version import __version__
from motionapp.processes import clean_environment, own_command

PACKAGE = Path(motionapp.__file__).parent


def test_it_is_started_by_the_same_python() -> None:
    said = subprocess.run(
        own_command("--version"), capture_output=True, text=True, timeout=50, check=True
    )

    assert said.stdout.strip() == f"motionapp {__version__}"


def test_a_bundle_starts_itself_without_naming_a_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/motionapp/motionapp")

    assert own_command("batch", "a b.mp4") == ["/opt/motionapp/motionapp", "batch", "a b.mp4"]


def test_nobody_else_names_the_executable() -> None:
    """Whoever writes `sys.executable` by hand starts nothing in a bundle."""
    named = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if re.search(r"sys\.executable", path.read_text(encoding="utf-8"))
    }

    assert named == {"processes.py"}


def test_nobody_is_told_to_install_into_a_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 'pip install "motionapp[train]"' in str(MissingExtraError("training", "train"))
    monkeypatch.setattr(sys, "frozen", True, raising=False)

    said = str(MissingExtraError("training", "train"))

    assert "this bundle" in said
    assert 'pip install "motionapp[train]"' in said
    assert "Python" in said


def test_a_child_inherits_nothing_of_cv2() -> None:
    environment = {
        "PATH": "/bin",
        "QT_QPA_PLATFORM_PLUGIN_PATH": "/venv/site-packages/cv2/qt/plugins",
        "QT_QPA_FONTDIR": "/usr/share/fonts",
        "LD_LIBRARY_PATH": "/venv/site-packages/cv2/../../lib64:/opt/lib:",
    }

    assert clean_environment(environment) == {
        "PATH": "/bin",
        "QT_QPA_FONTDIR": "/usr/share/fonts",
        "LD_LIBRARY_PATH": "/opt/lib",
    }
