"""`motionapp _probe`: says which files are recordings. Called by the batch."""

from __future__ import annotations

import argparse

from motionapp.cli._worker import answering


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """There are none: everything comes through the pipe."""


def run(arguments: argparse.Namespace) -> int:
    """Serve until the pipe ends."""
    from motionapp.batch.prober import serve_probes

    return answering(serve_probes)
