"""`motionapp architectures`: the networks to choose between, and what each costs layer by layer."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from motionapp.cli.printed import add_json
from motionapp.core.event import UNKNOWN
from motionapp.recognition.catalogue import ARCHITECTURES

if TYPE_CHECKING:
    from motionapp.training.architectures.counting import Cost
    from motionapp.training.architectures.shape import Shape

DEFAULT_LABELS = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the network, and for what it is built."""
    parser.description = (
        "List the networks to choose between; of one of them, every layer with its output's shape, "
        "its parameters and its multiply-adds for one clip."
    )
    parser.add_argument(
        "name", nargs="?", choices=ARCHITECTURES, metavar="NAME",
        help=f"one of {', '.join(ARCHITECTURES)} (default: all, on one line each)",
    )  # fmt: skip
    parser.add_argument(
        "--full",
        action="store_true",
        help="at its paper's size: pictures of three channels, 1000 labels, nothing of ours",
    )
    parser.add_argument(
        "--frontend", metavar="NAME", help="for whose maps it is built (default: absdiff)"
    )
    parser.add_argument(
        "--width",
        type=int,
        metavar="N",
        help="channels of the first convolution (default: its own)",
    )
    parser.add_argument(
        "--labels", type=int, metavar="N",
        help=f"so many, and {UNKNOWN} besides (default: {DEFAULT_LABELS})",
    )  # fmt: skip
    add_json(parser, "write it")


def run(arguments: argparse.Namespace) -> int:
    """Count; prints a table."""
    from motionapp.training.extra import need_torch

    need_torch("counting a network's layers")
    from motionapp.files.atomic import make_place, write_whole
    from motionapp.training.architectures.counting import cost_of

    if arguments.json is not None:
        make_place(arguments.json)
    names = ARCHITECTURES if arguments.name is None else (arguments.name,)
    costs = [cost_of(name, _shape(arguments, name)) for name in names]
    if arguments.name is None:
        print("\n".join(_listed(costs)))
    else:
        print("\n".join(_layers(costs[0])))
    if arguments.json is not None:
        documents = [cost.document() for cost in costs]
        content = documents if arguments.name is None else documents[0]
        write_whole(arguments.json, json.dumps(content, indent=1) + "\n")
    return 0


def _shape(arguments: argparse.Namespace, name: str) -> Shape:
    """For what a network is built: its paper's pictures, or a front-end's maps."""
    from motionapp.cli.learning_options import check_within
    from motionapp.cli.training_options import DEFAULT_CLIP_S
    from motionapp.core.errors import SettingsError
    from motionapp.frontends import registry
    from motionapp.training.architectures import paper_shape
    from motionapp.training.architectures.shape import clip_shape

    if arguments.full:
        if any(one is not None for one in (arguments.frontend, arguments.width, arguments.labels)):
            raise SettingsError("--full is the paper's size: leave out what changes it")
        return paper_shape(name)
    frontend = arguments.frontend or "absdiff"
    registry.check(frontend)
    labels = DEFAULT_LABELS if arguments.labels is None else arguments.labels
    check_within("labels", labels, 1, 1000)
    if arguments.width is not None:
        check_within("width", arguments.width, 1, 1024)
    usual = registry.representation(frontend)
    steps = round(DEFAULT_CLIP_S / usual.grid_s)
    seen = replace(usual, steps=steps, going=True)  # as motionapp train has it by default
    return clip_shape(name, seen, labels + 1, width=arguments.width)


def _listed(costs: Sequence[Cost]) -> list[str]:
    rows = [("name", "parameters", "multiply-adds", "file (float32)")]
    rows += [
        (cost.name, f"{cost.parameters:,}", f"{cost.multiply_adds:,}", size_of(cost))
        for cost in costs
    ]
    return _aligned(rows, "<>>>")


def _layers(cost: Cost) -> list[str]:
    rows = [("layer", "kind", "output", "parameters", "multiply-adds")]
    rows += [
        (layer.name, layer.kind, " x ".join(map(str, layer.output)), f"{layer.parameters:,}",
         f"{layer.multiply_adds:,}")
        for layer in cost.layers
    ]  # fmt: skip
    rows.append((cost.name, "", "", f"{cost.parameters:,}", f"{cost.multiply_adds:,}"))
    return [*_aligned(rows, "<<<>>"), f"{size_of(cost)} in a file of 32-bit weights"]


def size_of(cost: Cost) -> str:
    """How large its weights are in a file, in megabytes of 1,000,000 bytes."""
    return f"{4 * cost.parameters / 1e6:.1f} MB"


def _aligned(rows: Sequence[tuple[str, ...]], sides: str) -> list[str]:
    """Rows as lines, each column as wide as its widest word."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(sides))]
    return [
        "  ".join(
            f"{word:{side}{width}}" for word, side, width in zip(row, sides, widths, strict=True)
        ).rstrip()
        for row in rows
    ]
