"""What shows that an input, or what is to be made of it, is no longer what it was."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from motionapp.assembly import is_address
from motionapp.core.version import __version__
from motionapp.files.store import is_store, look
from motionapp.settings.tree import Settings, analysis_digest
from motionapp.sources.images import is_image

ONLY_HOW: Final = frozenset({"workers", "threads", "memory_mb", "silence_s", "pace"})
"""Run settings that change how the work is done, and nothing of what is written."""


def stamp_of(specs: Sequence[str]) -> str:
    """Paths, sizes and times of change of one input's files, as one short text.

    Parameters
    ----------
    specs : sequence of str
        One, or those that are joined.

    Returns
    -------
    str
        Empty where there is nothing to hold on to: a file that is gone, an address.

    Notes
    -----
    Contents are not read: with thousands of recordings on a slow disk that would take longer than
    many an analysis, and a camera does not write a file anew within the same nanosecond.
    """
    digest = hashlib.sha256()
    try:
        for spec in specs:
            for line in _lines(spec):
                digest.update(line)
    except OSError:
        return ""
    return digest.hexdigest()


def work_digest(settings: Settings, model_digest: str) -> str:
    """SHA-256 of all that decides what stands in the results, the program's version included."""
    asked = settings.run.model_dump(mode="json", exclude=set(ONLY_HOW))
    document = {
        "version": __version__,
        "analysis": analysis_digest(settings.analysis, model_digest),
        "run": asked,
    }
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


def _lines(spec: str) -> list[bytes]:
    """One a file: a folder of pictures has many, a rendered scene is its name."""
    if is_store(spec):
        return [f"{spec}\0{look(spec).stamp}\n".encode()]
    if is_address(spec):
        if not spec.startswith("synthetic:"):
            raise OSError("what an address gives cannot be told before it is read")
        return [spec.encode()]
    path = Path(os.path.realpath(spec))
    if not path.is_dir():
        return [_line(path, path.stat())]
    with os.scandir(path) as entries:
        # What a NAS or a Mac leaves beside the pictures does not change them.
        return sorted(_line(path / e.name, e.stat()) for e in entries if is_image(e.name))


def _line(path: Path, found: os.stat_result) -> bytes:
    return os.fsencode(path) + f"\0{found.st_size}\0{found.st_mtime_ns}\n".encode()
