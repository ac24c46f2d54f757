"""`motionapp demo`: names the ten movements of the shipped clip, and says how many rightly."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from motionapp.cli.options import add_analysis_options, settings_from
from motionapp.core.errors import SourceError

if TYPE_CHECKING:
    from motionapp.batch.truth import Pair, Stretch

CLIP = "demo.mp4"
TRUTH = "demo-truth.json"
OUT_DIR = Path("motionapp-demo")

RIGHT, WRONG = "✓", "✗"
PLAIN = {RIGHT: "ok", WRONG: "--"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the folder of results, the window, and the analysis options."""
    parser.add_argument(
        "--out",
        type=Path,
        default=OUT_DIR,
        metavar="DIR",
        help=f"where the results are written (default: ./{OUT_DIR})",
    )
    parser.add_argument("--gui", action="store_true", help="open the window on the clip instead")
    add_analysis_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Analyse the clip, print the table and the paths of what was written."""
    from motionapp.resources import assets_dir

    clip, truth = assets_dir() / CLIP, assets_dir() / TRUTH
    for path in (clip, truth):
        if not path.is_file():
            raise SourceError(f"the demo needs {path}, which is missing: install motionapp again")
    if arguments.gui:
        return _open_window(clip, arguments)
    return _analyse(clip, truth, arguments)


def _analyse(clip: Path, truth: Path, arguments: argparse.Namespace) -> int:
    settings = settings_from(arguments, run__annotated=True, run__report=True)
    from motionapp.batch.run import run_batch
    from motionapp.batch.truth import pair, read_truth, stretches

    known = read_truth(truth)
    report = run_batch([str(clip)], arguments.out, settings, messages=sys.stderr, is_fresh=True)
    out_name = report.records[0].out_dir
    if out_name is None:
        return report.exit_code
    folder = arguments.out / out_name
    events = json.loads((folder / "events.json").read_text(encoding="utf-8"))["events"]
    pairs = pair(known, stretches(events))
    marks = (RIGHT, WRONG) if _can_print(RIGHT + WRONG) else (PLAIN[RIGHT], PLAIN[WRONG])
    print("\n".join(table(pairs, marks)))
    right = sum(each.is_right for each in pairs)
    print(f"\n{right} of {len(known)} movements named rightly\n")
    for path in (report.summary, *sorted(folder.iterdir())):
        if not path.name.startswith("."):
            print(path)
    return report.exit_code


def _open_window(clip: Path, arguments: argparse.Namespace) -> int:
    from motionapp.cli.main import main

    options: list[str] = []
    for name in (
        "frontend",
        "people",
        "classifier",
        "sensitivity",
        "zones",
        "roi",
        "preset",
        "settings",
    ):
        value = getattr(arguments, name)
        if value is not None:
            options += [f"--{name}", str(value)]
    return main(["gui", str(clip), *options])


def table(pairs: tuple[Pair, ...], marks: tuple[str, str]) -> list[str]:
    """Truth beside found, with the mark of right or wrong: lines of one width."""
    rows = [("start", "end", "truth", "start", "end", "found", "")]
    rows += [
        (*_cells(each.truth), *_cells(each.found), marks[0] if each.is_right else marks[1])
        for each in pairs
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        # Times to the right, names to the left.
        cells = [
            text.ljust(width) if column in (2, 5) else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append(f"{'  '.join(cells[:3])}   {'  '.join(cells[3:])}".rstrip())
    lines.insert(1, "-" * max(len(line) for line in lines))
    return lines


def _cells(stretch: Stretch | None) -> tuple[str, str, str]:
    if stretch is None:
        return "", "", ""
    return f"{stretch.start_s:.1f}", f"{stretch.end_s:.1f}", stretch.label


def _can_print(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
