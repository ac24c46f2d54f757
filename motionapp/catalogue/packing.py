"""Many small files become one a camera and month: a question opens few files, not 50,000.

The order of the steps is what makes it safe: while it goes on, and wherever it is ended, every
recording's rows are told once (`tables` says whose word counts).
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from motionapp.catalogue.arrow import arrow, parquet_of, read_keys, read_table
from motionapp.catalogue.store import write_named
from motionapp.catalogue.tables import PACKED, TableFile, files_of
from motionapp.files.atomic import cannot_write
from motionapp.files.locks import take
from motionapp.files.whole import clear_left

LOCK: Final = ".lock"
"""Held by who packs; who writes or asks needs none."""


def pack(folder: Path) -> int:
    """Put the rows of each camera and month into one file.

    Parameters
    ----------
    folder : Path
        A catalogue.

    Returns
    -------
    int
        How many files have gone; 0 where nothing was to do, or somebody else is at it.

    Raises
    ------
    NoCatalogue
        A file is damaged, or of another version; all stay as they are.
    OutputError
        It cannot be written.
    """
    try:
        descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise cannot_write(folder / LOCK, error) from error
    try:
        return _packed(folder) if take(descriptor) else 0
    finally:
        os.close(descriptor)


def _packed(folder: Path) -> int:
    files = files_of(folder)
    keys = {one.path: [one.key] if one.key else read_keys(one.path) for one in files}
    # In the order of their rank: the last one's word counts.
    newest = {key: one.path for one in files for key in keys[one.path]}
    places = {place for place in {one.path.parent for one in files} if _is_loose(place, files)}
    places |= {path.parent for path, own in keys.items() if any(newest[key] != path for key in own)}
    # All that is new is there before the first of the old goes.
    made = {place: _write(place, files, keys, newest) for place in sorted(places)}
    old = [one for one in files if one.path.parent in places and one.path not in made.values()]
    # Packed ones first: what a recording's own file says stands above both of them.
    for one in old:
        with contextlib.suppress(OSError):
            one.path.unlink()
    for place in places:
        clear_left(place)
    return len(old)


def _is_loose(place: Path, files: Sequence[TableFile]) -> bool:
    """Whether a folder holds more than one file, or one of a single recording."""
    own = [one for one in files if one.path.parent == place]
    return len(own) > 1 or any(one.key is not None for one in own)


def _write(
    place: Path,
    files: Sequence[TableFile],
    keys: Mapping[Path, Sequence[str]],
    newest: Mapping[str, Path],
) -> Path | None:
    """One file of all that counts in a folder; None where nothing does."""
    pa = arrow()
    kept = []
    for one in files:
        if one.path.parent != place:
            continue
        own = [key for key in keys[one.path] if newest[key] == one.path]
        table = read_table(one.path)
        wanted = pa.compute.is_in(table.column("recording_key"), pa.array(own, pa.string()))
        kept.append(table.filter(wanted))
    whole = pa.concat_tables(kept)
    return write_named(place, PACKED, parquet_of(whole)) if len(whole) else None
