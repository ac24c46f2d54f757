"""How fast this machine decodes: threads for each file against files at the same time.

A measurement and nothing else: no run asks for it, and no result hangs on it.
"""

from __future__ import annotations

import itertools
import queue
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from motionapp.core.seams import Source
from motionapp.runtime.threads import AHEAD, MOST_DECODE_THREADS

Opener = Callable[[str, int], Source]
"""Opens a recording with so many threads for decoding."""

EACH: Final = 2
"""So many readings for each file at the same time, or who ends last would be all that is timed."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """One way of sharing the cores among files."""

    files: int
    """Read at the same time."""
    threads: int
    """For decoding, of each."""

    @property
    def name(self) -> str:
        """In words."""
        files = "one file" if self.files == 1 else f"{self.files} files"
        each = "one thread" if self.threads == 1 else f"{self.threads} threads"
        return f"{files} at a time, {each} each"


def sharings(cores: int) -> tuple[Sharing, ...]:
    """The ways that are worth a try, that of a batch with as many workers as cores first."""
    ahead = min(cores + AHEAD, MOST_DECODE_THREADS)
    tried = [(cores, 1), (1, 1), (1, ahead), (cores, 2), (max(1, cores // 2), 2 + AHEAD)]
    return tuple(Sharing(*each) for each in dict.fromkeys(tried))


def rates(
    specs: Sequence[str],
    ways: Sequence[Sharing],
    open_input: Opener,
    *,
    rounds: int,
    frames: int,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[Sharing, float]:
    """Pictures a second of each way: medians of rounds in which each has its turn.

    Parameters
    ----------
    specs : sequence of str
        Recordings, read in turns.
    ways : sequence of Sharing
    open_input : callable
    rounds : int
        At least 1.
    frames : int
        Of each recording, at most.
    clock : callable
        Seconds.

    Raises
    ------
    SourceError
        One of them cannot be read.
    """
    found: dict[Sharing, list[float]] = {way: [] for way in ways}
    readings = EACH * max(way.files for way in ways)
    todo = list(itertools.islice(itertools.cycle(specs), max(readings, len(specs))))
    for _ in range(rounds):
        for way in ways:
            began_s = clock()
            count = _read(todo, way, open_input, frames)
            found[way].append(count / max(1e-9, clock() - began_s))
    return {way: statistics.median(each) for way, each in found.items()}


def _read(specs: Sequence[str], way: Sharing, open_input: Opener, frames: int) -> int:
    """Decode all of them in one way; how many pictures that were."""
    todo: queue.SimpleQueue[str] = queue.SimpleQueue()
    for spec in specs:
        todo.put(spec)
    counts: list[int] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            while not errors:
                source = open_input(todo.get_nowait(), way.threads)
                try:
                    counts.append(sum(1 for _ in itertools.islice(source.frames(), frames)))
                finally:
                    source.close()
        except queue.Empty:
            return
        except Exception as error:  # noqa: BLE001  raised where somebody hears it
            errors.append(error)

    # Threads are enough: PyAV lets go of the interpreter while FFmpeg decodes.
    workers = [threading.Thread(target=work, name="decoding") for _ in range(way.files)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if errors:
        raise errors[0]
    return sum(counts)
