"""What a recording on disk says of itself: its container opened, its header, its first picture."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.codec.hwaccel import HWAccel
from av.container import InputContainer
from av.video.stream import VideoStream

from motionapp.core.errors import SourceError
from motionapp.core.seams import SourceInfo
from motionapp.files.fragments import is_fragment, readable
from motionapp.files.streams import left_out
from motionapp.sources.beginning import NOT_STAMPED, Beginning, SeenPackets
from motionapp.sources.decoder_options import set_decode_threads
from motionapp.sources.decoding import (
    Decoder,
    StampKind,
    form_in,
    is_decodable,
    rate_of,
    stamp_kind,
    stamp_of,
    time_base_of,
    video_stream,
    videos_of,
    words_of,
)
from motionapp.sources.passes import DamageLedger
from motionapp.sources.refusals import kind_of, why_not_there, why_refused

SEEKABLE = frozenset(["avi", "matroska", "mov", "mpegts"])
"""Demuxers whose seeks give the same frames as reading from the start (tested). MPEG program
streams guess their stamps after a seek and may lose the last picture."""
NOT_RECORDINGS = frozenset(["concat", "dash", "hls", "imf", "sdp", "tty", "webm_dash_manifest"])
"""What FFmpeg would play, but is text that draws letters or names other files and addresses."""
KNOWN_FILES = 16
"""So many files' headers are remembered: those a person compares, or joins."""
OPEN_OPTIONS = {"protocol_whitelist": "file,crypto,data"}
"""A recording never makes the program ask the network."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What the first picture of a file and its header say."""

    info: SourceInfo
    header: Mapping[str, str]
    """What the container says of the whole file."""
    first_pts: int | None
    """Of the first picture that a player counts from, whether it can be decoded or not."""
    late_s: float
    """When the first picture is shown that can be decoded."""
    kind: StampKind
    can_seek: bool
    stated_s: float | None
    """Length of the video as the file says it, where that can be trusted."""
    codec: str
    """FFmpeg's name of what decodes it."""


def header_length_s(path: Path, number: int | None = None) -> float | None:
    """Length of a recording by its header alone; None where that cannot be read or has none.

    For recordings of which no picture can be decoded.
    """
    try:
        with open_recording(path) as container:
            stream = video_of(container, path, number)
            is_part = is_fragment(path)
            begin = stream.start_time if is_part else None
            length_s = stated_length_s(stream, begin, is_fragment=is_part)
            return length_s if length_s is not None and length_s > 0 else None
    except SourceError:
        return None


def open_recording(path: Path, accelerator: HWAccel | None = None) -> InputContainer:
    """Open a recording, or say in a sentence why it cannot be."""
    try:
        found = path.stat()
        kind = kind_of(found.st_mode)
        if kind != "file":
            raise SourceError(f"{path} is a {kind}, not a recording")
        if found.st_size == 0:
            raise SourceError(f"{path} is empty")
        container = av.open(
            readable(path), "r", options=OPEN_OPTIONS, metadata_errors="replace",
            hwaccel=accelerator,
        )  # fmt: skip
    except FileNotFoundError as error:
        raise SourceError(why_not_there(path)) from error
    except PermissionError as error:
        raise SourceError(f"{path} may not be read: permission denied") from error
    except (av.FFmpegError, OSError, ValueError) as error:
        if isinstance(error, SourceError):
            raise
        why = why_refused(path) or words_of(error)
        raise SourceError(f"{path} is not a recording that can be read: {why}") from error
    if NOT_RECORDINGS.intersection(container.format.name.split(",")):
        container.close()
        raise SourceError(f"{path} is text or a playlist, not a recording")
    return container


def video_of(container: InputContainer, path: Path, number: int | None) -> VideoStream:
    """The video with that number, counted from 1; without one, what a player would show."""
    videos = videos_of(container)
    if number is not None and videos and number > len(videos):
        has = "one video stream" if len(videos) == 1 else f"{len(videos)} video streams"
        raise SourceError(f"{path} has {has}, so there is no stream {number} in it")
    stream = video_stream(container) if number is None or not videos else videos[number - 1]
    if stream is None:
        why = why_refused(path)
        raise SourceError(f"{path} has no video{why and f': {why}'}")
    if not is_decodable(stream):
        raise SourceError(f"{path}: its video is coded in a way that is not known here")
    return stream


def probe_of(path: Path, number: int | None) -> Probe:
    """What header and first picture say; a file that stays as it is, as each seek opens one anew,
    is looked into once."""
    try:
        found = path.stat()
    except OSError:
        return _look_into(path, number)  # which says why
    return _known(path.absolute(), number, (found.st_ino, found.st_size, found.st_mtime_ns))


@functools.lru_cache(maxsize=KNOWN_FILES)
def _known(path: Path, number: int | None, stamp: tuple[int, int, int]) -> Probe:
    return _look_into(path, number)


def _look_into(path: Path, number: int | None) -> Probe:
    """Read the header and decode the first picture, which alone knows size and rotation."""
    with open_recording(path) as container:
        stream = video_of(container, path, number)
        set_decode_threads(stream, 1)
        tick, seen = time_base_of(stream), SeenPackets(stream.index, time_base_of(stream))
        decoder = Decoder(container, stream, DamageLedger(), after_packet=seen.see)
        first = next(decoder.pictures(), None)
        if first is None:
            raise SourceError(f"{path}: {why_refused(path) or 'no picture in it can be decoded'}")
        kind = stamp_kind(container, stream, first)
        first_pts = stamp_of(first, kind)
        begin = NOT_STAMPED
        if first_pts is not None:
            lost = seen.lost_before(first_pts, is_shown=kind == "pts")
            begin = Beginning.of(container, first_pts, lost, tick)
        late_s = float(begin.lost * tick)
        rate = rate_of(stream)
        is_part = is_fragment(path)
        stated_s = stated_length_s(stream, begin.zero, is_fragment=is_part)
        whole_s = container.duration / av.time_base if container.duration else None
        demuxers = container.format.name.split(",")
        codec = stream.codec_context.name
        can_seek = kind == "pts" and not SEEKABLE.isdisjoint(demuxers)
        info = SourceInfo(
            name=path.name,
            size=form_in(first, stream.sample_aspect_ratio).size,
            rate_hz=float(rate) if rate else None,
            duration_s=stated_s if stated_s is not None else whole_s,
            is_seekable=can_seek,
            note=_left_out(container, stream),
        )
        header = dict(container.metadata)
        return Probe(info, header, begin.zero, late_s, kind, can_seek, stated_s, codec)


def stated_length_s(
    stream: VideoStream, first_pts: int | None, *, is_fragment: bool = False
) -> float | None:
    """Length of the video stream alone: the container's may be that of its sound.

    Counted from the stamp `first_pts`.
    """
    if stream.duration is not None and stream.duration > 0:
        # Of a fragment, it is counted from the beginning of what it is a fragment of; else from
        # the first stamp, before which sound may begin, and after which the stamps may jump.
        zero = first_pts or 0
        begin = 0 if is_fragment else zero if stream.start_time is None else stream.start_time
        before = zero - begin
        return float(max(0, stream.duration - before) * time_base_of(stream))
    text = stream.metadata.get("DURATION", "")  # Matroska: when the last frame ends
    try:
        hours, minutes, seconds = text.split(":")
        end_s = int(hours) * 3600 + int(minutes) * 60 + Fraction(seconds.strip("\0 "))
    except ValueError:
        return None
    return float(end_s - (first_pts or 0) * time_base_of(stream))


def _left_out(container: InputContainer, stream: VideoStream) -> str:
    places = [video.index for video in videos_of(container)]
    return left_out(places.index(stream.index), len(places))
