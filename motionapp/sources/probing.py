"""Whether a file whose name says nothing is a recording: it is opened to see."""

from __future__ import annotations

import stat
from itertools import islice
from pathlib import Path

import av

from motionapp.sources.decoding import is_decodable, video_stream
from motionapp.sources.header import open_recording

LEAST_BYTES = 512
"""No recording is so small; lists, marks and settings often are."""
HEAD_BYTES = 4096


def holds_recording(path: Path) -> bool:
    """Whether FFmpeg finds pictures in it that can be decoded, and more than one.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bool
        Also where it may not be read: nobody can say that it is none, so it is named later.

    Notes
    -----
    No picture is decoded beyond what FFmpeg itself needs to know the size: a recording with a
    damaged beginning is one. A single picture is a still, whatever it is called.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size < LEAST_BYTES or _is_text(path):
            return False
        return _has_pictures(path)
    except PermissionError:
        return True
    except OSError:  # a SourceError is one, too
        return False


def _is_text(path: Path) -> bool:
    """FFmpeg draws letters for some texts; a recording has a zero byte soon."""
    with path.open("rb") as file:
        return b"\0" not in file.read(HEAD_BYTES)


def _has_pictures(path: Path) -> bool:
    with open_recording(path) as container:
        name = container.format.name
        if name == "image2" or name.endswith("_pipe"):
            return False
        stream = video_stream(container)
        if stream is None or not is_decodable(stream) or not stream.codec_context.width:
            return False
        try:
            pictures = (packet for packet in container.demux(stream) if packet.size)
            return sum(1 for _ in islice(pictures, 2)) == 2
        except (av.FFmpegError, IndexError):
            return False
