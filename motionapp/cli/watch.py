"""`motionapp watch`: follow a camera, stream or recording without a window."""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path

from motionapp.cli.options import add_analysis_options, settings_from

STANDARD_OUTPUT = "-"
SOME_INPUT_WAS_PARTIAL = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the source, the output and how fast a recording plays."""
    parser.add_argument(
        "source",
        metavar="SOURCE",
        help="a recording, a folder of numbered images, a URL, camera:N (with its size and rate: "
        "camera:0,size=1280x720,rate=30) or synthetic:NAME",
    )
    parser.add_argument(
        "--json",
        metavar="FILE|-",
        help="append a JSON line when an event opens, changes or closes (-: to standard output)",
    )
    parser.add_argument(
        "--pace",
        choices=("real", "max"),
        help="a recording at its own time stamps (default), or as fast as it goes",
    )
    parser.add_argument(
        "--rotate-mb",
        type=float,
        metavar="X",
        help="put the file of --json aside (FILE.DATETIME) before it has more megabytes",
    )
    parser.add_argument(
        "--rotate-daily",
        action="store_true",
        default=None,
        help="... and at midnight",
    )
    parser.add_argument(
        "--keep", type=int, metavar="N", help="of those put aside, keep the newest N (default: all)"
    )
    parser.add_argument(
        "--reconnect",
        action="store_true",
        default=None,
        help="look for a camera or stream again whenever it is lost, after 1 to 60 s, until a "
        "signal comes",
    )
    add_analysis_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Follow until the source ends, or SIGINT or SIGTERM comes; then events are closed."""
    try:
        settings = settings_from(
            arguments,
            run__pace=arguments.pace,
            run__reconnect=arguments.reconnect,
            run__lines_max_mb=arguments.rotate_mb,
            run__lines_daily=arguments.rotate_daily,
            run__lines_keep=arguments.keep,
        )
        from motionapp.watch import follow
    except KeyboardInterrupt:  # before `follow` catches it: a signal ends the watch rightly
        return 0
    json_to = None
    if arguments.json is not None:
        json_to = sys.stdout if arguments.json == STANDARD_OUTPUT else Path(arguments.json)
    if settings.run.start_s is not None or settings.run.end_s is not None:
        _warn("run.start_s and run.end_s are for batch: all of the source is watched")
    damage = follow(arguments.source, settings, output=sys.stdout, json_to=json_to, warn=_warn)
    return SOME_INPUT_WAS_PARTIAL if damage.is_partial else 0


def _warn(line: str) -> None:
    with contextlib.suppress(OSError):  # it may lead to the full disk that the line is about
        print(f"motionapp: {line}", file=sys.stderr, flush=True)
