"""`motionapp settings`: what holds, what there is, and a file to begin with."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from motionapp.cli.options import add_analysis_options, settings_from
from motionapp.core.addresses import shown
from motionapp.core.errors import SettingsError

if TYPE_CHECKING:
    from motionapp.settings import Settings

ACTIONS = {
    "show": "print what holds, after preset, file, environment and flags",
    "schema": "print the JSON Schema of a settings file",
    "write": "write a settings file with every key, its value and what it is",
    "check": "hold settings to a set of events that were confirmed or rejected in the window",
}
NOT_AS_SAID = 2
SOME_UNREADABLE = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what to do, and the options that settings may come from."""
    lines = "; ".join(f"{name}: {line}" for name, line in ACTIONS.items())
    parser.add_argument("action", choices=ACTIONS, help=lines)
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="for write: the file; for check: the set of events",
    )
    parser.add_argument("--force", action="store_true", help="write over a file that is there")
    add_analysis_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print or write settings."""
    from motionapp.settings import Settings, settings_text

    if (arguments.action in ("write", "check")) != (arguments.file is not None):
        raise SettingsError("write needs a FILE, and so does check; show and schema take none")
    if arguments.action == "schema":
        print(json.dumps(Settings.model_json_schema(), indent=2))
        return 0
    settings = settings_from(arguments)
    if arguments.action == "check":
        return _check(arguments.file, settings)
    if arguments.action == "show":
        print(settings_text(settings, with_comments=False), end="")
        return 0
    return _write(arguments.file, settings_text(settings), force=arguments.force)


def _check(path: Path, settings: Settings) -> int:
    """Say which events of a set are as they were said to be."""
    from motionapp.explain.review import check_review, read_review
    from motionapp.runtime import apply_threads, plan_threads

    entries = read_review(path)
    threads = plan_threads(settings.run.threads)
    apply_threads(threads)
    outcome = check_review(entries, settings.analysis, threads=threads.network)
    for one in outcome.checked:
        entry = one.entry
        said = "found" if one.is_found else "not found"
        mark = "  " if one.agrees else "! "
        print(f"{mark}{entry.verdict:9}  {said:9}  {entry.start_s:.2f} to {entry.end_s:.2f} s  "
              f"{entry.id}  {shown(entry.source)}")  # fmt: skip
    for source, why in outcome.unreadable:
        print(f"! {shown(source)}: {why}")
    print(outcome.sentence())
    if outcome.unreadable:
        return SOME_UNREADABLE
    return 0 if outcome.agrees else NOT_AS_SAID


def _write(path: Path, text: str, *, force: bool) -> int:
    from motionapp.files.atomic import make_place, write_whole

    if path.exists() and not force:
        raise SettingsError(f"{path} is there already: name another file, or add --force")
    make_place(path)
    write_whole(path, text)
    print(path)
    return 0
