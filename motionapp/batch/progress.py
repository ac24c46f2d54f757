"""Says how far a batch is: bars on a terminal, one plain line an input elsewhere."""

from __future__ import annotations

import contextlib
import json
import math
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol, TextIO

from motionapp.batch.record import Record

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID


TOLD_EACH_S = 0.25
"""Of one input, to a program that follows."""


class Reporter(Protocol):
    """Whoever is told about the inputs, by their place in the list."""

    def started(self, index: int) -> None:
        """An input begins (again, if a worker has died)."""
        ...

    def progressed(self, index: int, done_s: float, total_s: float | None) -> None:
        """So many seconds of it have been analysed, of so many if that is known."""
        ...

    def finished(self, index: int, record: Record) -> None:
        """An input is done."""
        ...


class PlainLines:
    """One line when an input is done: for logs and pipes."""

    def __init__(self, inputs: int, stream: TextIO, *, skipped: int = 0) -> None:
        self._inputs, self._stream = inputs, stream
        self._done = skipped

    def started(self, index: int) -> None:
        """Nothing is said: a line that is taken back later is no use in a log."""

    def progressed(self, index: int, done_s: float, total_s: float | None) -> None:
        """Nothing is said."""

    def finished(self, index: int, record: Record) -> None:
        """Write the input's line."""
        self._done += 1
        self._stream.write(f"[{self._done}/{self._inputs}] {record_line(record)}\n")
        self._stream.flush()


class JsonLines:
    """Lines of JSON for a program that follows: ``{"input": n, "done_s": ..., "total_s": ...}``,
    and ``{"said": ...}`` when an input is done."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._told_s: dict[int, float] = {}

    def started(self, index: int) -> None:
        """Its first seconds will tell."""

    def progressed(self, index: int, done_s: float, total_s: float | None) -> None:
        """A few times a second."""
        now_s = time.monotonic()
        if now_s - self._told_s.get(index, -math.inf) >= TOLD_EACH_S:
            self._told_s[index] = now_s
            self._write({"input": index, "done_s": round(done_s, 3), "total_s": total_s})

    def finished(self, index: int, record: Record) -> None:
        """The input's line."""
        self._write({"said": record_line(record)})

    def _write(self, told: dict[str, object]) -> None:
        self._stream.write(json.dumps(told, ensure_ascii=False) + "\n")
        self._stream.flush()


class TerminalBars:
    """A bar for the whole batch and one for every input at work; lines for what is done."""

    def __init__(self, names: Sequence[str], bars: Bars, *, skipped: int = 0) -> None:
        self._names, self._bars = names, bars
        self._tasks: dict[int, TaskID] = {}
        self._all = bars.add_task(
            f"all, {skipped} done before" if skipped else "all",
            total=len(names),
            completed=skipped,
            visible=len(names) > 1,
        )

    def started(self, index: int) -> None:
        """Show its bar, from the beginning."""
        if index in self._tasks:
            self._bars.reset(self._tasks[index])
        else:
            self._tasks[index] = self._bars.add_task(
                _short(printable(self._names[index])), total=None
            )

    def progressed(self, index: int, done_s: float, total_s: float | None) -> None:
        """Move its bar."""
        self._bars.update(self._tasks[index], completed=done_s, total=total_s)

    def finished(self, index: int, record: Record) -> None:
        """Take its bar away and leave a line."""
        if index in self._tasks:
            self._bars.remove_task(self._tasks.pop(index))
        self._bars.advance(self._all)
        self._bars.console.print(record_line(record), markup=False, highlight=False, soft_wrap=True)


@contextlib.contextmanager
def reporting(
    names: Sequence[str], stream: TextIO, *, skipped: int = 0, as_json: bool = False
) -> Iterator[Reporter]:
    """The reporter that fits the stream: bars where it is a terminal.

    Parameters
    ----------
    names : sequence of str
        Of all inputs.
    stream : text stream
    skipped : int
        How many of them an earlier run has done; nothing more is said of those.
    as_json : bool
        A program follows.
    """
    if as_json:
        yield JsonLines(stream)
        return
    if skipped:
        stream.write(f"motionapp: {skipped} of {len(names)} were done by an earlier run\n")
    if not stream.isatty():
        yield PlainLines(len(names), stream, skipped=skipped)
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(file=stream), transient=True) as bars:
        yield TerminalBars(names, bars, skipped=skipped)


def record_line(record: Record) -> str:
    """How an input went, on one line."""
    if record.status == "failed":
        return printable(f"failed: {record.error}")
    if record.is_no_recording:
        return printable(f"passed over: {record.error}")
    elapsed_s = 0.0 if record.elapsed_s is None else record.elapsed_s
    found = "1 event" if record.events == 1 else f"{record.events} events"
    line = f"{record.input}: {found} in {elapsed_s:.1f} s"
    if record.error is not None:
        line = f"{line}; partial: {record.error}"
    return printable(line if record.note is None else f"{line}; {record.note}")


def printable(text: str) -> str:
    """A text without what would break a line or steer a terminal: names of files may hold it."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in text
    )


def _short(name: str, at_most: int = 40) -> str:
    return name if len(name) <= at_most else "…" + name[1 - at_most :]
