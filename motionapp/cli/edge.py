"""`motionapp edge`: watch cameras unattended, and what belongs to that."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the things that can be done, each with its own arguments."""
    verbs = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    for name, words in (
        ("run", "watch by a configuration until a signal comes (SIGHUP: read it again)"),
        ("check", "say what a configuration means, or what is wrong with it"),
        ("repair", "rebuild the list of events from the recordings that are there"),
    ):
        verb = verbs.add_parser(name, help=words, description=f"{words[0].upper()}{words[1:]}.")
        verb.add_argument("config", metavar="CONFIG", type=Path, help="a TOML file")
    token = verbs.add_parser(
        "token", help="make a token for the page", description="Make a token for the page."
    )
    token.add_argument("role", choices=("viewer", "admin"), help="who may see, or change")
    discover = verbs.add_parser(
        "discover",
        help="find cameras on the network",
        description="Find cameras on the network, with the lines for a configuration.",
    )
    discover.add_argument(
        "--seconds", type=float, default=5.0, metavar="S", help="how long to listen (default: 5)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked for."""
    verbs: dict[str, Callable[[argparse.Namespace], int]] = {
        "run": _run,
        "check": _check,
        "repair": _repair,
        "token": _token,
        "discover": _discover,
    }
    return verbs[arguments.what](arguments)


def _run(arguments: argparse.Namespace) -> int:
    from motionapp.edge.run import run_service

    logging.getLogger("motionapp.edge").setLevel(logging.INFO)
    return run_service(arguments.config)


def _check(arguments: argparse.Namespace) -> int:
    from motionapp.edge.check import checked_settings, lines_of, warnings_of

    settings = checked_settings(arguments.config)
    for line in lines_of(settings):
        print(line)
    for warning in warnings_of(arguments.config, settings):
        _warn(warning)
    return 0


def _repair(arguments: argparse.Namespace) -> int:
    from motionapp.edge.store.repair import repair
    from motionapp.settings.edge import read_edge

    os.umask(0o077)  # as the service has it
    report = repair(read_edge(arguments.config).store.dir)
    for line in report.lines:
        print(line)
    return 0


def _token(arguments: argparse.Namespace) -> int:
    from motionapp.edge.web.access import make_token

    token, line = make_token(arguments.role)
    print(f"token, for who logs in:  {token}")
    print(f"line for web.token_file: {line}")
    return 0


def _discover(arguments: argparse.Namespace) -> int:
    from motionapp.edge.discover import discover

    found = discover(arguments.seconds)
    for camera in found:
        print(camera.block)
    if not found:
        _warn("no camera has answered: are they on the same network, with ONVIF switched on?")
    return 0


def _warn(line: str) -> None:
    with contextlib.suppress(OSError):
        print(f"motionapp: {line}", file=sys.stderr, flush=True)
