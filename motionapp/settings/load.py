"""Where values come from: defaults < preset < TOML file < MOTIONAPP_* variables < flags.

No file is read unless it is named.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from motionapp.core.errors import SettingsError
from motionapp.settings.complaints import read_toml, sentence_of, worst_of
from motionapp.settings.presets import PRESETS
from motionapp.settings.tree import Settings

ENVIRONMENT_PREFIX = "MOTIONAPP_"
"""A variable that begins like this is meant for us, also with an underscore too few: a typo must
not change a scan."""

THE_SETTINGS = "the settings"
"""Where a value comes from that a flag or a caller gave."""

Tree = dict[str, Any]  # what TOML gives: nested tables whose leaves pydantic checks
Keys = tuple[str, ...]


def load_settings(
    path: Path | None = None,
    *,
    preset: str | None = None,
    environment: Mapping[str, str] | None = None,
    changes: Mapping[str, object] | None = None,
) -> Settings:
    """Build the settings tree from all places.

    Parameters
    ----------
    path : Path or None
        A TOML file; None reads no file.
    preset : str or None
        One of `PRESETS`: holds where nothing else is said.
    environment : mapping of str to str, optional
        Variables such as ``MOTIONAPP_ANALYSIS__FRONTEND``: two underscores for each dot. Those
        that are not ours are ignored.
    changes : mapping of str to object, optional
        Values of flags by their key path, ``analysis.events.hold_s`` say. None means "not given".

    Returns
    -------
    Settings

    Raises
    ------
    SettingsError
        There is no such preset, the file cannot be read, a key is unknown, or a value does not
        fit; with the key path and the file or variable that it stands in.
    """
    tree: Tree = {} if path is None else read_toml(path, what="settings file")
    origins: dict[Keys, str] = {(): THE_SETTINGS if path is None else str(path)}
    _underlay(tree, preset, origins)
    for name, value in (environment or {}).items():
        if name.startswith(ENVIRONMENT_PREFIX) and name != ENVIRONMENT_PREFIX:
            keys = tuple(name.removeprefix(ENVIRONMENT_PREFIX).lower().split("__"))
            _put(tree, keys, value, origins, f"the variable {name}")
    for key, change in (changes or {}).items():
        if change is not None:
            _put(tree, tuple(key.split(".")), change, origins, THE_SETTINGS)
    return _checked(tree, origins)


def _underlay(tree: Tree, preset: str | None, origins: dict[Keys, str]) -> None:
    """Put a preset's values where the file says nothing."""
    if preset is None:
        return
    if preset not in PRESETS:
        raise SettingsError(f"there is no preset {preset}: choose from {', '.join(PRESETS)}")
    for key, value in PRESETS[preset].items():
        keys = tuple(key.split("."))
        if not _is_said(tree, keys):
            _put(tree, keys, value, origins, f"the preset {preset}")


def _is_said(tree: Any, keys: Keys) -> bool:
    """Whether the file has a value there, or one where a table should be."""
    for key in keys:
        if not isinstance(tree, dict) or key not in tree:
            return not isinstance(tree, dict)
        tree = tree[key]
    return True


def apply_changes(settings: Settings, changes: Mapping[str, object]) -> Settings:
    """The same settings with the values at some key paths changed, checked again.

    Raises
    ------
    SettingsError
        A key is unknown or a value does not fit.
    """
    tree: Tree = settings.model_dump()
    origins: dict[Keys, str] = {(): THE_SETTINGS}
    for key, change in changes.items():
        _put(tree, tuple(key.split(".")), change, origins, THE_SETTINGS)
    return _checked(tree, origins)


def _checked(tree: Tree, origins: Mapping[Keys, str]) -> Settings:
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        first = worst_of(error)
        keys = tuple(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":  # a table may be unknown, and the value be below it
            keys = next((given for given in origins if given[: len(keys)] == keys), keys)
        raise SettingsError(f"{_origin(keys, origins)}: {sentence_of(first)}") from error


def _origin(keys: Keys, origins: Mapping[Keys, str]) -> str:
    """Where the value at a key path, or the nearest table above it, was given."""
    return next(origins[keys[:n]] for n in range(len(keys), -1, -1) if keys[:n] in origins)


def _put(tree: Tree, keys: Keys, value: object, origins: dict[Keys, str], origin: str) -> None:
    """Put a value into the tree, and note where it comes from."""
    for n, key in enumerate(keys[:-1], 1):
        below = tree.setdefault(key, {})
        if not isinstance(below, dict):
            where = _origin(keys[:n], origins)
            raise SettingsError(f"{where}: {'.'.join(keys[:n])} is a value, not a table")
        tree = below
    tree[keys[-1]] = value
    origins[keys] = origin
