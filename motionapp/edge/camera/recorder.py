"""Decides what of a camera's stream is kept, and in which files. Packets are copied."""

from __future__ import annotations

import itertools
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal, TypeAlias

from motionapp.core.packet import Packet
from motionapp.edge.camera.budget import WriteBudget
from motionapp.edge.camera.spans import Spans
from motionapp.edge.store.names import recording_path
from motionapp.settings.edge import RecordSettings
from motionapp.sinks.recording import News, RecordingFile
from motionapp.sinks.ring import PacketRing

RETRY_S: Final = 10.0
"""After a file could not be written, another is tried so much later."""
LEAST_FREE_BYTES: Final = 16 << 20
"""... and where less is free it is not: half a minute at 4 Mbit/s."""
TOLD_LATE_S: Final = 4.0
"""How much later than it began an event may be told: motion must last and be confirmed, and the
stream that is analysed may lie behind the one that is recorded."""
END_PATIENCE_S: Final = 1.5
"""How long `close` waits for a disk: a service ends within 2 s."""
MOST_NUMBERS: Final = 1000
"""Files whose names begin with the same millisecond."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What has become of a file."""

    change: Literal["begun", "grown", "finished", "failed"]
    """``failed``: nothing more can be kept, for want of room or rights; told once, until it works
    again, which ``grown`` tells. That comes once a second."""
    path: str
    """In the folder of recordings, with slashes; empty of one that failed before it began."""
    start_utc: datetime
    """When its first picture was taken."""
    event_ids: tuple[str, ...]
    """Whose recording it is, as far as is known by now."""
    written_bytes: int = 0
    length_s: float = 0.0
    why: str = ""
    """What is missing in it, or went wrong; mostly nothing."""


Told: TypeAlias = Callable[[Recorded], None]


class Recorder:
    """Keeps what came shortly before, and writes what events ask for.

    Parameters
    ----------
    plan : RecordSettings
    folder : Path
        Of all recordings; each camera has its own in it.
    camera : str
        Its name, as the configuration allows it.
    told : callable
        Given what becomes of files, on a thread of theirs, in order for each file. It must not
        wait for long: the file would.
    clock_s : callable
        Monotonic seconds, for the write budget.
    free_bytes : callable
        How much room a folder has.

    Notes
    -----
    `accept` is given to a `Tap`. Events are told by wall-clock times, which every packet has too:
    that holds for packets of another stream than the one that was analysed. Nothing here waits for
    a disk but `close`.
    """

    def __init__(
        self,
        plan: RecordSettings,
        folder: Path,
        camera: str,
        told: Told,
        *,
        clock_s: Callable[[], float] = time.monotonic,
        free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:
        self._plan, self._folder, self._camera, self._told = plan, folder, camera, told
        self._free_bytes = free_bytes
        self.budget = WriteBudget(clock_s)
        self._lock = threading.RLock()  # whoever is told may ask
        self._ring = PacketRing(
            most_s=plan.before_s + TOLD_LATE_S if plan.when == "events" else 0.0,
            most_bytes=round(plan.ring_mb * 1e6),
        )
        self._spans = Spans(before_s=plan.before_s, after_s=plan.after_s)
        self._newest: Packet | None = None
        """Of the video."""
        self._file: _Written | None = None
        self._ending: list[_Written] = []
        self._retry_s = 0.0
        """On the packets' line: no file is begun before."""
        self._is_trouble_told = False
        self._is_closed = False
        self._is_allowed = True
        self._dropped = 0

    # -- told by a stream ---------------------------------------------------------------------

    def accept(self, packet: Packet) -> None:
        """A packet has come. Never waits."""
        with self._lock:
            if self._is_closed or self._plan.when == "never":
                return
            if packet.is_video:
                self._take_picture(packet)
            elif not self._is_allowed:
                return
            elif self._plan.sound:
                self._ring.add(packet)
                if self._file is not None and packet.follows(self._file.first):
                    self._file.write(packet)

    def note_lost(self) -> None:
        """The stream is lost: the file is finished, what comes later begins another one."""
        with self._lock:
            self._end_file()
            self._ring.clear()
            self._newest = None

    # -- told by the service -----------------------------------------------------------------

    def allow(self, is_allowed: bool) -> None:
        """Whether anything may be recorded. Where nothing may, the file is finished; afterwards
        what came meanwhile is in no file, and an event that goes on begins another one."""
        with self._lock:
            if not is_allowed:
                self._end_file()
                self._ring.clear()
            self._is_allowed = is_allowed

    # -- told by the analysis -----------------------------------------------------------------

    def event_opened(self, event_id: str, start_utc: datetime) -> None:
        """An event has begun."""
        with self._lock:
            newest = self._newest
            if newest is None:  # whatever comes first is wanted
                self._spans.open(event_id, 0.0)
                return
            self._spans.open(event_id, _seconds_at(start_utc, newest))
            if self._file is not None:
                self._file.include(self._spans.event_ids)
            elif self._is_allowed and not self._is_closed and self._plan.when != "never":
                self._begin(newest)

    def event_closed(self, event_id: str, end_utc: datetime) -> None:
        """An event has ended."""
        with self._lock:
            newest = self._newest
            end_s = 0.0 if newest is None else _seconds_at(end_utc, newest)
            self._spans.close(event_id, end_s)

    # -- asked by anybody ---------------------------------------------------------------------

    @property
    def is_recording(self) -> bool:
        """Whether a file is being written."""
        with self._lock:
            return self._file is not None and not self._file.is_over

    @property
    def dropped(self) -> int:
        """Packets that the disk could not follow."""
        with self._lock:
            files = [*self._ending, *([] if self._file is None else [self._file])]
            return self._dropped + sum(file.dropped for file in files)

    @property
    def ring_bytes(self) -> int:
        """What is held in memory of what came before."""
        with self._lock:
            return self._ring.held_bytes

    def close(self) -> None:
        """Finish what is being written, and wait for the disk, though not for ever."""
        with self._lock:
            self._is_closed = True
            self._end_file()
            self._ring.clear()
            ending, self._ending = self._ending, []
        until_s = time.monotonic() + END_PATIENCE_S
        for file in ending:
            file.join(max(0.0, until_s - time.monotonic()))

    # -- with the lock ------------------------------------------------------------------------

    def _take_picture(self, packet: Packet) -> None:
        file = self._file
        if file is not None and (file.is_over or not packet.follows(file.first)):
            self._end_file()
        self._newest = packet
        self._spans.forget_before(packet.at_s)
        if not self._is_allowed:
            return
        self._ring.add(packet)
        if not self._is_wanted():
            self._end_file()
            return
        file = self._file
        is_long = file is not None and packet.at_s - file.first.at_s >= self._plan.longest_s
        if file is None or (is_long and packet.is_key):
            self._end_file()
            self._begin(packet, is_next=file is not None)
        else:
            file.write(packet)

    def _is_wanted(self) -> bool:
        return self._plan.when == "always" or not self._spans.is_empty

    def _begin(self, packet: Packet, *, is_next: bool = False) -> None:
        """Begin a file, if there is a key frame to begin with, and room.

        Parameters
        ----------
        packet : Packet
            The newest picture, which is in the ring.
        is_next : bool
            It is a key frame, with which the file before has ended.
        """
        if packet.at_s < self._retry_s:
            return
        is_later = is_next or self._is_trouble_told or self._spans.is_empty
        packets = self._ring.since(packet.at_s if is_later else self._spans.begin_s)
        if not packets:
            return
        if not self._has_room():
            self._retry_s = packet.at_s + RETRY_S
            why = f"{self._folder} has no room for another recording: make some there"
            self._tell_trouble(packets[0].utc, why)
            return
        self._file = _Written(self, packets, self._spans.event_ids, has_sound=self._plan.sound)

    def _has_room(self) -> bool:
        folder = self._folder
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent  # it is made with the first file
        try:
            return self._free_bytes(folder) >= LEAST_FREE_BYTES
        except OSError:
            return True  # what is wrong with it is told by whoever writes

    def _end_file(self) -> None:
        file, self._file = self._file, None
        over = [each for each in self._ending if each.is_over]
        self._dropped += sum(each.dropped for each in over)
        self._ending = [each for each in self._ending if each not in over]
        if file is not None:
            file.close()
            self._ending.append(file)
            if file.has_failed and self._newest is not None:
                self._retry_s = self._newest.at_s + RETRY_S

    def _tell_trouble(self, start_utc: datetime, why: str) -> None:
        if not self._is_trouble_told:
            self._is_trouble_told = True
            self._told(Recorded("failed", "", start_utc, self._spans.event_ids, why=why))

    # -- told by files, on their threads ------------------------------------------------------

    def place_of(self, start_utc: datetime, number: int) -> Path:
        """Where a recording lies."""
        return self._folder / recording_path(self._camera, start_utc, number)

    def file_changed(self, file: _Written, change: News) -> None:
        """Tell of a file."""
        if file.path is not None:
            file.name = file.path.relative_to(self._folder).as_posix()
        was_told = self._is_trouble_told
        if change == "grown":
            self._is_trouble_told = False
        elif file.has_failed:
            self._is_trouble_told = True
        if file.name:
            self._told(file.as_told(change))
        if file.has_failed and not was_told:
            self._told(file.as_told("failed"))


class _Written(RecordingFile):
    """A file and whose it is."""

    def __init__(
        self,
        recorder: Recorder,
        packets: list[Packet],
        event_ids: tuple[str, ...],
        *,
        has_sound: bool,
    ) -> None:
        self._event_ids = event_ids
        self._start_utc = packets[0].utc
        self.name = ""
        """In the folder of recordings; empty until it has begun."""
        super().__init__(
            _places(recorder, packets[0].utc),
            packets,
            told=lambda file, news: recorder.file_changed(self, news),
            on_written=recorder.budget.add,
            has_sound=has_sound,
        )

    @property
    def has_failed(self) -> bool:
        """Whether it could not be written to its end."""
        return bool(self.trouble)

    def include(self, event_ids: tuple[str, ...]) -> None:
        """It is the recording of these events too."""
        new = tuple(each for each in event_ids if each not in self._event_ids)
        self._event_ids += new

    def as_told(self, change: Literal["begun", "grown", "finished", "failed"]) -> Recorded:
        """How it is now."""
        return Recorded(
            change,
            self.name,
            self._start_utc,
            self._event_ids,
            self.written_bytes,
            self.length_s,
            self.trouble or self.lack,
        )


def _places(recorder: Recorder, start_utc: datetime) -> Iterator[Path]:
    for number in itertools.islice(itertools.count(1), MOST_NUMBERS - 1):
        yield recorder.place_of(start_utc, number)


def _seconds_at(moment: datetime, packet: Packet) -> float:
    """A wall-clock time on the packets' line, seen from one of them."""
    return packet.shown_s + (moment - packet.utc).total_seconds()
