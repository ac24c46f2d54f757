"""What the broker shall show now: for each topic the newest value, and which are still to be sent.

Nothing here is queued: of a value that nobody could be told in time, only the newest counts.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from motionapp.edge.mqtt.topics import (
    KEPT,
    Topics,
    counters_payload,
    motion_payload,
    state_payload,
)
from motionapp.edge.records import CameraStatus, Change, EventRecord

LARGEST_SNAPSHOT_BYTES = 4 << 20
"""A 4K picture as JPEG has 1 to 3 MB; what is larger is no snapshot of ours."""
FORGET_S = 30.0
"""A state that nobody has renewed for so long is of a camera that is gone: living ones are told
each ten seconds."""


class Board:
    """The newest value of every retained topic. Safe to use from several threads.

    Parameters
    ----------
    topics : Topics
    """

    def __init__(self, topics: Topics) -> None:
        self._topics = topics
        self._lock = threading.Lock()
        self._values: dict[str, bytes] = {}
        self._due: dict[str, None] = {}
        self._moving: dict[str, set[int]] = {}
        self._has_pictures = True

    def put(self, topic: str, payload: bytes) -> None:
        """A value; it is due if it is another one. An empty one empties the topic."""
        with self._lock:
            if self._values.get(topic) != payload:
                self._values[topic] = payload
                self._due.setdefault(topic)

    def note_status(self, status: CameraStatus) -> None:
        """A camera's state, its counters, and whether anything moves there."""
        self.put(self._topics.kept(status.name, "state"), state_payload(status))
        self.put(self._topics.kept(status.name, "counters"), counters_payload(status))
        with self._lock:
            open_events = self._moving.setdefault(status.name, set())
            if not status.open_events:
                open_events.clear()
            is_moving = bool(open_events) or status.open_events > 0
        self.put(self._topics.kept(status.name, "motion"), motion_payload(is_moving))

    def note_event(self, change: Change, event: EventRecord) -> None:
        """An event of motion begins or ends: the switch follows at once, not with the next
        status."""
        if event.kind != "motion":
            return
        with self._lock:
            open_events = self._moving.setdefault(event.camera, set())
            if change == "end":
                open_events.discard(event.number)
            else:
                open_events.add(event.number)
            is_moving = bool(open_events)
        self.put(self._topics.kept(event.camera, "motion"), motion_payload(is_moving))

    def note_snapshot(self, camera: str, jpeg: bytes) -> bool:
        """A camera's newest picture; False if it is too large to be told."""
        if len(jpeg) > LARGEST_SNAPSHOT_BYTES:
            return False
        if self._has_pictures:
            self.put(self._topics.kept(camera, "snapshot"), jpeg)
        return True

    def leave_out_pictures(self) -> None:
        """The broker does not take them: there are none on this board any more."""
        with self._lock:
            self._has_pictures = False
            for topic in [topic for topic in self._values if self._topics.is_picture(topic)]:
                del self._values[topic]
                self._due.pop(topic, None)

    def forget(self, camera: str) -> None:
        """A camera is gone: what the broker keeps of it is emptied."""
        with self._lock:
            self._moving.pop(camera, None)
        for what in KEPT:
            self.put(self._topics.kept(camera, what), b"")

    def again(self, topic: str | None = None) -> None:
        """A value is due although it is the same; all of them if none is named."""
        with self._lock:
            for one in self._values if topic is None else [topic]:
                if one in self._values:
                    self._due.setdefault(one)

    def take(self, most: int) -> Sequence[tuple[str, bytes]]:
        """Of what is due so many, which then are not due any more; topic and payload."""
        with self._lock:
            taken = [(topic, self._values[topic]) for topic in list(self._due)[: max(0, most)]]
            for topic, payload in taken:
                del self._due[topic]
                if not payload:
                    del self._values[topic]
            return taken


class Strangers:
    """States of cameras that are not in the configuration: left over, or another service's.

    The broker gives what it has kept, so nothing need be remembered here over a restart. Before a
    state is taken for a leftover, it is waited for whether anybody renews it.
    """

    def __init__(self) -> None:
        self._since_s: dict[str, float] = {}

    def heard(self, camera: str, *, is_retained: bool, now_s: float) -> bool:
        """Somebody has told the state of a camera that is none of ours.

        Parameters
        ----------
        camera : str
        is_retained : bool
            The broker had kept it; else it has just been told.
        now_s : float
            Seconds on any clock that only goes on.

        Returns
        -------
        bool
            Whether another service uses the same prefix.
        """
        if is_retained:
            self._since_s.setdefault(camera, now_s)
            return False
        self._since_s.pop(camera, None)
        return True

    def gone(self, now_s: float) -> list[str]:
        """Cameras that nobody has told of for `FORGET_S`; each is told once."""
        found = [name for name, since_s in self._since_s.items() if now_s - since_s >= FORGET_S]
        for name in found:
            del self._since_s[name]
        return found
