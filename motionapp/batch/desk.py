"""The batch's own files where results go to a store: kept here while it runs, and brought there.

A store has no lines that are added to a file and no locks. The journal is brought there whole every
few seconds: who is killed does again what was done since.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from motionapp.batch.journal import JOURNAL_JSONL
from motionapp.batch.progress import Reporter
from motionapp.batch.record import Record
from motionapp.core.errors import OutputError, SourceError
from motionapp.files.store import bring, check_store, fetch, names_below

KEEP_EVERY_S: Final = 10.0
"""Of 50,000 inputs the journal has 25 MB: some tenths of a second each time."""
_OWN: Final = frozenset({".lock", ".cluster"})


class Desk:
    """A folder of this machine for what belongs into a store.

    Parameters
    ----------
    home : str
        The store's folder.
    folder : Path
    """

    def __init__(self, home: str, folder: Path) -> None:
        self.home, self.folder = home.rstrip("/"), folder
        self._kept_s = time.monotonic()
        self._names: frozenset[str] | None = None

    def has(self, out_name: str, names: list[str]) -> bool:
        """Whether the store has these results of an input; asked once for all."""
        if self._names is None:
            self._names = names_below(self.home)
        return all(f"{out_name}/{name}" in self._names for name in names)

    def keep(self, *, now: bool = False) -> None:
        """Bring the journal home, if it is time to.

        Raises
        ------
        OutputError
            It cannot be written.
        """
        now_s = time.monotonic()
        path = self.folder / JOURNAL_JSONL
        if path.exists() and (now or now_s - self._kept_s >= KEEP_EVERY_S):
            self._kept_s = now_s
            bring([(path, f"{self.home}/{JOURNAL_JSONL}")], lambda: None)

    def bring_all(self) -> None:
        """Bring all of the batch's own files home."""
        paths = [path for path in sorted(self.folder.rglob("*")) if path.is_file()]
        own = [path for path in paths if path.relative_to(self.folder).parts[0] not in _OWN]
        names = [path.relative_to(self.folder).as_posix() for path in own]
        bring([(path, f"{self.home}/{name}") for path, name in zip(own, names, strict=True)], _wait)


@contextlib.contextmanager
def desk_for(home: str) -> Iterator[Desk]:
    """A desk with the journal of earlier runs; at its end, however it comes, all is brought home.

    Raises
    ------
    MissingExtraError, OutputError
        The store cannot be used.
    """
    try:
        check_store(home)
    except SourceError as error:
        raise OutputError(str(error)) from error
    with tempfile.TemporaryDirectory(prefix="motionapp-") as folder:
        desk = Desk(home, Path(folder))
        if JOURNAL_JSONL in names_below(home):
            fetch(f"{desk.home}/{JOURNAL_JSONL}", desk.folder, _wait)
        try:
            yield desk
        finally:
            desk.bring_all()


class KeepingReporter:
    """Passes everything on, and sees that the journal is kept.

    Parameters
    ----------
    reporter : Reporter
    keep : callable
    """

    def __init__(self, reporter: Reporter, keep: Callable[[], None]) -> None:
        self._reporter, self._keep = reporter, keep

    def started(self, index: int) -> None:
        """Passed on."""
        self._reporter.started(index)

    def progressed(self, index: int, done_s: float, total_s: float | None) -> None:
        """Passed on."""
        self._reporter.progressed(index, done_s, total_s)

    def finished(self, index: int, record: Record) -> None:
        """Passed on; it stands in the journal."""
        self._reporter.finished(index, record)
        self._keep()


def _wait() -> None:
    """Nobody watches."""
