"""Records what plays, by hand or by event, with what came shortly before. No Qt.

Looks on as a viewer does: pictures are copied when they come and encoded on a thread of its own, so
that a slow encoder holds up nobody; what it cannot follow is left out and counted. Before an event
there are pictures, too: the newest are kept as JPEGs, so many seconds and so many bytes of them.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.cover import NO_COVER
from motionapp.core.frame import Frame
from motionapp.core.moment import Moment
from motionapp.files.staged import safe_name
from motionapp.sinks.film import Film
from motionapp.sources import VIDEO_EXTENSIONS

MOST_WAITING_BYTES: Final = 64 << 20
MOST_KEPT_BYTES: Final = 96 << 20
"""Of the pictures from before an event."""
JPEG_QUALITY: Final = 85
Told = Callable[[str, str], None]
"""Told of a file that was written, and of what went wrong; one of both is empty."""


@dataclass(frozen=True, slots=True)
class Plan:
    """When it is recorded, and where to."""

    folder: Path
    by_event: bool = False
    before_s: float = 3.0
    """Of what came before an event; by hand, recording begins at once."""
    after_s: float = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class _Picture:
    pts_s: float
    duration_s: float
    bgr: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    pts_s: float
    duration_s: float
    jpeg: NDArray[np.uint8]


class Recorder:
    """Writes recordings until it is closed.

    Parameters
    ----------
    plan : Plan
    name : str
        Of the source, which files are named after.
    told : callable
        Called on the recorder's thread.
    now : callable
        The local time, for the names of files.
    """

    stage = "recorder"

    def __init__(
        self, plan: Plan, name: str, told: Told, *, now: Callable[[], datetime] = datetime.now
    ) -> None:
        self._plan, self._name, self._told, self._now = plan, safe_name(_stem(name)), told, now
        self._changed = threading.Condition()
        self._waiting: deque[_Picture] = deque()
        self._waiting_bytes = 0
        self._is_closed = False
        self._by_hand = False
        self._spans: dict[str, tuple[float, float]] = {}
        """From when to when each event is recorded; until infinity while it goes on."""
        self._latest_s = -math.inf
        self._cover = NO_COVER
        self._forgets = False
        """What is kept from before an event is not to be recorded any more."""
        self.dropped = 0
        """Pictures that the encoder could not follow."""
        self._film: Film | None = None
        self._kept: deque[_Kept] = deque()
        self._kept_bytes = 0
        self._thread = threading.Thread(target=self._work, name="recorder")
        self._thread.start()

    # -- told by the pipeline ---------------------------------------------------------------

    def show(self, frame: Frame) -> None:
        """A picture has come. Never waits."""
        with self._changed:
            if self._is_closed or not (self._by_hand or self._plan.by_event):
                return
            if self._waiting_bytes > MOST_WAITING_BYTES:
                self.dropped += 1
                return
        picture = _Picture(frame.pts_s, frame.duration_s, frame.bgr().copy())
        with self._changed:
            if frame.epoch.cover != self._cover:
                # What came before a privacy zone was drawn shows what lay beneath.
                self._cover = frame.epoch.cover
                self._waiting.clear()
                self._waiting_bytes, self._forgets = 0, True
            self._waiting.append(picture)
            self._waiting_bytes += picture.bgr.nbytes
            self._changed.notify()

    def note(self, moment: Moment) -> None:
        """What was found: events begin and end recordings."""
        with self._changed:
            if not self._plan.by_event:
                return
            for event in (*moment.opened, *moment.closed):
                ends_s = math.inf if event.ended_by is None else event.end_s + self._plan.after_s
                self._spans[event.event_id] = event.start_s - self._plan.before_s, ends_s

    def close(self) -> None:
        """No more will come: what is being written is finished. Does not wait."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()

    def end(self) -> None:
        """Close, and wait until all is written."""
        self.close()
        self._thread.join()

    # -- told by a person -------------------------------------------------------------------

    def record(self, is_on: bool) -> None:
        """Begin by hand, or end; what is recorded by event goes on."""
        with self._changed:
            self._by_hand = is_on
            self._changed.notify()

    def follow(self, plan: Plan) -> None:
        """Record by another plan from now on; what is being written goes on where it is."""
        with self._changed:
            self._plan = plan
            if not plan.by_event:
                self._spans.clear()
            self._changed.notify()

    @property
    def is_recording(self) -> bool:
        """Whether a file is being written."""
        return self._film is not None

    # -- on its own thread ------------------------------------------------------------------

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._is_closed and not self._is_to_end():
                    self._changed.wait()
                picture = self._waiting.popleft() if self._waiting else None
                if picture is not None:
                    self._waiting_bytes -= picture.bgr.nbytes
                is_wanted = self._wants(picture)
                if self._forgets:
                    self._forget()
                self._forgets = False
                is_over = picture is None and self._is_closed
            if picture is not None:
                self._take(picture, is_wanted=is_wanted)
            elif not is_wanted or is_over:
                self._finish()
            if is_over:
                return

    def _is_to_end(self) -> bool:
        """Whether a recording by hand has been ended, with no picture to tell it by."""
        return self._film is not None and not self._by_hand and not self._plan.by_event

    def _wants(self, picture: _Picture | None) -> bool:
        """Whether a picture is to be recorded, by when it was and not by when it is dealt with."""
        if self._by_hand or picture is None:
            return self._by_hand
        at_s, before_s = picture.pts_s, self._latest_s
        self._latest_s = at_s
        over = [
            name for name, (_, to_s) in self._spans.items()
            if to_s < at_s or (at_s < before_s and to_s < math.inf)  # it was sought back
        ]  # fmt: skip
        for name in over:
            del self._spans[name]
        return any(from_s <= at_s for from_s, _ in self._spans.values())

    def _take(self, picture: _Picture, *, is_wanted: bool) -> None:
        if not is_wanted:
            self._finish()
            self._keep(picture)
            return
        if self._film is None:
            self._begin(picture)
        self._write(picture.bgr, picture.pts_s, picture.duration_s)

    def _keep(self, picture: _Picture) -> None:
        """As what may come before an event."""
        if self._kept and picture.pts_s <= self._kept[-1].pts_s:
            self._forget()  # it was sought, or begins again
        quality = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
        is_done, jpeg = cv2.imencode(".jpg", picture.bgr, quality)
        if not is_done:
            return
        kept = _Kept(picture.pts_s, picture.duration_s, np.asarray(jpeg, np.uint8))
        self._kept.append(kept)
        self._kept_bytes += kept.jpeg.nbytes
        oldest_s = picture.pts_s - self._plan.before_s
        while self._kept and (self._kept[0].pts_s < oldest_s or self._kept_bytes > MOST_KEPT_BYTES):
            self._kept_bytes -= self._kept.popleft().jpeg.nbytes

    def _forget(self) -> None:
        self._kept.clear()
        self._kept_bytes = 0

    def _begin(self, picture: _Picture) -> None:
        """Another file, with what came before where an event asks for it."""
        stamp = f"{self._now():%Y-%m-%d_%H-%M-%S}"
        self._film = Film(self._plan.folder, f"{self._name}_{stamp}")
        if not self._by_hand:
            with self._changed:
                from_s = min((span[0] for span in self._spans.values()), default=picture.pts_s)
            for kept in self._kept:
                if from_s <= kept.pts_s < picture.pts_s:
                    bgr = np.asarray(cv2.imdecode(kept.jpeg, cv2.IMREAD_COLOR), np.uint8)
                    self._write(bgr, kept.pts_s, kept.duration_s)
        self._forget()

    def _write(self, bgr: NDArray[np.uint8], pts_s: float, duration_s: float) -> None:
        film = self._film
        if film is None:
            return
        trouble = film.write(bgr, pts_s, duration_s)
        if trouble:
            self._film = None
            self._stop_all()
            self._told(film.written, trouble)

    def _finish(self) -> None:
        if self._film is not None:
            # Told before another may begin: who did what in this one would be taken for the next.
            self._told(*self._film.finish())
            self._film = None

    def _stop_all(self) -> None:
        """A disk that is full stays so: a person has to begin again."""
        with self._changed:
            self._by_hand = False
            self._spans.clear()


def _stem(name: str) -> str:
    """A recording's name without its ending: what is recorded of it has one of its own."""
    path = Path(name)
    return path.stem if path.suffix.lower() in VIDEO_EXTENSIONS else name
