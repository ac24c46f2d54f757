"""Writes what a run has found of a recording, whole, in place of what an earlier one did."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Sequence
from pathlib import Path

from motionapp.catalogue.arrow import parquet_of, table_of
from motionapp.catalogue.rows import Row
from motionapp.catalogue.tables import CONTENT_DIGITS, partition
from motionapp.files.atomic import cannot_write
from motionapp.files.whole import write_alone


def put(folder: Path, camera: str, month: str, key: str, rows: Sequence[Row]) -> Path:
    """Write what one analysis of a recording has found, in place of what an earlier one did.

    Parameters
    ----------
    folder : Path
        The catalogue's.
    camera, month : str
    key : str
        The recording's.
    rows : sequence of Row
        None where nothing was found: that, too, replaces what was there.

    Returns
    -------
    Path
        The file: the same for the same rows, whoever writes them and how often.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    place = partition(folder, camera, month)
    path = write_named(place, key, parquet_of(table_of(rows)))
    for other in place.glob(f"{key}-*.parquet"):
        if other != path:
            with contextlib.suppress(OSError):  # the newer one is right all the same
                other.unlink()
    return path


def write_named(place: Path, stem: str, content: bytes) -> Path:
    """Write a file whose name tells its content; its folder is made."""
    digest = hashlib.sha256(content).hexdigest()[:CONTENT_DIGITS]
    path = place / f"{stem}-{digest}.parquet"
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(place, error) from error
    write_alone(path, content)
    return path
