"""`motionapp models verify`: whether a model can be used."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from pathlib import Path

from motionapp.core.errors import ModelError

LINE = "check that models can be used"
ABOUT = """\
Check that models can be used: contract, operators, sizes, weights, answers, and whether the file is
the one that its card (MODEL.md beside MODEL.onnx) tells of. Without a MODEL, those that come with
the program. One line each.

A network of 8 bits whose weights use all of them says something else on processors without VNNI;
that is told, and is no fault. The exit code is 2 where a model cannot be used."""
EXAMPLE = """\
examples:
  motionapp models verify
  motionapp models verify my.onnx actions"""

_IN_CARD = re.compile(r"^\|\s*SHA-256\s*\|\s*([0-9a-f]{64})\s*\|", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of one model."""

    path: Path
    is_usable: bool
    said: str
    """One sentence; why not, or what it can do and what to mind."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the models."""
    parser.add_argument(
        "models",
        nargs="*",
        metavar="MODEL",
        help="an ONNX file, or a shipped model's name (default: all that ship)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Check; prints a line a model."""
    from motionapp.recognition.catalogue import files_of, shipped_models

    paths: list[Path] = []
    verdicts = []
    if not arguments.models:
        paths = [model.path for model in shipped_models()]
    for asked in arguments.models:
        try:
            paths += files_of(asked)
        except ModelError as error:
            verdicts.append(Verdict(Path(asked), False, str(error)))
    verdicts += [verdict_of(path) for path in dict.fromkeys(paths)]
    for verdict in verdicts:
        print(f"{'ok' if verdict.is_usable else 'no'}  {verdict.path.name}: {verdict.said}")
    return 0 if all(verdict.is_usable for verdict in verdicts) else ModelError.exit_code


def verdict_of(path: Path) -> Verdict:
    """Whether a model can be used, in one sentence."""
    from motionapp.assembly import check_maps
    from motionapp.recognition.eight_bits import saturation_of
    from motionapp.recognition.onnx import OnnxRecogniser, read_model_file

    try:
        content = read_model_file(path)
        recogniser = OnnxRecogniser(path, content=content)
        check_maps(recogniser.contract)
        in_card = digest_in_card(path)
        if in_card and in_card != recogniser.digest:
            raise ModelError(
                f"its SHA-256 is {recogniser.digest[:12]}…, but its card {path.stem}.md says "
                f"{in_card[:12]}…: it is damaged, or another file"
            )
    except ModelError as error:
        why = str(error).removeprefix(f"the model {path} cannot be used: ")
        return Verdict(path, False, why)
    contract = recogniser.contract
    sees = contract.representation
    behind = "any front-end" if sees.is_picture else sees.frontend
    card = "its file is as its card says" if in_card else "no card tells its SHA-256"
    said = f"can be used behind {behind}, names {len(contract.labels)} movements, and {card}"
    saturates = saturation_of(content).sentence
    return Verdict(path, True, f"{said}; mind that {saturates}" if saturates else said)


def digest_in_card(path: Path) -> str:
    """The SHA-256 that a model's card tells, as hex; empty where none does.

    Raises
    ------
    ModelError
        The card cannot be read.
    """
    card = path.with_suffix(".md")
    try:
        found = _IN_CARD.search(card.read_text("utf-8", errors="replace"))
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ModelError(f"its card {card} cannot be read: {error.strerror}") from error
    return found[1] if found else ""
