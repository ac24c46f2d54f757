"""Whether a copied clip shows what the recording shows, from its first picture on.

A container may call a picture a key frame that is none (with intra refresh, or where every picture
is marked), and another container may lose what the decoder needs to know. Both show in the first
pictures; that none of the rest is missing, the times of the packets tell. So about a dozen pictures
are decoded and not the whole clip, which would take a hundred times as long as to copy it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.video.frame import PictureType

from motionapp.sinks.clips.cutter import CannotCut
from motionapp.sinks.clips.packets import (
    Order,
    open_again,
    packets_of,
    seek,
    stamp_of,
    tick_of,
    video_of,
)

COMPARED: Final = 12
"""Pictures at the start of a clip that are held against the recording's."""
ROUNDING_S: Final = 0.0025
"""Matroska counts milliseconds, and rounds twice on the way."""
MOST_DIFFERENT: Final = 1.0
"""Grey levels, on average, by which a picture that is the same may differ: none but what rounding
makes where two containers name colours differently. One that stands upside down differs by 20."""
_LEAN = frozenset([PictureType.P, PictureType.B])


def check_copy(
    clip: Path,
    shown_s: Sequence[float],
    recording: Path,
    *,
    key: int,
    place_s: float,
    order: Order | None,
) -> None:
    """See that a clip has all its pictures, and that the first ones are the recording's.

    Parameters
    ----------
    clip : Path
    shown_s : sequence of float
        When each picture that was copied is to be shown.
    recording : Path
    key : int
        Stamp of the recording's key frame that the clip begins with.
    place_s : float
        Where `seek` finds it.
    order : sequence of (int, int) or None
        The times of the recording's packets, where it has none.

    Raises
    ------
    CannotCut
        It is not so.
    """
    try:
        _check_times(clip, shown_s)
        pictures = list(itertools.islice(_pictures(clip), COMPARED))
        _check_first(pictures, sorted(shown_s)[:2])
        originals = _pictures(recording, key=key, place_s=place_s, order=order)
        for copied, original in zip(pictures, originals, strict=False):
            if not _are_same(copied, original):
                raise CannotCut("the pictures of the copy are not those of the recording")
    except (av.FFmpegError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CannotCut(f"the copy cannot be played ({reason.lower()})") from error


def _check_times(clip: Path, shown_s: Sequence[float]) -> None:
    with open_again(clip) as container:
        video = video_of(container, clip)
        tick = float(tick_of(video))
        found_s = sorted((stamp_of(each) or 0) * tick for each in packets_of(container, video))
    if len(found_s) != len(shown_s) or not np.allclose(
        found_s, sorted(shown_s), rtol=0, atol=ROUNDING_S
    ):
        raise CannotCut("the copy does not hold all its pictures at their times")


def _check_first(pictures: Sequence[av.VideoFrame], shown_s: Sequence[float]) -> None:
    """The first picture that can be decoded is the first that is stored, and leans on none."""
    if not pictures:
        raise CannotCut("none of its pictures can be decoded without those before")
    first, late_s = pictures[0], float(pictures[0].time or 0)
    usual_s = shown_s[-1] - shown_s[0]
    if late_s > shown_s[0] + max(ROUNDING_S, usual_s / 2):
        raise CannotCut(f"its first {late_s:.2f} s cannot be decoded without what comes before")
    if first.is_corrupt or PictureType(first.pict_type) in _LEAN:
        raise CannotCut("its key frame is none: it needs pictures that come before")


def _pictures(
    path: Path,
    *,
    key: int | None = None,
    place_s: float = float("-inf"),
    order: Order | None = None,
) -> Iterator[av.VideoFrame]:
    """Decoded pictures, from the key frame with that stamp on, without those shown before it."""
    with open_again(path) as container:
        video = video_of(container, path)
        if place_s > float("-inf"):
            seek(container, video, place_s)
        has_key = key is None
        for packet in packets_of(container, video, order=order):
            has_key = has_key or stamp_of(packet) == key
            if not has_key:
                continue
            for picture in video.codec_context.decode(packet):
                if key is None or picture.pts is None or picture.pts >= key:
                    yield picture
        for picture in video.codec_context.decode(None):
            yield picture


def _are_same(copied: av.VideoFrame, original: av.VideoFrame) -> bool:
    if (copied.width, copied.height) != (original.width, original.height):
        return False
    one, other = (
        each.reformat(format="bgr24", threads=1).to_ndarray() for each in (copied, original)
    )
    return float(np.abs(one.astype(np.int16) - other).mean()) <= MOST_DIFFERENT
