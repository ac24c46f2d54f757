"""Jobs whose input or results lie in a store: fetched, analysed on this machine's disk, brought
back.

One recording at a time lies here, in a temporary folder that is gone afterwards.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final, Protocol

from motionapp.batch.job import Beat, Job, run_job
from motionapp.batch.one import Progress
from motionapp.batch.record import Record
from motionapp.core.addresses import shown
from motionapp.core.errors import OutputError, SourceError
from motionapp.core.models import Models
from motionapp.files.store import bring, fetch, is_store
from motionapp.settings.tree import Settings
from motionapp.sinks.events import EVENTS_JSON

PREFIX: Final = "motionapp-"
"""Of temporary folders."""


class Runner(Protocol):
    """Does a job and says how it went, as `run_job` does."""

    def __call__(
        self,
        job: Job,
        settings: Settings,
        models: Models,
        on_progress: Progress | None = ...,
        on_open: Callable[[int], object] = ...,
    ) -> Record:
        """How it went."""
        ...


def runner_of(job: Job) -> Runner:
    """What does a job: the plain way, or one round by this machine's disk."""
    is_away = is_store(job.out_dir) or any(is_store(spec) for spec in (job.parts or (job.spec,)))
    return run_away if is_away else run_job


def run_away(
    job: Job,
    settings: Settings,
    models: Models,
    on_progress: Progress | None = None,
    on_open: Callable[[int], object] = lambda picture_px: None,
) -> Record:
    """Do a job with everything near; as `run_job`.

    Returns
    -------
    Record
        `failed` where the input cannot be had or the results cannot be brought home.
    """
    began_s = time.monotonic()
    beat = Beat(on_progress)
    try:
        with tempfile.TemporaryDirectory(prefix=PREFIX) as temporary:
            near = _near(job, Path(temporary), beat.again)
            record = _as_named(run_job(near, settings, models, beat, on_open), near, job)
            if is_store(job.out_dir) and record.status != "failed":
                bring(_files(near, job), beat.again)
    except SourceError as error:
        return Record(job.spec, "failed", str(error), elapsed_s=time.monotonic() - began_s)
    except OutputError as error:
        return Record(job.spec, "failed", str(error), trouble="output")
    return replace(record, elapsed_s=time.monotonic() - began_s)


def _near(job: Job, temporary: Path, on_wait: Callable[[], object]) -> Job:
    """The job with what lies elsewhere brought here."""

    def here(number: int, spec: str) -> str:
        if not is_store(spec):
            return spec
        folder = temporary / f"in-{number}"  # two may have one name
        folder.mkdir()
        return str(fetch(spec, folder, on_wait))

    near = replace(job, known_as=job.recordings)
    if is_store(job.out_dir):
        near = replace(near, out_dir=str(temporary / "out"), home=job.home or job.out_dir)
    if job.parts:
        return replace(near, parts=tuple(here(n, spec) for n, spec in enumerate(job.parts)))
    return replace(near, spec=here(0, job.spec))


def _as_named(record: Record, near: Job, job: Job) -> Record:
    """What is said of it, with the names that a person knows."""

    def said(text: str | None) -> str | None:
        for here, there in zip((near.spec, *near.parts), (job.spec, *job.parts), strict=True):
            text = text and text.replace(here, shown(there))
        return text and text.replace(near.out_dir, shown(job.out_dir))

    return replace(record, input=job.spec, error=said(record.error), note=said(record.note))


def _files(near: Job, job: Job) -> list[tuple[Path, str]]:
    """What is to be brought home; `events.json` last, as it says that all is there."""
    folder = near.folder
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    home = f"{job.out_dir.rstrip('/')}/{job.out_name}"
    files = [(path, f"{home}/{path.relative_to(folder).as_posix()}") for path in paths]
    return sorted(files, key=lambda each: os.path.basename(each[1]) == EVENTS_JSON)
