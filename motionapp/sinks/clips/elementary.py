"""Times for packets that have none: of a bare stream of H.264 or HEVC, as small cameras write it.

Such a file holds pictures in the order of decoding and no word of when each is shown. A decoder
knows: it puts them in the order of showing, and the analysis counts their times in that order.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeAlias

import av

from motionapp.sinks.clips.cutter import CannotCut
from motionapp.sinks.clips.packets import Order, demuxed, open_again, tick_of, video_of

OnProgress: TypeAlias = Callable[[], object]

USUAL_HZ: Final = 25
"""Pictures a second where a stream does not say; FFmpeg's demuxers assume it as well."""


class Orders:
    """The times of each recording's packets, worked out when they are first needed.

    Parameters
    ----------
    on_progress : callable, optional
        Called while a recording is decoded for them.
    """

    def __init__(self, on_progress: OnProgress | None = None) -> None:
        self._on_progress = on_progress
        self._known: dict[Path, Order | None] = {}

    def of(self, path: Path) -> Order | None:
        """Both times of each video packet, in ticks; None where the file has stamps of its own.

        Raises
        ------
        CannotCut
            Not every packet gives one picture: nobody can say when the others are shown.
        """
        if path not in self._known:
            self._known[path] = _order_of(path, self._on_progress) if _is_bare(path) else None
        return self._known[path]


def _is_bare(path: Path) -> bool:
    """Whether the first packets have no stamp whatever."""
    with open_again(path) as container:
        video = video_of(container, path)
        first = list(itertools.islice((each for each in demuxed(container, video)), 2))
    return bool(first) and all(each.pts is None and each.dts is None for each in first)


def _order_of(path: Path, on_progress: OnProgress | None) -> Order:
    """Decode the whole file once: the number of a packet comes out with its picture."""
    shown: list[tuple[int, int]] = []  # the packet's number, and how long its picture lasts
    count = 0
    with open_again(path) as container:
        video = video_of(container, path)
        video.codec_context.thread_type = "AUTO"
        rate = video.average_rate or video.guessed_rate or USUAL_HZ
        usual = max(1, round(1 / rate / tick_of(video)))
        for packet in itertools.chain(demuxed(container, video), [None]):
            if packet is not None:
                packet.pts, count = count, count + 1
            try:
                pictures = video.codec_context.decode(packet)
            except av.FFmpegError:
                pictures = []  # counted below
            shown += [
                (each.pts, each.duration or usual) for each in pictures if each.pts is not None
            ]
            if on_progress is not None:
                on_progress()
    if sorted(number for number, _ in shown) != list(range(count)):
        raise CannotCut("its pictures have no time stamps, and some of them cannot be decoded")
    return order_of(shown)


def order_of(shown: Sequence[tuple[int, int]]) -> Order:
    """Both times of each packet, in the order in which the packets are stored.

    Parameters
    ----------
    shown : sequence of (int, int)
        For each picture in the order of showing: its packet's number, and how long it lasts.

    Returns
    -------
    tuple of (int, int)
        For each packet: when it is shown, from 0 on, and when it is decoded, which is never later.
    """
    begins = list(itertools.accumulate((lasts for _, lasts in shown), initial=0))[:-1]
    pts = dict(zip((number for number, _ in shown), begins, strict=True))
    delay = max((begins[number] - pts[number] for number in pts), default=0)
    return tuple((pts[number], begins[number] - delay) for number in range(len(pts)))
