"""Does the same to many things, in several processes where that is worth their start."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, Final, Generic, TypeVar

from motionapp.runtime.threads import usable_cores

T = TypeVar("T")
R = TypeVar("R")

WORTH_S: Final = 10.0
"""Work below this is done here: a process has imported what it needs after 1 to 2 s."""

_given: Callable[[Any], Any] | None = None
"""In a worker: what it does."""


def each_of(function: Callable[[T], R], things: Sequence[T]) -> Iterator[R]:
    """What `function` makes of each of `things`, in their order.

    Parameters
    ----------
    function : callable
        Can be pickled, and gives the same whatever it was asked before. What it raises is raised
        here.
    things : sequence

    Notes
    -----
    The first is done here and tells how long all would take. A process that is killed, for want of
    memory say, costs time only: the rest is then done here, one after the other.
    """
    if not things:
        return
    began_s = time.monotonic()
    yield function(things[0])
    rest, took_s = things[1:], time.monotonic() - began_s
    workers = min(usable_cores(), len(rest))
    done = 0
    if workers > 1 and took_s * len(rest) > WORTH_S:
        try:
            for result in _in_processes(function, rest, workers):
                done += 1
                yield result
        except BrokenProcessPool:
            pass
    yield from map(function, rest[done:])


def _in_processes(function: Callable[[T], R], things: Sequence[T], workers: int) -> Iterator[R]:
    with processes(function, workers) as others:
        yield from others.results_of(things)


class Processes(Generic[T, R]):
    """Processes that do the same to whatever they are given."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def results_of(self, things: Sequence[T]) -> Iterator[R]:
        """What comes of things, in their order; what is raised is raised here."""
        with _held_interrupts():
            return self._pool.map(_do, things)  # which starts the processes

    def start(self, thing: T) -> Future[R]:
        """What will have come of one, once a process has had time for it."""
        with _held_interrupts():
            return self._pool.submit(_do, thing)


@contextmanager
def processes(function: Callable[[T], R], workers: int) -> Iterator[Processes[T, R]]:
    """Processes that do the same to whatever they are given, until the block is left.

    Parameters
    ----------
    function : callable
        Can be pickled. Each process has one of its own, which may remember.
    workers : int

    Yields
    ------
    Processes
    """
    # A forked child would inherit the locks of torch's and the display's threads.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(function,))
    before = set(multiprocessing.active_children())
    try:
        yield Processes(pool)
    except BaseException:
        # Ctrl-C, or whoever asked wants no more: nobody waits for a long recording to end.
        for child in set(multiprocessing.active_children()) - before:
            child.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _held_interrupts() -> Iterator[None]:
    """Ctrl-C waits, and what is started meanwhile never hears of it: a process that is still
    importing would answer it with a traceback."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(function: Callable[[Any], Any]) -> None:
    """Become a worker."""
    global _given
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started it ends it
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    _given = function


def _end_with_parent() -> None:
    """Whoever was killed ends nothing any more: without this, its workers would finish what they
    are at for nobody, and then wait for good, with all their windows in memory."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _do(thing: Any) -> Any:
    assert _given is not None
    return _given(thing)
