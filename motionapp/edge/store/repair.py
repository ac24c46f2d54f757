"""Rebuilds the store from what lies in its folder: what `motionapp edge repair` does.

It is what every start does; asked for by hand, it says what there is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from motionapp.edge.records import utc_text
from motionapp.edge.seams import EventQuery
from motionapp.edge.store.store import Messages, Store, nobody


@dataclass(frozen=True, slots=True)
class RepairReport:
    """What was done, and what there is now."""

    sentences: tuple[str, ...]
    """One for each thing that was mended; empty if nothing had to be."""
    lost: int
    """Events that were open when the service ended."""
    events: int
    files: int
    size_bytes: int
    """Of recordings and snapshots."""
    newest_utc: datetime | None
    """When the newest event began; None if there is none."""

    @property
    def lines(self) -> tuple[str, ...]:
        """The whole report, for people."""
        done = self.sentences or ("nothing had to be repaired",)
        newest = "" if self.newest_utc is None else f", the newest of {utc_text(self.newest_utc)}"
        return (
            *done,
            f"events: {self.events}{newest}",
            f"recordings and snapshots: {self.files}, {self.size_bytes / 1e6:.1f} MB",
        )


def _utc_now() -> datetime:
    return datetime.now(UTC)


def repair(
    folder: Path, *, now: Callable[[], datetime] = _utc_now, on_lost: Messages = nobody
) -> RepairReport:
    """Put a store in order while no service has it.

    Parameters
    ----------
    folder : Path
    now : callable
        Gives the time on the wall, with its zone.
    on_lost : callable
        What is to be told of events that were open, as the service has it.

    Raises
    ------
    OutputError
        A service has it, or it cannot be written to.
    SettingsError
        A later version has written it.
    """
    with Store(folder, now=now, on_lost=on_lost) as store:
        newest = store.events(EventQuery(most=1))
        files = store.recordings()
        return RepairReport(
            sentences=store.sentences,
            lost=len(store.lost),
            events=store.count_events(),
            files=len(files),
            size_bytes=sum(one.size_bytes for one in files),
            newest_utc=newest[0].start_utc if newest else None,
        )
