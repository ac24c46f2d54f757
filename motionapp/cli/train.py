"""`motionapp train`: recordings with labels into a model file."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from motionapp.cli.learning_options import add_learning, add_transfer
from motionapp.cli.printed import add_json
from motionapp.cli.search_options import STUDY_ENDING, add_search, search_wanted
from motionapp.cli.training_options import (
    ALONE,
    NO_LAYOUT,
    add_clips,
    add_recipe,
    add_rendered,
    add_use,
    command_of,
    recipe_of,
    representation_of,
)
from motionapp.core.errors import SettingsError
from motionapp.recognition.catalogue import ARCHITECTURES

if TYPE_CHECKING:
    from motionapp.core.representation import Representation
    from motionapp.training.empty import Empties
    from motionapp.training.folds import Along
    from motionapp.training.kept import KeptWindows
    from motionapp.training.progress import Progress
    from motionapp.training.search.order import SearchOrder
    from motionapp.training.search.search import Found
    from motionapp.training.train import Order

DEFAULT_PROTOCOL = "holdout:0.2"


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
        help="the layout of the network (default: vgg16, or that of --from)",
    )
    parser.add_argument(
        "--protocol",
        default=DEFAULT_PROTOCOL,
        metavar="logo|kfold:K|holdout:F|none",
        help="what is held out to measure, always whole groups (default: holdout:0.2)",
    )
    add_json(parser, "write the figures of the protocol")
    parser.add_argument(
        "--anew",
        action="store_true",
        help="begin anew where the same training was interrupted; without it, it goes on where it "
        "was, and comes to the same",
    )
    parser.add_argument(
        "--tensorboard", type=Path, metavar="DIR", help="write how it goes for TensorBoard"
    )
    parser.add_argument(
        "--learning-curve",
        action="store_true",
        help="train on a quarter and a half of each fold's groups, too, and say whether more "
        "recordings would help; takes about three times as long",
    )
    add_report(parser)
    add_no_cache(parser)
    add_for_window(parser)
    add_clips(parser.add_argument_group("what the network sees"))
    recipe = parser.add_argument_group("recipe")
    add_recipe(recipe)
    add_use(recipe)
    add_learning(parser.add_argument_group("how it learns"))
    add_transfer(parser.add_argument_group("what it begins with"))
    add_rendered(parser.add_argument_group("what is rendered"))
    searched = parser.add_argument_group("what is searched for")
    about = "the best by --protocol trains the model"
    add_search(searched, about=about, usual=f"beside the model, {STUDY_ENDING}")


def add_for_window(parser: argparse.ArgumentParser) -> None:
    """Add what the window asks for, which trains in a process of its own: to be told in JSON how
    far it is, and the worst clips as picture files."""
    parser.add_argument(
        "--progress", choices=("lines", "json"), default="lines", help=argparse.SUPPRESS
    )
    parser.add_argument("--pictures", type=Path, help=argparse.SUPPRESS)


def add_report(parser: argparse.ArgumentParser) -> None:
    """Add the place of the report."""
    parser.add_argument(
        "--report",
        type=Path,
        metavar="DIR",
        help="write a page with all that was measured, what it means and the worst clips as "
        "pictures (DIR/report.html), and its figures (DIR/figures.json)",
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


def run(arguments: argparse.Namespace) -> int:
    """Train; prints the figures and where the model is."""
    from motionapp.training.extra import need_torch

    need_torch("training")
    from motionapp.cli.training_progress import shown_progress
    from motionapp.files.atomic import make_place, write_whole
    from motionapp.training.album import Album
    from motionapp.training.files import write_model
    from motionapp.training.report import (
        check_place,
        check_strips,
        write_report,
        write_strips,
    )
    from motionapp.training.train import train

    study = arguments.out.with_suffix(STUDY_ENDING)
    wanted = search_wanted(arguments, study, is_alone=arguments.data == ALONE)
    along, layout = _along(arguments)
    order = _order(arguments, along, layout)
    out, figures_file = arguments.out, arguments.json
    card = out.with_suffix(".md")
    _check_places(arguments, order, card, None if wanted is None else wanted.study)
    for file in (out, card, figures_file):
        if file is not None:
            make_place(file)  # an hour of training must not end at a missing folder
    if arguments.report is not None:
        check_place(arguments.report)
    if arguments.pictures is not None:
        check_strips(arguments.pictures)
    album = Album()
    with shown_progress(sys.stderr, as_json=arguments.progress == "json") as progress:
        try:
            found = None if wanted is None else _searched(order, wanted, progress)
            order = order if found is None else found.order
            trained = train(
                order, progress, kept=kept_windows(arguments, progress), along=along, album=album
            )
        except KeyboardInterrupt:
            if along.unfinished is not None and along.unfinished.folder.is_dir():
                progress.say("the same command goes on from here, and with --anew begins anew")
            raise
        finally:
            if along.curves is not None:
                along.curves.close()
    if found is not None:
        trained.figures["search"] = found.document()
    write_model(out, trained.content)
    write_whole(card, trained.card(out.name, order.command))
    if figures_file is not None:
        write_whole(figures_file, json.dumps(trained.figures, indent=1) + "\n")
    if arguments.report is not None:
        write_report(arguments.report, trained.figures, album.wrongs, order.representation)
    if arguments.pictures is not None:
        write_strips(arguments.pictures, album.wrongs, order.representation)
    if along.unfinished is not None:
        along.unfinished.clear()
    print(out)
    return 0


def _check_places(
    arguments: argparse.Namespace, order: Order, card: Path, study: Path | None
) -> None:
    """Nothing that is written takes the place of something else."""
    from motionapp.cli.places import check_apart, files_of

    check_apart(
        {
            "--out": arguments.out, "the card of --out": card, "--json": arguments.json,
            "--study": study, "--tensorboard": arguments.tensorboard,
        },
        [*files_of(order.data), *([Path(arguments.beginning)] if arguments.beginning else [])],
        folder=arguments.report,
    )  # fmt: skip


def _searched(order: Order, wanted: SearchOrder, progress: Progress) -> Found:
    """The best of the recipes that were tried; says which, and what mattered."""
    from motionapp.training.search.search import found_lines, search

    found = search(order, wanted, progress)
    for line in found_lines(found):
        progress.say(line)
    return found


def _order(
    arguments: argparse.Namespace,
    along: Along | None = None,
    layout: Mapping[str, Any] = NO_LAYOUT,
) -> Order:
    from motionapp.frontends import registry
    from motionapp.recognition.dataset import DataSet, read_data_set
    from motionapp.sources.extensions import VIDEO_EXTENSIONS
    from motionapp.training.protocols import TRAINING_KINDS, parse_protocol
    from motionapp.training.train import NO_TERMS, Order

    registry.check(arguments.frontend)
    is_alone = arguments.data == ALONE
    recipe = recipe_of(arguments, is_alone=is_alone, layout=layout)
    if along is not None and along.beginning is not None:
        recipe = replace(recipe, beginning=along.beginning.sha256)
    representation = replace(representation_of(arguments), slowest_hz=recipe.slowest_hz)
    empties = empties_of(arguments, representation)
    if arguments.out.suffix.lower() != ".onnx":
        raise SettingsError(f"--out {arguments.out}: the name of a model ends in .onnx")
    if is_alone and arguments.protocol not in (DEFAULT_PROTOCOL, "none"):
        raise SettingsError(
            f"--protocol {arguments.protocol} needs recordings to hold out, and {ALONE} has none: "
            "measure the model afterwards with motionapp evaluate"
        )
    protocol = "none" if is_alone else arguments.protocol
    if arguments.learning_curve and protocol == "none":
        raise SettingsError(
            "--learning-curve needs a protocol that holds something out: --protocol kfold:5, say"
        )
    return Order(
        data=DataSet(Path(ALONE), ())
        if is_alone
        else read_data_set(arguments.data, extensions=VIDEO_EXTENSIONS),
        representation=representation,
        recipe=replace(recipe, backgrounds=empties.digest),
        protocol=parse_protocol(protocol, TRAINING_KINDS),
        name=arguments.name or arguments.out.stem,
        command=command_of(arguments),
        terms=arguments.terms or NO_TERMS,
        prior=arguments.prior,
        empties=empties,
        learning_curve=arguments.learning_curve,
    )


def _along(arguments: argparse.Namespace) -> tuple[Along, Mapping[str, Any]]:
    """What the networks begin with and where they leave how they go; and the layout of what they
    begin with."""
    from motionapp.training.beginnings import beginning_of, layout_of
    from motionapp.training.curves import Curves
    from motionapp.training.folds import Along
    from motionapp.training.unfinished import Unfinished

    beginning, layout = None, NO_LAYOUT
    if arguments.beginning is not None:
        beginning, contract = beginning_of(arguments.beginning, arguments.frontend)
        layout = layout_of(beginning, contract)
    unfinished = Unfinished(arguments.out.with_suffix(".training"))
    if arguments.anew:
        unfinished.clear()
    curves = None if arguments.tensorboard is None else Curves(arguments.tensorboard)
    return Along(beginning, unfinished, curves), layout


def empties_of(arguments: argparse.Namespace, representation: Representation) -> Empties:
    """The empty pictures behind rendered people, once these can be rendered at all."""
    from motionapp.training.crop_clips import check_croppable
    from motionapp.training.empty import NO_EMPTIES, read_empties

    if arguments.crops:
        check_croppable(representation)  # before hours of gathering
    if arguments.backgrounds is None:
        return NO_EMPTIES
    if not arguments.crops:
        raise SettingsError("--backgrounds stand behind the people of --crops: say how many")
    return read_empties(arguments.backgrounds)
