"""Trains a network on takes: `motionapp train` in a process of its own, at low priority. No Qt.

It can be ended at any time; the same takes go on where they were left.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from motionapp.core.errors import MotionAppError
from motionapp.gui.jobs import Ticket
from motionapp.gui.teaching.takes import HeldOut, TakeSet
from motionapp.runtime.command import own_command

MODEL, FIGURES, REPORT = "model.onnx", "figures.json", "report"
LOW_PRIORITY: Final = 10
"""Of `nice`: what is watched meanwhile goes first."""
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


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of it."""

    model: Path
    report: Path
    figures: dict[str, Any]
    """As ``train --json`` has them."""


def train_takes(
    takes: TakeSet,
    frontend: str,
    ticket: Ticket,
    tell: Callable[[Step], None],
    *,
    held_out: HeldOut = "take",
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
    command = train_command(labels, takes.folder, frontend)
    said: deque[str] = deque(maxlen=MOST_SAID)
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE, text=True)
        with suppress(OSError, AttributeError):  # where the system has no such thing
            os.setpriority(os.PRIO_PROCESS, process.pid, LOW_PRIORITY)
        with process:
            for told in _told(process):
                if isinstance(told, Step):
                    tell(told)
                else:
                    said.append(told)
                if not ticket.is_wanted:
                    process.send_signal(signal.SIGINT)
                    break
    if not ticket.is_wanted:
        return None
    if process.returncode != 0:
        last = said[-1] if said else f"it ended with {process.returncode}"
        raise NotTrained(last.removeprefix("motionapp: "))
    figures = json.loads((takes.folder / FIGURES).read_text(encoding="utf-8"))
    return Trained(takes.folder / MODEL, takes.folder / REPORT / "report.html", figures)


def train_command(labels: Path, folder: Path, frontend: str) -> list[str]:
    """The line that trains on a folder's takes."""
    return own_command(
        "train", str(labels), "--out", str(folder / MODEL), "--frontend", frontend,
        "--protocol", "kfold:3", "--json", str(folder / FIGURES),
        "--report", str(folder / REPORT), "--progress", "json",
    )  # fmt: skip


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


def _told(process: subprocess.Popen[str]) -> Iterator[Step | str]:
    assert process.stderr is not None  # it was asked for
    for line in process.stderr:
        if line.strip():
            yield told_by(line)
