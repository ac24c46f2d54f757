"""A picture an event, of its peak."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from motionapp.core.errors import OutputError
from motionapp.core.moment import Moment
from motionapp.edge.camera.drawing import jpeg_of
from motionapp.files.atomic import make_folder, publish, stage_bytes

EACH_S: Final = 1.0
"""A peak is often passed by the next frame already: at most one picture a second is made."""
Kept = Callable[[str, Path], None]
"""Given the id of an event that has closed, and the file of its picture."""
PathOf = Callable[[datetime], Path]
"""Where a picture of a moment belongs."""


@dataclass(slots=True)
class _Best:
    jpeg: bytes
    at_s: float
    start_utc: datetime | None


class Snapshots:
    """A sink that makes them.

    Parameters
    ----------
    path_of : callable
    kept : callable
    warn : callable
        Given a sentence where a picture cannot be written.
    """

    def __init__(self, path_of: PathOf, *, kept: Kept, warn: Callable[[str], None]) -> None:
        self._path_of, self._kept, self._warn = path_of, kept, warn
        self._best: dict[str, _Best] = {}

    def accept(self, moment: Moment) -> None:
        """Make pictures of what opens or has its peak, and write those of what closes."""
        frame = moment.frame
        if frame is not None and (due := self._due(moment, frame.pts_s)):
            best = _Best(jpeg_of(frame, moment), frame.pts_s, frame.epoch.start_utc)
            self._best |= dict.fromkeys(due, best)
        for event in moment.closed:
            best_of = self._best.pop(event.event_id, None)
            if best_of is not None and best_of.start_utc is not None:
                self._keep(event.event_id, best_of, best_of.start_utc)

    def close(self) -> None:
        """What closed is written already."""

    def abandon(self) -> None:
        """What is open has no picture."""
        self._best.clear()

    def _due(self, moment: Moment, now_s: float) -> list[str]:
        """The events that are to have this picture."""
        peaks = [event_id for event_id in moment.peaks if event_id in self._best]
        late = [event_id for event_id in peaks if now_s - self._best[event_id].at_s >= EACH_S]
        return [*late, *(event.event_id for event in moment.opened)]

    def _keep(self, event_id: str, best: _Best, start_utc: datetime) -> None:
        path = self._path_of(start_utc + timedelta(seconds=best.at_s))
        try:
            make_folder(path.parent)
            stage_bytes(path, best.jpeg)
            publish(path)
        except OutputError as error:  # the event is remembered without it
            self._warn(str(error))
            return
        self._kept(event_id, path)
