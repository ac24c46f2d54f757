"""A run's events into the catalogue: a sink that is closed behind events.json."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from motionapp.catalogue.arrow import arrow
from motionapp.catalogue.features import EventFeatures
from motionapp.catalogue.form import make_catalogue
from motionapp.catalogue.rows import Recorded, Row, Seen, row_of
from motionapp.catalogue.store import put
from motionapp.core.event import Event
from motionapp.core.moment import Moment
from motionapp.sinks.documents import event_document

Fields = Callable[[Event], Mapping[str, object]]
"""What is known of the files that belong to an event: its clip and its picture."""
Parts = Callable[[], Sequence[tuple[str, float]]]
"""Of joined recordings each one's name and the second that it begins at, once they were read."""


class CatalogueSink:
    """Collects closed events, and writes their rows on `close`.

    Parameters
    ----------
    folder : Path
        The catalogue's; made if it is not there.
    recorded : Recorded
        Whose events they are.
    fields_of : callable
    parts : callable
    rate_hz : float or None
        Of the recording's pictures.
    features : EventFeatures, optional
        Those of parts that were analysed apart; else they are noted here.

    Raises
    ------
    MissingExtraError
        pyarrow is not installed.
    """

    def __init__(
        self,
        folder: Path,
        recorded: Recorded,
        *,
        fields_of: Fields = lambda event: {},
        parts: Parts = lambda: (),
        rate_hz: float | None = None,
        features: EventFeatures | None = None,
    ) -> None:
        arrow()
        self._folder, self._recorded = folder, recorded
        self._fields_of, self._parts, self._rate_hz = fields_of, parts, rate_hz
        self._features = features or EventFeatures()
        self._events: list[Event] = []
        self._sizes: list[tuple[float, tuple[int, int]]] = []
        self._start_utc: datetime | None = None
        self._is_done = False

    def accept(self, moment: Moment) -> None:
        """Take note of what closed, how large its pictures are, and what the network saw."""
        frame = moment.frame
        if frame is not None:
            self._start_utc = self._start_utc or frame.epoch.start_utc
            if not self._sizes or self._sizes[-1][1] != frame.epoch.size:
                self._sizes.append((frame.pts_s, frame.epoch.size))
        self._features.accept(moment)
        self._events += moment.closed

    def close(self) -> None:
        """Write the rows, in place of those of an earlier analysis.

        Raises
        ------
        OutputError, NoCatalogue
            They cannot be written, or the folder is another version's.
        """
        if self._is_done:
            return
        self._is_done = True
        folder, recorded = make_catalogue(self._folder), self._recorded
        seen = self._seen((0, 0))
        rows = [self._row(event) for event in self._events]
        put(folder, recorded.camera, seen.month, recorded.key, rows)

    def abandon(self) -> None:
        """Nothing has been written yet, and nothing will be."""
        self._is_done = True

    def _row(self, event: Event) -> Row:
        document = event_document(event, start_utc=self._start_utc, fields=self._fields_of(event))
        return row_of(
            document, self._recorded, self._seen(self._size_at(event.peak_s)),
            folder=self._folder, features=self._features.of(event.event_id),
        )  # fmt: skip

    def _seen(self, size: tuple[int, int]) -> Seen:
        return Seen(size, self._rate_hz, self._start_utc, tuple(self._parts()))

    def _size_at(self, pts_s: float) -> tuple[int, int]:
        """Of the picture at a second: it may change in the middle."""
        place = bisect.bisect_right(self._sizes, pts_s + 1e-6, key=lambda one: one[0])
        return self._sizes[max(0, place - 1)][1] if self._sizes else (0, 0)
