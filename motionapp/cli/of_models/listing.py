"""`motionapp models list`: the models that come with the program."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from motionapp.cli.printed import add_json

if TYPE_CHECKING:
    from motionapp.recognition.catalogue import Shipped

LINE = "list the models that come with the program"
ABOUT = """\
List the models that come with the program.

A name stands for one network a front-end: --classifier takes the name, and the front-end chooses.
Accuracy is that of windows which a model has not seen in its training, where any were held out."""
EXAMPLE = """\
example:
  motionapp models list
  motionapp models list --json models.json"""

TITLES = ("name", "front-end", "architecture", "labels", "MB", "precision", "accuracy")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add where it is written."""
    add_json(parser, "write the list, in full")


def run(arguments: argparse.Namespace) -> int:
    """List; prints one line a model."""
    from motionapp.files.atomic import make_place, write_whole
    from motionapp.recognition.catalogue import shipped_models

    models = [_document(model) for model in shipped_models()]
    if arguments.json is not None:
        make_place(arguments.json)
        text = json.dumps({"schema": 1, "models": models}, indent=1, ensure_ascii=False)
        write_whole(arguments.json, text + "\n")
    for line in table([TITLES, *(_cells(model) for model in models)]):
        print(line)
    return 0


def _document(model: Shipped) -> dict[str, Any]:
    from motionapp.recognition.onnx import read_contract

    contract = read_contract(model.path)
    return {
        "name": model.name,
        "frontend": model.frontend,
        "architecture": contract.architecture,
        "labels": list(contract.labels),
        "size_bytes": model.path.stat().st_size,
        "precision": contract.metrics.get("precision", "float32"),
        "accuracy": accuracy_of(contract.metrics),
        "metrics": dict(contract.metrics),
        "file": model.path.name,
    }


def accuracy_of(metrics: Mapping[str, Any]) -> float | None:
    """The share of held-out windows that were named rightly; None where nothing was held out."""
    found = metrics.get("window_accuracy", metrics.get("clip_accuracy"))
    return float(found) if isinstance(found, int | float) else None


def _cells(model: Mapping[str, Any]) -> tuple[str, ...]:
    accuracy = model["accuracy"]
    return (
        model["name"],
        model["frontend"],
        model["architecture"],
        str(len(model["labels"])),
        f"{model['size_bytes'] / 1e6:.2f}",
        model["precision"],
        "not held out" if accuracy is None else f"{100 * accuracy:.1f} %",
    )


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines, each column as wide as its longest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
