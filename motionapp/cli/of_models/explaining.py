"""`motionapp models explain`: what a network looked at when it named a clip."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from motionapp.cli.times import seconds_of
from motionapp.core.errors import ModelError, SettingsError
from motionapp.core.wording import name_text

if TYPE_CHECKING:
    from motionapp.training.explaining import Explained

LINE = "show what a network looked at when it named a clip"
ABOUT = """\
Show what a network looked at when it named a clip.

Leads a recording along the road, takes the clip that the network was surest of (or the one nearest
to --at), and writes a page that needs nothing else: the maps that the network was given beside what
was recorded, how probable it took each label to be, what the label hangs on (Grad-CAM), the filters
of its first convolution, what each convolution makes of the clip, and with --data the clips that it
takes for most alike. Pictures and figures lie beside the page.

Grad-CAM and layers need the train extra and a network of ours. Otherwise parts of the clip are
covered instead, to see which of them the answer needs."""
EXAMPLE = """\
examples:
  motionapp models explain actions hall.mp4 --out why-wave
  motionapp models explain my.onnx hall.mp4 --at 12.5 --label wave1 --data labels.csv --out why"""

FRONTENDS = ("absdiff", "flow", "pose", "background")
MOST_CLIPS = 20
"""A page with more is too long to be looked at, and too large."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the model, the recording, and what is asked about it."""
    parser.add_argument("model", metavar="MODEL", help="an ONNX file, or a shipped model's name")
    parser.add_argument(
        "clip",
        metavar="CLIP",
        help="a recording, a folder of numbered images, or synthetic:NAME",
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="DIR",
        help="where the page, its pictures and figures are written; an earlier explanation there "
        "goes",
    )
    parser.add_argument(
        "--at",
        type=seconds_of,
        metavar="TIME",
        help="take the clip nearest to it: seconds, or [HH:]MM:SS (default: the one that it was "
        "surest of)",
    )
    parser.add_argument(
        "--label",
        metavar="L",
        help="ask about this label (default: the likeliest of each clip)",
    )
    parser.add_argument(
        "--count",
        type=int,
        default=1,
        metavar="N",
        help=f"explain so many clips, at most {MOST_CLIPS} (default: 1)",
    )
    parser.add_argument(
        "--layers",
        type=numbers_of,
        default=(),
        metavar="N[,N...]",
        help="the convolutions that are shown, from 1 (default: all, and Grad-CAM of the last with "
        "8 cells or more along a side)",
    )
    parser.add_argument(
        "--data",
        metavar="DATA",
        help="find the most similar clips of this data set: a CSV file or a folder of class "
        "folders, as for training",
    )
    parser.add_argument(
        "--frontend",
        choices=FRONTENDS,
        help=f"of a shipped model, the one for it (default: {FRONTENDS[0]})",
    )


def numbers_of(text: str) -> tuple[int, ...]:
    """Whole numbers, of ``3,7``.

    Raises
    ------
    argparse.ArgumentTypeError
        They are none.
    """
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts):
        raise argparse.ArgumentTypeError(f"{text!r} is no list of numbers: give 3, or 3,7")
    return tuple(dict.fromkeys(int(part) for part in parts))


def run(arguments: argparse.Namespace) -> int:
    """Explain; prints a line a clip, and where the page is."""
    from motionapp.cli.training_progress import shown_progress
    from motionapp.recognition.dataset import read_data_set
    from motionapp.sources.extensions import VIDEO_EXTENSIONS
    from motionapp.training.explaining import Wish, check_place, explain, write_explanation

    if not 1 <= arguments.count <= MOST_CLIPS:
        raise SettingsError(f"--count is {arguments.count}: 1 to {MOST_CLIPS}")
    model = _model_of(arguments.model, arguments.frontend)
    data = None
    if arguments.data is not None:
        data = read_data_set(arguments.data, extensions=VIDEO_EXTENSIONS, fewest_labels=0)
    out: Path = arguments.out
    check_place(out)
    with shown_progress(sys.stderr) as progress:
        explanation = explain(
            model,
            arguments.clip,
            Wish(arguments.at, arguments.label, arguments.count),
            progress,
            layers=arguments.layers,
            data=data,
        )
    page = write_explanation(out, explanation)
    for note in explanation.notes:
        print(f"motionapp: {note}", file=sys.stderr)
    for one in explanation.clips:
        print(line_of(one))
    print(page)
    return 0


def line_of(one: Explained) -> str:
    """What the network said of a clip, and where that hangs most, on one line."""
    clip, said = one.found.clip, one.found.said
    shown = name_text(said.label, said.score)
    if said.label != one.asked:
        shown += f" ({one.asked} {one.shares[one.asked]:.2f})"
    held = one.held[0]
    hangs = "on nothing that it saw"
    if not held.is_blank:
        x, y = held.hottest(clip)
        hangs = f"most on what is at {x:.0f}, {y:.0f}"
    return (
        f"body {clip.subject_id}, {clip.start_s:.2f} to {clip.end_s:.2f} s: {shown}; "
        f"{one.asked} hangs {hangs}"
    )


def _model_of(asked: str, frontend: str | None) -> Path:
    """A file, or the shipped model for a front-end."""
    from motionapp.frontends.registry import road_of
    from motionapp.recognition.catalogue import find_model
    from motionapp.recognition.onnx import read_contract

    file = Path(asked)
    if file.is_file():
        if frontend is None:
            return file
        own = road_of(read_contract(file).representation)
        if own != frontend:
            raise SettingsError(
                f"--frontend {frontend} is of a shipped model's name, and {file} is one file, "
                f"which is explained behind {own}: leave it out"
            )
        return file
    path, why_none = find_model(asked, frontend or FRONTENDS[0], beside=())
    if path is None:
        raise ModelError(why_none or "there is no model `none`: name a file, or a shipped model")
    return path
