"""Several worker processes at a time. A worker may die, hang or be ended; the batch goes on."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from motionapp.batch.job import Job, clear_parts
from motionapp.batch.progress import Reporter
from motionapp.batch.protocol import Message, decode, encode, job_message, result_of, setup_message
from motionapp.batch.record import Record, Result
from motionapp.runtime.environment import clean_environment
from motionapp.settings.tree import AnalysisSettings

MOST_ATTEMPTS: Final = 2
"""A worker may have been ended for a reason that has nothing to do with its input."""
SILENCE_S: Final = 300.0
"""A worker that says nothing for so long hangs: a frame takes milliseconds, a seek seconds."""
FAREWELL_S: Final = 5.0
"""How long a worker may take to tidy up before it is killed."""
_TICK_S: Final = 0.5
_WORKER: Final = (sys.executable, "-m", "motionapp", "_worker")


def run_jobs(
    jobs: Sequence[Job],
    settings: AnalysisSettings,
    *,
    workers: int,
    network_threads: int,
    reporter: Reporter,
    command: Sequence[str] = _WORKER,
    silence_s: float = SILENCE_S,
) -> list[Result]:
    """Do all jobs with at most `workers` processes.

    Parameters
    ----------
    jobs : sequence of Job
    settings : AnalysisSettings
        The same for all.
    workers : int
        Processes at the same time, at least 1.
    network_threads : int
        For ONNX Runtime in each.
    reporter : Reporter
        Told what begins, how far it is, and how it went.
    command : sequence of str
        Starts a worker.
    silence_s : float
        A worker that says nothing for so long is ended.

    Returns
    -------
    list of Result
        In the order of `jobs`.
    """
    setup = encode(setup_message(settings, network_threads))
    pool = _Pool(jobs, setup, command, reporter, silence_s)
    with pool.running(min(workers, len(jobs))):
        return pool.finish()


@dataclass(slots=True, eq=False)
class _Worker:
    """One process, and what it is doing."""

    process: subprocess.Popen[str]
    reader: threading.Thread | None = None
    job: int | None = None
    heard_s: float = field(default_factory=time.monotonic)


class _Pool:
    """Hands out jobs and collects results, on the thread that calls it.

    One thread a worker does nothing but read its pipe; all decisions are made in `finish`.
    """

    def __init__(
        self,
        jobs: Sequence[Job],
        setup: str,
        command: Sequence[str],
        reporter: Reporter,
        silence_s: float,
    ) -> None:
        self._jobs = jobs
        self._setup, self._command = setup, command
        self._reporter = reporter
        self._silence_s = silence_s
        self._waiting = deque(range(len(jobs)))
        self._attempts = [0] * len(jobs)
        self._results: dict[int, Result] = {}
        self._workers: list[_Worker] = []
        # Bounded: a reader that finds it full waits, and with it the worker.
        self._heard: queue.Queue[tuple[_Worker, Message | None]] = queue.Queue(maxsize=256)

    @contextlib.contextmanager
    def running(self, workers: int) -> Iterator[None]:
        """The processes live as long as the block does."""
        try:
            for _ in range(workers):
                self._start()
            yield
        finally:
            self._end_all()

    def finish(self) -> list[Result]:
        """Wait until every job has its result."""
        while len(self._results) < len(self._jobs):
            try:
                worker, message = self._heard.get(timeout=_TICK_S)
            except queue.Empty:
                self._end_the_silent()
                continue
            if message is None:
                self._replace(worker)
            else:
                self._note(worker, message)
        return [self._results[index] for index in range(len(self._jobs))]

    def _start(self) -> None:
        process = subprocess.Popen(
            list(self._command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=clean_environment(os.environ),
            # Ctrl-C reaches the whole group of a terminal: only the batch itself decides.
            start_new_session=True,
        )
        worker = _Worker(process)
        worker.reader = threading.Thread(target=self._listen, args=(worker,), name="worker-pipe")
        self._workers.append(worker)
        worker.reader.start()
        self._tell(worker, self._setup)

    def _listen(self, worker: _Worker) -> None:
        """Runs on a thread of its own; ends when the worker's end of the pipe closes."""
        assert worker.process.stdout is not None
        with contextlib.suppress(ValueError):  # rubbish on the pipe: treated like its end
            for line in worker.process.stdout:
                self._heard.put((worker, decode(line)))
        self._heard.put((worker, None))

    def _note(self, worker: _Worker, message: Message) -> None:
        worker.heard_s = time.monotonic()
        if message["type"] == "progress" and worker.job is not None:
            self._reporter.progressed(worker.job, message["done_s"], message["total_s"])
        elif message["type"] == "result" and worker.job is not None:
            self._settle(worker.job, result_of(message))
            worker.job = None
        if worker.job is None:
            self._hand_out(worker)

    def _hand_out(self, worker: _Worker) -> None:
        if not self._waiting:
            return
        index = self._waiting.popleft()
        self._attempts[index] += 1
        worker.job = index
        self._reporter.started(index)
        self._tell(worker, encode(job_message(self._jobs[index])))

    def _replace(self, worker: _Worker) -> None:
        """A worker has died: its job is tried once more, by a new one."""
        self._workers.remove(worker)
        _end(worker)
        if worker.job is None:
            # It died without a job, most likely at its start: nobody else would fare better.
            code = worker.process.returncode
            self._give_up(f"a worker process could not be started (exit code {code})")
            return
        job = self._jobs[worker.job]
        clear_parts(job)
        if self._attempts[worker.job] < MOST_ATTEMPTS:
            self._waiting.appendleft(worker.job)
        else:
            how = _how_it_ended(worker.process.returncode)
            sentence = (
                f"{job.spec}: the process that analysed it {how}, twice: leave the recording out, "
                "or report it"
            )
            self._settle(worker.job, _failure(job, sentence))
        if self._waiting:
            self._start()

    def _give_up(self, reason: str) -> None:
        """Without a worker left, what waits has failed."""
        if self._workers:
            return
        while self._waiting:
            index = self._waiting.popleft()
            job = self._jobs[index]
            self._settle(index, _failure(job, f"{job.spec} was not analysed: {reason}"))

    def _settle(self, index: int, result: Result) -> None:
        self._results[index] = result
        self._reporter.finished(index, result.record)

    def _end_the_silent(self) -> None:
        now_s = time.monotonic()
        for worker in self._workers:
            if worker.job is not None and now_s - worker.heard_s > self._silence_s:
                worker.process.kill()  # its reader sees the end of the pipe and reports it

    def _tell(self, worker: _Worker, line: str) -> None:
        assert worker.process.stdin is not None
        worker.heard_s = time.monotonic()
        with contextlib.suppress(OSError):  # it has died: the end of its pipe is on its way
            worker.process.stdin.write(line)
            worker.process.stdin.flush()

    def _end_all(self) -> None:
        for worker in self._workers:
            if worker.job is not None and worker.process.poll() is None:
                _interrupt(worker.process)
        deadline_s = time.monotonic() + FAREWELL_S
        for worker in self._workers:
            _close_stdin(worker)
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

    def _farewell(self, worker: _Worker) -> None:
        _end(worker)
        if worker.job is not None:
            clear_parts(self._jobs[worker.job])


def _end(worker: _Worker) -> None:
    """Wait for a process whose pipe has ended, and let go of it."""
    _close_stdin(worker)
    try:
        worker.process.wait(timeout=FAREWELL_S)
    except subprocess.TimeoutExpired:
        worker.process.kill()
        worker.process.wait()
    if worker.reader is not None:
        worker.reader.join()
    if worker.process.stdout is not None:
        worker.process.stdout.close()


def _close_stdin(worker: _Worker) -> None:
    if worker.process.stdin is not None:
        with contextlib.suppress(OSError):
            worker.process.stdin.close()


def _interrupt(process: subprocess.Popen[str]) -> None:
    """Ask it to tidy up and go, as Ctrl-C would."""
    if os.name == "posix":
        process.send_signal(signal.SIGINT)
    else:
        process.terminate()


def _how_it_ended(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"


def _failure(job: Job, sentence: str) -> Result:
    return Result(Record(input=job.spec, status="failed", error=sentence))
