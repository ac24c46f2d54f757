"""The labels of a network that was made elsewhere, as a person gives them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from motionapp.core.errors import SettingsError

FEWEST_LABELS, MOST_LABELS = 2, 1000
MOST_BYTES: Final = 2**20
LONGEST_LABEL: Final = 100
"""Letters; it stands in tables and above boxes."""


def read_labels(asked: str) -> tuple[str, ...]:
    """Labels in the order of a network's answers.

    Parameters
    ----------
    asked : str
        A text file with one a line, or the labels themselves with commas between.

    Raises
    ------
    SettingsError
        There is no such file, it is no text, or a label is empty, too long, or there twice.
    """
    path = Path(asked)
    if path.is_file():
        labels, where = _lines(path), str(path)
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
        raise SettingsError(
            f"{where} has {len(labels)} labels: {FEWEST_LABELS} to {MOST_LABELS} are needed"
        )
    odd = next((x for x in labels if len(x) > LONGEST_LABEL or not x.isprintable()), None)
    if odd is not None:
        raise SettingsError(
            f"{where} has the label {odd[:LONGEST_LABEL]!r}: at most {LONGEST_LABEL} letters that "
            "can be printed"
        )
    return tuple(labels)


def _lines(path: Path) -> list[str]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise SettingsError(f"{path} is too large for a list of labels: one a line is wanted")
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is no text in UTF-8: one label a line is wanted") from error
    return [line.strip() for line in text.rstrip().splitlines()]
