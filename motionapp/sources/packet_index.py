"""The packets of a recording without their pictures: when, how large, and where a decoder may
begin.

Read by the demuxer alone, at a hundredth of what decoding costs: where to split a recording, and
which stretches of it may be quiet, is chosen by these before any picture is made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.container import InputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray

from motionapp.core.pace import LOOK_S, REMEMBERED
from motionapp.sources.decoding import time_base_of
from motionapp.sources.header import open_recording, probe_of, video_of
from motionapp.sources.timeline import LONGEST_GAP_S

TOLD_EVERY: Final = 4096
"""Packets; at 25 per second those of almost three minutes."""
NO_STAMP: Final = np.iinfo(np.int64).min
"""A packet without one: a program stream stamps now and then only."""


@dataclass(frozen=True, slots=True, eq=False)
class PacketIndex:
    """The packets of one video, in the order of decoding. The arrays are as long as each other."""

    codec: str
    """FFmpeg's name of it: ``h264``, ``hevc``, ``mjpeg``..."""
    can_seek: bool
    """The same frames come after a seek as from the start."""
    pts_s: NDArray[np.float64]
    """When each is shown, in seconds from the recording's first frame; shape (n,)."""
    sizes: NDArray[np.int32]
    """Bytes of each; shape (n,)."""
    is_key: NDArray[np.bool_]
    """Whether a decoder may begin there, as the container says; shape (n,)."""
    is_sound: bool
    """It was read to its end, nothing is flagged damaged, every picture has a stamp of its own, and
    they come often enough for the gate to remember no longer than usual: what is found in a part of
    it is found in the whole, at the same second."""

    def __len__(self) -> int:
        """How many there are."""
        return len(self.pts_s)

    @property
    def duration_s(self) -> float:
        """When the last picture is shown; 0.0 where there is none."""
        return float(self.pts_s.max()) if len(self) else 0.0

    @property
    def keys_s(self) -> NDArray[np.float64]:
        """When the key pictures are shown, in the order of time; shape (k,)."""
        return np.sort(self.pts_s[self.is_key])


def read_packet_index(
    path: Path, number: int | None = None, *, on_read: Callable[[], object] = lambda: None
) -> PacketIndex:
    """Read a recording's packets.

    Parameters
    ----------
    path : Path
    number : int or None
        Which of several videos, the first being 1; None takes what a player would show.
    on_read : callable
        Called now and then: whoever watches over the reading sees that it goes on.

    Returns
    -------
    PacketIndex
        Of what could be read; then it is not sound.

    Raises
    ------
    SourceError
        It is no recording, or no picture of it can be decoded.
    """
    probe = probe_of(path, number)
    with open_recording(path) as container:
        stream = video_of(container, path, number)
        tick = time_base_of(stream)
        pts, sizes, is_key, is_whole = _packets(container, stream, on_read)
        stamps = np.array(pts, np.int64)
        is_whole = is_whole and probe.kind == "pts" and not probe.late_s
        return PacketIndex(
            codec=stream.codec_context.name,
            can_seek=probe.can_seek,
            pts_s=np.asarray((stamps - (probe.first_pts or 0)) * float(tick), np.float64),
            sizes=np.array(sizes, np.int32),
            is_key=np.array(is_key, np.bool_),
            is_sound=is_whole
            and _is_even(stamps, float(tick))
            and never_steps_back(stamps, np.array(is_key, np.bool_)),
        )


def _packets(
    container: InputContainer, stream: VideoStream, on_read: Callable[[], object]
) -> tuple[list[int], list[int], list[bool], bool]:
    """Stamps, sizes, whether each is a key picture, and whether nothing went wrong."""
    pts: list[int] = []
    sizes: list[int] = []
    is_key: list[bool] = []
    is_whole = True
    try:
        for packet in container.demux(stream):
            if not packet.size:
                continue
            pts.append(NO_STAMP if packet.pts is None else packet.pts)
            sizes.append(packet.size)
            is_key.append(packet.is_keyframe)
            if len(pts) % TOLD_EVERY == 0:
                on_read()
            is_whole = is_whole and not packet.is_corrupt
    except (av.FFmpegError, IndexError):
        is_whole = False
    return pts, sizes, is_key, is_whole


def _is_even(stamps: NDArray[np.int64], tick_s: float) -> bool:
    """Whether the stamps go on in steps that no memory of the gate is stretched by."""
    shown = np.sort(stamps)
    if len(shown) == 0 or shown[0] == NO_STAMP:
        return False
    gaps_s = np.diff(shown) * tick_s
    if len(gaps_s) < REMEMBERED:
        return bool((gaps_s > 0).all())
    pace_s = np.median(np.lib.stride_tricks.sliding_window_view(gaps_s, REMEMBERED), axis=1)
    return bool((gaps_s > 0).all() and gaps_s.max() <= LONGEST_GAP_S and pace_s.max() <= LOOK_S)


def never_steps_back(stamps: NDArray[np.int64], is_key: NDArray[np.bool_]) -> bool:
    """Whether all that is decoded before a key picture is shown before it.

    So it is in every stream, whatever the order in which pictures between them are decoded; where
    two are joined that overlap in time, one epoch ends and another begins.

    Parameters
    ----------
    stamps : ndarray of int64, shape (n,)
        When each is shown, in the order of decoding.
    is_key : ndarray of bool, shape (n,)
    """
    latest = np.maximum.accumulate(stamps)
    keys = is_key.nonzero()[0]
    keys = keys[keys > 0]
    return bool((latest[keys - 1] < stamps[keys]).all())
