"""Where a verb writes: nothing that it reads, and nothing else that it writes, is lost by that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from motionapp.core.errors import SettingsError
from motionapp.files.atomic import one_of
from motionapp.recognition.dataset import DataSet


def check_apart(
    written: Mapping[str, Path | None], read: Iterable[Path], *, folder: Path | None = None
) -> None:
    """Refuse places of which one would be written over another: before hours of work.

    Parameters
    ----------
    written : mapping of str to Path or None
        By what a person calls it, the files that will be written; None where one is not.
    read : iterable of Path
        Files that must still be there afterwards.
    folder : Path, optional
        Of ``--report``, which holds nothing but a report: an earlier one there goes.

    Raises
    ------
    SettingsError
        Two are the same file, or one lies in the folder.
    """
    kept = list(read)
    taken: dict[Path, str] = {}
    for what, path in written.items():
        if path is None:
            continue
        if one_of(path, kept) is not None:
            raise SettingsError(
                f"{what} is {path}, which is read here and would be lost: name another file"
            )
        # By its name, since neither is there yet: two would be one as soon as they are.
        place = path.resolve()
        if place in taken:
            raise SettingsError(f"{what} is {path}, and so is {taken[place]}: name another file")
        taken[place] = what
        if folder is not None and folder.resolve() in (place, *place.parents):
            raise SettingsError(
                f"{what} is {path}, in the folder of --report, which holds a report alone: name "
                "another place"
            )


def files_of(data: DataSet) -> list[Path]:
    """What is read of a data set: the file that names its recordings, and each of them."""
    return [data.path, *(sample.path for sample in data.samples)]
