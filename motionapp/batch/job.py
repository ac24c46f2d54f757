"""One input's job: analyse it into its folder and say how it went, whatever happened."""

from __future__ import annotations

import contextlib
import logging
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from motionapp.analysis import Models
from motionapp.batch.inputs import ANNOTATED_MP4
from motionapp.batch.one import Outcome, Progress, analyse_one
from motionapp.batch.record import Record, Result
from motionapp.core.errors import MotionAppError, OutputError
from motionapp.core.seams import Sink
from motionapp.settings.tree import AnalysisSettings
from motionapp.sinks.events import EventsSink
from motionapp.sinks.whole import make_folder, part_of

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done with one input."""

    spec: str
    out_dir: str
    """The batch's folder."""
    out_name: str
    """The input's folder below it."""
    annotated: bool = False
    threads: int | None = 1
    """For decoding and encoding; None lets FFmpeg choose."""


def run_job(
    job: Job, settings: AnalysisSettings, models: Models, on_progress: Progress | None = None
) -> Result:
    """Analyse one input into its folder.

    Returns
    -------
    Result
        `failed`, with a sentence, where it could not be done; one bad input stops no other.
    """
    began_s = time.monotonic()
    try:
        outcome = _analyse(job, settings, models, on_progress)
    except MotionAppError as error:
        _remove_if_empty(job)
        return _failed(job, str(error), began_s, is_output_error=isinstance(error, OutputError))
    except Exception as error:  # noqa: BLE001  the job ends here, and the next one is not to blame
        _log.debug("internal error", exc_info=True)
        _remove_if_empty(job)
        sentence = (
            f"{job.spec}: an error of the program itself: {type(error).__name__}: {error} "
            "(run it alone with --verbose for where it happened, and please report it)"
        )
        return _failed(job, sentence, began_s)
    except BaseException:
        _remove_if_empty(job)
        raise
    error_sentence = outcome.damage.sentence(job.spec) if outcome.is_partial else None
    return Result(
        Record(
            input=job.spec,
            status="partial" if outcome.is_partial else "ok",
            error=error_sentence,
            out_dir=job.out_name,
            width=outcome.size[0],
            height=outcome.size[1],
            duration_s=outcome.duration_s,
            frames=outcome.frames,
            events=len(outcome.events),
            elapsed_s=time.monotonic() - began_s,
        )
    )


def clear_parts(job: Job) -> None:
    """Remove what a worker that was ended left half-written."""
    folder = Path(job.out_dir, job.out_name)
    for part in folder.glob(part_of(Path("*")).name):
        with contextlib.suppress(OSError):
            part.unlink()
    _remove_if_empty(job)


def source_name(spec: str) -> str:
    """The base name of an input, as it stands in events.json."""
    return os.path.basename(spec.rstrip("/\\")) or spec


def _analyse(
    job: Job, settings: AnalysisSettings, models: Models, on_progress: Progress | None
) -> Outcome:
    folder = Path(job.out_dir, job.out_name)

    def make_sinks() -> Sequence[Sink]:
        # Only now: an input that cannot be opened leaves no folder.
        make_folder(folder)
        sinks: list[Sink] = [EventsSink(folder, source_name(job.spec))]
        if job.annotated:
            from motionapp.sinks.video import AnnotatedVideoSink

            video = AnnotatedVideoSink(
                folder / ANNOTATED_MP4, frontend=settings.frontend, threads=job.threads or 0
            )
            # First, since events.json says that an input is done.
            sinks.insert(0, video)
        return sinks

    return analyse_one(
        job.spec,
        settings,
        models,
        make_sinks=make_sinks,
        decode_threads=job.threads,
        on_progress=on_progress,
    )


def _remove_if_empty(job: Job) -> None:
    """Take back the folder of an input that gave nothing; results of an earlier run stay."""
    with contextlib.suppress(OSError):
        Path(job.out_dir, job.out_name).rmdir()


def _failed(job: Job, sentence: str, began_s: float, *, is_output_error: bool = False) -> Result:
    record = Record(
        input=job.spec, status="failed", error=sentence, elapsed_s=time.monotonic() - began_s
    )
    return Result(record, is_output_error=is_output_error)
