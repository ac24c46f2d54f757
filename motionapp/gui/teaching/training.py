"""Trains a network on takes: `motionapp train` in a process of its own, at low priority. No Qt.

It can be ended at any time; the same takes go on where they were left.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from motionapp.core.errors import MissingExtraError, MotionAppError
from motionapp.gui.jobs import Ticket
from motionapp.gui.process import run_heard
from motionapp.gui.teaching.results import FIGURES, MODEL, PICTURES, REPORT, Trained, keep_trained
from motionapp.gui.teaching.splitting import HeldOut, protocol_of
from motionapp.gui.teaching.takes import TakeSet
from motionapp.processes import own_command
from motionapp.recognition.catalogue import shipped_models

NEEDED: Final = ("torch", "onnx", "onnxscript")
"""What the extra `train` brings."""
UNFINISHED: Final = "model.training"
"""Where `motionapp train` writes down how far it is; gone once it has ended."""
BEGINNING: Final = "actions-rendered"
"""What takes begin with: few of them cannot teach what an edge is. Rendered people are nobody's, so
that what is made of them is on the terms of the takes alone."""
STEPS: Final = 300
"""Of each network, at least; see `benchmarks/teaching.py`."""
MOST_SAID: Final = 20
_LEARNT: Final = re.compile(r"loss ([0-9.]+), ([0-9]+)% right")


class NotTrained(MotionAppError):
    """The training ended otherwise than it should."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far a training is."""

    stage: str
    done: int
    total: int
    loss: float | None = None
    right: float | None = None
    """Share of what was looked at last, 0 to 1."""


def missing() -> str:
    """What has to be installed before anything can be trained, with the line that installs it;
    empty where all is there."""
    if all(find_spec(name) is not None for name in NEEDED):
        return ""
    return str(MissingExtraError("training", "train"))


def is_unfinished(folder: Path) -> bool:
    """Whether a training on the takes of a folder was left before its end."""
    return (folder / UNFINISHED).is_dir()


def train_takes(
    takes: TakeSet,
    frontend: str,
    ticket: Ticket,
    tell: Callable[[Step], None],
    *,
    held_out: HeldOut = "take",
    with_curve: bool = False,
) -> Trained | None:
    """Train on takes, and measure on those that are held out.

    Parameters
    ----------
    takes : TakeSet
    frontend : str
    ticket : Ticket
        Once it is not wanted any more, the process is ended as by Ctrl-C.
    tell : callable
        Hears how far it is.
    held_out : {"take", "person"}
    with_curve : bool
        Whether it is trained on a part of the takes, too, to tell whether more of them would help:
        about three times as long.

    Returns
    -------
    Trained or None
        None where it was not wanted any longer.

    Raises
    ------
    NotTrained
        There is too little, or the process ended with an error; with what it said.
    OutputError
        The lists cannot be written.
    """
    trouble = takes.trouble(held_out)
    if trouble:
        raise NotTrained(trouble)
    labels = takes.write(held_out)
    protocol = protocol_of(takes, held_out)
    command = train_command(
        labels, takes.folder, frontend, protocol=protocol, with_curve=with_curve
    )
    said: deque[str] = deque(maxlen=MOST_SAID)

    def hear(line: str) -> None:
        told = told_by(line)
        if isinstance(told, Step):
            tell(told)
        else:
            said.append(told)

    code = run_heard(command, ticket, hear)
    if code is None:
        return None
    if code != 0:
        last = said[-1] if said else f"it ended with {code}"
        raise NotTrained(last.removeprefix("motionapp: "))
    return keep_trained(takes.folder)


def train_command(
    labels: Path,
    folder: Path,
    frontend: str,
    *,
    protocol: str = "kfold:3",
    with_curve: bool = False,
) -> list[str]:
    """The line that trains on a folder's takes."""
    return own_command(
        "train", str(labels), "--out", str(folder / MODEL),
        "--frontend", frontend, *_begun(frontend), "--steps", str(STEPS),
        "--protocol", protocol, "--json", str(folder / FIGURES),
        "--report", str(folder / REPORT), "--pictures", str(folder / PICTURES),
        "--progress", "json", *(["--learning-curve"] if with_curve else []),
    )  # fmt: skip


def _begun(frontend: str) -> list[str]:
    """With what is begun, where there is something for a front-end."""
    known = {(one.name, one.frontend) for one in shipped_models()}
    return ["--from", BEGINNING] if (BEGINNING, frontend) in known else []


def told_by(line: str) -> Step | str:
    """What a line says: how far it is, or a sentence."""
    try:
        document = json.loads(line)
    except json.JSONDecodeError:
        return line.strip()
    if not isinstance(document, dict) or "stage" not in document:
        return str(document.get("said", line)) if isinstance(document, dict) else line.strip()
    learnt = _LEARNT.search(str(document.get("about", "")))
    return Step(
        str(document["stage"]),
        int(document["done"]),
        int(document["total"]),
        None if learnt is None else float(learnt[1]),
        None if learnt is None else int(learnt[2]) / 100,
    )
