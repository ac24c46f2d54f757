"""`motionapp _worker`: does the jobs of a batch that come through a pipe. Called by the batch."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable
from typing import TextIO


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """There are none: everything comes through the pipe."""


def run(arguments: argparse.Namespace) -> int:
    """Serve until the pipe ends; 130 after an interruption, 1 if the batch has gone."""
    from motionapp.batch.worker import serve

    return answering(serve)


def answering(serve: Callable[[Iterable[str], TextIO], None]) -> int:
    """Give `serve` the two ends of the pipes to the batch, and the exit code in return."""
    from motionapp.batch.lifeline import lines_while_batch_lives

    # Answers get a descriptor of their own: what a library prints must not reach the pipe.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    lines = os.fdopen(os.dup(sys.stdin.fileno()), "r", encoding="utf-8")
    try:
        serve(lines_while_batch_lives(lines), answers)
    except KeyboardInterrupt:  # the batch was interrupted, and says so itself
        return 130
    except BrokenPipeError:  # the batch has gone; what was half-written has been removed
        return 1
    return 0
