"""`motionapp train`: recordings with labels into a model file."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from motionapp.core.errors import SettingsError
from motionapp.recognition.catalogue import ARCHITECTURES

if TYPE_CHECKING:
    from motionapp.core.representation import Representation
    from motionapp.training.empty import Empties
    from motionapp.training.kept import KeptWindows
    from motionapp.training.progress import Progress
    from motionapp.training.recipe import Recipe
    from motionapp.training.train import Order

SCOPES = ("track", "group", "frame")
PRIORS = ("equal", "room", "street")
DEFAULT_PROTOCOL = "holdout:0.2"
DEFAULT_CLUTTER = 20
DEFAULT_RECORDED = 0.5
DEFAULT_CLIP_S = 0.96
"""Two steps of a walk. Of a second 8 windows in 100 more were right than of half of one (gestures;
12 of two people who interact), and half as many people on streets were called something else."""
FEWEST_STEPS = 1200
"""Few recordings are starved of looks: of 96 interactions 66 % of the windows were right after 200
steps, 84.2 % (85 recordings) after 645, 86.7 % (92) after 1290; of seven people left out one by one
(`weizmann_full`) 91.3 % after 600, 94.1 % after 1200. Two cores take two minutes."""
ALONE = "synthetic"
RENDERED_ALONE = 150
"""Figures where there is nothing else to learn from."""
RENDERED_BESIDE = 0
"""Figures beside recordings: what a person calls `bend` need not be what the renderer does under
that name. Where it is, figures help: one person of nine left out (`weizmann_masks`, seed 1), 94.2 %
of windows without any, 95.0 % with 16."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the data, the model to write, and how it is trained."""
    parser.add_argument(
        "data",
        metavar="DATA",
        help="a CSV file path,label,group (start_s,end_s beside them where a label is that of a "
        "part of a recording, x0,y0,x1,y1 where it is that of one body in it), a folder of class "
        "folders, or synthetic (rendered figures alone)",
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
    add_no_cache(parser)
    _add_clips(parser.add_argument_group("what the network sees"))
    _add_recipe(parser.add_argument_group("recipe"))
    _add_rendered(parser.add_argument_group("what is rendered"))


def _add_clips(group: argparse._ArgumentGroup) -> None:
    """The choices of a `Representation`; what is left out is the front-end's own."""
    group.add_argument(
        "--scope",
        choices=SCOPES,
        help="one person, a person with who is nearest, or the whole picture (default: track)",
    )
    group.add_argument(
        "--clip-s",
        type=float,
        metavar="S",
        help=f"seconds of a clip (default: {DEFAULT_CLIP_S:g})",
    )
    group.add_argument(
        "--grid-s", type=float, metavar="S", help="seconds between its maps (default: 0.08)"
    )
    group.add_argument(
        "--lag-s",
        type=float,
        metavar="S",
        help="seconds between the two pictures behind a map (default: 0.08)",
    )
    group.add_argument(
        "--side-px", type=int, metavar="N", help="width and height of its maps (default: 64)"
    )


def add_no_cache(parser: argparse.ArgumentParser) -> None:
    """Add the switch that leaves alone what earlier trainings kept."""
    parser.add_argument(
        "--no-cache",
        action="store_true",
        help="gather the windows of all recordings anew, and keep none; without it, those of "
        "recordings that were gathered before come from the cache, whose folder is told",
    )


def kept_windows(arguments: argparse.Namespace, progress: Progress) -> KeptWindows | None:
    """What earlier trainings kept, unless it is to be left alone."""
    from motionapp.training.kept import usual_windows

    return None if arguments.no_cache else usual_windows(os.environ, progress)


def _add_recipe(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--seed", type=int, default=1, metavar="N", help="of every draw (default: 1)"
    )
    group.add_argument(
        "--epochs", type=int, metavar="N", help="looks at every window, about (default: 8)"
    )
    group.add_argument("--width", type=int, metavar="N", help="channels of the narrowest layer")
    group.add_argument(
        "--prior",
        choices=PRIORS,
        default=PRIORS[0],
        help="where the network is to be used, and so how frequent movements are for who travels: "
        "on a street nearly all walk (or run, where they are too fast for it), in a room most do "
        "(default: all alike)",
    )
    group.add_argument("--name", metavar="NAME", help="what the model calls itself")
    group.add_argument(
        "--terms", metavar="TEXT", help="on what terms DATA may be used; for the card"
    )


def _add_rendered(group: argparse._ArgumentGroup) -> None:
    """What is drawn beside the recordings."""
    group.add_argument(
        "--rendered",
        type=int,
        metavar="N",
        help="add N rendered figures, each doing every movement that DATA has a label of the same "
        f"spelling for (default: {RENDERED_BESIDE}; for synthetic: {RENDERED_ALONE})",
    )
    group.add_argument(
        "--clutter",
        type=int,
        default=DEFAULT_CLUTTER,
        metavar="N",
        help="add N rendered scenes that are learnt as unknown, but for those of a movement that "
        f"DATA has a label of the same spelling for (default: {DEFAULT_CLUTTER})",
    )
    group.add_argument(
        "--crops",
        type=int,
        default=0,
        metavar="N",
        help="add N rendered people for every movement, each seen once from any side, as street "
        "cameras do (default: 0)",
    )
    group.add_argument(
        "--recorded",
        type=float,
        default=DEFAULT_RECORDED,
        metavar="SHARE",
        help="share of what is looked at that was recorded, beside movements that are rendered; 0 "
        f"looks at each as often as there are windows of it (default: {DEFAULT_RECORDED:g})",
    )
    group.add_argument(
        "--backgrounds",
        type=Path,
        metavar="DIR",
        help="a folder of pictures of empty places, before which half of the people of --crops "
        "are seen",
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
        trained = train(order, progress, kept=kept_windows(arguments, progress))
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
    is_alone = arguments.data == ALONE
    recipe = _recipe(arguments, is_alone=is_alone)
    representation = replace(_representation(arguments), slowest_hz=recipe.slowest_hz)
    empties = _empties(arguments, representation)
    if arguments.out.suffix.lower() != ".onnx":
        raise SettingsError(f"--out {arguments.out}: the name of a model ends in .onnx")
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
        representation=representation,
        recipe=replace(recipe, backgrounds=empties.digest),
        protocol=parse_protocol(protocol, TRAINING_KINDS),
        name=arguments.name or arguments.out.stem,
        command=_command(arguments),
        terms=arguments.terms or NO_TERMS,
        prior=arguments.prior,
        empties=empties,
    )


def _representation(arguments: argparse.Namespace) -> Representation:
    """What the network is to see, as far as it was chosen."""
    from motionapp.frontends import registry

    usual = registry.representation(arguments.frontend)
    grid_s = usual.grid_s if arguments.grid_s is None else arguments.grid_s
    _check_within("grid-s", grid_s, 0.02, 2.0)
    clip_s = arguments.clip_s
    if clip_s is None:
        clip_s = grid_s * max(1, round(DEFAULT_CLIP_S / grid_s))
    lag_s = usual.lag_s if arguments.lag_s is None else arguments.lag_s
    side_px = usual.side_px if arguments.side_px is None else arguments.side_px
    for option, value, low, high in (
        ("lag-s", lag_s, 0.02, 2.0),
        ("clip-s", clip_s, grid_s, 64 * grid_s),
        ("side-px", side_px, 32, 512),
    ):
        _check_within(option, value, low, high)
    steps = round(clip_s / grid_s)
    if abs(steps * grid_s - clip_s) > 1e-6 * clip_s:
        raise SettingsError(
            f"--clip-s {clip_s:g} is no multiple of {grid_s:g} s, in which its maps follow each "
            f"other: {steps * grid_s:g} would be"
        )
    return replace(
        usual, steps=steps, grid_s=grid_s, lag_s=lag_s, side_px=side_px,
        scope=arguments.scope or usual.scope, going=arguments.scope != "frame",
    )  # fmt: skip


def _check_within(option: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise SettingsError(f"--{option} is {value:g}: {low:g} to {high:g}")


def _empties(arguments: argparse.Namespace, representation: Representation) -> Empties:
    from motionapp.training.crop_clips import check_croppable
    from motionapp.training.empty import NO_EMPTIES, read_empties

    if arguments.crops:
        check_croppable(representation)  # before hours of gathering
    if arguments.backgrounds is None:
        return NO_EMPTIES
    if not arguments.crops:
        raise SettingsError("--backgrounds stand behind the people of --crops: say how many")
    return read_empties(arguments.backgrounds)


def _recipe(arguments: argparse.Namespace, *, is_alone: bool) -> Recipe:
    from motionapp.training.recipe import RATES_HZ, Recipe, most_of

    least_of = {"seed": 0, "epochs": 1, "width": 1, "rendered": 0, "clutter": 0, "crops": 0}
    for name, least in least_of.items():
        value = getattr(arguments, name)
        if value is not None and value < least:
            raise SettingsError(f"--{name} is {value}: at least {least}")
        if value is not None and value > most_of(name):
            raise SettingsError(f"--{name} is {value}: at most {most_of(name):.0f}")
    if not 0 <= arguments.recorded < 1:
        raise SettingsError(f"--recorded is {arguments.recorded:g}: from 0 to below 1")
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
        crops=arguments.crops,
        rates_hz=RATES_HZ,
        recorded_share=arguments.recorded,
        fewest_steps=FEWEST_STEPS,
        families=True,
    )


def _command(arguments: argparse.Namespace) -> str:
    """The line that was typed, with files by their names alone: a card is read elsewhere."""
    words = ["motionapp", "train", _place(arguments.data), "--out", arguments.out.name]
    for option in ("frontend", "arch", "protocol", "seed", "epochs", "width", "rendered"):
        value = getattr(arguments, option)
        if value is not None:
            words += [f"--{option}", str(value)]
    for option in ("scope", "clip_s", "grid_s", "lag_s", "side_px"):
        value = getattr(arguments, option)
        if value is not None:
            words += [f"--{option.replace('_', '-')}", str(value)]
    words += ["--clutter", str(arguments.clutter)]
    if arguments.prior != PRIORS[0]:
        words += ["--prior", arguments.prior]
    if arguments.crops:
        words += ["--crops", str(arguments.crops)]
    if arguments.crops or arguments.recorded != DEFAULT_RECORDED:
        words += ["--recorded", f"{arguments.recorded:g}"]
    if arguments.backgrounds is not None:
        words += ["--backgrounds", arguments.backgrounds.name]
    for option in ("name", "terms"):
        value = getattr(arguments, option)
        if value is not None:
            words += [f"--{option}", value]
    return shlex.join(words)


def _place(data: str) -> str:
    return data if data == ALONE else Path(data).name
