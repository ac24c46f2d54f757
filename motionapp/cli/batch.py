"""`motionapp batch`: recordings and folders of them into files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from motionapp.cli.options import add_analysis_options, settings_from


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the inputs, the folder of results, and how the work is done."""
    parser.add_argument(
        "inputs",
        nargs="+",
        metavar="INPUT",
        help="a recording, a folder of them, a folder of numbered images, or synthetic:NAME",
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="where the results are written"
    )
    add_analysis_options(parser)
    group = parser.add_argument_group("run")
    group.add_argument(
        "--annotated",
        action="store_true",
        default=None,
        help="also write a video with boxes and labels",
    )
    group.add_argument(
        "--workers", type=int, metavar="N", help="recordings analysed at the same time (default: 1)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Analyse the inputs; prints where the summary is."""
    settings = settings_from(
        arguments, run__annotated=arguments.annotated, run__workers=arguments.workers
    )
    from motionapp.batch.run import run_batch

    report = run_batch(arguments.inputs, arguments.out, settings, messages=sys.stderr)
    print(report.summary)
    return report.exit_code
