"""A settings file as a tree, and what is wrong with one in a sentence."""

import tomllib
from pathlib import Path
from textwrap import shorten
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from motionapp.core.errors import SettingsError
from motionapp.core.schema import unknown_schema
from motionapp.core.version import __version__

LARGEST_BYTES = 1_000_000
"""Every setting with its description takes 10 kB."""


def read_toml(path: Path, *, what: str) -> dict[str, Any]:
    """The tables of a TOML file; a mark of byte order before them, as editors set it, is no matter.

    Parameters
    ----------
    path : Path
    what : str
        What the file is to hold, for the sentence: ``settings file`` say.

    Raises
    ------
    SettingsError
        It cannot be read, or is no TOML.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
        if len(content) > LARGEST_BYTES:
            raise SettingsError(f"{path} is no {what}: it has more than {LARGEST_BYTES} bytes")
        return tomllib.loads(content.decode("utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"the {what} {path} cannot be read: {error.strerror}") from error
    # RecursionError: brackets a thousand deep; ValueError: no TOML, or a number of 5000 digits
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{path} is not a TOML file: {error}") from error


def worst_of(error: ValidationError) -> ErrorDetails:
    """The complaint that helps most: a misspelt key first, since it leaves the right one missing.

    Parameters
    ----------
    error : ValidationError
    """
    details = error.errors()
    return next((each for each in details if each["type"] == "extra_forbidden"), details[0])


def complaint_of(path: Path, error: ValidationError, *, schema: int) -> str:
    """What is wrong with a JSON document of ours; first of all, whether its number is known.

    Parameters
    ----------
    path : Path
    error : ValidationError
    schema : int
        The number that this version reads.
    """
    details = error.errors()
    for each in details:
        if each["loc"] == ("schema",) and each["type"] == "literal_error":
            return unknown_schema(path, each["input"], schema)
    where = ".".join(str(part) for part in details[0]["loc"])
    return f"{path}: {where or 'the file'}: {details[0]['msg']}"


def sentence_of(details: ErrorDetails) -> str:
    """A complaint with the key path, as it stands in the file.

    Parameters
    ----------
    details : dict
        As `worst_of` gives it.
    """
    key = ".".join(str(part) for part in details["loc"])
    if details["type"] == "extra_forbidden":
        return f"unknown key {key} (motionapp {__version__} has none of this name)"
    if details["type"] == "value_error":  # a rule of our own, which names keys and values itself
        return str(details["ctx"]["error"])
    return f"{key}: {details['msg']} (got {shorten(repr(details['input']), 80)})"
