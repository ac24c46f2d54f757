"""A worker process: reads jobs from a pipe, does them, says how they went. It is reused."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Final, TextIO

from motionapp.assembly import load_models
from motionapp.batch.away import runner_of
from motionapp.batch.one import Progress
from motionapp.batch.part_job import divide, run_part
from motionapp.batch.protocol import (
    Message,
    decode,
    division_message,
    encode,
    job_of,
    opened_message,
    part_message,
    progress_message,
    result_message,
)
from motionapp.runtime.threads import OPENCV_THREADS, ThreadPlan, apply_threads
from motionapp.settings.tree import Settings

PROGRESS_EVERY_S: Final = 0.2
"""Often enough for a bar that moves, and for the batch to see that we are alive."""


def serve(lines: Iterable[str], answers: TextIO) -> None:
    """Do jobs until `lines` ends.

    Parameters
    ----------
    lines : iterable of str
        From the batch: one setup, then jobs.
    answers : text stream
        To the batch, line by line.
    """

    def say(message: Message) -> None:
        answers.write(encode(message))
        answers.flush()

    def on_open(picture_px: int) -> None:
        say(opened_message(picture_px))

    incoming = iter(lines)
    first = next(incoming, None)
    if first is None:
        return
    setup = decode(first)
    settings = Settings.model_validate(setup["settings"])
    network_threads = int(setup["network_threads"])
    apply_threads(ThreadPlan(decode=1, opencv=OPENCV_THREADS, network=network_threads))
    models = load_models(settings.analysis, threads=network_threads)
    say({"type": "ready"})
    for line in incoming:
        job, told = job_of(decode(line)), _throttled(say)
        if job.most_parts:
            say(division_message(divide(job, settings, models, told)))
        elif job.part is not None:
            say(part_message(run_part(job, settings, models, told, on_open)))
        else:
            say(result_message(runner_of(job)(job, settings, models, told, on_open)))


def _throttled(
    say: Callable[[Message], None], clock: Callable[[], float] = time.monotonic
) -> Progress:
    """Progress a few times a second, however fast the frames go by.

    It is also how a worker notices that the batch has gone: the pipe is broken then.
    """
    said_s = -PROGRESS_EVERY_S

    def on_progress(done_s: float, total_s: float | None) -> None:
        nonlocal said_s
        now_s = clock()
        if now_s - said_s >= PROGRESS_EVERY_S:
            said_s = now_s
            say(progress_message(done_s, total_s))

    return on_progress
