"""Packets of a recording from a given second on, for clips that take them over.

Damage is read past, as in the analysis, which has told of it already.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, TypeAlias

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.sidedata.sidedata import Type
from av.stream import Disposition
from av.video.stream import VideoStream

from motionapp.files.fragments import readable
from motionapp.files.streams import Video, preferred
from motionapp.sinks.clips.cutter import CannotCut

Stamped: TypeAlias = "Packet[VideoStream] | Packet[AudioStream]"  # generic in the stubs only
Medium = VideoStream | AudioStream
Order: TypeAlias = Sequence[tuple[int, int]]
"""When each packet of a stream is shown and when it is decoded, in ticks; see `elementary`."""

MOST_READ_ERRORS: Final = 100
"""Failed reads in a row after which a file counts as ended."""
MOST_WAITING: Final = 64
"""Packets that wait for the first known time of decoding; H.264 reorders 16 pictures at most."""
SEEK_BACK_S: Final = (0.0, 1.0, 5.0, 20.0)
"""How far before the wanted time a key frame is looked for; then the file is read from its start.
Some containers seek by the time of decoding, which puts the key frame found behind the target."""
SEEKABLE: Final = frozenset(["avi", "matroska", "mov", "mpegts"])
"""Demuxers whose stamps are the same after a seek."""
_OPTIONS: Final = {"protocol_whitelist": "file,crypto,data"}
_NO_VIDEO: Final = Disposition.attached_pic | Disposition.timed_thumbnails


def open_again(path: Path) -> InputContainer:
    """Open a recording that has been analysed.

    Raises
    ------
    CannotCut
        It is gone, or cannot be opened any more.
    """
    try:
        return av.open(readable(path), "r", options=_OPTIONS, metadata_errors="replace")
    except (av.FFmpegError, OSError, ValueError) as error:
        raise CannotCut(f"{path} cannot be opened again: {error}") from error


def video_of(container: InputContainer, path: Path) -> VideoStream:
    """The stream that the analysis has read.

    Raises
    ------
    CannotCut
        There is none any more.
    """
    videos = [stream for stream in container.streams.video if not stream.disposition & _NO_VIDEO]
    known = [stream for stream in videos if _is_known(stream)]
    place = preferred(
        [
            Video(
                is_default=bool(video.disposition & Disposition.default),
                is_readable=video.codec_context.width > 0,
            )
            for video in known
        ]
    )
    if place is None:
        raise CannotCut(f"{path} has no video any more")
    return known[place]


def audio_of(container: InputContainer) -> AudioStream | None:
    """The first sound, if there is one that FFmpeg knows."""
    return next((stream for stream in container.streams.audio if _is_known(stream)), None)


def matrix_of(picture: av.VideoFrame) -> tuple[int, ...]:
    """How a picture is to be turned and mirrored: its display matrix without shift and scale."""
    beside: Any = picture.side_data  # a container, which the stubs call one of its items
    for data in beside:
        if data.type == Type.DISPLAYMATRIX:
            a, b, _, c, d = struct.unpack_from("=5i", bytes(data))
            return tuple(round(value / 65536) for value in (a, b, c, d))
    return (1, 0, 0, 1)


def _is_known(stream: Medium) -> bool:
    """Whether FFmpeg knows the codec; a damaged header may name one that does not exist."""
    context: object = stream.codec_context  # which the stubs call a context always
    return context is not None


def tick_of(stream: Medium) -> Fraction:
    """Seconds per tick of the stream's stamps."""
    return stream.time_base or Fraction(1, 90_000)


def stamp_of(packet: Stamped) -> int | None:
    """When the packet is shown; where the file does not say, when it is decoded."""
    return packet.pts if packet.pts is not None else packet.dts


def demuxed(container: InputContainer, *streams: Medium) -> Iterator[Stamped]:
    """Packets with content, in the order of the file; a bounded number of errors is read past."""
    failures = 0
    while failures < MOST_READ_ERRORS:
        try:
            for packet in container.demux(*streams):
                failures = 0
                if packet.size:
                    # The stubs do not say that packets are those of `streams`.
                    yield packet  # type: ignore[misc]
        except (av.FFmpegError, IndexError):  # the latter: a damaged file lost one of its streams
            failures += 1
        else:
            return


def packets_of(
    container: InputContainer, *streams: Medium, order: Order | None = None
) -> Iterator[Stamped]:
    """Packets with content and a stamp.

    Parameters
    ----------
    container : InputContainer
    *streams : stream
    order : sequence of (int, int), optional
        Both times of each video packet, counted from the start of the file, where it has none.
    """
    times = iter(order or ())
    for packet in demuxed(container, *streams):
        if order is not None and isinstance(packet.stream, VideoStream):
            packet.pts, packet.dts = next(times, (None, None))
        if stamp_of(packet) is not None:
            yield packet


def in_decoding_order(packets: Iterator[Stamped]) -> Iterator[Stamped]:
    """The same packets, each with a time of decoding.

    Matroska stores none, and FFmpeg does not know that of the first packets of a stream with
    B-frames: it lies as far before the first known one as these packets last.
    """
    waiting: list[Stamped] = []
    known: set[int] = set()
    for packet in packets:
        if not waiting and packet.stream_index in known:
            yield packet
            continue
        waiting.append(packet)
        if packet.dts is not None and packet.stream_index not in known:
            known.add(packet.stream_index)
            _count_back([each for each in waiting if each.stream_index == packet.stream_index])
        if len(waiting) >= MOST_WAITING:
            known.update(each.stream_index for each in waiting)
        if all(each.stream_index in known for each in waiting):
            yield from waiting
            waiting = []
    yield from waiting


def _count_back(packets: list[Stamped]) -> None:
    """Give times of decoding to all but the last of one stream's packets."""
    following = packets[-1].dts
    if following is None:
        return
    for packet in reversed(packets[:-1]):
        following -= max(1, packet.duration or 1)
        packet.dts = following


def can_seek(container: InputContainer) -> bool:
    """Whether stamps are the same after a seek as when reading from the start."""
    return not SEEKABLE.isdisjoint(container.format.name.split(","))


def seek(container: InputContainer, stream: Medium, stamp_s: float) -> None:
    """Go to a packet at or before a stamp, in seconds, if the container allows it.

    Raises
    ------
    CannotCut
        It says that it can be done, and fails.
    """
    if not can_seek(container):
        return  # just opened: at its start
    try:
        container.seek(int(Fraction(stamp_s) / tick_of(stream)), stream=stream)
    except av.FFmpegError as error:
        raise CannotCut(f"no key frame is found before it: {error}") from error


def key_before(path: Path, target: int, order: Order | None = None) -> tuple[int, float]:
    """The last key frame at or before a stamp.

    Parameters
    ----------
    path : Path
    target : int
        In ticks of the video.
    order : sequence of (int, int), optional
        The times of its packets, where it has none.

    Returns
    -------
    stamp : int
        Of the key frame; of the first one in the file where none is earlier.
    place_s : float
        Where `seek` finds it.

    Raises
    ------
    CannotCut
        There is no key frame.
    """
    with open_again(path) as container:
        stream = video_of(container, path)
        tick = tick_of(stream)
        places = [float(target * tick) - back_s for back_s in SEEK_BACK_S]
        if not can_seek(container):
            places = []
        for place_s in places:
            try:
                seek(container, stream, place_s)
            except CannotCut:
                break
            key = _last_key(packets_of(container, stream), target)
            if key is not None:
                return key, place_s
    return _key_from_start(path, target, order), float("-inf")


def _key_from_start(path: Path, target: int, order: Order | None) -> int:
    with open_again(path) as container:
        stream = video_of(container, path)
        key = _last_key(packets_of(container, stream, order=order), target)
    if key is not None:
        return key
    with open_again(path) as container:
        stream = video_of(container, path)
        for packet in packets_of(container, stream, order=order):
            stamp = stamp_of(packet)
            if packet.is_keyframe and stamp is not None:
                return stamp
    raise CannotCut(f"{path} has no key frame")


def _last_key(packets: Iterator[Stamped], target: int) -> int | None:
    """The last key frame at or before `target`."""
    key = None
    for packet in packets:
        stamp = stamp_of(packet)
        assert stamp is not None
        decoded = packet.dts if packet.dts is not None else stamp
        if decoded > target:
            break
        if packet.is_keyframe and stamp <= target:
            key = stamp
    return key
