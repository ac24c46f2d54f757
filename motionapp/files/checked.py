"""Reads JSON that a person may have changed: checked as a whole, or refused by one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from motionapp.core.errors import SettingsError
from motionapp.settings.complaints import complaint_of

Document = TypeVar("Document", bound=BaseModel)


def read_checked(
    path: Path,
    document: type[Document],
    *,
    what: str,
    schema: int = 1,
    most_bytes: int = 16 << 20,
) -> Document:
    """The document in a JSON file.

    Parameters
    ----------
    path : Path
    document : type of BaseModel
        Says what may stand in it.
    what : str
        What the file should be, for who named another one: ``a set of events``.
    schema : int
        Its number, where it carries one: a later one is refused by name.
    most_bytes : int
        No file of its kind is larger.

    Raises
    ------
    SettingsError
        The file cannot be read, or is none; with the first thing that is wrong with it.
    """
    try:
        if path.stat().st_size > most_bytes:
            raise SettingsError(f"{path} is larger than {most_bytes >> 20} MB: it is not {what}")
        return document.model_validate_json(path.read_bytes())
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        raise SettingsError(complaint_of(path, error, schema=schema)) from error
