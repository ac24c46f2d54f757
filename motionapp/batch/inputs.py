"""What a person names becomes a list of inputs, each with a folder for its results."""

from __future__ import annotations

import glob
import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from motionapp.assembly import is_address
from motionapp.sinks.events import EVENTS_JSON
from motionapp.sources.extensions import IMAGE_EXTENSIONS, VIDEO_EXTENSIONS
from motionapp.sources.stream import without_password

ANNOTATED_MP4: Final = "annotated.mp4"
"""The annotated video in an input's folder of results."""
JOINED: Final = "-joined"
"""Ends the name of the folder of recordings that are one."""
RESULT_FOLDERS: Final = frozenset({"clips", "masks", "thumbnails"})
"""Folders of pictures and videos in an input's folder of results."""
RESERVED: Final = frozenset(
    {"summary.json", "journal.jsonl", "report.html", "thumbnails", ".lock", "", ".", ".."}
)
"""Names that a folder of results cannot have: the batch's own files, and places elsewhere."""


@dataclass(frozen=True, slots=True)
class Input:
    """One thing to analyse, or the reason why there is nothing."""

    spec: str
    """As it was named, or found in a folder."""
    out_name: str
    """Its folder of results, below the batch's."""
    problem: str = ""
    """Why it cannot be an input; empty if it can."""
    parts: tuple[str, ...] = ()
    """The recordings that are joined to this input; empty where it is one by itself."""

    @property
    def specs(self) -> tuple[str, ...]:
        """All that is read for it."""
        return self.parts or (self.spec,)


def find_inputs(named: Iterable[str], *, out_dir: Path | None = None) -> tuple[Input, ...]:
    """List all inputs, each once, in the order in which they are named; folders sorted by path.

    Parameters
    ----------
    named : iterable of str
        Files, folders (searched below), patterns (``cam1/**/*.mp4``) and ``synthetic:NAME``.
    out_dir : Path or None
        A folder that is not searched: the results of an earlier run are no input.
    """
    skipped = None if out_dir is None else _real(out_dir)
    found: dict[str, str] = {}
    problems: dict[str, str] = {}
    known: set[str] = set()
    for name in named:
        specs, problem = _specs_of(name, skipped)
        if problem:
            problems[name] = problem
            specs = [name]
        for spec in specs:
            identity = spec if is_address(spec) else _real(Path(spec))
            if identity not in known:
                known.add(identity)
                found[spec] = identity
    names = _out_names(found)
    return tuple(Input(spec, names[spec], problems.get(spec, "")) for spec in found)


def join_inputs(inputs: Iterable[Input]) -> tuple[Input, ...]:
    """All recordings as one input with one time line, in their order; what has a problem stays.

    Parameters
    ----------
    inputs : iterable of Input
        As `find_inputs` gives them.
    """
    checked = [_joinable(each) for each in inputs]
    specs = tuple(each.spec for each in checked if not each.problem)
    bad = tuple(each for each in checked if each.problem)
    if not specs:
        return bad
    more = len(specs) - 1
    name = f"{specs[0]} and {more} more" if more else specs[0]
    return (Input(name, f"{_stem(specs[0])}{JOINED}", parts=specs), *bad)


def _joinable(each: Input) -> Input:
    if each.problem or not (is_address(each.spec) or Path(each.spec).is_dir()):
        return each
    problem = f"{each.spec} is no recording in a file: only those can be joined (run.join)"
    return replace(each, problem=problem)


def is_picture_folder(folder: Path) -> bool:
    """Whether a folder holds numbered images and no recordings: one sequence."""
    with os.scandir(folder) as entries:
        files = [entry.name for entry in entries if entry.is_file() and entry.name[0] != "."]
    suffixes = {Path(name).suffix.lower() for name in files}
    numbered = [name for name in files if _is_numbered_picture(name)]
    return bool(numbered) and not suffixes & VIDEO_EXTENSIONS


def _specs_of(name: str, skipped: str | None) -> tuple[list[str], str]:
    """What a name stands for, or in a sentence why it stands for nothing."""
    if not name:
        return [], "an input has an empty name: is a variable of the command line unset?"
    if _is_folder(name):
        found = list(_below(Path(name), skipped))
        return found, (
            "" if found else f"{name} holds no recordings: name a file, or a folder that has some"
        )
    if _is_pattern(name):
        found = list(_matching(name, skipped))
        return found, (
            "" if found else f"no recording fits the pattern {name}: is it spelt as the files are?"
        )
    return [_shareable(name)], ""


def _is_pattern(name: str) -> bool:
    """Whether it is to be expanded: a file may have the letters of a pattern in its name."""
    return not is_address(name) and glob.has_magic(name) and not os.path.lexists(name)


def _matching(pattern: str, skipped: str | None) -> Iterator[str]:
    """The recordings that a pattern names, and those in the folders that it names."""
    for path in map(Path, sorted(glob.glob(pattern, recursive=True))):
        if _is_result(path) or (skipped is not None and _lies_in(skipped, path)):
            continue
        if path.is_dir():
            yield from _below(path, skipped)
        elif _is_recording(path.name):
            yield str(path)


def _lies_in(folder: str, path: Path) -> bool:
    real = _real(path)
    return real == folder or real.startswith(folder.rstrip(os.sep) + os.sep)


def _is_result(path: Path) -> bool:
    """Whether an earlier run has written it, be it a file or a folder of files."""
    if path.name == ANNOTATED_MP4 or path.name in RESULT_FOLDERS:
        return (path.parent / EVENTS_JSON).is_file()
    return path.parent.name in RESULT_FOLDERS and (path.parent.parent / EVENTS_JSON).is_file()


def _is_numbered_picture(name: str) -> bool:
    path = Path(name)
    return path.suffix.lower() in IMAGE_EXTENSIONS and bool(re.search(r"\d", path.stem))


def _below(folder: Path, skipped: str | None) -> Iterator[str]:
    """The recordings below a folder, and the folders in it that are sequences of pictures.

    The videos and pictures of earlier runs are left out, also where they lie among the recordings.
    """
    if is_picture_folder(folder):
        yield str(folder)
        return
    for place, folders, files in os.walk(folder):
        folders.sort()
        for name in list(folders):
            below = Path(place, name)
            if name.startswith(".") or _real(below) == skipped or _is_result(below):
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
