"""Settings as a TOML text that a person can read, change and give back."""

from collections.abc import Iterator
from textwrap import wrap
from typing import Any

import tomli_w

from motionapp.settings.base import SettingsModel
from motionapp.settings.tree import Settings

COMMENT_WIDTH = 96


def settings_text(settings: Settings, *, with_comments: bool = True) -> str:
    """The whole tree as TOML; `load_settings` reads the same settings from it.

    Parameters
    ----------
    settings : Settings
    with_comments : bool
        Say above every key what it is. A value that is not set has no form in TOML: it stands
        as a comment in either case.
    """
    lines = list(_table(settings, (), with_comments))
    return "\n".join(lines).strip() + "\n"


def _table(model: SettingsModel, path: tuple[str, ...], with_comments: bool) -> Iterator[str]:
    values = {name: getattr(model, name) for name in type(model).model_fields}
    if path:
        yield ""
        yield f"[{'.'.join(path)}]"
    lists = {name: value for name, value in values.items() if _is_list_of_tables(model, name)}
    for name, value in values.items():
        if not isinstance(value, SettingsModel) and name not in lists:
            yield from _entry(model, name, value, with_comments)
    for name, entries in lists.items():
        yield from _list_of_tables(model, (*path, name), entries, with_comments)
    for name, value in values.items():
        if isinstance(value, SettingsModel):
            yield from _table(value, (*path, name), with_comments)


def _entry(model: SettingsModel, name: str, value: object, with_comments: bool) -> Iterator[str]:
    if with_comments:
        yield from _comment(model, name)
    yield f"# {name} =" if value is None else _assignment(name, value)


def _list_of_tables(
    model: SettingsModel, path: tuple[str, ...], entries: Any, with_comments: bool
) -> Iterator[str]:
    if with_comments:
        yield ""
        yield from _comment(model, path[-1])
        if not entries:
            yield f"# [[{'.'.join(path)}]]"
    for entry in entries:
        yield ""
        yield f"[[{'.'.join(path)}]]"
        for name, value in entry.model_dump().items():
            yield _assignment(name, value)


def _comment(model: SettingsModel, name: str) -> Iterator[str]:
    description = type(model).model_fields[name].description or ""
    yield from wrap(description, COMMENT_WIDTH, initial_indent="# ", subsequent_indent="# ")


def _assignment(name: str, value: object) -> str:
    return tomli_w.dumps({name: value}).strip()


def _is_list_of_tables(model: SettingsModel, name: str) -> bool:
    return "tuple[" in str(type(model).model_fields[name].annotation)
