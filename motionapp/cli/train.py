"""`motionapp train`: recordings with labels into a model file."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from motionapp.core.errors import SettingsError
from motionapp.recognition.catalogue import ARCHITECTURES

if TYPE_CHECKING:
    from motionapp.training.recipe import Recipe
    from motionapp.training.train import Order

DEFAULT_PROTOCOL = "holdout:0.2"
DEFAULT_CLUTTER = 20
ALONE = "synthetic"
RENDERED_ALONE = 150
"""Figures where there is nothing else to learn from."""
RENDERED_BESIDE = 16
"""Figures beside recordings. One person of nine left out (`weizmann_masks`, seed 1): 94.2 % of
windows without any, 95.0 % with these."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the data, the model to write, and how it is trained."""
    parser.add_argument(
        "data",
        metavar="DATA",
        help="a CSV file path,label,group, a folder of class folders, or synthetic (rendered "
        "figures alone)",
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="MODEL.onnx", help="where the model is written"
    )
    parser.add_argument(
        "--frontend",
        default="absdiff",
        metavar="NAME",
        help="how motion is seen (default: absdiff)",
    )
    parser.add_argument(
        "--arch",
        choices=ARCHITECTURES,
        default=ARCHITECTURES[0],
        help="the layout of the network (default: vgg16)",
    )
    parser.add_argument(
        "--protocol",
        default=DEFAULT_PROTOCOL,
        metavar="logo|kfold:K|holdout:F|none",
        help="what is held out to measure, always whole groups (default: holdout:0.2)",
    )
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="write the figures of the protocol"
    )
    _add_recipe(parser.add_argument_group("recipe"))


def _add_recipe(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--seed", type=int, default=1, metavar="N", help="of every draw (default: 1)"
    )
    group.add_argument(
        "--epochs", type=int, metavar="N", help="looks at every window, about (default: 4)"
    )
    group.add_argument("--width", type=int, metavar="N", help="channels of the narrowest layer")
    group.add_argument(
        "--rendered",
        type=int,
        metavar="N",
        help="add N rendered figures, each doing every movement of DATA that can be rendered "
        f"(default: {RENDERED_BESIDE}; for synthetic: {RENDERED_ALONE})",
    )
    group.add_argument(
        "--clutter",
        type=int,
        default=DEFAULT_CLUTTER,
        metavar="N",
        help=f"add N rendered scenes that are learnt as unknown (default: {DEFAULT_CLUTTER})",
    )
    group.add_argument("--name", metavar="NAME", help="what the model calls itself")
    group.add_argument(
        "--terms", metavar="TEXT", help="on what terms DATA may be used; for the card"
    )


def run(arguments: argparse.Namespace) -> int:
    """Train; prints the figures and where the model is."""
    from motionapp.training.extra import need_torch

    need_torch("training")
    from motionapp.cli.training_progress import shown_progress
    from motionapp.files.atomic import make_place, write_whole
    from motionapp.training.files import write_model
    from motionapp.training.train import train

    order = _order(arguments)
    out, figures_file = arguments.out, arguments.json
    card = out.with_suffix(".md")
    for file in (out, card, figures_file):
        if file is not None:
            make_place(file)  # an hour of training must not end at a missing folder
    with shown_progress(sys.stderr) as progress:
        trained = train(order, progress)
    write_model(out, trained.content)
    write_whole(card, trained.card(out.name, order.command))
    if figures_file is not None:
        write_whole(figures_file, json.dumps(trained.figures, indent=1) + "\n")
    print(out)
    return 0


def _order(arguments: argparse.Namespace) -> Order:
    from motionapp.frontends import registry
    from motionapp.recognition.dataset import DataSet, read_data_set
    from motionapp.sources.extensions import VIDEO_EXTENSIONS
    from motionapp.training.protocols import TRAINING_KINDS, parse_protocol
    from motionapp.training.train import NO_TERMS, Order

    registry.check(arguments.frontend)
    if arguments.out.suffix.lower() != ".onnx":
        raise SettingsError(f"--out {arguments.out}: the name of a model ends in .onnx")
    is_alone = arguments.data == ALONE
    if is_alone and arguments.protocol not in (DEFAULT_PROTOCOL, "none"):
        raise SettingsError(
            f"--protocol {arguments.protocol} needs recordings to hold out, and {ALONE} has none: "
            "measure the model afterwards with motionapp evaluate"
        )
    protocol = "none" if is_alone else arguments.protocol
    return Order(
        data=DataSet(Path(ALONE), ())
        if is_alone
        else read_data_set(arguments.data, extensions=VIDEO_EXTENSIONS),
        representation=registry.representation(arguments.frontend),
        recipe=_recipe(arguments, is_alone=is_alone),
        protocol=parse_protocol(protocol, TRAINING_KINDS),
        name=arguments.name or arguments.out.stem,
        command=_command(arguments),
        terms=arguments.terms or NO_TERMS,
    )


def _recipe(arguments: argparse.Namespace, *, is_alone: bool) -> Recipe:
    from motionapp.training.recipe import Recipe

    for name, least in (("seed", 0), ("epochs", 1), ("width", 1), ("rendered", 0), ("clutter", 0)):
        value = getattr(arguments, name)
        if value is not None and value < least:
            raise SettingsError(f"--{name} is {value}: at least {least}")
    usual = Recipe()
    figures = RENDERED_ALONE if is_alone else RENDERED_BESIDE
    return replace(
        usual,
        architecture=arguments.arch,
        seed=arguments.seed,
        epochs=usual.epochs if arguments.epochs is None else arguments.epochs,
        width=usual.width if arguments.width is None else arguments.width,
        rendered=figures if arguments.rendered is None else arguments.rendered,
        clutter=arguments.clutter,
    )


def _command(arguments: argparse.Namespace) -> str:
    """The line that was typed, with files by their names alone: a card is read elsewhere."""
    words = ["motionapp", "train", _place(arguments.data), "--out", arguments.out.name]
    for option in ("frontend", "arch", "protocol", "seed", "epochs", "width", "rendered"):
        value = getattr(arguments, option)
        if value is not None:
            words += [f"--{option}", str(value)]
    words += ["--clutter", str(arguments.clutter)]
    for option in ("name", "terms"):
        value = getattr(arguments, option)
        if value is not None:
            words += [f"--{option}", value]
    return shlex.join(words)


def _place(data: str) -> str:
    return data if data == ALONE else Path(data).name
