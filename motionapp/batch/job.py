"""One input's job: analyse it into its folder and say how it went, whatever happened.

A job may also be to say into which parts an input falls, or to look at one of them and write
nothing (`part_job`), or to write what its parts have found.
"""

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
from typing import TYPE_CHECKING, Any, Final

from motionapp.assembly import is_address, open_joined, open_source
from motionapp.batch.cataloguing import catalogued, features_of
from motionapp.batch.fast import ReadExactly, Skipping, scan_one
from motionapp.batch.joining import moments_of, outcome_of
from motionapp.batch.one import Outcome, Progress, analyse_one, naming_step_s, opened_sinks
from motionapp.batch.outputs import PathAt, Writing, make_sinks, notes_of, problems_of
from motionapp.batch.part_result import PartResult
from motionapp.batch.record import Record, Trouble
from motionapp.core.errors import MotionAppError, OutputError
from motionapp.core.models import Models
from motionapp.core.seams import DecodesOn, Sink, Source
from motionapp.files.atomic import cannot_write, make_folder, part_of
from motionapp.privacy import bare_source, covered_source
from motionapp.runtime.part import Part
from motionapp.runtime.span import span_of
from motionapp.runtime.vectors import with_vectors
from motionapp.settings.tree import Settings, analysis_digest
from motionapp.sinks.documents import Skipped
from motionapp.sinks.origin import Origin
from motionapp.sources.size import bytes_of

if TYPE_CHECKING:
    from motionapp.catalogue.rows import Recorded

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
    known_as: tuple[str, ...] = ()
    """What those recordings are called where a copy of them is read; empty: they are no copies."""
    home: str = ""
    """The batch's folder that results are brought to; empty: they are written there at once."""
    threads: int | None = 1
    """For decoding and encoding; None lets FFmpeg choose."""
    decoding: int | None = None
    """For decoding, where those may be more: no byte of the results hangs on them."""
    most_parts: int = 0
    """Into so many it may fall, for `divide`; 0: that is no question."""
    part: Part | None = None
    """The stretch that is to be looked at, for `run_part`; None: all of it."""
    found: tuple[PartResult, ...] = ()
    """What all its parts have found, to be written; empty: it is still to be analysed."""

    @property
    def is_whole(self) -> bool:
        """Whether the input is to be analysed from its first frame to its last."""
        return not self.most_parts and self.part is None and not self.found

    @property
    def folder(self) -> Path:
        """Where the results are written."""
        return Path(self.out_dir, self.out_name)

    @property
    def recordings(self) -> tuple[str, ...]:
        """One, or those that are joined, by the names that a person knows."""
        return self.known_as or self.parts or (self.spec,)

    @property
    def out_place(self) -> str:
        """Where the results are found in the end: a folder, or an address."""
        if self.home:
            return f"{self.home.rstrip('/')}/{self.out_name}"
        return str(self.folder)


def run_job(
    job: Job,
    settings: Settings,
    models: Models,
    on_progress: Progress | None = None,
    on_open: Callable[[int], object] = lambda picture_px: None,
) -> Record:
    """Analyse one input into its folder, both on this machine (`away.runner_of` for others).

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
    Record
        `failed`, with a sentence, where it could not be done; one bad input stops no other.
    """
    began_s = time.monotonic()
    # What a killed run has left half-written is nobody's, and may fill the disk.
    clear_parts(job)
    origin = origin_of(job, settings, models.digest)
    recorded, models = catalogued(job, settings, models, origin)
    folder = _Folder(job, settings, origin, Beat(on_progress), on_open, recorded)
    try:
        outcome = folder.found_before(models) or analyse_one(
            job.spec,
            settings.analysis,
            models,
            open_input=folder.open_input,
            make_sinks=folder.make_sinks,
            span=span_of(settings),
            decode_threads=_threads(job, settings),
            on_progress=folder.beat,
        )
        return folder.record(outcome, began_s)
    except MotionAppError as error:
        _remove_if_empty(job)
        return _failed(job, error, began_s)
    except Exception as error:  # noqa: BLE001  the job ends here, and the next one is not to blame
        _log.debug("internal error", exc_info=True)
        _remove_if_empty(job)
        if isinstance(error, OSError) and error.errno in FULL:
            return _failed(job, cannot_write(job.folder, error), began_s, cause=error)
        sentence = (
            f"{job.spec}: an error of the program itself: {type(error).__name__}: {error} "
            "(run it alone with --verbose for where it happened, and please report it)"
        )
        return _failed(job, MotionAppError(sentence), began_s)
    except BaseException:
        _remove_if_empty(job)
        raise


def open_input(job: Job, settings: Settings, threads: int | None) -> Source:
    """A job's input, with so many threads for decoding, covered where privacy asks for it.

    Raises
    ------
    SourceError
        It cannot be read.
    """
    run = settings.run
    if job.parts:
        source: Source = open_joined(
            job.parts,
            decode_threads=threads,
            start_utc=run.start_utc,
            time_zone=run.time_zone,
            video_stream=run.video_stream,
        )
    else:
        source = open_source(
            job.spec,
            decode_threads=threads,
            start_utc=run.start_utc,
            time_zone=run.time_zone,
            video_stream=run.video_stream,
        )
    # Whoever reads again after damage reads with one thread, and trusts no chip either.
    if threads != 1 and isinstance(source, DecodesOn):
        source.decode_on(run.hwaccel)
    return covered_source(with_vectors(source, settings.analysis), settings.analysis.zones)


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


def origin_of(job: Job, settings: Settings, model_digest: str) -> Origin:
    """What the results of an input are made of and by; recordings that are joined are no file."""
    run = settings.run
    is_part = run.start_s is not None or run.end_s is not None
    return Origin(
        analysis=analysis_digest(settings.analysis, model_digest),
        source_bytes=None if job.parts else bytes_of(job.spec),
        part=(run.start_s or 0.0, run.end_s) if is_part else None,
        video_stream=run.video_stream,
    )


@dataclass(slots=True, eq=False)
class _Folder:
    """The folder of one input while it is filled."""

    job: Job
    settings: Settings
    origin: Origin
    beat: Beat
    on_open: Callable[[int], object]
    recorded: Recorded | None = None
    sinks: Sequence[Sink] = ()
    skipped: Skipped = None
    why_exact: str = ""
    """Why a fast scan was asked for and cannot be had."""

    def _scanned(self, models: Models) -> Outcome | None:
        """What a fast scan has found; None where all is to be read."""
        job, run = self.job, self.settings.run
        if run.scan != "fast":
            return None
        try:
            if job.parts or is_address(job.spec) or os.path.isdir(job.spec):
                raise ReadExactly("it is no recording with packets")
            return scan_one(
                self.settings.analysis,
                models,
                Skipping(Path(job.spec), run.scan_threshold, run.video_stream, self._skip),
                open_input=self.open_input,
                make_sinks=self.make_sinks,
                decode_threads=job.threads,
                on_progress=self.beat,
            )
        except ReadExactly as reason:
            self.skipped, self.why_exact = (), str(reason)
            return None

    def _skip(self, skipped: tuple[tuple[float, float], ...]) -> None:
        self.skipped = skipped

    def open_input(self, threads: int | None) -> Source:
        """The input, with so many threads for decoding."""
        return open_input(self.job, self.settings, threads)

    def found_before(self, models: Models) -> Outcome | None:
        """What parts or a fast scan have found; None where all of it is to be read."""
        return self._joined(models) if self.job.found else self._scanned(models)

    def _joined(self, models: Models) -> Outcome:
        """What its parts have found, as if one analysis had."""
        found = self.job.found
        with (
            contextlib.closing(self.open_input(1)) as source,
            opened_sinks(self.make_sinks, source) as sinks,
        ):
            for moment in moments_of(found, source.info.name):
                for sink in sinks:
                    sink.accept(moment)
        return outcome_of(found, naming_step_s=naming_step_s(models))

    def make_sinks(self, source: Source) -> Sequence[Sink]:
        """The sinks for one reading."""
        if source.info.size is not None:
            self.on_open(source.info.size[0] * source.info.size[1])
        # Only now: an input that cannot be opened leaves no folder.
        make_folder(self.job.folder)
        writing = Writing(
            folder=self.job.folder,
            name=source_name(self.job),
            reopen=lambda: self.open_input(1),
            path_at=_path_at(self.job, source),
            damage=lambda: source.damage,
            on_progress=self.beat.again,
            origin=self.origin,
            threads=self.job.threads or 0,
            parts=_parts(self.job, source),
            recorded=self.recorded,
            rate_hz=source.info.rate_hz,
            features=features_of(self.job.found),
            skipped=lambda: self.skipped,
        )
        self.sinks = make_sinks(self.settings, writing)
        return self.sinks

    def record(self, outcome: Outcome, began_s: float) -> Record:
        """How it went, with what the sinks had to leave out, or do otherwise than asked."""
        sentences = [outcome.damage.sentence(self.job.spec)] if outcome.is_partial else []
        sentences += problems_of(self.sinks)
        notes = [outcome.note, self.why_exact and f"scanned exactly, since {self.why_exact}"]
        return Record(
            input=self.job.spec,
            status="partial" if sentences else "ok",
            error="; ".join(sentences) or None,
            out_dir=self.job.out_name,
            width=outcome.size[0],
            height=outcome.size[1],
            duration_s=outcome.duration_s,
            frames=outcome.frames,
            events=len(outcome.events),
            elapsed_s=time.monotonic() - began_s,
            note="; ".join([*filter(None, notes), *notes_of(self.sinks)]) or None,
            skipped_s=None if self.skipped is None else _seconds_in(self.skipped),
        )


def _threads(job: Job, settings: Settings) -> int | None:
    """For decoding: with a chip never one, since what it could not read is then read again."""
    threads = job.threads if job.decoding is None else job.decoding
    if settings.run.hwaccel == "none" or threads is None:
        return threads
    return max(2, threads)


def _seconds_in(stretches: Sequence[tuple[float, float]]) -> float:
    return sum(to_s - from_s for from_s, to_s in stretches)


def _path_at(job: Job, source: Source) -> PathAt | None:
    """Which file holds a second; pictures in a folder and rendered scenes have no packets."""
    if job.parts:
        # Joining is known to one kind of source, which the seam need not tell of.
        path_at: PathAt = bare_source(source).path_at  # type: ignore[attr-defined]
        return path_at
    path = Path(job.spec)
    if is_address(job.spec) or os.path.isdir(path):
        return None
    return lambda pts_s: path


def _parts(job: Job, source: Source) -> Callable[[], Sequence[tuple[str, float]]]:
    """Which recordings are joined, and where each begins: asked at the end."""
    if not job.parts:
        return lambda: ()
    joined: Any = bare_source(source)  # as of `path_at`: the seam need not tell of it
    return lambda: joined.begins


class Beat:
    """Says how far the analysis is; again and again while something is written at its end."""

    def __init__(self, on_progress: Progress | None) -> None:
        self._on_progress = on_progress
        self._last: tuple[float, float | None] = (0.0, None)

    def __call__(self, done_s: float, total_s: float | None) -> None:
        self._last = done_s, total_s
        self.again()

    def again(self) -> None:
        """Say it once more."""
        if self._on_progress is not None:
            self._on_progress(*self._last)


def _remove_if_empty(job: Job) -> None:
    """Take back the folder of an input that gave nothing; results of an earlier run stay."""
    with contextlib.suppress(OSError):
        job.folder.rmdir()


def _failed(
    job: Job, error: MotionAppError, began_s: float, *, cause: BaseException | None = None
) -> Record:
    cause = cause or error.__cause__
    trouble: Trouble = "output" if isinstance(error, OutputError) else ""
    if isinstance(cause, OSError) and cause.errno in FULL:
        trouble = "full"
    elapsed_s = time.monotonic() - began_s
    return Record(job.spec, "failed", str(error), elapsed_s=elapsed_s, trouble=trouble)
