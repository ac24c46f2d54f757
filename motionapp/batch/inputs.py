"""What a person names becomes a list of inputs, each with a folder for its results."""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from motionapp.assembly import is_address
from motionapp.sinks.events import EVENTS_JSON
from motionapp.sources.extensions import IMAGE_EXTENSIONS, VIDEO_EXTENSIONS
from motionapp.sources.stream import without_password

ANNOTATED_MP4: Final = "annotated.mp4"
"""The annotated video in an input's folder of results."""
RESERVED: Final = frozenset({"summary.json", "", ".", ".."})
"""Names that a folder of results cannot have."""


@dataclass(frozen=True, slots=True)
class Input:
    """One thing to analyse, or the reason why there is nothing."""

    spec: str
    """As it was named, or found in a folder."""
    out_name: str
    """Its folder of results, below the batch's."""
    problem: str = ""
    """Why it cannot be an input; empty if it can."""


def find_inputs(named: Iterable[str], *, out_dir: Path | None = None) -> tuple[Input, ...]:
    """List all inputs, each once, in the order in which they are named; folders sorted by path.

    Parameters
    ----------
    named : iterable of str
        Files, folders (searched below) and ``synthetic:NAME``.
    out_dir : Path or None
        A folder that is not searched: the results of an earlier run are no input.
    """
    skipped = None if out_dir is None else _real(out_dir)
    found: dict[str, str] = {}
    problems: dict[str, str] = {}
    known: set[str] = set()
    for name in named:
        specs = list(_below(Path(name), skipped)) if _is_folder(name) else [_shareable(name)]
        if not name:
            problems[name] = "an input has an empty name: is a variable of the command line unset?"
        elif not specs:
            problems[name] = f"{name} holds no recordings: name a file, or a folder that has some"
            specs = [name]
        for spec in specs:
            identity = spec if is_address(spec) else _real(Path(spec))
            if identity not in known:
                known.add(identity)
                found[spec] = identity
    names = _out_names(found)
    return tuple(Input(spec, names[spec], problems.get(spec, "")) for spec in found)


def is_picture_folder(folder: Path) -> bool:
    """Whether a folder holds numbered images and no recordings: one sequence."""
    with os.scandir(folder) as entries:
        files = [entry.name for entry in entries if entry.is_file() and entry.name[0] != "."]
    suffixes = {Path(name).suffix.lower() for name in files}
    numbered = [name for name in files if _is_numbered_picture(name)]
    return bool(numbered) and not suffixes & VIDEO_EXTENSIONS


def _is_numbered_picture(name: str) -> bool:
    path = Path(name)
    return path.suffix.lower() in IMAGE_EXTENSIONS and bool(re.search(r"\d", path.stem))


def _below(folder: Path, skipped: str | None) -> Iterator[str]:
    """The recordings below a folder, and the folders in it that are sequences of pictures.

    The annotated videos of earlier runs are left out, also where they lie among the recordings.
    """
    if is_picture_folder(folder):
        yield str(folder)
        return
    for place, folders, files in os.walk(folder):
        folders.sort()
        for name in list(folders):
            below = Path(place, name)
            if name.startswith(".") or _real(below) == skipped:
                folders.remove(name)
            elif is_picture_folder(below):
                folders.remove(name)
                yield str(below)
        for name in sorted(files):
            if _is_recording(name) and not (name == ANNOTATED_MP4 and EVENTS_JSON in files):
                yield str(Path(place, name))


def _is_recording(name: str) -> bool:
    return not name.startswith(".") and Path(name).suffix.lower() in VIDEO_EXTENSIONS


def _out_names(identities: dict[str, str]) -> dict[str, str]:
    """The stem of every input, with six hex digits of its path where stems collide."""
    stems = {spec: _stem(spec) for spec in identities}
    # Some file systems do not tell capitals: a.mp4 and A.mp4 would share a folder there.
    times = Counter(stem.casefold() for stem in stems.values())
    return {
        spec: stem
        if times[stem.casefold()] == 1 and stem.casefold() not in RESERVED
        else f"{stem}-{hashlib.sha256(spec.encode('utf-8', 'surrogateescape')).hexdigest()[:6]}"
        for spec, stem in stems.items()
    }


def _stem(spec: str) -> str:
    if is_address(spec):
        name = spec.partition(":")[2].rstrip("/").rpartition("/")[2]
        return re.sub(r"[^\w.+-]+", "_", name)
    path = Path(spec)
    resolved = path if path.name not in RESERVED else Path(os.path.abspath(path))
    return resolved.name if resolved.is_dir() else resolved.stem


def _shareable(spec: str) -> str:
    """An address without its password: it stands in the summary, and is refused in any case."""
    return without_password(spec) if is_address(spec) and "://" in spec else spec


def _is_folder(spec: str) -> bool:
    return bool(spec) and not is_address(spec) and Path(spec).is_dir()


def _real(path: Path) -> str:
    return os.path.realpath(path)
