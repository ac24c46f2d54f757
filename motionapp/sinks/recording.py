"""Packets of a stream copied into a file as they come: what was written plays, whatever happens.

Each piece of half a second is whole by itself and brought to the disk at once, so that a power cut
costs less than a second. Nothing is decoded or encoded.
"""

from __future__ import annotations

import contextlib
import io
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, Literal

import av
from av.container import OutputContainer

from motionapp.core.errors import MotionAppError, OutputError
from motionapp.core.packet import SOUND, VIDEO, Packet, StreamForm
from motionapp.files.atomic import cannot_write
from motionapp.files.boxes import keep_whole_pieces
from motionapp.sinks.clips.storage import MP4_SOUND, MP4_VIDEO
from motionapp.sinks.synced import SyncedFile

PIECE_S: Final = 0.5
"""A piece is written when it is full, and lost if it is not: with the interleaving and a sync that
takes some tenths of a second on a card, less than a second in all."""
INTERLEAVE_S: Final = 0.1
"""How long a picture waits for the sound that belongs before it."""
TOLD_EACH_S: Final = 1.0
MOST_WAITING_BYTES: Final = 16 << 20
"""Half a minute at 4 Mbit/s: so long may a disk take over something else."""
VIDEO_HZ: Final = 90_000
"""Ticks a second: what most streams count in."""
_OPTIONS: Final = {
    # The index of the pieces (`mfra`) comes at the end of a file that was finished: with it players
    # know the length and seek at once. One that was cut off plays without.
    "movflags": "empty_moov+default_base_moof",
    "frag_duration": str(round(PIECE_S * 1e6)),
    "flush_packets": "1",
    "max_interleave_delta": str(round(INTERLEAVE_S * 1e6)),
}

News = Literal["begun", "grown", "finished"]


class RecordingFile:
    """A fragmented MP4 that packets are copied into, on a thread of its own.

    Parameters
    ----------
    places : iterable of Path
        The first that is free is taken; its folder is made.
    first : sequence of Packet
        What it begins with; the first is a key frame of the video. All that come later must be of
        the same forms.
    told : callable
        Called on its thread with the file and what has become of it: ``begun`` when it is on the
        disk, ``grown`` once a second, ``finished`` in any case, also after an error.
    on_written : callable
        Given how many bytes were written, on its thread.
    most_waiting_bytes : int
        What the disk cannot follow is left out beyond that, up to the next key frame.
    has_sound : bool
        Whether sound is written, too, where there is some.
    """

    def __init__(
        self,
        places: Iterable[Path],
        first: Sequence[Packet],
        *,
        told: Callable[[RecordingFile, News], None] = lambda file, news: None,
        on_written: Callable[[int], None] = lambda count: None,
        most_waiting_bytes: int = MOST_WAITING_BYTES,
        has_sound: bool = True,
    ) -> None:
        self._has_sound = has_sound
        self._places, self._told, self._on_written = places, told, on_written
        self._most_waiting_bytes = most_waiting_bytes
        self.first = first[0]
        self.path: Path | None = None
        """Where it is; None until it has begun, and where nothing of it could be kept."""
        self.length_s = 0.0
        """Of what was handed to the muxer."""
        self.trouble = ""
        """Why nothing more is written; known when it is over."""
        self.lack = ""
        """What of the stream is left out, known when it has begun; empty if nothing is."""
        self.dropped = 0
        """Packets that the disk could not follow, or that no MP4 takes."""
        self._changed = threading.Condition()
        self._waiting = deque(first)  # bounded by the ring that it comes from
        self._waiting_bytes = 0
        """Of what came since."""
        self._awaits_key = False
        self._is_closed = self._is_over = False
        self._file: SyncedFile | None = None
        self._muxer: _Muxer | None = None
        self._told_s = 0.0
        # A disk that hangs must not keep the process from ending.
        self._thread = threading.Thread(target=self._work, name="recording", daemon=True)
        self._thread.start()

    @property
    def written_bytes(self) -> int:
        """How long the file is."""
        return 0 if self._file is None else self._file.written_bytes

    @property
    def is_over(self) -> bool:
        """Whether nothing more is written: it is finished, or could not be."""
        return self._is_over

    def write(self, packet: Packet) -> bool:
        """Hand over the next packet. Never waits; False: it is left out, and counted."""
        with self._changed:
            has_room = self._waiting_bytes + len(packet.data) <= self._most_waiting_bytes
            if self._awaits_key and packet.is_video and packet.is_key and has_room:
                self._awaits_key = False
            self._awaits_key = self._awaits_key or not has_room
            if self._awaits_key or self._is_closed or self._is_over:
                self.dropped += 1
                return False
            self._waiting.append(packet)
            self._waiting_bytes += len(packet.data)
            self._changed.notify()
            return True

    def close(self) -> None:
        """No more will come: it is finished. Does not wait."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait until it is over; False: the time was up first."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # -- on its own thread ------------------------------------------------------------------

    def _work(self) -> None:
        try:
            self._begin()
            while packets := self._take():
                self._copy(packets)
            self._finish()
        except (av.FFmpegError, OSError, MotionAppError, ValueError) as error:
            self._save(error)
        with self._changed:
            self._is_over = True
            self._waiting.clear()
        self._told(self, "finished")

    def _take(self) -> deque[Packet]:
        """What waits, as soon as there is something; empty: it was closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_closed)
            packets, self._waiting, self._waiting_bytes = self._waiting, deque(), 0
        return packets

    def _begin(self) -> None:
        for path in self._places:
            with contextlib.suppress(FileExistsError):
                self._file = SyncedFile(path, on_written=self._on_written)
                self.path = path
                break
        if self._file is None:
            raise OutputError("no name is free for another recording: clear its folder")
        check_copyable(self.first.forms)
        self._muxer = _Muxer(self._file, self.first, has_sound=self._has_sound)
        self.lack = self._muxer.lack
        self._told(self, "begun")

    def _copy(self, packets: Iterable[Packet]) -> None:
        assert self._muxer is not None
        assert self._file is not None
        synced_s = time.monotonic()
        for packet in packets:
            if not self._muxer.write(packet):
                self.dropped += 1
            if time.monotonic() - synced_s >= PIECE_S:
                self._file.sync()
                synced_s = time.monotonic()
        self.length_s = self._muxer.length_s
        if self._file.sync() and time.monotonic() - self._told_s >= TOLD_EACH_S:
            self._told_s = time.monotonic()
            self._told(self, "grown")

    def _finish(self) -> None:
        assert self._muxer is not None
        assert self._file is not None
        self._muxer.finish()
        self._file.sync()
        self._file.close()

    def _save(self, error: Exception) -> None:
        """Keep the pieces that are whole; an error while doing so adds nothing to the first."""
        if self._file is not None:
            self._file.close()
        if self._muxer is not None:
            self._muxer.let_go()
        path = self.path
        self.trouble = _words(error, path)
        with contextlib.suppress(OSError):
            if path is None or self._file is None:
                return
            if keep_whole_pieces(path):
                self._file.written_bytes = path.stat().st_size
            else:
                path.unlink()
                self.path = None


class _Muxer:
    """Puts packets into a container, each stream with stamps of its own."""

    def __init__(self, file: SyncedFile, first: Packet, *, has_sound: bool) -> None:
        self._zero_s = first.at_s
        self.length_s = 0.0
        self._awaits_key = False
        self._output, self._tracks = _opened(file, first.forms[: SOUND + has_sound])
        self.lack = "" if not has_sound else _lack_of(first.forms, self._tracks)

    def write(self, packet: Packet) -> bool:
        """False: it is left out."""
        track = self._tracks.get(packet.stream)
        at_s = packet.at_s - self._zero_s
        if track is None or at_s < 0:
            return True
        if packet.is_video:
            self._awaits_key = self._awaits_key and not packet.is_key
            if self._awaits_key:
                return False
        copied: Any = track.copied(packet, at_s, packet.shown_s - self._zero_s)
        try:
            self._output.mux(copied)
        except av.InvalidDataError:
            self._awaits_key = self._awaits_key or packet.is_video  # what follows is built upon it
            return False
        self.length_s = max(self.length_s, at_s + float(packet.duration * packet.time_base))
        return True

    def finish(self) -> None:
        """Write what is held, and the index."""
        self._output.close()

    def let_go(self) -> None:
        """Close what is no longer written."""
        with contextlib.suppress(av.FFmpegError, OSError):
            self._output.close()


def _opened(
    file: SyncedFile, forms: Sequence[StreamForm]
) -> tuple[OutputContainer, dict[int, _Track]]:
    """A container whose head is written, with as much of the sound as it can hold."""
    output: OutputContainer = av.open(file, "w", format="mp4", options=dict(_OPTIONS))
    tracks = {
        number: _Track(output, form)
        for number, form in enumerate(forms)
        if number == VIDEO or form.codec in MP4_SOUND
    }
    try:
        output.start_encoding()
    except av.FFmpegError:
        # MP4 knows no MP3 below 16 kHz, say: that is found before anything is written.
        if file.written_bytes or len(tracks) == 1:
            raise
        return _opened(file, forms[:SOUND])
    return output, tracks


class _Track:
    """One stream of the file."""

    def __init__(self, output: OutputContainer, form: StreamForm) -> None:
        # The muxer takes parameters from a stream only: that of the form's own little file.
        with av.open(io.BytesIO(form.header), format="nut") as head:
            stream: Any = output.add_stream_from_template(head.streams[0], opaque=True)
        self._rate_hz = VIDEO_HZ if form.size is not None else form.sample_rate_hz or VIDEO_HZ
        stream.time_base = Fraction(1, self._rate_hz)
        self._stream, self._stamps = stream, Restamping(self._rate_hz)

    def copied(self, packet: Packet, at_s: float, shown_s: float) -> Any:
        """The packet as the muxer takes it."""
        copied: Any = av.Packet(packet.data)  # generic in the stubs only
        copied.pts, copied.dts = self._stamps.step(at_s, shown_s)
        copied.duration = round(packet.duration * packet.time_base * self._rate_hz)
        copied.time_base = Fraction(1, self._rate_hz)
        copied.is_keyframe = packet.is_key
        copied.stream = self._stream
        return copied


@dataclass(slots=True)
class Restamping:
    """Stamps as MP4 wants them: each is decoded after the one before, none shown before decoded.

    Parameters
    ----------
    rate_hz : int
        Ticks a second.
    """

    rate_hz: int
    _last: int = -1

    def step(self, at_s: float, shown_s: float) -> tuple[int, int]:
        """When the next packet is shown and when it is decoded, in ticks from the file's start."""
        decoded = max(round(at_s * self.rate_hz), self._last + 1)
        self._last = decoded
        return max(round(shown_s * self.rate_hz), decoded), decoded


def _lack_of(forms: Sequence[StreamForm], tracks: Mapping[int, _Track]) -> str:
    if len(forms) <= SOUND or SOUND in tracks:
        return ""
    form = forms[SOUND]
    return (
        f"without sound: MP4 cannot hold {form.codec} of {form.sample_rate_hz} Hz, AAC of any rate "
        "it could"
    )


def check_copyable(forms: Sequence[StreamForm]) -> None:
    """Raise `OutputError` where the pictures are coded in a way that MP4 does not hold."""
    codec = forms[VIDEO].codec
    if codec not in MP4_VIDEO:
        raise OutputError(
            f"pictures coded as {codec} cannot be recorded in MP4: let the camera send H.264"
        )


def _words(error: Exception, path: Path | None) -> str:
    if isinstance(error, MotionAppError):
        return str(error)
    if isinstance(error, OSError) and not isinstance(error, av.FFmpegError):
        named = path or Path(os.fspath(error.filename or "a recording"))
        return str(cannot_write(named, error))
    reason = getattr(error, "strerror", None) or str(error)
    return f"{path} cannot be written: {reason}"
