"""Which container a copied clip gets, and whether its sound can go in as it is."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream

from motionapp.sinks.clips.cutter import CannotCut
from motionapp.sinks.clips.packets import Medium

MP4_VIDEO: Final = frozenset(["h264", "hevc", "av1", "vp9", "mpeg4", "mpeg2video", "mjpeg"])
MP4_SOUND: Final = frozenset(["aac", "mp3", "ac3", "eac3", "opus", "flac", "alac"])
"""What players take from an MP4, which browsers play; the rest goes into Matroska."""
MATROSKA_SOUND: Final = MP4_SOUND | {"dts", "mp2", "pcm_s16le", "pcm_s24le", "truehd", "vorbis"}
"""What FFmpeg writes into Matroska under a name of its own. What has none there (G.711, G.726,
ADPCM, Windows Media, Nellymoser, Speex) is made anew: what would play it is not known."""
_OPTIONS: Final = {
    # The index in front, so that a browser can play while it loads.
    "mp4": {"movflags": "faststart"},
    # Matroska keeps no times of decoding: without this, all times would move by the first one.
    "matroska": {"avoid_negative_ts": "disabled"},
}


@dataclass(frozen=True, slots=True)
class Storage:
    """How a clip is stored."""

    format_name: str
    extension: str
    copies_sound: bool
    """False also where there is no sound."""


def storage_for(video: VideoStream, audio: AudioStream | None) -> Storage:
    """The container that holds the pictures, and the sound if it can.

    Sound is no reason to leave MP4: made anew, it is AAC, which fits.
    """
    sound = None if audio is None else audio.codec_context.codec.canonical_name
    is_mp4 = video.codec_context.codec.canonical_name in MP4_VIDEO
    if is_mp4 and (sound is None or sound in MP4_SOUND or sound not in MATROSKA_SOUND):
        return Storage("mp4", ".mp4", sound in MP4_SOUND)
    return Storage("matroska", ".mkv", sound in MATROSKA_SOUND)


def form_of(*streams: Medium | None) -> tuple[object, ...]:
    """What must be the same for packets of two files to stand in one."""
    return tuple(
        None
        if stream is None
        else (stream.codec_context.name, stream.codec_context.extradata, stream.time_base)
        for stream in streams
    )


@contextlib.contextmanager
def writing(path: Path, format_name: str) -> Iterator[OutputContainer]:
    """A file to write packets to; what cannot be written is told from what cannot be copied.

    Raises
    ------
    CannotCut
        Its container does not take the packets; nothing is left of it.
    OSError
        It cannot be written.
    """
    try:
        path.touch()
        options = dict(_OPTIONS[format_name])
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
        raise CannotCut(f"its packets cannot be copied ({reason.lower()})") from error
