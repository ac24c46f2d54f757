"""What runs on a worker: one bundle of files, each in a child with our deadline and memory limit.

Dask calls `do_bundle`, `check_worker` and `stop` by their names. What they are given and what they
return are texts.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from motionapp.batch.cluster.kept import KeptPools
from motionapp.batch.cluster.needs import needs_of, needs_text, own_needs, why_unfit
from motionapp.batch.cluster.one_task import OneTask
from motionapp.batch.cluster.order import Order, Told, answer_text, order_of
from motionapp.batch.cluster.staging import bring_home, staged
from motionapp.batch.job import Job
from motionapp.batch.pool import Pool
from motionapp.batch.protocol import Message, record_of, result_message
from motionapp.batch.record import Record
from motionapp.core.errors import OutputError
from motionapp.files.store import is_store
from motionapp.settings.tree import Settings

REMEMBERED_STOPS: Final = 100
"""Runs of which we know that nobody waits for them any more."""

Tell = Callable[[Told], None]


class Stopped(Exception):
    """The run has been given up, or this worker closes."""


class _Stops:
    """Which runs are over; asked by tasks, told by the batch and by the end of the worker."""

    def __init__(self) -> None:
        self._tokens: deque[str] = deque(maxlen=REMEMBERED_STOPS)
        self._is_closing = threading.Event()

    def stop(self, token: str) -> None:
        self._tokens.append(token)

    def open(self) -> None:
        self._is_closing.clear()

    def close(self) -> None:
        self._is_closing.set()

    def check(self, token: str) -> None:
        """Raise `Stopped` where there is nobody any more to work for."""
        if self._is_closing.is_set() or token in self._tokens:
            raise Stopped


# One of each for a worker's process: Dask calls functions, which have nowhere else to keep things.
_kept = KeptPools()
_stops = _Stops()


def do_bundle(text: str) -> str:
    """Do all jobs of a bundle, one after the other.

    Parameters
    ----------
    text : str
        As `order_text` makes it.

    Returns
    -------
    str
        As `answer_text` makes it.
    """
    from motionapp.batch.cluster.engine import tell_client

    order = order_of(text)
    orders = order.orders
    tell = tell_client(orders.token)
    settings = orders.settings
    unfit = why_unfit(
        needs_of(orders.needs), settings.analysis, orders.marker, settings.run.catalog
    )
    if unfit:
        return answer_text({}, unfit=unfit)
    return carry_out(order, tell, _kept, _stops.check)


def check_worker(text: str) -> str:
    """Whether this worker can do the work of a batch.

    Parameters
    ----------
    text : str
        JSON with the ``needs``, the ``settings`` and the ``marker`` of its orders.

    Returns
    -------
    str
        JSON: ``unfit``, why it cannot (empty if it can), and ``needs``, what it has itself.
    """
    document = json.loads(text)
    settings = Settings.model_validate(document["settings"])
    wanted = needs_of(document["needs"])
    unfit = why_unfit(wanted, settings.analysis, document["marker"], settings.run.catalog)
    own = "" if unfit else needs_text(own_needs(settings.analysis))
    return json.dumps({"unfit": unfit, "needs": own})


def stop(token: str) -> str:
    """A run has been given up: what is under way here for it ends within a second."""
    _stops.stop(token)
    return ""


def open_again() -> None:
    """This worker begins."""
    _stops.open()
    _kept.open()


def close() -> None:
    """This worker ends: so do its children, and the tasks that wait for them."""
    _stops.close()
    _kept.close()


def carry_out(order: Order, tell: Tell, kept: KeptPools, check: Callable[[str], None]) -> str:
    """Do the jobs of an order, and tell of each as it goes.

    Parameters
    ----------
    order : Order
    tell : callable
        Given what the batch is to know at once.
    kept : KeptPools
    check : callable
        Raises `Stopped` where the run has been given up.

    Returns
    -------
    str
        As `answer_text` makes it.
    """
    orders, results = order.orders, dict[int, Message]()
    tell({"type": "began", "number": order.number})
    try:
        with kept.lent(orders.settings, orders.network_threads) as pool:
            for index, job in order.jobs.items():
                check(orders.token)
                tell({"type": "started", "number": order.number, "index": index})
                result = _done(job, pool, orders.marker, _Teller(order, index, tell, check))
                results[index] = result
                if result["type"] != "result":
                    continue  # perhaps large: it comes with the answer
                tell({"type": "finished", "number": order.number, "index": index, "result": result})
                if record_of(result).trouble == "full":
                    break
    except Stopped:
        tell({"type": "stopped", "number": order.number})
        return answer_text(results, stopped=True)
    return answer_text(results)


def _done(job: Job, pool: Pool, marker: str, teller: _Teller) -> Message:
    """One job; an input's results are brought to the folder that they belong to."""
    if is_store(job.out_dir) or not (job.is_whole or job.found):
        return _one(job, pool, teller)  # it brings its results home itself, or has none
    try:
        with staged(job, marker) as own:
            record = record_of(_one(own, pool, teller))
            if record.status != "failed":
                bring_home(own, job)
    except OutputError as error:
        record = Record(job.spec, "failed", str(error), trouble="output")
    return result_message(replace(record, input=job.spec))


def _one(job: Job, pool: Pool, teller: _Teller) -> Message:
    task = OneTask(job, teller)
    pool.take(task)
    pool.finish()
    assert task.result is not None
    return task.result


class _Teller:
    """Tells the batch, now and then, how far a job is.

    It is asked some times a second, and so it is also here that a run's end is noticed.
    """

    def __init__(self, order: Order, index: int, tell: Tell, check: Callable[[str], None]) -> None:
        self._order, self._index, self._tell, self._check = order, index, tell, check
        self._told_s = time.monotonic()  # of a short file only its end is told

    def __call__(self, done_s: float, total_s: float | None) -> None:
        """Tell it, if it is time to."""
        self._check(self._order.orders.token)
        now_s = time.monotonic()
        if now_s - self._told_s < self._order.orders.progress_s:
            return
        self._told_s = now_s
        marker = self._order.orders.marker
        if marker and not os.path.isdir(marker):
            raise Stopped  # the batch was killed, and the next one has begun
        said = {"index": self._index, "done_s": done_s, "total_s": total_s}
        self._tell({"type": "progress", "number": self._order.number, **said})
