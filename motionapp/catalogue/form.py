"""What a catalogue's folder is, and how it is known that it is one: `catalogue.json`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

from motionapp.core.errors import OutputError, SettingsError
from motionapp.core.schema import unknown_schema
from motionapp.files.atomic import cannot_write, make_folder
from motionapp.files.whole import write_alone

CATALOGUE_SCHEMA: Final = 1
"""Of the folder and of its tables; raised when a column changes its meaning."""
CATALOGUE_JSON: Final = "catalogue.json"
EVENTS: Final = "events"
"""The folder of the tables, below it `camera=NAME/month=2026-05`."""
UNKNOWN: Final = "unknown"
"""The month of recordings of which nobody knows when they were taken; a camera without a name."""
LARGEST_HEAD_BYTES: Final = 100_000

_IS: Final = "motionapp catalogue"


class NoCatalogue(SettingsError):
    """A folder is no catalogue, or one of another version."""


class DamagedTable(NoCatalogue):
    """A file in it cannot be read; those beside it may be whole."""


def open_catalogue(folder: Path) -> Path:
    """The folder itself, once it is known to be a catalogue of this version.

    Raises
    ------
    NoCatalogue
        It is none, cannot be read, or is of another version.
    """
    path = folder / CATALOGUE_JSON
    try:
        if path.stat().st_size > LARGEST_HEAD_BYTES:
            raise ValueError("it is too large")
        head = json.loads(path.read_text(encoding="utf-8"))
        if head["is"] != _IS:
            raise ValueError("it says that it is something else")
        schema = head["schema"]
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NoCatalogue(_why_none(folder)) from error
    # RecursionError: brackets a thousand deep
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise NoCatalogue(f"{path} cannot be read as that of a catalogue: {said}") from error
    if schema != CATALOGUE_SCHEMA:
        raise NoCatalogue(unknown_schema(path, schema, CATALOGUE_SCHEMA))
    return folder


def make_catalogue(folder: Path) -> Path:
    """The folder, made a catalogue if it is none yet.

    Raises
    ------
    NoCatalogue
        It is one of another version, or holds files of somebody else's.
    OutputError
        It cannot be written.
    """
    check_place(folder)
    make_folder(folder / EVENTS)
    path = folder / CATALOGUE_JSON
    if not path.exists():
        head = {"is": _IS, "schema": CATALOGUE_SCHEMA}
        write_alone(path, (json.dumps(head) + "\n").encode())
    return folder


def check_place(folder: Path) -> None:
    """See that a folder is a catalogue, or can be made one, and may be written; it is made, and
    stays empty.

    Raises
    ------
    NoCatalogue, OutputError
        As for `make_catalogue`.
    """
    if (folder / CATALOGUE_JSON).exists():
        open_catalogue(folder)
    elif folder.exists() and not folder.is_dir():
        raise NoCatalogue(_why_none(folder))
    make_folder(folder)
    for place in (folder, folder / EVENTS):
        if place.exists() and not os.access(place, os.W_OK | os.X_OK):
            raise OutputError(f"{place} may not be written: name another catalogue, or give rights")
    try:
        others = sorted(one.name for one in folder.iterdir() if not one.name.startswith("."))
    except OSError as error:
        raise cannot_write(folder, error) from error
    if others and CATALOGUE_JSON not in others and others != [EVENTS]:
        raise NoCatalogue(
            f"{folder} holds other files ({others[0]} among them) and is no catalogue: name an "
            "empty folder, or one that is not there yet"
        )


def _why_none(folder: Path) -> str:
    if not folder.exists():
        return f"there is no catalogue {folder}: motionapp batch ... --catalog {folder} makes one"
    if not folder.is_dir():
        return f"{folder} is a file, and a catalogue is a folder: name that of --catalog"
    return (
        f"{folder} is no catalogue, as there is no {CATALOGUE_JSON} in it: name the folder that "
        "motionapp batch --catalog was given"
    )
