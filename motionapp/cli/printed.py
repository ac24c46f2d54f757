"""`--json -`: what a verb would write into a file is printed, and nothing else is."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

STANDARD_OUTPUT = Path("-")


def add_json(parser: argparse.ArgumentParser, what: str) -> None:
    """Add `--json`, which does `what`."""
    parser.add_argument(
        "--json", type=Path, metavar="FILE|-", help=f"{what} (-: to standard output)"
    )


@contextmanager
def json_printed(options: argparse.Namespace) -> Iterator[None]:
    """Let a verb write its JSON aside where it is to be printed; what it says goes to standard
    error meanwhile, so that a program can read what is printed.

    Parameters
    ----------
    options : argparse.Namespace
        Changed where `json` is the path ``-``. Of a verb that prints JSON by itself it is none.
    """
    if getattr(options, "json", None) != STANDARD_OUTPUT:
        yield
        return
    from tempfile import TemporaryDirectory  # takes milliseconds that every start would cost

    with TemporaryDirectory(prefix="motionapp-") as folder:
        options.json = Path(folder) / "printed.json"
        with redirect_stdout(sys.stderr):
            yield
        if options.json.exists():
            print(options.json.read_text(encoding="utf-8"), end="")
