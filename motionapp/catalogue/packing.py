"""Many small files become one a camera and month: a question opens few files, not 50,000.

The order of the steps is what makes it safe: while it goes on, and wherever it is ended, every
recording's rows are told once (`tables` says whose word counts).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from motionapp.catalogue.arrow import arrow, parquet_of, read_keys, read_table
from motionapp.catalogue.damage import damage_text
from motionapp.catalogue.form import DamagedTable
from motionapp.catalogue.store import write_named
from motionapp.catalogue.tables import PACKED, TableFile, files_of
from motionapp.files.atomic import cannot_write
from motionapp.files.locks import take
from motionapp.files.whole import clear_left

LOCK: Final = ".lock"
"""Held by who packs; who writes or asks needs none."""

T = TypeVar("T")


def pack(folder: Path, on_trouble: Callable[[str], object] = lambda sentence: None) -> int:
    """Put the rows of each camera and month into one file.

    Parameters
    ----------
    folder : Path
        A catalogue.
    on_trouble : callable
        Told of each file that is damaged, in a sentence; it stays as it is.

    Returns
    -------
    int
        How many files have gone; 0 where nothing was to do, or somebody else is at it.

    Raises
    ------
    NoCatalogue
        A file is of another version; all stay as they are.
    OutputError
        It cannot be written.
    """
    try:
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise cannot_write(folder / LOCK, error) from error
    try:
        return _packed(folder, on_trouble) if take(descriptor) else 0
    finally:
        os.close(descriptor)


def _packed(folder: Path, on_trouble: Callable[[str], object]) -> int:
    whole = _Whole(on_trouble)
    listed = files_of(folder)
    keys = {one.path: found for one in listed if (found := whole.keys(one)) is not None}
    files = [one for one in listed if one.path in keys]
    # In the order of their rank: the last one's word counts.
    newest = {key: one.path for one in files for key in keys[one.path]}
    places = {place for place in {one.path.parent for one in files} if _is_loose(place, files)}
    places |= {path.parent for path, own in keys.items() if any(newest[key] != path for key in own)}
    # All that is new is there before the first of the old goes.
    made = {place: _write(place, files, keys, newest, whole) for place in sorted(places)}
    old = [one for one in files if one.path.parent in places and one.path not in made.values()]
    # Packed ones first: what a recording's own file says stands above both of them.
    for one in old:
        if one.path not in whole.damaged:
            with contextlib.suppress(OSError):
                one.path.unlink()
    for place in places:
        clear_left(place)
    return len(old)


class _Whole:
    """Reads files as long as they are whole, and notes those that are not."""

    def __init__(self, on_trouble: Callable[[str], object]) -> None:
        self._on_trouble = on_trouble
        self.damaged: set[Path] = set()

    def keys(self, one: TableFile) -> Sequence[str] | None:
        """Of which recordings it speaks; None of one that is damaged."""
        if one.key is not None:
            return [one.key]
        return self._tried(one, read_keys)

    def table(self, one: TableFile) -> Any:
        """Its table; None of one that is damaged."""
        return self._tried(one, read_table)

    def _tried(self, one: TableFile, read: Callable[[Path], T]) -> T | None:
        try:
            return read(one.path)
        except DamagedTable as error:
            self.damaged.add(one.path)
            if one.path.exists():  # else its writer has put another in its place
                self._on_trouble(damage_text(error))
            return None


def _is_loose(place: Path, files: Sequence[TableFile]) -> bool:
    """Whether a folder holds more than one file, or one of a single recording."""
    own = [one for one in files if one.path.parent == place]
    return len(own) > 1 or any(one.key is not None for one in own)


def _write(
    place: Path,
    files: Sequence[TableFile],
    keys: Mapping[Path, Sequence[str]],
    newest: Mapping[str, Path],
    whole: _Whole,
) -> Path | None:
    """One file of all that counts in a folder; None where nothing does."""
    pa = arrow()
    kept = []
    for one in files:
        if one.path.parent != place:
            continue
        own = [key for key in keys[one.path] if newest[key] == one.path]
        table = whole.table(one)
        if table is None:
            continue
        wanted = pa.compute.is_in(table.column("recording_key"), pa.array(own, pa.string()))
        kept.append(table.filter(wanted))
    if not any(len(table) for table in kept):
        return None
    return write_named(place, PACKED, parquet_of(pa.concat_tables(kept)))
