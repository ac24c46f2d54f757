"""`motionapp models`: what can name movements, looked at, checked, and brought from elsewhere."""

from __future__ import annotations

import argparse
import importlib
from typing import Any

ACTIONS = {
    "list": "listing",
    "info": "info",
    "verify": "verify",
    "explain": "explaining",
    "import": "importing",
}
"""Action -> its module of `motionapp.cli.of_models`, with `LINE`, `ABOUT`, `EXAMPLE`,
`add_arguments` and `run`. Another action is one module, and one line here."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what can be done, each with its own options."""
    actions = parser.add_subparsers(metavar="ACTION", title="actions", required=True)
    for name in ACTIONS:
        action = _module(name)
        one = actions.add_parser(
            name,
            help=action.LINE,
            description=action.ABOUT,
            epilog=action.EXAMPLE,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        # The verb has it, too: without a default of its own, what stands before the action holds.
        one.add_argument(
            "--verbose",
            action="store_true",
            default=argparse.SUPPRESS,
            help="say more while running",
        )
        one.set_defaults(act=action.run)
        action.add_arguments(one)


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked for."""
    return int(arguments.act(arguments))


def _module(action: str) -> Any:  # a module
    return importlib.import_module(f"motionapp.cli.of_models.{ACTIONS[action]}")
