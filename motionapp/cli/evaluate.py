"""`motionapp evaluate`: how well a model names recordings with known labels."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from motionapp.cli.printed import add_json
from motionapp.cli.train import add_no_cache, add_report, kept_windows
from motionapp.cli.training_options import PRIORS
from motionapp.core.errors import ModelError, SettingsError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the model, the data, and how it is measured."""
    parser.add_argument("model", metavar="MODEL", help="an ONNX file, or a shipped model's name")
    parser.add_argument(
        "data",
        metavar="DATA",
        help="a CSV file path,label,group[,start_s,end_s[,x0,y0,x1,y1]] or a folder of class "
        "folders",
    )
    parser.add_argument(
        "--protocol",
        default="all",
        metavar="all|logo|kfold:K",
        help="all runs the model as it is; the others train its recipe anew on what they do not "
        "hold out (default: all)",
    )
    parser.add_argument(
        "--rate",
        type=float,
        default=0.0,
        metavar="HZ",
        help="with --protocol all: show so many pictures a second, as a slower camera would",
    )
    parser.add_argument(
        "--prior",
        choices=PRIORS,
        default=PRIORS[0],
        help="how frequent movements are taken to be (default: all alike, as in most data sets)",
    )
    add_json(parser, "write the figures")
    add_report(parser)
    add_no_cache(parser)


def run(arguments: argparse.Namespace) -> int:
    """Measure; prints the figures on one line, and how far they may be off on a few more."""
    from motionapp.cli.places import check_apart, files_of
    from motionapp.cli.training_progress import shown_progress
    from motionapp.files.atomic import make_place, write_whole
    from motionapp.recognition.dataset import read_data_set
    from motionapp.recognition.onnx import read_contract
    from motionapp.sources.extensions import VIDEO_EXTENSIONS
    from motionapp.training.album import Album
    from motionapp.training.evaluate import evaluate
    from motionapp.training.protocols import EVALUATION_KINDS, parse_protocol
    from motionapp.training.report import check_place, write_report
    from motionapp.training.scores import spread_lines, summary_line

    protocol = parse_protocol(arguments.protocol, EVALUATION_KINDS)
    if not 0 <= arguments.rate <= 1000 or (arguments.rate and protocol.kind != "all"):
        raise SettingsError(
            f"--rate is {arguments.rate:g}: above 0, at most 1000, and with --protocol all"
        )
    model = model_file(arguments.model)
    data = read_data_set(
        arguments.data,
        extensions=VIDEO_EXTENSIONS,
        fewest_labels=0 if protocol.kind == "all" else 2,
    )
    check_apart({"--json": arguments.json}, [model, *files_of(data)], folder=arguments.report)
    if arguments.json is not None:
        make_place(arguments.json)
    if arguments.report is not None:
        check_place(arguments.report)
    album = Album()
    with shown_progress(sys.stderr) as progress:
        figures = evaluate(
            model, data, protocol, progress,
            prior=arguments.prior, rate_hz=arguments.rate, kept=kept_windows(arguments, progress),
            album=album,
        )  # fmt: skip
    print(f"{protocol}: {summary_line(figures)}")
    for line in spread_lines(figures):
        print(line)
    if arguments.json is not None:
        write_whole(arguments.json, json.dumps(figures, indent=1) + "\n")
    if arguments.report is not None:
        representation = read_contract(model).representation
        write_report(arguments.report, figures, album.wrongs, representation)
    return 0


def model_file(asked: str) -> Path:
    """A file, or the first of the shipped models with that name."""
    from motionapp.recognition.catalogue import shipped_models

    path = Path(asked)
    if path.is_file():
        return path
    for shipped in shipped_models():
        if shipped.name == asked:
            return shipped.path
    raise ModelError(
        f"there is no model {asked!r}: name an ONNX file, or one of "
        f"{', '.join(dict.fromkeys(model.name for model in shipped_models())) or '(none shipped)'}"
    )
