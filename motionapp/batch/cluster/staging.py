"""Results are made in a folder of the task's own and brought home whole, `events.json` last.

Two tasks may be at the same file: one of a worker that was taken for lost, and its successor. They
never write under one name, and what they bring home is the same, so that it does no harm whose
comes last.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from motionapp.batch.job import Job
from motionapp.files.atomic import cannot_write, make_folder, sync_folder
from motionapp.sinks.events import EVENTS_JSON

CLUSTER: Final = ".cluster"
"""Within the batch's folder: a folder for each run, and in it one for each file at work."""
TRIES: Final = 3
"""Of putting a folder in another's place: another task may do the same at that moment."""


def begin_staging(out_dir: Path, token: str) -> Path:
    """Remove what former runs have left, and make this run's folder.

    Tasks of a run that was killed find theirs gone, and can bring nothing home any more.

    Returns
    -------
    Path
        It shows to a worker that it sees the batch's folder.

    Raises
    ------
    OutputError
        It cannot be made.
    """
    end_staging(out_dir)
    marker = out_dir / CLUSTER / token
    make_folder(marker)
    return marker


def end_staging(out_dir: Path) -> None:
    """Remove what lies there, as far as possible."""
    shutil.rmtree(out_dir / CLUSTER, ignore_errors=True)


@contextlib.contextmanager
def staged(job: Job, marker: str) -> Iterator[Job]:
    """The job with a folder of its own for its results, which is gone after the block.

    Parameters
    ----------
    job : Job
    marker : str
        This run's folder, as `begin_staging` made it; empty takes one on this machine's own disk.

    Raises
    ------
    OutputError
        It cannot be made; the batch may have ended.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix="motionapp-", dir=marker or None))
    except OSError as error:
        raise cannot_write(Path(marker or tempfile.gettempdir()), error) from error
    try:
        yield replace(job, out_dir=str(folder), home=job.home or job.out_dir)
    finally:
        _remove(folder)


def bring_home(staged_job: Job, job: Job) -> None:
    """Put the results of a job where they belong, on the same disk; each file appears whole.

    Where nothing stands yet, the folder goes there as it is.

    Raises
    ------
    OutputError
        It cannot be done. What stood there before may be replaced in part: `events.json` is not.
    """
    source, home = staged_job.folder, job.folder
    if _is_moved(source, home):
        return
    make_folder(home)
    try:
        for name in in_order(source):
            if (source / name).is_dir():
                _put_folder(source / name, home / name, Path(staged_job.out_dir))
            else:
                os.replace(source / name, home / name)
        sync_folder(home)
    except OSError as error:
        raise cannot_write(home, error) from error


def in_order(folder: Path) -> list[str]:
    """Names of what lies in a folder of results, `events.json` last: it says that all is there."""
    names = sorted(os.listdir(folder)) if folder.is_dir() else []
    return sorted(names, key=lambda name: name == EVENTS_JSON)


def _is_moved(source: Path, home: Path) -> bool:
    """Whether a folder could take a place where there is nothing, or an empty folder."""
    try:
        os.makedirs(home.parent, exist_ok=True)
        os.rename(source, home)
        sync_folder(home.parent)
    except OSError:  # what is in the way, and what cannot be written at all, is met file by file
        return False
    return True


def _remove(folder: Path) -> None:
    """Empty, mostly."""
    try:
        os.rmdir(folder)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)


def _put_folder(source: Path, target: Path, aside: Path) -> None:
    """A folder in another's place; what stood there goes with the staging folder."""
    for tried in range(TRIES):
        try:
            if target.exists():
                os.rename(target, aside / f"{target.name}.{tried}.old")
            os.rename(source, target)
            return
        except OSError:
            if tried == TRIES - 1:
                raise
