"""Where values come from: defaults < preset < TOML file < MOTIONAPP_* variables < flags.

No file is read unless it is named.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from textwrap import shorten
from typing import Any

from pydantic import ValidationError

from motionapp.core.errors import SettingsError
from motionapp.settings.tree import Settings

ENVIRONMENT_PREFIX = "MOTIONAPP_"

Tree = dict[str, Any]  # what TOML gives: nested tables whose leaves pydantic checks


def load_settings(
    path: Path | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    changes: Mapping[str, object] | None = None,
) -> Settings:
    """Build the settings tree from all places.

    Parameters
    ----------
    path : Path or None
        A TOML file; None reads no file.
    environment : mapping of str to str, optional
        Variables such as ``MOTIONAPP_ANALYSIS__FRONTEND``; others are ignored.
    changes : mapping of str to object, optional
        Values of flags by their key path, ``analysis.events.hold_s`` say. None means "not given".

    Returns
    -------
    Settings

    Raises
    ------
    SettingsError
        The file cannot be read, a key is unknown, or a value does not fit; with the key path.
    """
    tree: Tree = {} if path is None else _read_toml(path)
    where = "the settings" if path is None else str(path)
    for name, value in (environment or {}).items():
        if name.startswith(ENVIRONMENT_PREFIX) and "__" in name:
            keys = name.removeprefix(ENVIRONMENT_PREFIX).lower().split("__")
            _put(tree, keys, value)
    for key, change in (changes or {}).items():
        if change is not None:
            _put(tree, key.split("."), change)
    return _checked(tree, where)


def apply_changes(settings: Settings, changes: Mapping[str, object]) -> Settings:
    """The same settings with the values at some key paths changed, checked again.

    Raises
    ------
    SettingsError
        A key is unknown or a value does not fit.
    """
    tree: Tree = settings.model_dump()
    for key, change in changes.items():
        _put(tree, key.split("."), change)
    return _checked(tree, "the settings")


def _checked(tree: Tree, where: str) -> Settings:
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        raise SettingsError(f"{where}: {_sentence(error)}") from error


def _read_toml(path: Path) -> Tree:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"the settings file {path} cannot be read: {error.strerror}") from error
    # RecursionError: brackets a thousand deep; ValueError: no TOML, or a number of 5000 digits
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{path} is not a TOML file: {error}") from error


def _put(tree: Tree, keys: list[str], value: object) -> None:
    for key in keys[:-1]:
        below = tree.setdefault(key, {})
        if not isinstance(below, dict):
            raise SettingsError(f"the settings: {'.'.join(keys)}: {key} is a value, not a table")
        tree = below
    tree[keys[-1]] = value


def _sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"]) or "analysis"
    if first["type"] == "extra_forbidden":
        return f"unknown key {key}"
    if first["type"] == "value_error":  # a rule of our own, which names keys and values itself
        return str(first["ctx"]["error"])
    return f"{key}: {first['msg']} (got {shorten(repr(first['input']), 80)})"
