"""`motionapp _camera`: watches one camera for `motionapp edge`, which starts it."""

from __future__ import annotations

import argparse
import os
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """There are none: everything comes through the pipe."""


def run(arguments: argparse.Namespace) -> int:
    """Watch until the pipe ends."""
    from motionapp.runtime.arenas import few_arenas

    few_arenas()
    from motionapp.edge.camera.child import lines_of, serve

    # Answers get a descriptor of their own: what a library prints must not reach the pipe.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        serve(lines_of(sys.stdin), answers)
    except (KeyboardInterrupt, BrokenPipeError):  # the service ends, or has gone
        return 0
    return 0
