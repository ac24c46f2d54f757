"""Records a camera whose packets must not be copied: its pictures are covered, then encoded."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from motionapp.core.cover import Cover
from motionapp.core.errors import MotionAppError
from motionapp.core.frame import Epoch, Frame
from motionapp.edge.camera.budget import WriteBudget
from motionapp.edge.camera.recorder import Recorded, Recorder, Told
from motionapp.privacy import covered
from motionapp.settings.edge import RecordSettings
from motionapp.sinks.encoded import PacketEncoder
from motionapp.sources.arrival import utc_now

MOST_WAITING: Final = 8
"""Pictures that wait for the encoder: less than a second's, 25 MB of 1080p."""
END_PATIENCE_S: Final = 1.0


class CoveredRecorder:
    """Keeps what came shortly before, and writes what events ask for, from covered pictures.

    For cameras of this machine too, which send no packets: then nothing need be covered.

    Parameters
    ----------
    plan : RecordSettings
        There is no sound.
    folder : Path
        Of all recordings.
    camera : str
    told : callable
        As of a `Recorder`.
    cover : Cover
        Covered in every picture, whatever else is by then.
    threads : int
        For the encoder.
    utc : callable
        The time on the wall, for pictures of which nobody knows when they were taken.

    Notes
    -----
    Pictures are encoded on a thread of its own, all of them, so that what came before an event is
    there as packets: a twentieth of the memory that JPEGs would take, and one way of writing.
    """

    def __init__(
        self,
        plan: RecordSettings,
        folder: Path,
        camera: str,
        told: Told,
        *,
        cover: Cover,
        threads: int = 1,
        utc: Callable[[], datetime] = utc_now,
    ) -> None:
        # Not to be seen from outside: nobody shall give it packets that show what is beneath.
        self._recorder = Recorder(plan, folder, camera, told)
        self._plan, self._cover, self._threads = plan, cover, threads
        self._told, self._utc = told, utc
        self._changed = threading.Condition()
        self._waiting: deque[Frame] = deque()
        self._is_closed = False
        self._late = 0
        self._epoch: Epoch | None = None
        self._opening = 0
        self._encoder: PacketEncoder | None = None
        self._thread = threading.Thread(target=self._work, name="encoder", daemon=True)
        self._thread.start()

    def show(self, frame: Frame) -> None:
        """A picture has come. Never waits."""
        if self._plan.when == "never":
            return
        with self._changed:
            if len(self._waiting) >= MOST_WAITING:
                self._late += 1
            elif not self._is_closed:
                self._waiting.append(frame)
                self._changed.notify()

    def note_lost(self) -> None:
        """The camera is lost: the file is finished."""
        self._recorder.note_lost()

    def event_opened(self, event_id: str, start_utc: datetime) -> None:
        """An event has begun."""
        self._recorder.event_opened(event_id, start_utc)

    def event_closed(self, event_id: str, end_utc: datetime) -> None:
        """An event has ended."""
        self._recorder.event_closed(event_id, end_utc)

    def allow(self, is_allowed: bool) -> None:
        """Whether anything may be recorded, as of a `Recorder`."""
        self._recorder.allow(is_allowed)

    @property
    def budget(self) -> WriteBudget:
        """What is written to the disk."""
        return self._recorder.budget

    @property
    def is_recording(self) -> bool:
        """Whether a file is being written."""
        return self._recorder.is_recording

    @property
    def dropped(self) -> int:
        """Pictures that the encoder could not follow, and the disk."""
        return self._late + self._recorder.dropped

    @property
    def ring_bytes(self) -> int:
        """What is held in memory of what came before."""
        return self._recorder.ring_bytes

    def close(self) -> None:
        """Encode what waits, finish what is being written, and wait for it, though not for ever."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._thread.join(END_PATIENCE_S)
        self._recorder.close()

    def _work(self) -> None:
        try:
            self._encode_all()
        except MotionAppError as error:  # a zone outside of the picture, say: nothing is written
            with self._changed:
                self._is_closed = True
                self._waiting.clear()
            self._recorder.note_lost()
            self._told(Recorded("failed", "", self._utc(), (), why=str(error)))

    def _encode_all(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._is_closed)
                if not self._waiting:
                    return
                frame = self._waiting.popleft()
            self._encode(covered(frame, self._cover))

    def _encode(self, frame: Frame) -> None:
        # What came before a privacy zone was drawn shows what lay beneath: the recorder forgets it.
        epoch = frame.epoch
        if self._encoder is None or epoch != self._epoch:
            self._opening += 1
            self._epoch = epoch
            self._encoder = PacketEncoder(self._opening, threads=self._threads)
        start_utc = epoch.start_utc
        taken_utc = None if start_utc is None else start_utc + timedelta(seconds=frame.pts_s)
        packets = self._encoder.encode(
            frame.bgr(),
            frame.pts_s,
            frame.duration_s,
            taken_utc or self._utc(),
            frame.captured_ns or time.monotonic_ns(),
        )
        for packet in packets:
            self._recorder.accept(packet)
