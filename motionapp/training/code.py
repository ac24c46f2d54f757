"""Which version of the program makes windows: told by its source, which changes more often than
the number on it."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from motionapp.core.version import __version__

PACKAGE: Final = Path(__file__).resolve().parent.parent

ROOMS_WITHOUT_A_PART: Final = frozenset(
    {"batch", "cli", "explain", "gui", "overlay", "sinks", "testing.py", "watch"}
)
"""What they say or draw changes no window. A new room has a part in it until it stands here."""

IN_TRAINING: Final = frozenset(
    {
        "crop_clips.py",
        "crop_people.py",
        "crop_poses.py",
        "crop_views.py",
        "empty.py",
        "gather.py",
        "pose_errors.py",
        "rendered.py",
        "rendered_clutter.py",
        "rendered_scenes.py",
        "windows.py",
    }
)
"""What else stands there is about networks, which are compared on windows that stay the same."""


def window_sources() -> Iterator[Path]:
    """The files that have a part in making windows, in order of their names."""
    for path in sorted(PACKAGE.rglob("*.py")):
        room, *rest = path.relative_to(PACKAGE).parts
        if room in ROOMS_WITHOUT_A_PART or (room == "training" and rest[-1] not in IN_TRAINING):
            continue
        yield path


@cache
def code_digest() -> str:
    """SHA-256 over all that makes windows of a picture, the libraries' versions included, as hex.

    Notes
    -----
    About 20 ms for 300 files, once a process. Words count as well as code: leaving comments
    out would take a second of parsing, and save a gathering now and then.
    """
    total = hashlib.sha256(f"{__version__}\n{platform.machine()}\n{cv2.__version__}\n".encode())
    total.update(f"{np.__version__}\n".encode())
    for library in ("av", "onnxruntime"):  # imported, each would cost more than all of this
        total.update(f"{_version(library)}\n".encode())
    for path in window_sources():
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(PACKAGE).as_posix()} {content}\n".encode())
    return total.hexdigest()


@cache
def learning_digest() -> str:
    """SHA-256 over all that decides how networks are trained and written, as hex.

    What compares, chooses and draws is left out: it is done anew each time.
    """
    total = hashlib.sha256()
    for library in ("torch", "onnx", "onnxscript", "optuna"):
        total.update(f"{_version(library)}\n".encode())
    for path in sorted((PACKAGE / "training").rglob("*.py")):
        if path.parent.name != "comparison":
            total.update(path.relative_to(PACKAGE).as_posix().encode() + path.read_bytes())
    return total.hexdigest()


def _version(library: str) -> str:
    """Empty where it lies there without its papers, as in a build of one file."""
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return ""
