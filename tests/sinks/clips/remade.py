"""Recordings made of others by moving packets: with stamps that encoders would not give."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import av

Stamps: TypeAlias = "tuple[int, int]"


def restamped(
    source: Path, target: Path, *, kind: str, stamp: Callable[[int, int, int], Stamps]
) -> Path:
    """The packets of `source` in `target`, those of one kind with other stamps.

    Parameters
    ----------
    source, target : Path
    kind : {"video", "audio"}
    stamp : callable
        Given a packet's number, and in milliseconds when it is shown and decoded: the new ones.
    """
    number = itertools.count()

    def move(packet: Any, shown: int, decoded: int) -> Stamps:
        return (
            stamp(next(number), shown, decoded) if packet.stream.type == kind else (shown, decoded)
        )

    return _remade(source, target, move)


def shifted(source: Path, target: Path, *, by_s: float) -> Path:
    """The packets of `source`, all earlier or later; what comes before 0 is not to be shown."""
    by_ms = round(by_s * 1000)
    return _remade(source, target, lambda packet, shown, decoded: (shown + by_ms, decoded + by_ms))


def _remade(source: Path, target: Path, move: Callable[[Any, int, int], Stamps]) -> Path:
    options = {"avoid_negative_ts": "disabled"}
    with av.open(str(source)) as reading, av.open(str(target), "w", options=options) as writing:
        streams: dict[int, Any] = {  # pictures and sound differ in type
            each.index: writing.add_stream_from_template(each, opaque=True)
            for each in reading.streams
        }
        for packet in reading.demux():
            if not packet.size or packet.pts is None or packet.dts is None:
                continue
            tick_ms = packet.time_base * 1000
            times = move(packet, round(packet.pts * tick_ms), round(packet.dts * tick_ms))
            packet.pts, packet.dts = (round(each / tick_ms) for each in times)
            packet.stream = streams[packet.stream.index]
            writing.mux(packet)
    return target


def without_first(source: Path, target: Path, *, leave_out: int) -> Path:
    """The packets of `source` without the first ones, beginning at 0 again and all marked as key.

    Without B-frames.
    """
    with av.open(str(source)) as reading, av.open(str(target), "w") as writing:
        stream: Any = writing.add_stream_from_template(reading.streams.video[0], opaque=True)
        packets = [packet for packet in reading.demux(video=0) if packet.size][leave_out:]
        begin = packets[0].pts or 0
        for packet in packets:
            packet.pts = packet.dts = (packet.pts or 0) - begin
            packet.is_keyframe = True
            packet.stream = stream
            writing.mux(packet)
    return target
