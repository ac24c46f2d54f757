"""`motionapp dataset check`: what is in a data set, and what would spoil the figures of a model."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from motionapp.cli.printed import add_json

if TYPE_CHECKING:
    from motionapp.training.inspection.check import Inspection
    from motionapp.training.inspection.counts import Counts, LabelCount
    from motionapp.training.inspection.finding import Finding

CHECK_LINE = "say what is in a data set, and what would spoil the figures of a model"
CHECK_ABOUT = """\
Say what is in a data set, and what would spoil the figures of a model trained on it.

Every recording is read once. A fault is to be put right first: the same recording twice, also
encoded anew, scaled, shortened or mirrored, in groups that are held out from each other; a label
of a single group; what cannot be read. A warning says what figures may hide: labels that the room
gives away, or that are seldom.

Exit code: 0 nothing is wrong, or warnings only; 2 a fault; 3 some recording could not be read, or
in part only; 4 none could."""
CHECK_EXAMPLE = """\
example:
  motionapp dataset check labels.csv --json findings.json"""

FAULTY = 2
"""As for every data set that cannot be used as it is."""
PARTIAL = 3

MOST_LISTED = 6
"""Rates and sizes that are told on a line."""
WIDTH = 100


def add_check(parser: argparse.ArgumentParser) -> None:
    """Add the data, and where the findings go."""
    parser.add_argument(
        "data",
        metavar="DATA",
        help="a CSV file path,label,group[,start_s,end_s[,x0,y0,x1,y1]] or a folder of class "
        "folders",
    )
    add_json(parser, "write the findings, too")


def run_check(arguments: argparse.Namespace) -> int:
    """Inspect; prints the figures and the findings."""
    from motionapp.cli.places import check_apart, files_of
    from motionapp.cli.training_progress import shown_progress
    from motionapp.files.atomic import make_place, write_whole
    from motionapp.recognition.dataset import read_data_set
    from motionapp.sources.extensions import VIDEO_EXTENSIONS
    from motionapp.training.inspection.check import inspect
    from motionapp.training.inspection.document import document

    data = read_data_set(
        arguments.data, extensions=VIDEO_EXTENSIONS, fewest_labels=1, must_exist=False
    )
    check_apart({"--json": arguments.json}, files_of(data))
    if arguments.json is not None:
        make_place(arguments.json)
    with shown_progress(sys.stderr) as progress:
        inspection = inspect(data, progress)
    print("\n".join(page(inspection)))
    if arguments.json is not None:
        write_whole(arguments.json, json.dumps(document(inspection), indent=1) + "\n")
    if inspection.unreadable or inspection.damaged:
        return PARTIAL
    return FAULTY if inspection.has_faults else 0


def page(inspection: Inspection) -> Iterator[str]:
    """All that was found, for people."""
    read = inspection.recordings - inspection.unreadable
    groups = len(inspection.counts.groups)
    yield (
        f"{inspection.name}: {read} of {inspection.recordings} recordings read, "
        f"{groups} group{'' if groups == 1 else 's'}"
    )
    yield ""
    yield from _table(inspection.counts)
    yield ""
    yield from _shapes(inspection.counts)
    yield from _probes(inspection)
    for finding in inspection.findings:
        yield ""
        yield from _finding(finding)
    if not inspection.findings:
        yield ""
        yield "Nothing is wrong."


def _table(counts: Counts) -> Iterator[str]:
    wide = max(len("label"), *(len(one.label) for one in counts.labels))
    yield f"{'label':{wide}} {'samples':>8} {'groups':>7}   seconds: all  shortest  median  longest"
    for one in counts.labels:
        yield f"{one.label:{wide}} {one.samples:8} {one.groups:7}   {_lengths(one)}"


def _lengths(one: LabelCount) -> str:
    own = one.lengths
    if own is None:
        return "nothing can be read"
    return f"{own.total_s:12.1f} {own.shortest_s:9.1f} {own.median_s:7.1f} {own.longest_s:8.1f}"


def _shapes(counts: Counts) -> Iterator[str]:
    rates = [f"{rate:g} ({number})" for rate, number in counts.rates_hz]
    sizes = [f"{width}x{height} ({number})" for (width, height), number in counts.sizes]
    for name, told in (("pictures a second", rates), ("sizes", sizes)):
        more = f" and {len(told) - MOST_LISTED} more" if len(told) > MOST_LISTED else ""
        yield f"{name}: {', '.join(told[:MOST_LISTED])}{more}"


def _probes(inspection: Inspection) -> Iterator[str]:
    rooms = inspection.rooms
    for name, probe in (
        ("the first picture", rooms.first_frame),
        ("the background", rooms.background),
    ):
        if probe is None:
            yield f"labels told by {name} alone: cannot be measured"
            continue
        yield (
            f"labels told by {name} alone: {probe.right:.0%} of {probe.samples} "
            f"(chance {probe.chance:.0%}, by luck up to {probe.by_luck:.0%})"
        )


def _finding(finding: Finding) -> Iterator[str]:
    lines = f"{finding.severity.value}: {finding.sentence}."
    for text, first in ((lines, ""), (finding.advice, "  ")):
        yield from textwrap.wrap(
            text, WIDTH, initial_indent=first, subsequent_indent="  ", break_on_hyphens=False
        )
