"""What a pattern such as ``cam1/**/*.mp4`` stands for.

Not the standard library's `glob`: over two links that lead upwards, its ``**`` finds no end, and
what it may not look into it leaves out without a word.
"""

from __future__ import annotations

import fnmatch
import glob
import os
from pathlib import Path
from typing import Final

from motionapp.batch.results import is_result
from motionapp.batch.tree import (
    Found,
    Probe,
    bad_entry,
    cannot_search,
    folders_below,
    is_passed_by,
    lies_in,
    may_be_recording,
    recording_at,
    recordings_below,
)

ANY_DEPTH: Final = "**"


def recordings_matching(
    pattern: str, *, probe: Probe, skipped: str | None = None
) -> tuple[Found, ...]:
    """The recordings that a pattern names and those in the folders that it names, sorted.

    Parameters
    ----------
    pattern : str
        ``*``, ``?`` and ``[abc]`` stand for letters of one name, ``**`` for any folders. None of
        them stands for what is hidden or a system's own.
    probe : callable
        Asked about files whose names say nothing.
    skipped : str or None
        A real path that is left out: where the results are written.
    """
    path = Path(pattern)
    match = _Match(skipped, probe)
    match.expand(Path(path.anchor), path.parts[1:] if path.anchor else path.parts)
    return match.found()


class _Match:
    """The paths that fit, and the folders that could not be looked into."""

    def __init__(self, skipped: str | None, probe: Probe) -> None:
        self._skipped, self._probe = skipped, probe
        self._fit: set[Path] = set()
        self._bad: dict[str, Found] = {}
        self._known: set[tuple[str, int]] = set()

    def expand(self, place: Path, parts: tuple[str, ...]) -> None:
        """Go on from a folder with what is left of the pattern, once for each real folder."""
        if not parts or parts == (ANY_DEPTH,):
            self._fit.add(place)
            return
        state = (os.path.realpath(place), len(parts))
        if state in self._known or not os.path.isdir(place):
            return
        self._known.add(state)
        if parts[0] == ANY_DEPTH:
            folders, bad = folders_below(place, skipped=self._skipped)
            self._bad.update((each.spec, each) for each in bad)
            for folder in folders:
                self.expand(folder, parts[1:])
        elif glob.has_magic(parts[0]):
            for name in self._names(place, parts):
                self.expand(place / name, parts[1:])
        elif os.path.lexists(place / parts[0]):
            self.expand(place / parts[0], parts[1:])

    def found(self) -> tuple[Found, ...]:
        """What is bad, then the recordings, each once."""
        by_path: dict[Path, list[Found]] = {}
        searched: set[Path] = set()
        known: set[str] = set()
        # Links last: a recording goes by its own path where that fits as well.
        for path in sorted(self._fit, key=lambda path: (os.path.islink(path), path)):
            if is_result(path) or self._is_skipped(path) or not searched.isdisjoint(path.parents):
                continue
            if os.path.isdir(path):
                searched.add(path)
            by_path[path] = []
            for each in self._below(path):
                if each.problem or (real := os.path.realpath(each.spec)) not in known:
                    by_path[path].append(each)
                    known.update(() if each.problem else [real])
        return (*self._bad.values(), *(each for path in sorted(by_path) for each in by_path[path]))

    def _below(self, path: Path) -> tuple[Found, ...]:
        """What a path that fits stands for."""
        if os.path.isdir(path):
            return recordings_below(path, probe=self._probe, skipped=self._skipped)
        if may_be_recording(path.name) and (bad := bad_entry(path)) is not None:
            return (bad,)
        found = recording_at(path, self._probe)
        return () if found is None else (found,)

    def _names(self, place: Path, parts: tuple[str, ...]) -> list[str]:
        """The names in a folder that fit the next part; folders alone where more follows."""
        try:
            with os.scandir(place) as entries:
                names = [entry.name for entry in entries]
        except NotADirectoryError:
            return []
        except OSError as error:
            self._bad[str(place)] = cannot_search(place, error)
            return []
        wants_hidden = parts[0].startswith(".")
        return [
            name
            for name in sorted(fnmatch.filter(names, parts[0]))
            if wants_hidden or not is_passed_by(name)
            if len(parts) == 1 or os.path.isdir(place / name)
        ]

    def _is_skipped(self, path: Path) -> bool:
        return self._skipped is not None and lies_in(os.path.realpath(path), self._skipped)
