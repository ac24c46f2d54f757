"""`motionapp models import`: a network of others' becomes a model."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from motionapp.core.errors import SettingsError

if TYPE_CHECKING:
    from motionapp.recognition.onnx import OnnxRecogniser
    from motionapp.training.foreign import Said

LINE = "make a model of a network that was trained elsewhere"
ABOUT = """\
Make a model of a network that was trained elsewhere: an ONNX file from Keras, PyTorch or others
that looks at one picture of a body (--input rgb), or at a stack of this program's motion maps
(--input motion), and answers with one number a label. LSTM and GRU are welcome; loops, branches,
functions, operators of others, and weights in other files are not.

A network that sees pictures (224 x 224, say) is used behind any front-end: that finds and follows
bodies, and the network sees the square round each in the newest picture. Red, green and blue come
from 0 to 1, less ImageNet's mean, over its standard deviation, unless --scale, --mean and --std say
otherwise: for Keras networks that take -1 to 1, --mean 0.5 --std 0.5; for those that take 0 to 255
and rescale by themselves, --scale 255 --mean 0 --std 1.

What the file tells need not be said: the order of axes, the size, whether a softmax ends it. The
network is changed so that it takes clips as they are cut here, tried out, and written with all that
must be known to use it."""
EXAMPLE = """\
examples:
  motionapp models import mobilenet.onnx --labels labels.txt --input rgb --out mine.onnx
  motionapp models import keras.onnx --labels walk,run,fall --input rgb --mean 0.5 --std 0.5 \\
      --out mine.onnx
  motionapp models import stack.onnx --labels walk,run --input motion --frontend flow \\
      --out mine.onnx
  motionapp batch door.mp4 --out found --frontend pose --classifier mine.onnx"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the network, and what it does not say itself."""
    parser.add_argument("network", type=Path, metavar="FILE.onnx", help="the network")
    parser.add_argument(
        "--labels",
        required=True,
        metavar="FILE|a,b,c",
        help="what it names, in the order of its answers: a text file with one a line, a JSON "
        "list, or the names themselves; unknown as the last is what shows none of the others",
    )
    parser.add_argument(
        "--input", required=True, choices=("motion", "rgb"), help="what it looks at"
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="MODEL.onnx", help="where the model is written"
    )
    parser.add_argument("--name", help="what the model is called (default: as its file)")
    _add_input(parser)
    _add_clips(parser)
    answers = parser.add_mutually_exclusive_group()
    answers.add_argument(
        "--softmax", action="store_true", help="its answers are probabilities (default: as it ends)"
    )
    answers.add_argument(
        "--logits", action="store_true", help="its answers are bare numbers (default: as it ends)"
    )
    parser.add_argument(
        "--temperature",
        type=float,
        default=1.0,
        metavar="T",
        help="answers are divided by it; above 1 makes them less sure (default: 1)",
    )
    parser.add_argument(
        "--threshold",
        type=float,
        default=0.5,
        metavar="P",
        help="below it, the best label's probability is unknown (default: 0.5)",
    )


def _add_input(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--frontend",
        metavar="NAME",
        help="with --input motion: whose maps it sees (default: absdiff)",
    )
    parser.add_argument(
        "--layout",
        type=str.lower,
        metavar="ORDER",
        help="order of its axes where it cannot be told: nchw or nhwc; ntchw, nthwc or ncthw where "
        "steps have an axis of their own",
    )
    parser.add_argument(
        "--side-px", type=int, metavar="N", help="width and height, where it takes any"
    )
    parser.add_argument(
        "--colours",
        choices=("rgb", "bgr", "grey"),
        help="with --input rgb: the order that it takes (default: rgb)",
    )
    parser.add_argument(
        "--scale",
        type=float,
        default=1.0,
        metavar="N",
        help="its brightest number, before --mean and --std: 1 or 255 (default: 1)",
    )
    for name, what in (("mean", "is taken off"), ("std", "is divided by")):
        parser.add_argument(
            f"--{name}",
            metavar="R,G,B",
            help=f"what {what}, one number or one for each plane (default: with --input rgb, "
            "ImageNet's; else nothing)",
        )


def _add_clips(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--lag-s",
        type=float,
        default=0.08,
        metavar="S",
        help="seconds between the two pictures behind a map (default: 0.08)",
    )
    parser.add_argument(
        "--grid-s",
        type=float,
        default=0.08,
        metavar="S",
        help="seconds from one map or picture of a clip to the next (default: 0.08)",
    )
    parser.add_argument(
        "--scope",
        choices=("track", "group", "frame"),
        default="track",
        help="one person, a person with who is nearest, or all of the picture (default: track)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Import; prints where the model is."""
    from motionapp.files.atomic import make_place, one_of
    from motionapp.recognition.eight_bits import saturation_of
    from motionapp.recognition.onnx import read_model_file
    from motionapp.training.extra import need_onnx

    need_onnx("importing a network")
    from motionapp.training.files import write_model
    from motionapp.training.foreign import imported

    said = said_by(arguments)
    out: Path = arguments.out
    if out.suffix.lower() != ".onnx":
        raise SettingsError(f"--out {out}: the name of a model ends in .onnx")
    if one_of(out, [arguments.network]) is not None:
        raise SettingsError(f"{out} is the network itself: name another file")
    content = read_model_file(arguments.network)
    finished, recogniser = imported(content, said, source=str(arguments.network))
    make_place(out)
    write_model(out, finished)
    print(f"motionapp: {summary_line(recogniser)}", file=sys.stderr)
    saturates = saturation_of(finished).sentence
    if saturates:
        print(f"motionapp: mind that {saturates}", file=sys.stderr)
    print(out)
    return 0


def said_by(arguments: argparse.Namespace) -> Said:
    """What the options say of a network.

    Raises
    ------
    SettingsError
        One of them means nothing, or not together with another.
    """
    from motionapp.frontends import registry
    from motionapp.training.foreign import Said
    from motionapp.training.label_list import read_labels
    from motionapp.training.layout import LAYOUTS

    sees = arguments.input
    if sees == "rgb" and arguments.frontend:
        raise SettingsError("--frontend is for --input motion: pictures are seen behind any")
    if sees == "motion" and arguments.colours:
        raise SettingsError("--colours is for --input rgb: maps of motion have none")
    if arguments.layout not in (None, *LAYOUTS):
        raise SettingsError(f"--layout is {arguments.layout}: one of {', '.join(LAYOUTS)}")
    _check_numbers(arguments)
    frontend = arguments.frontend or "absdiff"
    registry.check(frontend)
    return Said(
        name=arguments.name or arguments.out.stem,
        labels=read_labels(arguments.labels),
        sees=sees,
        frontend=frontend,
        layout=arguments.layout,
        side_px=arguments.side_px,
        colours=arguments.colours or "rgb",
        scale=arguments.scale,
        mean=_numbers("--mean", arguments.mean),
        std=_numbers("--std", arguments.std),
        gives="softmax" if arguments.softmax else "logits" if arguments.logits else None,
        lag_s=arguments.lag_s,
        grid_s=arguments.grid_s,
        scope=arguments.scope,
        temperature=arguments.temperature,
        threshold=arguments.threshold,
    )


def _check_numbers(arguments: argparse.Namespace) -> None:
    """Refuse numbers that no contract may hold; not a number is refused as well."""
    for option, value, most in (
        ("--lag-s", arguments.lag_s, 2),
        ("--grid-s", arguments.grid_s, 2),
        ("--scale", arguments.scale, 65_535),
        ("--temperature", arguments.temperature, 1000),
    ):
        if not 0 < value <= most:
            raise SettingsError(f"{option} is {value:g}: above 0, at most {most}")
    if not 0 <= arguments.threshold <= 1:
        raise SettingsError(f"--threshold is {arguments.threshold:g}: 0 to 1")


def _numbers(option: str, text: str | None) -> tuple[float, ...]:
    import math

    if text is None:
        return ()
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError as error:
        raise SettingsError(f"{option} is {text}: numbers with commas between") from error
    if not all(math.isfinite(number) for number in numbers):
        raise SettingsError(f"{option} is {text}: finite numbers are needed")
    return numbers


def summary_line(recogniser: OnnxRecogniser) -> str:
    """What was made, on one line."""
    from motionapp.cli.of_models.info import in_words

    contract = recogniser.contract
    imported = contract.recipe["imported"]
    return (
        f"{contract.name}: {len(contract.labels)} labels; sees "
        f"{in_words(contract.representation)}; read as {imported['layout'].upper()}, its answers "
        f"as {imported['gives']}"
    )
