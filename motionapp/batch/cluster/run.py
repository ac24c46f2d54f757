"""The jobs of a batch on a cluster: hands out bundles, takes note of what comes back.

The journal and the summary are written here alone, by the ledger, as on one machine.
"""

from __future__ import annotations

import json
import math
import os
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from motionapp.assembly import is_address
from motionapp.batch.agenda import Agenda
from motionapp.batch.cluster.dispatch import MOST_LOSSES, Dispatch
from motionapp.batch.cluster.engine import Ended, Engine, Heard, Lost, News
from motionapp.batch.cluster.errors import ClusterLost, WorkerUnfit
from motionapp.batch.cluster.needs import check_names, needs_of, needs_text, own_needs, what_differs
from motionapp.batch.cluster.one_task import given_up
from motionapp.batch.cluster.order import Orders, Told, answer_of, order_text
from motionapp.batch.cluster.staging import begin_staging, end_staging
from motionapp.batch.cluster.target import MOST_LOCAL, Target
from motionapp.batch.job import Job
from motionapp.batch.plan import may_fall_into_parts
from motionapp.batch.progress import Reporter
from motionapp.batch.protocol import Message, division_of, part_of_message, record_of
from motionapp.batch.record import not_analysed
from motionapp.files.store import is_store, look
from motionapp.settings.tree import Settings

HEAR_S: Final = 0.1
"""Longest wait for news, after which we look whether all is well."""
COUNT_S: Final = 2.0
"""Workers come and go: they are counted so often."""
AHEAD: Final = 2
"""Bundles out for each worker: one at work and one that is there already when that has ended."""
MOST_OUT: Final = 4000
"""Bundles out in all: 40 MB of the scheduler's memory."""
BACK_WITHIN_S: Final = 120.0
"""A scheduler that is started again within so long is used again."""
WORKERLESS_S: Final = 600.0
"""So long we wait for a worker, where all have gone: an autoscaler needs some minutes."""
WORKERLESS_TOLD_S: Final = 10.0
"""After so long it is said: one that was killed is there again in less."""
NO_ROOM: Final = "there is no room for the results"
TOLD_EACH_S: Final = 1.0
"""A worker says how far it is, ..."""
MOST_TOLD_HZ: Final = 50.0
"""... but all of them together no more often than this: the scheduler passes it on."""


def run_on_cluster(
    jobs: Mapping[int, Job],
    settings: Settings,
    *,
    target: Target,
    network_threads: int,
    out_dir: Path,
    reporter: Reporter,
    say: Callable[[str], None],
    back_within_s: float = BACK_WITHIN_S,
) -> None:
    """Do all jobs on the workers of a cluster.

    Parameters
    ----------
    jobs, settings
        As `pool.run_jobs` has them, as `network_threads` and `reporter`.
    target : Target
    network_threads : int
    out_dir : Path
        The batch's folder, which is ours.
    reporter : Reporter
    say : callable
        Given sentences for whoever looks on.
    back_within_s : float
        A scheduler that has gone is waited for.

    Raises
    ------
    ClusterError, WorkerUnfit, SettingsError
        The scheduler, a worker or a model cannot be used; nothing has been begun.
    ClusterLost
        The scheduler has gone for good; what was done is done.
    """
    if not jobs:
        return
    if not target.is_local:
        check_names(settings.analysis)
    token = secrets.token_hex(8)
    is_shared = not any(is_store(job.out_dir) for job in jobs.values())
    marker = os.path.abspath(begin_staging(out_dir, token)) if is_shared else ""
    orders = Orders(
        token=token,
        settings=settings,
        network_threads=network_threads,
        needs=needs_text(own_needs(settings.analysis)),
        marker=marker,
        progress_s=TOLD_EACH_S,
    )
    engine = Engine(target, token)
    is_whole = False
    try:
        engine.open()
        run = _Run(jobs, orders, engine, reporter, say, back_within_s)
        run.begin()
        run.finish()
        is_whole = True
    finally:
        engine.close(stop=not is_whole)
        end_staging(out_dir)


class _Run:
    """One batch, from the first bundle to the last record."""

    def __init__(
        self,
        jobs: Mapping[int, Job],
        orders: Orders,
        engine: Engine,
        reporter: Reporter,
        say: Callable[[str], None],
        back_within_s: float,
    ) -> None:
        self._engine, self._say, self._back_within_s = engine, say, back_within_s
        self._specs = {index: job.spec for index, job in jobs.items()}
        self._threads = engine.workers()
        self._orders, divide = _in_parts(orders, self._specs, self._threads)
        self._agenda = Agenda(jobs, divide, reporter)
        left_bytes = sum(_bytes_of(job) for job in jobs.values())
        self._dispatch = Dispatch(self._agenda, self._size_of, left_bytes)
        self._counted_s = -math.inf
        self._since_s: float | None = None
        """Since when there is no worker."""
        self._is_told = False
        self._has_room = True

    def begin(self) -> None:
        """See that each worker is fit for the work, and say where it can be looked at."""
        self._check_workers()
        if dashboard := self._engine.dashboard:
            self._say(f"Dask shows its work at {dashboard}")

    def finish(self) -> None:
        """Wait until every file has its record."""
        while not self._agenda.is_settled:
            self._count()
            self._fill()
            for news in self._engine.news(HEAR_S):
                self._take(news)
            if not self._engine.is_connected:
                self._reconnect()

    def _check_workers(self) -> None:
        settings = self._orders.settings.model_dump(mode="json")
        asked = {"needs": self._orders.needs, "settings": settings, "marker": self._orders.marker}
        wanted = needs_of(self._orders.needs)
        differing: dict[str, str] = {}
        for address, said in self._engine.ask_workers(json.dumps(asked)).items():
            if said["unfit"]:
                raise WorkerUnfit(f"the worker {address} {said['unfit']}")
            if difference := what_differs(wanted, needs_of(said["needs"])):
                differing.setdefault(difference, address)
        for difference, address in differing.items():
            self._say(f"results of the worker {address} may differ in small things: {difference}")

    def _count(self) -> None:
        now_s = time.monotonic()
        if now_s - self._counted_s < COUNT_S:
            return
        self._counted_s = now_s
        self._threads = self._engine.workers()
        progress_s = max(TOLD_EACH_S, self._threads / MOST_TOLD_HZ)
        self._orders = replace(self._orders, progress_s=progress_s)
        if self._threads:
            self._since_s, self._is_told = None, False
            return
        self._since_s = now_s if self._since_s is None else self._since_s
        away_s = now_s - self._since_s
        if away_s > WORKERLESS_TOLD_S and not self._is_told and self._engine.is_connected:
            self._is_told = True
            self._say("no worker is left: waiting for one")
        if away_s > WORKERLESS_S:
            raise ClusterLost(
                f"no worker has been there for {WORKERLESS_S / 60:.0f} minutes: start some, and "
                "run the same line again, which goes on from here"
            )

    def _fill(self) -> None:
        """Hand out bundles, a few for each worker: the scheduler is told of no more."""
        if not self._has_room:
            for index in self._dispatch.withdraw():
                spec = self._agenda.job(index).spec
                self._agenda.done(index, replace(not_analysed(spec, NO_ROOM), trouble="output"))
        for number in self._dispatch.moot:
            self._engine.cancel(number)
            self._dispatch.lost(number, is_blamed=False)
        most = min(MOST_OUT, AHEAD * self._threads)
        while self._has_room and self._engine.is_connected and len(self._dispatch.out) < most:
            bundle = self._dispatch.next_bundle(self._threads)
            if bundle is None:
                return
            jobs = {index: _everywhere(self._agenda.job(index)) for index in bundle.files}
            self._engine.submit(bundle.number, order_text(self._orders, bundle.number, jobs))

    def _take(self, news: News) -> None:
        if isinstance(news, Heard):
            self._hear(news.told)
        elif isinstance(news, Ended):
            self._end(news)
        else:
            self._lose(news)

    def _hear(self, told: Told) -> None:
        number = int(told["number"])
        if told["type"] == "finished":
            self._finished(number, int(told["index"]), told["result"])
        elif number not in self._dispatch.out:
            return  # of a bundle that was taken for lost
        elif told["type"] == "began":
            self._begun(number)
        elif told["type"] == "stopped":
            self._dispatch.stopped(number)
        elif told["type"] == "started":
            self._dispatch.started(number, int(told["index"]))
        elif told["type"] == "progress":
            self._agenda.progressed(int(told["index"]), told["done_s"], told["total_s"])

    def _begun(self, number: int) -> None:
        """A scheduler of somebody else's tries again by itself: that is for us to decide."""
        if self._dispatch.has_begun(number):
            self._engine.cancel(number)
            self._lose(Lost(number, is_blamed=True))
        else:
            self._dispatch.began(number)

    def _finished(self, number: int, index: int, result: Message) -> None:
        elapsed_s = result["record"]["elapsed_s"] if result["type"] == "result" else None
        if not self._dispatch.finished(number, index, elapsed_s):
            return
        if result["type"] == "parts":
            self._agenda.divided(index, division_of(result))
        elif result["type"] == "part":
            self._agenda.found(index, part_of_message(result))
        else:
            record = record_of(result)
            self._agenda.done(index, replace(record, input=self._agenda.job(index).spec))
            if record.trouble == "full":
                self._has_room = False
                self._agenda.drop_waiting(NO_ROOM, "output")

    def _end(self, ended: Ended) -> None:
        answer = answer_of(ended.answer)
        if answer.unfit:
            raise WorkerUnfit(
                f"a worker that has come in the meantime {answer.unfit}; the same line goes on "
                "from here"
            )
        for index, result in answer.results.items():
            self._finished(ended.number, index, result)
        self._dispatch.ended(ended.number)
        self._engine.drop(ended.number)

    def _lose(self, lost: Lost) -> None:
        self._engine.drop(lost.number)
        if lost.number not in self._dispatch.out:
            return
        if lost.problem:
            raise ClusterLost(
                f"Dask could not do a task: {lost.problem}; the same line goes on from here"
            )
        for index in self._dispatch.lost(lost.number, is_blamed=lost.is_blamed):
            self._give_up(index)

    def _give_up(self, index: int) -> None:
        why = f"each worker that was at it was lost, {MOST_LOSSES} in all (see their logs)"
        result = given_up(self._agenda.job(index), why)
        if result["type"] == "parts":
            self._agenda.divided(index, division_of(result))
        elif result["type"] == "part":
            self._agenda.found(index, part_of_message(result))
        else:
            self._agenda.done(index, record_of(result))

    def _size_of(self, index: int) -> int | None:
        job = self._agenda.job(index)
        return _bytes_of(job) if job.is_whole else None

    def _reconnect(self) -> None:
        self._say(
            f"the scheduler at {self._engine.target} is away: waiting up to "
            f"{self._back_within_s:.0f} s for it"
        )
        if not self._engine.reconnect(self._back_within_s):
            raise ClusterLost(
                f"the scheduler at {self._engine.target} has gone, and was not back within "
                f"{self._back_within_s:.0f} s: run the same line again, which goes on from here"
            )
        for number in self._dispatch.out:
            for index in self._dispatch.lost(number, is_blamed=False):
                self._give_up(index)
        self._check_workers()
        self._counted_s = -math.inf
        self._say("the scheduler is back")


def _in_parts(
    orders: Orders, specs: Mapping[int, str], workers: int
) -> tuple[Orders, dict[int, int]]:
    """Which recordings may be analysed in parts, and the orders under which they are."""
    run = orders.settings.run.model_copy(update={"workers": max(1, min(workers, MOST_LOCAL))})
    settings = orders.settings.model_copy(update={"run": run})
    divide = may_fall_into_parts(specs, settings, is_alone=len(specs) == 1)
    return (replace(orders, settings=settings) if divide else orders), divide


def _everywhere(job: Job) -> Job:
    """The job with paths that mean the same on every machine."""
    return replace(
        job,
        spec=_absolute(job.spec),
        parts=tuple(_absolute(part) for part in job.parts),
        out_dir=_absolute(job.out_dir),
    )


def _absolute(spec: str) -> str:
    return spec if is_address(spec) else os.path.abspath(spec)


def _bytes_of(job: Job) -> int:
    """Of what is read for it; 0 where nobody knows."""
    return sum(_size_of(spec) for spec in (job.parts or (job.spec,)))


def _size_of(spec: str) -> int:
    try:
        if is_store(spec):
            return look(spec).size_bytes or 0
        return 0 if is_address(spec) or os.path.isdir(spec) else os.path.getsize(spec)
    except OSError:
        return 0
