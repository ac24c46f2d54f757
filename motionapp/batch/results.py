"""What earlier runs have written, wherever it lies: never an input."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from motionapp.sinks.events import EVENTS_JSON

ANNOTATED_MP4: Final = "annotated.mp4"
"""The annotated video in an input's folder of results."""
RESULT_FOLDERS: Final = frozenset({"clips", "masks", "thumbnails"})
"""Folders of pictures and videos in an input's folder of results."""


def is_result(path: Path) -> bool:
    """Whether an earlier run has written it, be it a file or a folder of files."""
    if path.name == ANNOTATED_MP4 or path.name in RESULT_FOLDERS:
        return _is_beside_events(path)
    return path.parent.name in RESULT_FOLDERS and _is_beside_events(path.parent)


def _is_beside_events(path: Path) -> bool:
    try:
        return (path.parent / EVENTS_JSON).is_file()
    except OSError:  # a folder that may be listed and not entered
        return False
