"""`motionapp find`: asks for what many runs have found, and shows, exports or cuts it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from motionapp.cli.times import seconds_of

if TYPE_CHECKING:
    from motionapp.catalogue.hit import Hit
    from motionapp.catalogue.search import Answer


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the catalogue, what is asked for, and what is made of it."""
    parser.add_argument(
        "catalogue", type=Path, metavar="DIR", help="the folder of motionapp batch --catalog"
    )
    _add_questions(parser.add_argument_group("what is asked for"))
    _add_answers(parser.add_argument_group("what is made of it"))


def _add_questions(group: argparse._ArgumentGroup) -> None:
    names: dict[str, Any] = {"action": "append", "default": [], "metavar": "NAME"}
    group.add_argument("--label", help="a movement; several with commas between them", **names)
    group.add_argument("--camera", help="whose recordings; several likewise", **names)
    group.add_argument("--zone", help="in which zone; several likewise", **names)
    group.add_argument("--recording", metavar="TEXT", help="recordings with this in their path")
    group.add_argument(
        "--from",
        dest="from_",
        metavar="TIME",
        help="from then on: 2026-05-01T18:00:00+02:00, or seconds of the recording",
    )
    group.add_argument("--to", metavar="TIME", help="up to then")
    group.add_argument(
        "--time-zone",
        metavar="ZONE",
        help="of times without an offset, and of those that are shown: Europe/Zurich say",
    )
    group.add_argument(
        "--size", metavar="RANGE", help="share of the picture: 5%%..20%%, 5%%.. or ..20%%"
    )
    group.add_argument("--duration", metavar="RANGE", help="seconds: 2..10 say")
    group.add_argument("--score", metavar="RANGE", help="of the label: 0.8 is at least 0.8")
    group.add_argument("--similar", metavar="EVENT", help="what is most like this event (its key)")
    group.add_argument(
        "--limit", type=int, metavar="N", help="at most so many; 0: all (default: 50 lines)"
    )


def _add_answers(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--json", action="store_true", help="print a JSON object a line")
    group.add_argument(
        "--export", type=Path, metavar="FILE", help="write .csv, .json, .edl, .otio or .ffmeta"
    )
    group.add_argument(
        "--format", metavar="NAME", help="... as csv, json, edl, otio or chapters, whatever it ends"
    )
    group.add_argument("--sheet", type=Path, metavar="FILE.jpg", help="a contact sheet")
    group.add_argument(
        "--digest", type=Path, metavar="FILE.mp4", help="one video of all, with time and camera"
    )
    group.add_argument("--clips", type=Path, metavar="DIR", help="a video for each, or for several")
    group.add_argument(
        "--before", type=seconds_of, default=2.0, metavar="S", help="seconds before (default: 2)"
    )
    group.add_argument(
        "--after", type=seconds_of, default=2.0, metavar="S", help="seconds after (default: 2)"
    )
    group.add_argument(
        "--pack", action="store_true", help="first put the catalogue's small files together"
    )


def run(arguments: argparse.Namespace) -> int:
    """Ask, print, and make what is asked for of the hits."""
    from motionapp.catalogue.search import ask
    from motionapp.cli.find_asked import checked_format, question_from, zone_from

    zone = zone_from(arguments)
    question = question_from(arguments, zone)
    form = checked_format(arguments)
    if arguments.pack:
        from motionapp.catalogue.form import open_catalogue
        from motionapp.catalogue.packing import pack

        pack(open_catalogue(arguments.catalogue), _tell)
    answer = ask(arguments.catalogue, question)
    for note in (*answer.notes, *answer.problems):
        _tell(note)
    _print(arguments, answer, zone)
    code = _make(arguments, answer.hits, zone, form)
    return 3 if answer.problems else code


def _tell(sentence: str) -> None:
    print(f"motionapp: {sentence}", file=sys.stderr)


def _print(arguments: argparse.Namespace, answer: Answer, zone: tzinfo | None) -> None:
    if arguments.json:
        for hit in answer.hits:
            print(json.dumps(hit.document(), ensure_ascii=False))
        return
    from motionapp.cli.find_asked import MOST_LINES
    from motionapp.cli.find_text import lines_of, terminal_width

    shown = answer.hits if arguments.limit is not None else answer.hits[:MOST_LINES]
    print("\n".join(lines_of(shown, zone, terminal_width())))
    if len(shown) < answer.total:
        said = f"{len(shown)} of {answer.total:,} are shown: --limit 0 shows all"
        print(f"motionapp: {said}", file=sys.stderr)


def _make(
    arguments: argparse.Namespace, hits: Sequence[Hit], zone: tzinfo | None, form: str
) -> int:
    """What is asked for besides lines; 3 where some recordings cannot be read any more."""
    problems: list[str] = []
    if arguments.export is not None:
        from motionapp.catalogue.exports import export

        export(arguments.export, hits, form, zone=zone)
        print(arguments.export)
    if arguments.sheet is not None:
        from motionapp.catalogue.sheet import MOST_PICTURES, write_sheet

        if len(hits) > MOST_PICTURES:
            said = f"the sheet shows the first {MOST_PICTURES} of {len(hits):,} events"
            print(f"motionapp: {said}", file=sys.stderr)
        problems += write_sheet(arguments.sheet, hits, arguments.catalogue, zone=zone)
        print(arguments.sheet)
    padding = arguments.before, arguments.after
    if arguments.digest is not None:
        from motionapp.catalogue.digest import write_digest

        problems += write_digest(
            arguments.digest, hits, arguments.catalogue, padding=padding, zone=zone
        )
        print(arguments.digest)
    if arguments.clips is not None:
        from motionapp.catalogue.cuts import cut_clips

        problems += cut_clips(arguments.clips, hits, arguments.catalogue, padding=padding)
        print(arguments.clips)
    for problem in dict.fromkeys(problems):
        print(f"motionapp: {problem}", file=sys.stderr)
    return 3 if problems else 0
