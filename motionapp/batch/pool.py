"""Several worker processes at a time. A worker may die, hang or be ended; the batch goes on."""

from __future__ import annotations

import contextlib
import queue
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from motionapp.batch.job import Job, clear_parts
from motionapp.batch.limits import CHECK_EVERY_S, Limits, in_mb, memory_for, resident_bytes
from motionapp.batch.process import FAREWELL_S, Worker, start_worker
from motionapp.batch.progress import Reporter
from motionapp.batch.protocol import Message, encode, job_message, record_of, setup_message
from motionapp.batch.record import Record, not_analysed
from motionapp.processes import own_command
from motionapp.settings.tree import Settings

MOST_ATTEMPTS: Final = 2
"""A worker may have been ended for a reason that has nothing to do with its input."""
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

    Notes
    -----
    When the disk is full no more jobs are handed out, and those that were not have failed.
    """
    setup = encode(setup_message(settings, network_threads))
    pool = _Pool(jobs, setup, command, reporter, limits)
    with pool.running(min(workers, len(jobs))):
        pool.finish()


class _Pool:
    """Hands out jobs and collects results, on the thread that calls it.

    One thread a worker does nothing but read its pipe; all decisions are made in `finish`.
    """

    def __init__(
        self,
        jobs: Mapping[int, Job],
        setup: str,
        command: Sequence[str],
        reporter: Reporter,
        limits: Limits,
    ) -> None:
        self._jobs = jobs
        self._setup, self._command = setup, command
        self._reporter = reporter
        self._limits = limits
        self._looked_s = time.monotonic()
        self._waiting = deque(jobs)
        self._attempts = dict.fromkeys(jobs, 0)
        self._unsettled = set(jobs)
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
        """Wait until every job has its record."""
        while self._unsettled:
            self._look_after_workers()
            try:
                worker, message = self._heard.get(timeout=CHECK_EVERY_S)
            except queue.Empty:
                continue
            if message is None:
                self._replace(worker)
            else:
                self._note(worker, message)

    def _start(self) -> None:
        worker = start_worker(self._command, lambda *heard: self._heard.put(heard))
        self._workers.append(worker)
        worker.tell(self._setup)

    def _note(self, worker: Worker, message: Message) -> None:
        worker.heard_s, worker.is_ready = time.monotonic(), True
        if message["type"] == "progress" and worker.job is not None:
            self._reporter.progressed(worker.job, message["done_s"], message["total_s"])
        elif message["type"] == "opened":
            worker.picture_px = message["picture_px"]
        elif message["type"] == "result" and worker.job is not None:
            record = record_of(message)
            self._settle(worker.job, record)
            worker.job = None
            if record.trouble == "full":
                self._hand_out_no_more()
        if worker.job is None:
            self._hand_out(worker)

    def _hand_out(self, worker: Worker) -> None:
        if not self._waiting:
            return
        index = self._waiting.popleft()
        self._attempts[index] += 1
        worker.job, worker.picture_px = index, 0
        self._reporter.started(index)
        worker.tell(encode(job_message(self._jobs[index])))

    def _replace(self, worker: Worker) -> None:
        """A worker has died: its job is tried once more, by a new one."""
        self._workers.remove(worker)
        worker.let_go()
        if worker.job is None:
            # It died without a job, most likely at its start: nobody else would fare better.
            why = worker.ended_because or f"exit code {worker.process.returncode}"
            self._give_up(f"a worker process could not be started ({why})")
            return
        job = self._jobs[worker.job]
        clear_parts(job)
        if self._attempts[worker.job] < MOST_ATTEMPTS:
            self._waiting.appendleft(worker.job)
        else:
            sentence = (
                f"{job.spec}: the process that analysed it {worker.how_it_ended}, twice: leave "
                "the recording out, or report it"
            )
            self._settle(worker.job, Record(job.spec, "failed", sentence))
        if self._waiting:
            self._start()

    def _give_up(self, reason: str) -> None:
        """Without a worker left, what waits has failed."""
        if self._workers:
            return
        while self._waiting:
            index = self._waiting.popleft()
            self._settle(index, not_analysed(self._jobs[index].spec, reason))

    def _hand_out_no_more(self) -> None:
        """What waits would meet the full disk as well, after minutes of work each."""
        while self._waiting:
            index = self._waiting.popleft()
            record = not_analysed(self._jobs[index].spec, "there is no room for the results")
            self._settle(index, replace(record, trouble="output"))

    def _settle(self, index: int, record: Record) -> None:
        self._unsettled.discard(index)
        self._reporter.finished(index, record)

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
            clear_parts(self._jobs[worker.job])
