"""The options of a training that decide its network: what it sees, its recipe, what is rendered.

Knows how they are written on the command line; what they do is the business of `training`.
"""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from motionapp.cli.learning_options import (
    DEFAULT_OPTIMISER,
    check_clashes,
    check_norm,
    check_within,
    optimiser_of,
    rates_of,
)
from motionapp.core.errors import SettingsError
from motionapp.training.choices import INITIALISERS, LEARNING_RATES, SCHEDULES, WIDTHS

if TYPE_CHECKING:
    from motionapp.core.representation import Representation
    from motionapp.training.recipe import Recipe

SCOPES = ("track", "group", "frame")
PRIORS = ("equal", "room", "street")
DEFAULT_CLUTTER = 20
NO_LAYOUT: Mapping[str, Any] = MappingProxyType({})
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


def add_clips(group: argparse._ArgumentGroup) -> None:
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


def add_recipe(group: argparse._ArgumentGroup) -> None:
    """How long it learns, and how wide it is."""
    group.add_argument(
        "--seed", type=int, default=1, metavar="N", help="of every draw (default: 1)"
    )
    group.add_argument(
        "--epochs", type=int, metavar="N", help="looks at every window, about (default: 8)"
    )
    group.add_argument(
        "--steps",
        type=int,
        metavar="N",
        help="batches at least, however few the recordings are: few are starved of looks (default: "
        f"{FEWEST_STEPS})",
    )
    group.add_argument(
        "--width",
        type=int,
        metavar="N",
        help="channels of the first convolution; the others keep the layout's proportions "
        "(default: 6 to 24, see motionapp architectures)",
    )


def add_use(group: argparse._ArgumentGroup) -> None:
    """Where the network is to be used, and what its card says."""
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


def add_rendered(group: argparse._ArgumentGroup) -> None:
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


def representation_of(arguments: argparse.Namespace) -> Representation:
    """What the network is to see, as far as it was chosen."""
    from motionapp.frontends import registry

    usual = registry.representation(arguments.frontend)
    grid_s = usual.grid_s if arguments.grid_s is None else arguments.grid_s
    check_within("grid-s", grid_s, 0.02, 2.0)
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
        check_within(option, value, low, high)
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


def recipe_of(
    arguments: argparse.Namespace, *, is_alone: bool, layout: Mapping[str, Any] = NO_LAYOUT
) -> Recipe:
    """The recipe that was asked for.

    Parameters
    ----------
    arguments : argparse.Namespace
    is_alone : bool
        Whether rendered figures are all that there is.
    layout : mapping, optional
        Architecture, width and dense layers of what it begins with: the usual ones, then.

    Raises
    ------
    SettingsError
        A number is out of range, or two options clash.
    """
    from motionapp.training.recipe import RATES_HZ, Recipe

    _check_numbers(arguments)
    check_clashes(arguments)
    usual = Recipe()
    figures = RENDERED_ALONE if is_alone else RENDERED_BESIDE
    architecture = arguments.arch or layout.get("architecture", usual.architecture)
    check_norm(arguments, architecture)
    return replace(
        usual,
        architecture=architecture,
        width=_given(arguments.width, layout.get("width", WIDTHS[architecture])),
        dense=layout.get("dense", usual.dense),
        seed=arguments.seed,
        epochs=_given(arguments.epochs, usual.epochs),
        batch=_given(arguments.batch, usual.batch),
        rendered=_given(arguments.rendered, figures),
        clutter=arguments.clutter,
        crops=arguments.crops,
        rates_hz=rates_of(arguments, RATES_HZ),
        recorded_share=arguments.recorded,
        fewest_steps=_given(arguments.steps, FEWEST_STEPS),
        families=True,
        **_learning(arguments, usual),
    )


def _learning(arguments: argparse.Namespace, usual: Recipe) -> dict[str, Any]:
    """How it learns, as a recipe has it."""
    optimiser = optimiser_of(arguments)
    decay = usual.weight_decay if optimiser == DEFAULT_OPTIMISER else 0.0
    return {
        "optimiser": optimiser,
        "learning_rate": _given(arguments.learning_rate, LEARNING_RATES[optimiser]),
        "momentum": _given(arguments.momentum, usual.momentum),
        "schedule": arguments.schedule,
        "weight_decay": _given(arguments.weight_decay, decay),
        "l1": arguments.l1,
        "l2": arguments.l2,
        "dropout": _given(arguments.dropout, usual.dropout),
        "batch_norm": arguments.norm == "batch",
        "initialiser": arguments.init,
        "label_smoothing": _given(arguments.label_smoothing, usual.label_smoothing),
        "class_weights": arguments.class_weights,
        "augmentation": replace(
            usual.augmentation.scaled(arguments.augment), drop_outs=_given(arguments.drop_outs, 0.0)
        ),
        "patience": arguments.patience,
        "held_share": _given(arguments.held_share, usual.held_share),
        "frozen": _given(arguments.freeze, 0),
        "thaw": _given(arguments.thaw, 1.0),
    }


def _given(value: Any, usual: Any) -> Any:
    """What was asked for, or else the usual; of whatever type the option has."""
    return usual if value is None else value


def _check_numbers(arguments: argparse.Namespace) -> None:
    from motionapp.training.recipe import most_of

    least_of = {
        "seed": 0, "epochs": 1, "steps": 1, "width": 1, "batch": 2, "rendered": 0, "clutter": 0,
        "crops": 0, "patience": 0, "freeze": 1,
    }  # fmt: skip
    for name, least in least_of.items():
        value = getattr(arguments, name)
        if value is not None and value < least:
            raise SettingsError(f"--{name} is {value}: at least {least}")
        most = most_of("fewest_steps" if name == "steps" else name)
        if value is not None and value > most:
            raise SettingsError(f"--{name} is {value}: at most {most:.0f}")
    if not 0 <= arguments.recorded < 1:
        raise SettingsError(f"--recorded is {arguments.recorded:g}: from 0 to below 1")
    for option, low, high in (
        ("learning-rate", 1e-9, 10.0), ("momentum", 0.0, 0.999), ("weight-decay", 0.0, 10.0),
        ("l1", 0.0, 1.0), ("l2", 0.0, 1.0), ("dropout", 0.0, 0.95),
        ("label-smoothing", 0.0, 0.99), ("drop-outs", 0.0, 1.0), ("held-share", 0.01, 0.9),
        ("thaw", 0.0, 1.0), ("augment", 0.0, 2.0),
    ):  # fmt: skip
        value = getattr(arguments, option.replace("-", "_"))
        if value is not None:
            check_within(option, value, low, high)


def command_of(arguments: argparse.Namespace) -> str:
    """The line that was typed, with files by their names alone: a card is read elsewhere."""
    words = ["motionapp", "train", _place(arguments.data), "--out", arguments.out.name]
    words += _said(arguments, ("frontend", "arch", "protocol"))
    if arguments.beginning is not None:
        words += ["--from", Path(arguments.beginning).name]
    words += _said(arguments, ("search",))
    words += options_said(arguments)
    if arguments.prior != PRIORS[0]:
        words += ["--prior", arguments.prior]
    for option in ("name", "terms"):
        value = getattr(arguments, option)
        if value is not None:
            words += [f"--{option}", value]
    return shlex.join(words)


def options_said(arguments: argparse.Namespace) -> list[str]:
    """The options that decide the network, as they are typed; the usual ones are left out, where
    nobody chose them."""
    words = _said(arguments, ("seed", "epochs", "steps", "width"))
    words += _said(arguments, ("rendered", "scope", "clip_s", "grid_s", "lag_s", "side_px"))
    usual = {
        "schedule": SCHEDULES[0], "l1": 0.0, "l2": 0.0, "norm": "batch",
        "init": INITIALISERS[0], "class_weights": "root", "augment": 1.0, "patience": 0,
    }  # fmt: skip
    words += _said(arguments, ("optimiser",))
    words += _said(arguments, [name for name in usual if getattr(arguments, name) != usual[name]])
    words += _said(arguments, ("learning_rate", "momentum", "batch", "weight_decay", "dropout"))
    words += _said(
        arguments, ("label_smoothing", "rates", "drop_outs", "held_share", "freeze", "thaw")
    )
    words += ["--clutter", str(arguments.clutter)]
    if arguments.crops:
        words += ["--crops", str(arguments.crops)]
    if arguments.crops or arguments.recorded != DEFAULT_RECORDED:
        words += ["--recorded", f"{arguments.recorded:g}"]
    if arguments.backgrounds is not None:
        words += ["--backgrounds", arguments.backgrounds.name]
    return words


def _said(arguments: argparse.Namespace, options: Sequence[str]) -> list[str]:
    """Options as they are typed, of those that have a value."""
    words: list[str] = []
    for option in options:
        value = getattr(arguments, option)
        if value is not None:
            words += [f"--{option.replace('_', '-')}", str(value)]
    return words


def _place(data: str) -> str:
    return data if data == ALONE else Path(data).name
