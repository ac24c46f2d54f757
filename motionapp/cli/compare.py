"""`motionapp compare`: several networks behind several front-ends, and which of them to take."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from motionapp.cli.learning_options import add_learning
from motionapp.cli.printed import add_json
from motionapp.cli.search_options import add_search, search_wanted
from motionapp.cli.train import add_no_cache, empties_of, kept_windows
from motionapp.cli.training_options import (
    add_clips,
    add_recipe,
    add_rendered,
    options_said,
    recipe_of,
    representation_of,
)
from motionapp.core.errors import SettingsError
from motionapp.recognition.catalogue import ARCHITECTURES

if TYPE_CHECKING:
    from motionapp.training.comparison.candidate import Candidate
    from motionapp.training.comparison.compare import Wanted
    from motionapp.training.search.order import SearchOrder

DEFAULT_PROTOCOL = "kfold:3"
PAGE = "compare.html"
STUDY = "search.db"
LONGEST_MINUTES = 10_080
"""A week."""

ABOUT = """\
Train several networks behind several front-ends on the same recordings, and say which to take.

Writes DIR/compare.html: size of the data, parameters, multiply-adds, file sizes, what a picture and
a clip take here, training time, memory, accuracy group by group, the front of what accuracy costs,
and what to take on a desktop and on a small box, each with its reason.

With --minutes it ends in time. If not all candidates can be trained in full by then, all are
screened: trained for a few steps on one fold. The best third are trained in full, and others while
there is time; the page tells which. What is finished is kept in DIR, and the same command goes on
where it was stopped."""
EXAMPLE = """\
examples:
  motionapp compare labels.csv --arch lenet5,vgg16,mobilenet_v2 --frontend absdiff,flow --out choice
  motionapp compare labels.csv --out choice --minutes 60 --json choice.json
  motionapp compare labels.csv --arch vgg16,resnet18 --out choice --search 20"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the data, what is compared, and how long that may take."""
    parser.description, parser.epilog = ABOUT, EXAMPLE
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "data", metavar="DATA", help="a CSV file path,label,group or a folder of class folders"
    )
    parser.add_argument(
        "--arch",
        metavar="NAME,NAME",
        default=",".join(ARCHITECTURES),
        help=f"layouts with commas between them (default: all, {', '.join(ARCHITECTURES)})",
    )
    parser.add_argument(
        "--frontend",
        metavar="NAME,NAME",
        default="absdiff",
        help="front-ends with commas between them (default: absdiff)",
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help=f"folder for {PAGE}, made if needed"
    )
    add_json(parser, "write all figures, too")
    parser.add_argument(
        "--minutes",
        type=float,
        metavar="M",
        help="end within M minutes: screen all, train the best in full (default: train all in "
        "full, however long it takes); a recording, a step or a file that has been begun is "
        "finished, some seconds as a rule",
    )
    parser.add_argument(
        "--protocol",
        default=DEFAULT_PROTOCOL,
        metavar="logo|kfold:K|holdout:F",
        help="what is held out to measure, always whole groups (default: kfold:3)",
    )
    add_no_cache(parser)
    add_clips(parser.add_argument_group("what the networks see"))
    add_recipe(parser.add_argument_group("recipe, of all of them"))
    add_learning(parser.add_argument_group("how they learn"))
    add_rendered(parser.add_argument_group("what is rendered"))
    add_search(
        parser.add_argument_group("what is searched for"),
        about="the best by --protocol is trained in full. With --minutes, as many as there is time "
        "for, and neither clip length nor lag",
        usual=f"DIR/{STUDY}",
    )
    # What they begin with differs from one to the other: it has no part in a comparison.
    parser.set_defaults(beginning=None, freeze=None, thaw=None, anew=False)


def run(arguments: argparse.Namespace) -> int:
    """Compare; prints the table and where the page is."""
    from motionapp.training.extra import need_torch

    began_s = time.monotonic()  # importing torch is a part of --minutes
    need_torch("comparing")
    from motionapp.cli.places import check_apart, files_of
    from motionapp.cli.training_progress import shown_progress
    from motionapp.files.atomic import make_folder, make_place, write_whole
    from motionapp.training.comparison.compare import compare
    from motionapp.training.comparison.page import compare_page
    from motionapp.training.comparison.table import table_lines

    wanted = _wanted(arguments)
    page = arguments.out / PAGE
    study = None if wanted.search is None else wanted.search.study
    check_apart({PAGE: page, "--json": arguments.json, "--study": study}, files_of(wanted.data))
    make_folder(arguments.out)
    for file in (page, arguments.json):
        if file is not None:
            make_place(file)  # an hour of training must not end at a missing folder
    with shown_progress(sys.stderr) as progress:
        kept = kept_windows(arguments, progress)
        try:
            outcome = compare(wanted, progress, kept=kept, began_s=began_s)
        except KeyboardInterrupt:
            progress.say("the same command goes on with what is finished")
            raise
        if kept is not None and kept.found:
            progress.say(kept.line())
    options = options_said(arguments)
    write_whole(page, compare_page(outcome, data=Path(arguments.data).name, options=options))
    if arguments.json is not None:
        write_whole(arguments.json, json.dumps(outcome.document(), indent=1) + "\n")
    print("\n".join(table_lines(outcome)))
    print(page)
    return 0


def _wanted(arguments: argparse.Namespace) -> Wanted:
    from motionapp.recognition.dataset import read_data_set
    from motionapp.sources.extensions import VIDEO_EXTENSIONS
    from motionapp.training.comparison.compare import Wanted
    from motionapp.training.protocols import parse_protocol

    minutes = arguments.minutes
    if minutes is not None and not 0 < minutes <= LONGEST_MINUTES:
        raise SettingsError(f"--minutes is {minutes:g}: above 0, at most {LONGEST_MINUTES}")
    protocol = parse_protocol(arguments.protocol, ("logo", "kfold", "holdout"))
    search = _search(arguments)
    candidates = _candidates(arguments)
    empties = empties_of(arguments, candidates[0].representation)
    return Wanted(
        data=read_data_set(arguments.data, extensions=VIDEO_EXTENSIONS),
        candidates=tuple(
            replace(one, recipe=replace(one.recipe, backgrounds=empties.digest))
            for one in candidates
        ),
        protocol=protocol,
        folder=arguments.out,
        minutes=minutes,
        empties=empties,
        command=_command(arguments),
        search=search,
    )


def _search(arguments: argparse.Namespace) -> SearchOrder | None:
    """The search that was asked for; None where there is none."""
    from motionapp.training.comparison.searched import GATHERED

    search = search_wanted(arguments, arguments.out / STUDY)
    if search is None:
        return None
    if arguments.minutes is not None:
        search = search.without(GATHERED)
    if not search.searched_for:
        raise SettingsError(
            "--search has nothing to search for: everything was chosen, and with --minutes clip "
            "length and lag stay as they are"
        )
    return search


def _candidates(arguments: argparse.Namespace) -> tuple[Candidate, ...]:
    """Every layout behind every front-end."""
    from motionapp.frontends import registry
    from motionapp.training.comparison.candidate import Candidate

    found = []
    for frontend in _listed("frontend", arguments.frontend, registry.names()):
        for architecture in _listed("arch", arguments.arch, ARCHITECTURES):
            own = argparse.Namespace(
                **{**vars(arguments), "arch": architecture, "frontend": frontend}
            )
            recipe = recipe_of(own, is_alone=False)
            representation = replace(representation_of(own), slowest_hz=recipe.slowest_hz)
            found.append(Candidate(representation, recipe))
    return tuple(found)


def _listed(option: str, text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Names with commas between them, each once."""
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        if name not in known:
            raise SettingsError(f"--{option} {name} is not known: choose from {', '.join(known)}")
    if not names:
        raise SettingsError(f"--{option} names nothing: choose from {', '.join(known)}")
    return names


def _command(arguments: argparse.Namespace) -> str:
    """The line that was typed, with files by their names alone."""
    words = ["motionapp", "compare", Path(arguments.data).name, "--arch", arguments.arch]
    words += ["--frontend", arguments.frontend, "--out", arguments.out.name]
    words += ["--protocol", arguments.protocol]
    if arguments.minutes is not None:
        words += ["--minutes", f"{arguments.minutes:g}"]
    if arguments.search is not None:
        words += ["--search", str(arguments.search)]
    return shlex.join([*words, *options_said(arguments)])
