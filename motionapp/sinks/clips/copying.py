"""Clips whose packets are taken over as they are: as quick as the disk, and without any loss.

A clip begins with a key frame, at or before the wanted start, since nothing else can be decoded.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import av
from av.container import InputContainer, OutputContainer
from av.video.stream import VideoStream

from motionapp.sinks.clips.cutter import CannotCut, Cut
from motionapp.sinks.clips.packets import (
    Medium,
    Stamped,
    audio_of,
    in_decoding_order,
    key_before,
    open_again,
    packets_of,
    seek,
    stamp_of,
    tick_of,
    video_of,
)
from motionapp.sinks.stamps import Piece, StampLedger

MP4_CODECS: Final = frozenset(
    [
        *("h264", "hevc", "av1", "vp9", "mpeg4", "mpeg2video", "mjpeg"),
        *("aac", "mp3", "ac3", "eac3", "opus", "flac", "alac"),
    ]
)
"""What players take from an MP4, which browsers play; the rest goes into Matroska, which holds
nearly everything."""
SOUND_LATE_S: Final = 1.0
"""How far sound may lie behind its picture in a file; it is not waited for longer."""
PROGRESS_STEP: Final = 256
"""Packets between two signs of progress."""


class CopyCutter:
    """Cuts clips by copying packets.

    Parameters
    ----------
    on_progress : callable, optional
        Called while packets are copied, several times a second.
    """

    def __init__(self, *, on_progress: Callable[[], object] | None = None) -> None:
        self._on_progress = on_progress

    def cut(
        self, from_s: float, to_s: float, stamps: StampLedger, place: Callable[[str], Path]
    ) -> Cut:
        """Copy ``[from_s, to_s)``, from the key frame before it on; see `Cutter`."""
        if stamps.jumps_back:
            raise CannotCut("the recording's time stamps begin again: use --clips encode")
        pieces = stamps.pieces(from_s, to_s)
        if not pieces:
            raise CannotCut("no recording holds it")
        first = pieces[0]
        with open_again(first.path) as container:
            _check_order(container, video_of(container, first.path))
            tick = float(tick_of(video_of(container, first.path)))
            format_name, extension = _format_for(container, first.path)
        key, place_s = key_before(first.path, round((first.from_s + first.zero_s) / tick))
        start_s = key * tick - first.zero_s
        path = place(extension)
        with _writing(path, format_name) as output:
            copy = _Copy(output, start_s, self._on_progress)
            copy.take(first, key=key, place_s=place_s)
            for piece in pieces[1:]:
                copy.take(piece)
            if not copy.has_pictures:
                raise CannotCut("none of its pictures can be copied")
        return Cut(path.name, start_s)

    def close(self) -> None:
        """Nothing is held open between two clips."""


class _Copy:
    """A clip while packets are copied into it, out of one file after the other."""

    def __init__(
        self, output: OutputContainer, start_s: float, on_progress: Callable[[], object] | None
    ) -> None:
        self._output, self._start_s, self._on_progress = output, start_s, on_progress
        self._streams: list[Medium] = []
        self._form: tuple[object, ...] = ()
        self._last_dts: dict[int, int] = {}
        self._taken = 0
        self.has_pictures = False

    def take(self, piece: Piece, *, key: int | None = None, place_s: float = float("-inf")) -> None:
        """Copy a piece, from the key frame with stamp `key` on; all of it without one."""
        with open_again(piece.path) as container:
            video, audio = video_of(container, piece.path), audio_of(container)
            streams: list[Medium] = [video] if audio is None else [video, audio]
            if not self._streams:
                self._add_streams(streams)
            elif self._form != _form_of(streams):
                raise CannotCut(
                    f"it goes on in {piece.path.name}, which is stored in another form: "
                    "use --clips encode"
                )
            if place_s > float("-inf"):
                seek(container, video, place_s)
            for packet in in_decoding_order(_wanted(container, streams, piece, key)):
                self._mux(packet, int(packet.stream_index != video.index), piece)

    def _add_streams(self, streams: Sequence[Medium]) -> None:
        self._form = _form_of(streams)
        # Opaque: nothing is encoded, and for some codings, AV1 say, the decoder has no encoder.
        self._streams = [
            self._output.add_stream_from_template(stream, opaque=True) for stream in streams
        ]

    def _mux(self, packet: Stamped, number: int, piece: Piece) -> None:
        """Write a packet with stamps that count from the clip's first picture."""
        tick = float(packet.time_base or 0) or 1.0
        shift = round((piece.zero_s + self._start_s) / tick)
        stamp = stamp_of(packet)
        assert stamp is not None
        shown = stamp - shift
        decoded = shown if packet.dts is None else packet.dts - shift
        decoded = max(decoded, self._last_dts.get(number, decoded - 1) + 1)
        if shown < decoded:
            return  # damaged, or sound that the recording before has had already
        packet.pts, packet.dts = shown, decoded
        self._last_dts[number] = decoded
        packet.stream = self._streams[number]
        try:
            self._output.mux(packet)
        except av.InvalidDataError:
            return  # damaged so far that the muxer cannot read it; the next one may be whole
        self._taken += 1
        self.has_pictures = self.has_pictures or number == 0
        if self._on_progress is not None and self._taken % PROGRESS_STEP == 0:
            self._on_progress()


def _wanted(
    container: InputContainer,
    streams: Sequence[Medium],
    piece: Piece,
    key: int | None,
) -> Iterator[Stamped]:
    """The packets from the key frame to the end of a piece.

    What is shown before the key frame but stored behind it refers to pictures that are left out,
    and goes as well. At the end, packets are taken until no earlier picture can follow.
    """
    video = streams[0]
    tick = float(tick_of(video))
    begin_s = float("-inf") if key is None else key * tick
    end_s = piece.to_s + piece.zero_s
    has_key, newest_s, ends_s = False, float("-inf"), [float("-inf")] * len(streams)
    for packet in packets_of(container, *streams):
        stream_tick = float(packet.time_base or 0)
        stamp_s = (stamp_of(packet) or 0) * stream_tick
        order_s = stamp_s if packet.dts is None else packet.dts * stream_tick
        if packet.stream_index != video.index:
            ends_s[1] = stamp_s
            if begin_s - stream_tick / 2 <= stamp_s < end_s:
                yield packet
        else:
            has_key = has_key or (packet.is_keyframe and (key is None or stamp_of(packet) == key))
            ends_s[0] = order_s
            is_before_end = order_s < end_s - tick / 2 or stamp_s < newest_s
            if has_key and stamp_s >= begin_s - tick / 2 and is_before_end:
                newest_s = max(newest_s, stamp_s)
                yield packet
        if ends_s[0] >= max(end_s, newest_s) and (
            min(ends_s) >= end_s or ends_s[0] > end_s + SOUND_LATE_S
        ):
            return


def _check_order(container: InputContainer, stream: VideoStream) -> None:
    """AVI holds pictures in the order of decoding, and no word of when they are shown."""
    if container.format.name == "avi" and stream.codec_context.has_b_frames:
        raise CannotCut("AVI with B-frames has no time stamps to copy: use --clips encode")


def _format_for(container: InputContainer, path: Path) -> tuple[str, str]:
    """The container that holds what the recording holds, and its extension."""
    streams = [video_of(container, path), audio_of(container)]
    names = {stream.codec_context.codec.canonical_name for stream in streams if stream is not None}
    return ("mp4", ".mp4") if names <= MP4_CODECS else ("matroska", ".mkv")


def _form_of(streams: Sequence[Medium]) -> tuple[object, ...]:
    """What must be the same for packets of two files to stand in one."""
    return tuple(
        (stream.codec_context.name, stream.codec_context.extradata, stream.time_base)
        for stream in streams
    )


@contextlib.contextmanager
def _writing(path: Path, format_name: str) -> Iterator[OutputContainer]:
    """A file to write packets to; what cannot be written is told from what cannot be copied."""
    options = {"movflags": "faststart"} if format_name == "mp4" else {}
    try:
        path.touch()
        with av.open(str(path), "w", format=format_name, options=options) as output:
            yield output
    except CannotCut:
        path.unlink(missing_ok=True)
        raise
    except OSError:
        raise
    except (av.FFmpegError, ValueError) as error:
        path.unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or str(error)
        raise CannotCut(
            f"its packets cannot be copied ({reason.lower()}): use --clips encode"
        ) from error
