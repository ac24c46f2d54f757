"""`motionapp models info`: what a model file says of itself."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from motionapp.cli.printed import add_json

if TYPE_CHECKING:
    from motionapp.core.representation import Representation

LINE = "show what a model file says of itself"
ABOUT = """\
Show what a model file says of itself: what it looks at, in words, its labels and calibration, its
operators, what it was trained on and how well it does. The network is not loaded.

A shipped model's name stands for all of its siblings, one for each front-end."""
EXAMPLE = """\
examples:
  motionapp models info actions
  motionapp models info actions-flow-vgg16
  motionapp models info my.onnx --json my.json"""

SCOPES = {
    "track": "one person",
    "group": "one person with who is nearest",
    "frame": "the whole picture",
    "moving": "whatever moves of a body",
}
SEEN = {
    "absdiff": "differences of grey pictures",
    "background": "differences from the empty picture",
    "codec": "vectors of the encoder",
    "flow": "optical flow, right and down",
    "pose": "drawn limbs, left and right",
    "rgb": "pictures in colour, whatever front-end finds the body",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the model, and where it is written."""
    parser.add_argument("model", metavar="MODEL", help="an ONNX file, or a shipped model's name")
    add_json(parser, "write the same as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Show; prints a page a file."""
    from motionapp.cli.places import check_apart
    from motionapp.files.atomic import make_place, write_whole
    from motionapp.recognition.catalogue import files_of

    files = files_of(arguments.model)
    check_apart({"--json": arguments.json}, files)
    models = [document(path) for path in files]
    if arguments.json is not None:
        make_place(arguments.json)
        text = json.dumps({"schema": 1, "models": models}, indent=1, ensure_ascii=False)
        write_whole(arguments.json, text + "\n")
    print("\n\n".join(page(model) for model in models))
    return 0


def document(path: Path) -> dict[str, Any]:
    """All that a model file says of itself.

    Raises
    ------
    ModelError
        It cannot be used.
    """
    from motionapp.recognition.eight_bits import saturation_of
    from motionapp.recognition.onnx import contract_of, read_model_file
    from motionapp.recognition.outline import read_outline

    content = read_model_file(path)
    contract, outline = contract_of(path, content), read_outline(content)
    return {
        "file": path.name,
        "size_bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "sees": in_words(contract.representation),
        "precision": contract.metrics.get("precision", "float32"),
        "operators": sorted(outline.operators),
        "opset": outline.opset,
        "written_by": outline.producer,
        "saturation": saturation_of(content).sentence,
        "contract": asdict(contract),
    }


def in_words(representation: Representation) -> str:
    """What a network looks at, in a sentence."""
    shape = representation
    what = SEEN.get(shape.frontend, f"maps of {shape.frontend}")
    maps = "1 map" if shape.steps == 1 else f"{shape.steps} maps, {shape.grid_s:g} s apart"
    if shape.is_picture:
        maps = "the newest" if shape.steps == 1 else f"{shape.steps}, {shape.grid_s:g} s apart"
    elif shape.frontend in ("absdiff", "flow"):
        maps += f", each of two pictures {shape.lag_s:g} s apart"
    size = f"{shape.side_px} x {shape.side_px} pixels"
    planes = "1 plane" if shape.planes == 1 else f"{shape.planes} planes"
    told = "; it is told how the body goes" if shape.going else ""
    scope = SCOPES[shape.scope]
    return f"{scope}: {what}; {maps}, {size}, {planes} each ({shape.channels} in all){told}"


def page(model: Mapping[str, Any]) -> str:
    """A model as lines for a person."""
    contract = model["contract"]
    labels = contract["labels"]
    slowest_hz = contract["representation"]["slowest_hz"]
    lines = {
        "name": f"{contract['name']}, made by motionapp {contract['version']}",
        "architecture": contract["architecture"],
        "sees": model["sees"],
        "pictures a second": f"{slowest_hz:g} at least" if slowest_hz else "3 in a clip at least",
        "labels": f"{len(labels)}: {', '.join(labels)}"
        + ("; and none of them" if contract["has_reject"] else ""),
        "calibration": f"temperature {contract['temperature']:g}, threshold "
        f"{contract['threshold']:g}, prior {contract['prior']}, input {contract['normalisation']}",
        "size": f"{model['size_bytes'] / 1e6:.2f} MB, {model['precision']}",
        "operators": f"{', '.join(model['operators'])} (opset {model['opset']})",
        "written by": model["written_by"] or "not stated",
        "saturation": model["saturation"],
        "SHA-256": model["sha256"],
    }
    shown = [f"{name + ':':<19}{value}" for name, value in lines.items() if value]
    for title in ("metrics", "recipe"):
        shown += [f"{title}:", *(f"  {line}" for line in _flat(contract[title]))]
        if not contract[title]:
            shown[-1] += " nothing is stated"
    return "\n".join([model["file"], *(f"  {line}" for line in shown)])


def _flat(value: Any, before: str = "") -> list[str]:
    """Free notes as lines, with what stands below a name behind it."""
    if isinstance(value, Mapping):
        return [
            line
            for name, below in value.items()
            for line in _flat(below, f"{before}, {name}" if before else str(name))
        ]
    if isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        return [line for k, one in enumerate(value, 1) for line in _flat(one, f"{before} {k}")]
    said = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return [f"{before.replace('_', ' ')}: {said}"]
