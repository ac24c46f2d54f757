"""`motionapp settings`: what holds, what there is, and a file to begin with."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from motionapp.cli.options import add_analysis_options, settings_from
from motionapp.core.errors import SettingsError

ACTIONS = {
    "show": "print what holds, after preset, file, environment and flags",
    "schema": "print the JSON Schema of a settings file",
    "write": "write a settings file with every key, its value and what it is",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what to do, and the options that settings may come from."""
    lines = "; ".join(f"{name}: {line}" for name, line in ACTIONS.items())
    parser.add_argument("action", choices=ACTIONS, help=lines)
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="for write: the file")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")
    add_analysis_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print or write settings."""
    from motionapp.settings import Settings, settings_text

    if (arguments.action == "write") != (arguments.file is not None):
        raise SettingsError("write needs a FILE, show and schema take none")
    if arguments.action == "schema":
        print(json.dumps(Settings.model_json_schema(), indent=2))
        return 0
    settings = settings_from(arguments)
    if arguments.action == "show":
        print(settings_text(settings, with_comments=False), end="")
        return 0
    return _write(arguments.file, settings_text(settings), force=arguments.force)


def _write(path: Path, text: str, *, force: bool) -> int:
    from motionapp.files.atomic import make_place, write_whole

    if path.exists() and not force:
        raise SettingsError(f"{path} is there already: name another file, or add --force")
    make_place(path)
    write_whole(path, text)
    print(path)
    return 0
