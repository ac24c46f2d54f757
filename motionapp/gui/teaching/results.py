"""What came of a training on takes, as files of their folder. No Qt.

Each trained model is kept under a number of its own, so that a change to it can be undone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from motionapp.core.errors import OutputError, SettingsError
from motionapp.files.atomic import publish, stage_bytes
from motionapp.files.checked import read_checked
from motionapp.gui.teaching.figures import Figures

MODEL, CARD, FIGURES = "model.onnx", "model.md", "figures.json"
REPORT, PICTURES = "report", "pictures"
TAUGHT: Final = "taught"
MOST_BYTES: Final = 64 << 20
"""Of figures: thousands of takes are some megabytes."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A model, and what was measured on the way to it."""

    model: Path
    """`taught-3.onnx`; its card lies beside it."""
    figures: Figures

    @property
    def report(self) -> Path:
        """The page with all that was measured."""
        return self.model.parent / REPORT / "report.html"

    @property
    def frontend(self) -> str:
        """How it sees; empty where the figures do not say."""
        how = self.figures.how
        return "" if how is None else how.frontend or ""

    def picture(self, number: int) -> Path:
        """Of the worst clips, the one of a number, from 0; it may be missing."""
        return self.model.parent / PICTURES / f"worst-{number + 1:02d}.png"


def keep_trained(folder: Path) -> Trained:
    """Keep what was trained last under a number of its own.

    Raises
    ------
    OutputError
        It cannot be written, or there is none.
    SettingsError
        Its figures cannot be read.
    """
    figures = _figures(folder)
    content, card = _content(folder / MODEL), _content(folder / CARD)
    newest = newest_model(folder)
    if newest is not None and _content(newest) == content:
        return Trained(newest, figures)  # trained anew, and come to the same
    number = 1 if newest is None else _number(newest) + 1
    path = folder / f"{TAUGHT}-{number}.onnx"
    _write(path.with_suffix(".md"), card)
    _write(path, content)
    return Trained(path, figures)


def read_trained(folder: Path) -> Trained | None:
    """What was trained last in a folder; None where nothing was, or cannot be read any more."""
    newest = newest_model(folder)
    if newest is None:
        return None
    try:
        return Trained(newest, _figures(folder))
    except SettingsError:
        return None


def newest_model(folder: Path) -> Path | None:
    """The model with the highest number."""
    numbered = [path for path in folder.glob(f"{TAUGHT}-*.onnx") if _number(path)]
    return max(numbered, key=_number, default=None)


def copy_model(trained: Trained, path: Path) -> None:
    """Copy a model and its card to another place, each whole or not at all.

    Raises
    ------
    OutputError
        They cannot be read any more, or not be written.
    """
    content, card = _content(trained.model), _content(trained.model.with_suffix(".md"))
    _write(path.with_suffix(".md"), card)
    _write(path.with_suffix(".onnx"), content)


def _figures(folder: Path) -> Figures:
    what = "a list of figures of a training"
    return read_checked(folder / FIGURES, Figures, what=what, most_bytes=MOST_BYTES)


def _number(path: Path) -> int:
    """The number in the name of a model; 0 where there is none."""
    text = path.stem.removeprefix(f"{TAUGHT}-")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise OutputError(f"{path} cannot be read: {error.strerror}") from error


def _write(path: Path, content: bytes) -> None:
    stage_bytes(path, content)
    publish(path)
