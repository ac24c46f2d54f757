"""The batch's own files where results go to a store: kept here while it runs, and brought there.

A store has no lines that are added to a file and no locks. The journal is brought there whole every
few seconds: who is killed does again what was done since.
"""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from motionapp.batch.journal import JOURNAL_JSONL
from motionapp.batch.progress import Reporter
from motionapp.batch.record import Record
from motionapp.core.errors import OutputError, SourceError
from motionapp.files.store import bring, check_store, fetch, names_below, read_all
from motionapp.sinks.events import EVENTS_JSON

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
        self._lent: set[str] = set()
        """Folders of results, whose files are at home already."""

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

    def lay_out(self, out_names: Sequence[str]) -> None:
        """Have here what a table over all inputs is made of: the events of each, and its page."""
        from motionapp.sinks.report.sink import REPORT_HTML

        there = names_below(self.home)
        events = [name for name in (f"{each}/{EVENTS_JSON}" for each in out_names) if name in there]
        for each in out_names:
            self._lent.add(each)
            folder = self.folder / each
            folder.mkdir(exist_ok=True)
            if f"{each}/{REPORT_HTML}" in there:
                (folder / REPORT_HTML).touch()  # that there is one is all that is asked
        for address, content in read_all([f"{self.home}/{name}" for name in events]):
            if content is not None:
                (self.folder / address[len(self.home) + 1 :]).write_bytes(content)

    def bring_all(self) -> None:
        """Bring all of the batch's own files home."""
        paths = [path for path in sorted(self.folder.rglob("*")) if path.is_file()]
        others = _OWN | self._lent
        own = [path for path in paths if path.relative_to(self.folder).parts[0] not in others]
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
    with tempfile.TemporaryDirectory(prefix="motionapp-") as folder:
        desk = Desk(home, Path(folder))
        try:
            check_store(home)
            if JOURNAL_JSONL in names_below(desk.home):
                fetch(f"{desk.home}/{JOURNAL_JSONL}", desk.folder, _wait)
        except SourceError as error:
            raise OutputError(str(error)) from error
        try:
            yield desk
        except BaseException:
            with contextlib.suppress(OutputError):  # what has ended us is told, and not this
                desk.bring_all()
            raise
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
