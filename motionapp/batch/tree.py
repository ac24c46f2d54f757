"""A folder and all below it, searched once: which recordings it holds, and what is bad in it.

Nothing in a folder ends the search: what cannot be looked into is told by name.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from motionapp.batch.results import is_result
from motionapp.files.fragments import is_header
from motionapp.sources.extensions import OTHER_EXTENSIONS, VIDEO_EXTENSIONS
from motionapp.sources.images import is_image
from motionapp.sources.refusals import kind_of, why_not_there

SYSTEM_FOLDERS: Final = frozenset(
    {
        # Synology: thumbnails and indexes, recycle bin, snapshots
        *("@eadir", "@tmp", "@sharebin", "@sharesnap", "#recycle", "#snapshot"),
        # QNAP: thumbnails, recycle bin, smaller copies, snapshots
        *("@__thumb", "@recycle", "@transcode", "@recently-snapshot"),
        # Windows, Buffalo, NetApp
        *("$recycle.bin", "recycler", "recycled", "system volume information"),
        *("trashbox", "~snapshot"),
        # Macs, also on shares and in archives; Linux after a check of the disk
        *("__macosx", "network trash folder", "temporary items", "lost+found"),
    }
)
"""Made by a NAS or a system for itself: copies, thumbnails, what was deleted. In small letters;
those that begin with a dot (`.@__thumb`, `.Trash-1000`) are hidden like all of that kind."""
UNREAL: Final = frozenset({"/dev", "/proc", "/sys"})
"""Not entered from above or by a link: what lies there is no data, and has no end."""

Probe = Callable[[Path], bool]
"""Says whether a file whose name says nothing is a recording."""

Key = tuple[tuple[int, str], ...]
"""Sorts a folder's picture sequences before its recordings, and those before its folders."""
_SEQUENCE, _FILE, _FOLDER = range(3)

Kind = Literal["file", "folder", "linked folder", "bad", "nothing"]


@dataclass(frozen=True, slots=True)
class Found:
    """A recording, a sequence of pictures, or something that should be told."""

    spec: str
    problem: str = ""
    """Why it cannot be read, where that is known by now."""
    is_passed_over: bool = False
    """What has the problem is no recording, so nothing is missing."""


def recordings_below(
    folder: Path, *, probe: Probe, skipped: str | None = None
) -> tuple[Found, ...]:
    """All in a folder and below, sorted; links are followed, and each real folder entered once.

    Parameters
    ----------
    folder : Path
    probe : callable
        Asked about files whose names say nothing.
    skipped : str or None
        A real path that is left out: where the results are written.
    """
    search = _Search(skipped, probe)
    search.start(folder)
    return search.found()


def folders_below(
    folder: Path, *, skipped: str | None = None
) -> tuple[tuple[Path, ...], tuple[Found, ...]]:
    """`folder` and all below it that are searched, each real one once, sorted; and the bad ones."""
    search = _Search(skipped, probe=None)
    search.start(folder)
    return search.entered(), search.found()


def is_passed_by(name: str) -> bool:
    """Whether a name in a folder is nobody's recording: hidden, or a system's own."""
    return name.startswith(".") or name.casefold() in SYSTEM_FOLDERS


def may_be_recording(name: str) -> bool:
    """Whether a file of that name is worth a look, or a word where it cannot be had."""
    suffix = Path(name).suffix.lower()
    return not (name.startswith(".") or suffix in OTHER_EXTENSIONS or is_image(name))


def recording_at(path: Path, probe: Probe) -> Found | None:
    """A file that was found, not named, if it is taken for a recording or for part of one."""
    if not may_be_recording(path.name):
        return None
    if is_header(path):
        why = f"{path} is the header of fragments, which is read with each of them"
        return Found(str(path), why, is_passed_over=True)
    is_known = path.suffix.lower() in VIDEO_EXTENSIONS
    return Found(str(path)) if is_known or probe(path) else None


def lies_in(path: str, folder: str) -> bool:
    """Whether a real path is a folder or below it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def cannot_search(place: Path, error: OSError) -> Found:
    """A folder that cannot be looked into. A system's own hides no recordings."""
    sentence = f"{place} cannot be searched: {(error.strerror or str(error)).lower()}"
    return Found(str(place), sentence, is_passed_over=is_passed_by(place.name))


def bad_entry(path: Path) -> Found | None:
    """What is neither file nor folder: a link that leads nowhere, a pipe; None if it is a file."""
    try:
        kind = kind_of(path.stat().st_mode)
    except FileNotFoundError:
        return Found(str(path), why_not_there(path))
    except OSError as error:
        is_loop = error.errno == errno.ELOOP
        why = "it is a link that leads to itself" if is_loop else (error.strerror or str(error))
        return Found(str(path), f"{path} cannot be read: {why[:1].lower() + why[1:]}")
    if kind in ("file", "folder"):
        return None
    return Found(str(path), f"{path} is a {kind}, not a recording", is_passed_over=True)


class _Search:
    """Folders still to be entered, and what was found in those that were.

    Links wait until all real folders have been entered, so that a recording in the tree goes by
    its own path and not by that of a link to it.
    """

    def __init__(self, skipped: str | None, probe: Probe | None) -> None:
        """Without a probe, files are not looked at."""
        self._skipped, self._probe = skipped, probe
        self._real: list[tuple[Key, Path]] = []
        self._links: list[tuple[Key, Path]] = []
        self._known: set[str] = set()
        self._entered: list[tuple[Key, Path]] = []
        self._found: list[tuple[Key, Found]] = []
        self._sequences: list[tuple[Key, Path]] = []

    def start(self, folder: Path) -> None:
        """Search a folder that was named."""
        self._enter((), folder)
        while self._real or self._links:
            if not self._real:
                self._links.sort(reverse=True)
                self._real.append(self._links.pop())
            self._enter(*self._real.pop())

    def entered(self) -> tuple[Path, ...]:
        """The folders that were looked into, sorted."""
        return tuple(path for _, path in sorted(self._entered))

    def found(self) -> tuple[Found, ...]:
        """Sorted. Pictures with recordings in their folder or below are covers and thumbnails."""
        above_recordings = {
            key[:depth]
            for key, each in self._found
            if key and key[-1][0] == _FILE and not each.is_passed_over
            for depth in range(len(key))
        }
        sequences = [
            ((*key[:-1], (_SEQUENCE, path.name)), Found(str(path)))
            for key, path in self._sequences
            if key not in above_recordings
        ]
        everything = sorted([*self._found, *sequences], key=lambda each: each[0])
        return tuple(each for _, each in everything)

    def _enter(self, key: Key, place: Path) -> None:
        real = os.path.realpath(place)
        if real in self._known or (key and self._is_left_out(real)):
            return
        self._known.add(real)
        self._entered.append((key, place))
        names: list[str] = []
        try:
            with os.scandir(place) as entries:
                for entry in entries:
                    if not entry.name.startswith("."):
                        self._take(key, entry, names)
        except OSError as error:
            bad = cannot_search(place, error)
            # Who names a system's own folder wants what is in it.
            self._found.append((key, bad if key else replace(bad, is_passed_over=False)))
        least = 2 if key else 1  # one picture shows no motion: only who names it wants it
        if len(names) >= least:
            self._sequences.append((key, place))

    def _is_left_out(self, real: str) -> bool:
        return real in UNREAL or (self._skipped is not None and lies_in(real, self._skipped))

    def _take(self, key: Key, entry: os.DirEntry[str], pictures: list[str]) -> None:
        path = Path(entry.path)
        kind = _kind(entry)
        if kind in ("folder", "linked folder"):
            self._take_folder((*key, (_FOLDER, entry.name)), path, is_link=kind != "folder")
        elif self._probe is None:
            return
        elif kind == "bad":
            if may_be_recording(entry.name) and (bad := bad_entry(path)) is not None:
                self._found.append(((*key, (_FILE, entry.name)), bad))
        elif is_image(entry.name):
            if re.search(r"\d", path.stem):
                pictures.append(entry.name)
        elif (found := recording_at(path, self._probe)) is not None and not is_result(path):
            self._found.append(((*key, (_FILE, entry.name)), found))

    def _take_folder(self, key: Key, path: Path, *, is_link: bool) -> None:
        if is_passed_by(path.name):
            # Not searched in any case, but who may not look cannot know that nothing is in it.
            if not os.access(path, os.R_OK | os.X_OK):
                error = PermissionError(errno.EACCES, os.strerror(errno.EACCES))
                self._found.append((key, cannot_search(path, error)))
        elif not is_result(path):
            (self._links if is_link else self._real).append((key, path))


def _kind(entry: os.DirEntry[str]) -> Kind:
    """What an entry is, links followed; most file systems tell without a further look."""
    try:
        if entry.is_dir():
            return "linked folder" if entry.is_symlink() else "folder"
        return "file" if entry.is_file() else "bad"
    except OSError:
        return "bad"
