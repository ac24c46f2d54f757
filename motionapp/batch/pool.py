"""Several worker processes at a time. A worker may die, hang or be ended; the batch goes on."""

from __future__ import annotations

import contextlib
import queue
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Protocol

from motionapp.batch.agenda import Agenda
from motionapp.batch.job import Job, clear_parts
from motionapp.batch.limits import CHECK_EVERY_S, Limits, in_mb, memory_for, resident_bytes
from motionapp.batch.part_result import Division, PartResult
from motionapp.batch.process import FAREWELL_S, Worker, start_worker
from motionapp.batch.progress import Reporter
from motionapp.batch.protocol import (
    Message,
    division_of,
    encode,
    job_message,
    part_of_message,
    record_of,
    setup_message,
)
from motionapp.batch.record import Record, Trouble
from motionapp.processes import own_command
from motionapp.settings.tree import Settings

STOPPED_S: Final = 2.0
"""Longest time between two of our looks that counts as a worker's silence: beyond it, it was we who
stood still (a suspended machine)."""
WORKER: Final = tuple(own_command("_worker"))
"""Starts a worker."""


def run_jobs(
    jobs: Mapping[int, Job],
    settings: Settings,
    *,
    workers: int,
    network_threads: int,
    reporter: Reporter,
    limits: Limits,
    command: Sequence[str] = WORKER,
    divide: Mapping[int, int] | None = None,
) -> None:
    """Do all jobs with at most `workers` processes.

    Parameters
    ----------
    jobs : mapping of int to Job
        By the number under which the reporter is told of them; begun in this order.
    settings : Settings
        The same for all.
    workers : int
        Processes at the same time, at least 1.
    network_threads : int
        For ONNX Runtime in each.
    reporter : Reporter
        Told what begins, how far it is, and how it went: of every job, also one that was not begun.
    limits : Limits
        A worker that goes beyond is ended; its job is tried once more, by another.
    command : sequence of str
        Starts a worker.
    divide : mapping of int to int, optional
        Into how many parts at most those jobs may fall that may be done in parts.

    Notes
    -----
    When the disk is full no more jobs are handed out, and those that were not have failed.
    """
    setup = encode(setup_message(settings, network_threads))
    agenda = Agenda(jobs, divide or {}, reporter)
    pool = Pool(agenda, setup, command, limits)
    with pool.running(min(workers, agenda.most_at_once)):
        pool.finish()


class Tasks(Protocol):
    """What is to be done, as `Agenda` knows it."""

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left."""
        ...

    @property
    def waiting(self) -> int:
        """How many tasks are still to be handed out."""
        ...

    def next(self) -> int | None:
        """The next task, if there is one."""
        ...

    def job(self, number: int) -> Job:
        """What is to be done."""
        ...

    def is_moot(self, number: int) -> bool:
        """Whether nobody needs to know any more."""
        ...

    def progressed(self, number: int, done_s: float, total_s: float | None) -> None:
        """A task is so far."""
        ...

    def divided(self, number: int, division: Division) -> None:
        """Into which parts an input falls."""
        ...

    def found(self, number: int, result: PartResult) -> None:
        """What a part holds."""
        ...

    def done(self, number: int, record: Record) -> None:
        """How an input went."""
        ...

    def died(self, number: int, how: str) -> None:
        """Its process has ended before it."""
        ...

    def drop_waiting(self, reason: str, trouble: Trouble = "") -> None:
        """What waits is not done."""
        ...


class Pool:
    """Hands out jobs and collects results, on the thread that calls it.

    One thread a worker does nothing but read its pipe; all decisions are made in `finish`.

    Parameters
    ----------
    agenda : Tasks
    setup : str
        The first line for each worker.
    command : sequence of str
    limits : Limits
    """

    def __init__(self, agenda: Tasks, setup: str, command: Sequence[str], limits: Limits) -> None:
        self._agenda = agenda
        self._setup, self._command = setup, command
        self._limits = limits
        self._looked_s = time.monotonic()
        self._workers: list[Worker] = []
        # Bounded: a reader that finds it full waits, and with it the worker.
        self._heard: queue.Queue[tuple[Worker, Message | None]] = queue.Queue(maxsize=256)

    @contextlib.contextmanager
    def running(self, workers: int) -> Iterator[None]:
        """The processes live as long as the block does."""
        try:
            for _ in range(workers):
                self._start()
            yield
        finally:
            self._end_all()

    def finish(self) -> None:
        """Wait until every input has its record."""
        while not self._agenda.is_settled:
            self._look_after_workers()
            try:
                worker, message = self._heard.get(timeout=CHECK_EVERY_S)
            except queue.Empty:
                continue
            if message is None:
                self._replace(worker)
            else:
                self._note(worker, message)

    def take(self, agenda: Tasks) -> None:
        """More tasks, once all former ones are finished: for processes that wait for them."""
        self._agenda = agenda
        if not self._workers:
            self._start()
        self._hand_out()

    def _start(self) -> None:
        worker = start_worker(self._command, lambda *heard: self._heard.put(heard))
        self._workers.append(worker)
        worker.tell(self._setup)

    def _note(self, worker: Worker, message: Message) -> None:
        worker.heard_s, worker.is_ready = time.monotonic(), True
        if message["type"] == "progress" and worker.job is not None:
            self._agenda.progressed(worker.job, message["done_s"], message["total_s"])
        elif message["type"] == "opened":
            worker.picture_px = message["picture_px"]
        elif message["type"] in ("parts", "part", "result") and worker.job is not None:
            number, worker.job = worker.job, None
            self._take(number, message)
            self._end_moot()
        self._hand_out()

    def _take(self, number: int, message: Message) -> None:
        """What came of a task."""
        if message["type"] == "parts":
            self._agenda.divided(number, division_of(message))
        elif message["type"] == "part":
            self._agenda.found(number, part_of_message(message))
        else:
            record = record_of(message)
            self._agenda.done(number, record)
            if record.trouble == "full":
                # What waits would meet the full disk as well, after minutes of work each.
                self._agenda.drop_waiting("there is no room for the results", "output")

    def _hand_out(self) -> None:
        """Give all that have nothing to do the next tasks, as long as there are some."""
        for worker in self._workers:
            if worker.is_busy or worker.ended_because:
                continue
            number = self._agenda.next()
            if number is None:
                return
            worker.job, worker.picture_px = number, 0
            worker.tell(encode(job_message(self._agenda.job(number))))

    def _replace(self, worker: Worker) -> None:
        """A worker has died: its job is tried once more, by a new one."""
        self._workers.remove(worker)
        worker.let_go()
        if worker.job is not None:
            self._tidy_up_after(worker.job)
            self._agenda.died(worker.job, worker.how_it_ended)
            self._end_moot()
        elif not (worker.is_ready and worker.ended_because):
            # It died without a job, most likely at its start: nobody else would fare better.
            why = worker.ended_because or f"exit code {worker.process.returncode}"
            if not self._workers:
                self._agenda.drop_waiting(f"a worker process could not be started ({why})")
            return
        if self._agenda.waiting:
            self._start()

    def _end_moot(self) -> None:
        """Whoever looks at a part that is no longer needed makes room for others."""
        for worker in self._workers:
            if worker.job is None or worker.ended_because:
                continue
            if self._agenda.is_moot(worker.job):
                worker.end("was no longer needed")

    def _tidy_up_after(self, number: int) -> None:
        job = self._agenda.job(number)
        if job.part is None:  # a part writes nothing, and its input's folder may be another's
            clear_parts(job)

    def _look_after_workers(self) -> None:
        """End those that are beyond the limits; some times a second, however much they say."""
        now_s = time.monotonic()
        since_s = now_s - self._looked_s
        if since_s < CHECK_EVERY_S:
            return
        self._looked_s = now_s
        for worker in self._workers:
            # Not forgiven whole: who gets few turns on a busy machine still ends a silent worker.
            worker.heard_s = min(now_s, worker.heard_s + max(0.0, since_s - STOPPED_S))
            if worker.is_busy and not worker.ended_because:
                self._hold_to_limits(worker, now_s)

    def _hold_to_limits(self, worker: Worker, now_s: float) -> None:
        limits = self._limits
        taken_bytes = resident_bytes(worker.process.pid)
        most_bytes = memory_for(limits, worker.picture_px)
        if taken_bytes is not None and taken_bytes > most_bytes:
            larger = " and its large pictures" if most_bytes > limits.memory_bytes else ""
            worker.end(
                f"grew to {in_mb(taken_bytes)}, beyond the {in_mb(most_bytes)} "
                f"of run.memory_mb{larger}"
            )
        elif not worker.is_ready and now_s - worker.heard_s > limits.start_s:
            worker.end(f"was not ready within {limits.start_s:g} s")
        elif worker.is_ready and now_s - worker.heard_s > limits.silence_s:
            worker.end(f"made no progress for {limits.silence_s:g} s (run.silence_s)")

    def _end_all(self) -> None:
        for worker in self._workers:
            if worker.job is not None:
                worker.interrupt()
        deadline_s = time.monotonic() + FAREWELL_S
        for worker in self._workers:
            worker.close_stdin()
        while self._workers:
            # The readers must not wait for room in a queue that nobody empties any more.
            with contextlib.suppress(queue.Empty):
                worker, message = self._heard.get(timeout=max(0.0, deadline_s - time.monotonic()))
                if message is None:
                    self._workers.remove(worker)
                    self._farewell(worker)
            if time.monotonic() >= deadline_s:
                for worker in self._workers:
                    worker.process.kill()
                deadline_s += FAREWELL_S

    def _farewell(self, worker: Worker) -> None:
        worker.let_go()
        if worker.job is not None:
            self._tidy_up_after(worker.job)
