"""Collects what a recording's report needs while moments go by, and writes the page at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from motionapp.core.event import Event
from motionapp.core.frame import Frame
from motionapp.core.moment import Moment
from motionapp.core.seams import Damage
from motionapp.files.atomic import write_whole
from motionapp.sinks.documents import Document, event_document
from motionapp.sinks.events import Attachments
from motionapp.sinks.report.activity import ActivityBins
from motionapp.sinks.report.page import FilePage, LineSum, Refused, file_page
from motionapp.sinks.report.pictures import inlined, jpeg_uri

REPORT_HTML: Final = "report.html"


class Heat(Protocol):
    """Where it moved, as a picture."""

    def picture(self) -> NDArray[np.uint8] | None:
        """Shape (h, w, 3), blue first; None where there was no frame."""
        ...


class Why(Protocol):
    """Takes moments, and knows afterwards what was seen and became no event."""

    @property
    def count(self) -> int:
        """How many stretches there were, also those that it has forgotten."""
        ...

    def accept(self, moment: Moment) -> None:
        """Take note of a moment."""
        ...

    def rejections(self) -> Sequence[Refused]:
        """Those that came nearest to being an event, in order of time."""
        ...


class ReportSink:
    """Writes ``report.html`` on `close`; close it after what makes the clips and thumbnails.

    Parameters
    ----------
    folder : Path
        Exists already.
    source : str
        Base name of the input.
    settings_toml : str
        All settings as a settings file; empty to leave the part out.
    zone : tzinfo
        Of the clock that is shown where the recording's start is known.
    heat : Heat or None
        Asked once, on `close`.
    attachments : sequence of Attachments
        Sinks whose files the page shows, as events.json names them.
    why : Why or None
        Given every moment, and asked on `close`.
    damage : callable or None
        Gives what could not be read, on `close`.
    lines : sequence of str
        The lines that are drawn: the page says how many went over each, and to which side.
    """

    def __init__(
        self,
        folder: Path,
        source: str,
        settings_toml: str = "",
        *,
        zone: tzinfo = UTC,
        heat: Heat | None = None,
        attachments: Sequence[Attachments] = (),
        why: Why | None = None,
        damage: Callable[[], Damage] | None = None,
        lines: Sequence[str] = (),
    ) -> None:
        self._folder, self._source, self._settings_toml = folder, source, settings_toml
        self._zone, self._heat, self._attachments = zone, heat, attachments
        self._why, self._damage = why, damage
        self._lines = tuple(lines)
        self._over: Counter[tuple[str, str]] = Counter()
        self._events: list[Event] = []
        self._bins = ActivityBins()
        self._first: tuple[float, tuple[int, int], datetime | None] | None = None
        self._waiting: _Step | None = None
        self._frames = 0
        self._to_s = 0.0
        self._is_done = False

    def accept(self, moment: Moment) -> None:
        """Take note of what closed, and how much moved."""
        self._events += moment.closed
        self._over.update((one.zone, one.direction) for one in moment.crossings)
        if self._why is not None:
            self._why.accept(moment)
        frame = moment.frame
        if frame is None:
            return
        if self._first is None:
            self._first = (frame.pts_s, frame.epoch.size, frame.epoch.start_utc)
        self._frames += 1
        self._to_s = frame.pts_s + frame.duration_s
        self._note(_Step(frame, moment.motion.strength))

    def close(self) -> None:
        """Write the page."""
        if self._is_done:
            return
        self._is_done = True
        self._note(None)
        write_whole(self._folder / REPORT_HTML, file_page(self._page()))

    def abandon(self) -> None:
        """Nothing has been written yet, and nothing will be."""
        self._is_done = True

    def _note(self, step: _Step | None) -> None:
        """A picture's motion lasts until the next one, or as long as it said itself."""
        waiting, self._waiting = self._waiting, step
        if waiting is not None:
            follows = step is not None and step.epoch == waiting.epoch
            to_s = step.from_s if step is not None and follows else waiting.to_s
            self._bins.add(waiting.from_s, to_s, waiting.strength)

    def _page(self) -> FilePage:
        from_s, size, start_utc = self._first or (0.0, None, None)
        # In the order of events.json.
        ordered = sorted(self._events, key=lambda event: (event.start_s, event.zone))
        events = [self._document(event, start_utc) for event in ordered]
        damage = Damage() if self._damage is None else self._damage()
        names = [event["thumbnail"] for event in events if event["thumbnail"]]
        heat = None if self._heat is None else self._heat.picture()
        return FilePage(
            source=self._source,
            from_s=from_s,
            to_s=max(self._to_s, from_s),
            frames=self._frames,
            size=size,
            status="partial" if damage.is_partial else "ok",
            damage=damage.sentence(self._source) if damage.is_partial else "",
            lost=damage.lost,
            start_utc=start_utc,
            zone=self._zone,
            activity=self._bins.activity(),
            events=events,
            pictures=inlined(self._folder, names),
            heat=None if heat is None else jpeg_uri(heat),
            rejections=None if self._why is None else self._why.rejections(),
            refusals_in_all=0 if self._why is None else self._why.count,
            settings_toml=self._settings_toml,
            lines=tuple(
                LineSum(name, self._over[name, "left"], self._over[name, "right"])
                for name in self._lines
            ),
        )

    def _document(self, event: Event, start_utc: datetime | None) -> Document:
        fields: dict[str, object] = {}
        for each in self._attachments:
            fields.update(each.fields_of(event))
        return event_document(event, start_utc=start_utc, fields=fields)


class _Step:
    """Of a frame, what the activity needs; the frame itself is let go."""

    __slots__ = ("epoch", "from_s", "strength", "to_s")

    def __init__(self, frame: Frame, strength: float) -> None:
        self.epoch = frame.epoch.number
        self.from_s, self.to_s = frame.pts_s, frame.pts_s + frame.duration_s
        self.strength = strength
