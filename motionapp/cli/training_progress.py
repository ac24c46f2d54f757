"""Shows how far a training is: bars on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import json
import math
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from motionapp.training.progress import Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

TOLD_EACH_S = 0.25
"""To a program that follows."""
LINES_A_STAGE = 10
"""In a log, each stage says so many times how far it is."""


@contextmanager
def shown_progress(stream: TextIO = sys.stderr, *, as_json: bool = False) -> Iterator[Progress]:
    """Progress on `stream`, until the block is left; as JSON lines for a program that follows."""
    if as_json:
        yield JsonProgress(stream)
        return
    if not stream.isatty():
        yield PlainProgress(stream)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description:24}"), BarColumn(), MofNCompleteColumn(),
        TimeRemainingColumn(), TextColumn("{task.fields[said]}"),
    )  # fmt: skip
    with Bars(*columns, console=Console(file=stream)) as bars:
        yield BarProgress(bars)


class _Lines:
    """Where lines go, and by which clock; threads tell one after the other.

    Parameters
    ----------
    stream : TextIO
    clock : callable, optional
        Seconds that only grow.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._clock = stream, clock
        self._lock = threading.Lock()

    def _print(self, line: str) -> None:
        print(line, file=self._stream, flush=True)


class PlainProgress(_Lines):
    """Lines for a log."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream, clock)
        self._began: dict[str, tuple[float, int]] = {}
        """By stage: when it was first heard of, and how many steps were done then."""
        self._tenths: dict[str, int] = {}
        self._last: dict[str, tuple[int, int]] = {}

    def say(self, line: str) -> None:
        """Print a sentence."""
        self._print(line)

    def advance(self, stage: str, done: int, total: int, said: str = "") -> None:
        """Print a line for every tenth of a stage."""
        tenth = LINES_A_STAGE * done // max(total, 1)
        with self._lock:
            if begins_anew(self._last.get(stage), done):
                self._began.pop(stage, None)
                self._tenths.pop(stage, None)
            self._last[stage] = done, total
            began_s, before = self._began.setdefault(stage, (self._clock(), done))
            if tenth <= self._tenths.get(stage, 0):
                return
            self._tenths[stage] = tenth
        took_s = self._clock() - began_s
        left = took_s * (total - done) / (done - before) if done > before else 0.0
        parts = [f"{stage}: {done} of {total}", said, duration_left(left)]
        self.say(", ".join(part for part in parts if part))


class JsonProgress(_Lines):
    """A line of JSON for what is told: ``{"said": ...}``, or how far a stage is."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream, clock)
        self._told_s: dict[str, float] = {}

    def say(self, line: str) -> None:
        """A sentence."""
        self._write({"said": line})

    def advance(self, stage: str, done: int, total: int, said: str = "") -> None:
        """How far a stage is, a few times a second and at its end."""
        now_s = self._clock()
        with self._lock:
            if done < total and now_s - self._told_s.get(stage, -math.inf) < TOLD_EACH_S:
                return
            self._told_s[stage] = now_s
        self._write({"stage": stage, "done": done, "total": total, "about": said})

    def _write(self, told: dict[str, object]) -> None:
        self._print(json.dumps(told, ensure_ascii=False))


def duration_left(left_s: float) -> str:
    """How long is left, for people; nothing where that is below a few seconds."""
    if left_s < 5:
        return ""
    return f"{left_s:.0f} s left" if left_s < 100 else f"{left_s / 60:.0f} min left"


def begins_anew(last: tuple[int, int] | None, done: int) -> bool:
    """Whether a stage is gone through once more, after so much of it: another candidate's, say.

    Parameters
    ----------
    last : tuple of (int, int) or None
        How much was done of it when it was heard of before, and of how much.
    done : int
        How much is done now. Threads tell a little out of order, which is no beginning.
    """
    if last is None or done >= last[0]:
        return False
    return last[0] >= last[1] or 2 * done < last[0]


class BarProgress:
    """A bar for each stage."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}
        self._last: dict[str, tuple[int, int]] = {}
        self._lock = threading.Lock()

    def say(self, line: str) -> None:
        """Print a sentence above the bars."""
        self._bars.console.print(line, markup=False, highlight=False)

    def advance(self, stage: str, done: int, total: int, said: str = "") -> None:
        """Move the stage's bar."""
        with self._lock:
            if stage not in self._tasks:
                self._tasks[stage] = self._bars.add_task(stage, total=total, said="")
            elif begins_anew(self._last.get(stage), done):
                self._bars.reset(self._tasks[stage], total=total)  # its time left, too
            self._last[stage] = done, total
        self._bars.update(self._tasks[stage], completed=done, total=total, said=said)
