"""The labels of a network that was made elsewhere, as a person gives them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from motionapp.core.errors import SettingsError
from motionapp.core.event import UNKNOWN
from motionapp.recognition.dataset import label_fault

FEWEST_LABELS, MOST_LABELS = 2, 1000
MOST_BYTES: Final = 2**20


def read_labels(asked: str) -> tuple[str, ...]:
    """Labels in the order of a network's answers.

    Parameters
    ----------
    asked : str
        A text file with one a line, a JSON file with a list of them or with one by each number, or
        the labels themselves with commas between.

    Raises
    ------
    SettingsError
        There is no such file, it is no text, or a label is empty, too long, there twice, or
        `unknown` and not the last.
    """
    path = Path(asked)
    if path.is_file():
        labels, where = _in_file(path), str(path)
    elif path.is_dir():
        raise SettingsError(f"the labels {asked} are a folder: name a text file, or a,b,c")
    elif path.suffix or "/" in asked or "\\" in asked:
        raise SettingsError(f"the labels {asked} are not there: name a text file, or a,b,c")
    else:
        labels, where = [label.strip() for label in asked.split(",")], "--labels"
    twice = next((label for label in labels if labels.count(label) > 1), None)
    if "" in labels:
        raise SettingsError(f"{where} has an empty label: between two others stands none")
    if twice is not None:
        raise SettingsError(f"{where} has the label {twice} twice: each answer needs its own")
    if not FEWEST_LABELS <= len(labels) <= MOST_LABELS:
        counted = "1 label" if len(labels) == 1 else f"{len(labels)} labels"
        raise SettingsError(f"{where} has {counted}: {FEWEST_LABELS} to {MOST_LABELS} are needed")
    fault = next(filter(None, map(label_fault, labels)), "")
    if fault:
        raise SettingsError(f"{where} {fault}")
    if UNKNOWN in labels[:-1]:
        raise SettingsError(
            f"{where} has the label {UNKNOWN} before others: what shows none of them is the last "
            "answer of a network, or has another name"
        )
    return tuple(labels)


def _in_file(path: Path) -> list[str]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise SettingsError(f"{path} is too large for a list of labels: one a line is wanted")
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is no text in UTF-8: one label a line is wanted") from error
    if path.suffix.lower() == ".json" or text.lstrip()[:1] in ("[", "{"):
        return _in_json(path, text)
    return [line.strip() for line in text.rstrip().splitlines()]


def _in_json(path: Path, text: str) -> list[str]:
    """A list of labels, or an object with the number of each answer: `{"0": "walk", ...}`."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{path} is no JSON that can be read: {error}") from error
    if isinstance(said, dict) and set(said) == {str(number) for number in range(len(said))}:
        said = [said[str(number)] for number in range(len(said))]
    if not isinstance(said, list) or not all(isinstance(label, str) for label in said):
        raise SettingsError(
            f'{path} holds no list of labels: ["walk", "run"] is wanted, or '
            '{"0": "walk", "1": "run"}'
        )
    return [label.strip() for label in said]
