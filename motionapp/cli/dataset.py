"""`motionapp dataset`: what a training learns from, found and looked after."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from motionapp.cli.data_check import (
    CHECK_ABOUT,
    CHECK_EXAMPLE,
    CHECK_LINE,
    add_check,
    run_check,
)
from motionapp.cli.evaluate import model_file
from motionapp.core.errors import SettingsError

if TYPE_CHECKING:
    from motionapp.batch.mining import Mining
    from motionapp.core.contract import ModelContract
    from motionapp.settings import Settings

DEFAULT_MOST = 20
"""Stretches of each recording: one long recording must not be all that is learnt, and a person
looks through twenty in a few minutes."""
GROUPS = ("recording", "folder")

MINE_LINE = "find what a model names in recordings that show none of its movements"
MINE_ABOUT = """\
Find what a model names in recordings that show none of its movements.

All that it names there is wrong. The stretches are written as lines of a data set,
path,label,group,start_s,end_s,x0,y0,x1,y1,named,score, with the label unknown, those first in
which it was sure for longest; x0 to y1 are the box of the body that was named, so that who else
moves there meanwhile is not learnt. Look through them, delete what shows one of the movements
after all, put the rest into your labels.csv (its first line must name start_s, end_s and x0 to
y1; named and score are passed over), train again, and mine once more with the new model. Keep
some places out of it, to measure on: motionapp evaluate tells how many windows labelled unknown
have a name."""
MINE_EXAMPLE = """\
example:
  motionapp dataset mine my.onnx empty-rooms/ street.mp4 --out mined.csv
  tail -n +2 mined.csv >> labels.csv
  motionapp train labels.csv --out better.onnx"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what can be done, each with its own options."""
    actions = parser.add_subparsers(metavar="ACTION", title="actions", required=True)
    check = _action(actions, "check", CHECK_LINE, CHECK_ABOUT, CHECK_EXAMPLE)
    check.set_defaults(act=run_check)
    add_check(check)
    mine = _action(actions, "mine", MINE_LINE, MINE_ABOUT, MINE_EXAMPLE)
    mine.set_defaults(act=run_mine)
    _add_mine(mine)


def _action(
    actions: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    line: str,
    about: str,
    example: str,
) -> argparse.ArgumentParser:
    """One of the things that can be done."""
    parser = actions.add_parser(
        name,
        help=line,
        description=about,
        epilog=example,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    # The verb has it, too: without a default of its own, what stands before the action holds.
    parser.add_argument(
        "--verbose", action="store_true", default=argparse.SUPPRESS, help="say more while running"
    )
    return parser


def _add_mine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help="an ONNX file, or a shipped model's name")
    parser.add_argument(
        "recordings",
        nargs="+",
        metavar="RECORDING",
        help="a recording without any of its movements, a folder of such, or a pattern",
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE.csv",
        help="where the stretches are written; paths of recordings below its folder are relative "
        "to it, so that it belongs beside your labels.csv",
    )
    parser.add_argument(
        "--most",
        type=int,
        default=DEFAULT_MOST,
        metavar="N",
        help=f"of each recording, so many stretches at most (default: {DEFAULT_MOST})",
    )
    parser.add_argument(
        "--least-score",
        type=float,
        default=0.0,
        metavar="P",
        help="only names that it was sure of by P or more, 0 to 1 (default: all that it names)",
    )
    parser.add_argument(
        "--group",
        choices=GROUPS,
        default=GROUPS[0],
        help="what is held out together: each recording by itself, or all of one folder, where "
        "that is a place or a camera (default: recording)",
    )
    parser.add_argument(
        "--people",
        choices=("auto", "off"),
        help="whether people are looked for where something moves (auto)",
    )
    parser.add_argument(
        "--workers", type=int, metavar="N", help="recordings analysed at the same time (default: 1)"
    )
    parser.add_argument("--settings", type=Path, metavar="FILE", help="a TOML settings file")
    parser.add_argument("--force", action="store_true", help="write over a file that is there")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked for."""
    return int(arguments.act(arguments))


def run_mine(arguments: argparse.Namespace) -> int:
    """Mine; prints where the stretches are."""
    from motionapp.batch.mining import Wanted, mine
    from motionapp.files.atomic import make_place, write_whole
    from motionapp.recognition.mined import mined_text
    from motionapp.recognition.onnx import read_contract

    _check(arguments)
    model = model_file(arguments.model)
    contract = read_contract(model)
    settings = _settings(arguments, model, contract)
    out: Path = arguments.out
    wanted = Wanted(
        labels=contract.labels,
        beside=out.parent,
        most=arguments.most,
        least_score=arguments.least_score,
        group_by=arguments.group,
    )
    make_place(out)  # an hour of looking must not end at a missing folder
    mining = mine(arguments.recordings, settings, wanted, messages=sys.stderr)
    if mining.is_all_lost:
        return mining.exit_code
    write_whole(out, mined_text(mining.found))
    print(f"motionapp: {summary_line(mining)}", file=sys.stderr)
    print(out)
    return mining.exit_code


def _check(arguments: argparse.Namespace) -> None:
    if arguments.most < 1:
        raise SettingsError(f"--most is {arguments.most}: at least 1")
    if not 0 <= arguments.least_score <= 1:
        raise SettingsError(f"--least-score is {arguments.least_score:g}: 0 to 1")
    out: Path = arguments.out
    if out.is_file() and not arguments.force:
        raise SettingsError(
            f"{out} is there already, and somebody may have looked through it: name another file, "
            "or add --force"
        )


def _settings(arguments: argparse.Namespace, model: Path, contract: ModelContract) -> Settings:
    """The usual ones, with the model and the front-end that it was trained on."""
    from motionapp.frontends.registry import road_of
    from motionapp.settings import load_settings

    changes = {
        "analysis.frontend": road_of(contract.representation),
        "analysis.recognition.classifier": str(model),
        "analysis.people": arguments.people,
        "run.workers": arguments.workers,
    }
    return load_settings(arguments.settings, environment=os.environ, changes=changes)


def summary_line(mining: Mining) -> str:
    """What was found, on one line."""
    read = sum(record.status in ("ok", "partial") for record in mining.records)
    recordings = "1 recording" if read == 1 else f"{read} recordings"
    if not mining.found:
        return f"nothing was named in {recordings}"
    names = Counter(mined.false_name.named for mined in mining.found)
    said = ", ".join(f"{name} {count}" for name, count in names.most_common())
    stretches = "1 stretch" if len(mining.found) == 1 else f"{len(mining.found)} stretches"
    seconds = sum(one.false_name.end_s - one.false_name.start_s for one in mining.found)
    where = len({mined.path for mined in mining.found})
    return f"{stretches} in {where} of {recordings}, {seconds:.1f} s together: {said}"
