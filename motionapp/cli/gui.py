"""`motionapp gui`: open the window."""

from __future__ import annotations

import argparse
import os
import sys

from motionapp.cli.options import add_analysis_options, settings_from


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the source."""
    parser.add_argument(
        "source",
        nargs="?",
        metavar="SOURCE",
        help="a recording, a folder of numbered images, a URL, camera:N (with its size and rate: "
        "camera:0,size=1280x720,rate=30) or synthetic:NAME "
        "(default: the demo's clip)",
    )
    add_analysis_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Open the window and stay until it is closed."""
    settings = settings_from(arguments)
    from motionapp.gui.display import require_window

    require_window(os.environ, sys.platform)
    from motionapp.gui.start import start

    return start(arguments.source, settings)
