"""One input's job: analyse it into its folder and say how it went, whatever happened."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from motionapp.analysis import Models
from motionapp.assembly import is_address, open_joined, open_source
from motionapp.batch.one import Outcome, Progress, analyse_one
from motionapp.batch.outputs import PathAt, Writing, make_sinks, notes_of, problems_of
from motionapp.batch.record import Record, Result
from motionapp.core.errors import MotionAppError, OutputError
from motionapp.core.seams import Sink, Source
from motionapp.files.atomic import cannot_write, make_folder, part_of
from motionapp.runtime.span import span_of
from motionapp.settings.tree import RunSettings, Settings

FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
"""What the system says where nothing more can be written, whatever its name."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done with one input."""

    spec: str
    out_dir: str
    """The batch's folder."""
    out_name: str
    """The input's folder below it."""
    parts: tuple[str, ...] = ()
    """The recordings that are joined; empty where `spec` is one by itself."""
    threads: int | None = 1
    """For decoding and encoding; None lets FFmpeg choose."""

    @property
    def folder(self) -> Path:
        """Where the results are written."""
        return Path(self.out_dir, self.out_name)


def run_job(
    job: Job,
    settings: Settings,
    models: Models,
    on_progress: Progress | None = None,
    on_open: Callable[[int], object] = lambda picture_px: None,
) -> Result:
    """Analyse one input into its folder.

    Parameters
    ----------
    job : Job
    settings : Settings
    models : Models
        Already loaded.
    on_progress : callable, optional
        Told how far it is.
    on_open : callable
        Told once how many pixels its pictures have.

    Returns
    -------
    Result
        `failed`, with a sentence, where it could not be done; one bad input stops no other.
    """
    began_s = time.monotonic()
    # What a killed run has left half-written is nobody's, and may fill the disk.
    clear_parts(job)
    try:
        outcome, problems, notes = _analyse(job, settings, models, on_progress, on_open)
    except MotionAppError as error:
        _remove_if_empty(job)
        return _failed(job, error, began_s)
    except Exception as error:  # noqa: BLE001  the job ends here, and the next one is not to blame
        _log.debug("internal error", exc_info=True)
        _remove_if_empty(job)
        if isinstance(error, OSError) and error.errno in FULL:
            return _failed(job, cannot_write(job.folder, error), began_s, is_disk_full=True)
        sentence = (
            f"{job.spec}: an error of the program itself: {type(error).__name__}: {error} "
            "(run it alone with --verbose for where it happened, and please report it)"
        )
        return _failed(job, MotionAppError(sentence), began_s)
    except BaseException:
        _remove_if_empty(job)
        raise
    sentences = [outcome.damage.sentence(job.spec)] if outcome.is_partial else []
    sentences += problems
    return Result(
        Record(
            input=job.spec,
            status="partial" if sentences else "ok",
            error="; ".join(sentences) or None,
            out_dir=job.out_name,
            width=outcome.size[0],
            height=outcome.size[1],
            duration_s=outcome.duration_s,
            frames=outcome.frames,
            events=len(outcome.events),
            elapsed_s=time.monotonic() - began_s,
            note="; ".join([*filter(None, [outcome.note]), *notes]) or None,
        )
    )


def clear_parts(job: Job) -> None:
    """Remove what a process that was ended left half-written, files and folders."""
    for part in job.folder.glob(part_of(Path("*")).name):
        with contextlib.suppress(OSError):
            shutil.rmtree(part) if part.is_dir() else part.unlink()
    _remove_if_empty(job)


def source_name(job: Job) -> str:
    """The base name of an input, as it stands in events.json."""
    if job.parts:
        return job.out_name
    return os.path.basename(job.spec.rstrip("/\\")) or job.spec


def _analyse(
    job: Job,
    settings: Settings,
    models: Models,
    on_progress: Progress | None,
    on_open: Callable[[int], object],
) -> tuple[Outcome, Sequence[str], Sequence[str]]:
    """The outcome, what had to be left out of the results, and what was done otherwise."""
    beat = _Beat(on_progress)
    sinks: list[Sink] = []

    def open_input(threads: int | None) -> Source:
        return _open(job, settings.run, threads)

    def sinks_for(source: Source) -> Sequence[Sink]:
        if source.info.size is not None:
            on_open(source.info.size[0] * source.info.size[1])
        # Only now: an input that cannot be opened leaves no folder.
        make_folder(job.folder)
        writing = Writing(
            folder=job.folder,
            name=source_name(job),
            reopen=lambda: open_input(1),
            path_at=_path_at(job, source),
            damage=lambda: source.damage,
            on_progress=beat.again,
            threads=job.threads or 0,
        )
        sinks[:] = make_sinks(settings, writing)
        return sinks

    outcome = analyse_one(
        job.spec,
        settings.analysis,
        models,
        open_input=open_input,
        make_sinks=sinks_for,
        span=span_of(settings.run),
        decode_threads=job.threads,
        on_progress=beat,
    )
    return outcome, problems_of(sinks), notes_of(sinks)


def _open(job: Job, run: RunSettings, threads: int | None) -> Source:
    if job.parts:
        return open_joined(
            job.parts,
            decode_threads=threads,
            start_utc=run.start_utc,
            time_zone=run.time_zone,
            video_stream=run.video_stream,
        )
    return open_source(
        job.spec,
        decode_threads=threads,
        start_utc=run.start_utc,
        time_zone=run.time_zone,
        video_stream=run.video_stream,
    )


def _path_at(job: Job, source: Source) -> PathAt | None:
    """Which file holds a second; pictures in a folder and rendered scenes have no packets."""
    if job.parts:
        # Joining is known to one kind of source, which the seam need not tell of.
        path_at: PathAt = source.path_at  # type: ignore[attr-defined]
        return path_at
    path = Path(job.spec)
    if is_address(job.spec) or os.path.isdir(path):
        return None
    return lambda pts_s: path


class _Beat:
    """Says how far the analysis is; again and again while something is written at its end."""

    def __init__(self, on_progress: Progress | None) -> None:
        self._on_progress = on_progress
        self._last: tuple[float, float | None] = (0.0, None)

    def __call__(self, done_s: float, total_s: float | None) -> None:
        self._last = done_s, total_s
        self.again()

    def again(self) -> None:
        if self._on_progress is not None:
            self._on_progress(*self._last)


def _remove_if_empty(job: Job) -> None:
    """Take back the folder of an input that gave nothing; results of an earlier run stay."""
    with contextlib.suppress(OSError):
        job.folder.rmdir()


def _failed(
    job: Job, error: MotionAppError, began_s: float, *, is_disk_full: bool = False
) -> Result:
    elapsed_s = time.monotonic() - began_s
    cause = error.__cause__
    return Result(
        Record(input=job.spec, status="failed", error=str(error), elapsed_s=elapsed_s),
        is_output_error=isinstance(error, OutputError),
        is_disk_full=is_disk_full or (isinstance(cause, OSError) and cause.errno in FULL),
    )
