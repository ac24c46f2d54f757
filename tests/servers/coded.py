"""The packets of a camera without the camera: pictures that say which they are, and a tone."""

from __future__ import annotations

import contextlib
import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import av
import numpy as np

from motionapp.core.packet import Packet
from motionapp.sources.packets import Tap
from tests.sinks.conftest import code_of, coded

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
RATE_HZ = 25


def coded_packets(
    count: int = 100,
    *,
    size: tuple[int, int] = (160, 120),
    key_each: int = 25,
    b_frames: int = 0,
    codec: str = "libx264",
    sound: str = "",
    opening: int = 1,
    begin_s: float = 0.0,
    noise: int = 0,
) -> list[Packet]:
    """A live stream of `RATE_HZ` that began at `NOON`, in the order in which it is sent.

    `noise` is what each pixel may be brighter, so that there are bytes: then no number can be read.
    """
    file = io.BytesIO()
    rng = np.random.default_rng(7)
    with av.open(file, "w", format="nut") as container:
        video: Any = container.add_stream(codec, rate=RATE_HZ)  # encoders differ in type
        video.width, video.height = size
        video.pix_fmt = "yuv420p" if codec != "mjpeg" else "yuvj420p"
        video.options = {"g": str(key_each), "bf": str(b_frames), "preset": "ultrafast", "crf": "6"}
        heard: Any = container.add_stream(sound, rate=8000, layout="mono") if sound else None
        for number in range(count):
            shown = coded(number, size)
            if noise:
                shown = shown // 2 + rng.integers(0, noise, shown.shape, np.uint8)
            container.mux(video.encode(av.VideoFrame.from_ndarray(shown, "bgr24")))
            if heard is not None:
                wave = (9000 * np.sin(np.arange(320) / 5)).astype(np.int16)[None]
                block = av.AudioFrame.from_ndarray(wave, "s16", "mono")
                block.sample_rate, block.pts = 8000, 320 * number
                container.mux(heard.encode(block))
        container.mux(video.encode(None))
        if heard is not None:
            container.mux(heard.encode(None))
    file.seek(0)
    with av.open(file, format="nut") as container:
        return _packets(container, opening, begin_s)


def _packets(container: Any, opening: int, begin_s: float) -> list[Packet]:
    found: list[Packet] = []
    now_ns = 0
    tap = Tap(
        found.append, clock=lambda: now_ns, utc=lambda: NOON + timedelta(seconds=now_ns / 1e9)
    )
    video = container.streams.video[0]
    tap.open(container, video)
    for packet in container.demux():
        tap.take(packet)
        now_ns += round(1e9 / RATE_HZ) if packet.stream_index == video.index else 0
    return [
        replace(
            each,
            at_s=begin_s + each.at_s,
            shown_s=begin_s + each.shown_s,
            utc=each.utc + timedelta(seconds=begin_s),
            opening=opening,
        )
        for each in found
    ]


def pictures_in(path: Path) -> list[tuple[float, int]]:
    """When each picture in a file is shown, and its number."""
    found = []
    with av.open(str(path)) as container:
        for packet in container.demux(video=0):
            # Of what was cut off, the last packet may be half there.
            with contextlib.suppress(av.InvalidDataError):
                for frame in packet.decode():
                    number = code_of(frame.to_ndarray(format="bgr24"))  # type: ignore[union-attr]
                    found.append((round(float(frame.time or 0), 3), number))
    return found


def sound_s(path: Path) -> float:
    """How long the sound in a file is."""
    with av.open(str(path)) as container:
        return sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))


def stamps_in(path: Path) -> dict[str, list[tuple[int, int]]]:
    """When each packet of a file is decoded and shown, by kind of stream."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    with av.open(str(path)) as container:
        for packet in container.demux():
            if packet.size and packet.dts is not None and packet.pts is not None:
                found[packet.stream.type].append((packet.dts, packet.pts))
    return found


def keys_in(packets: Sequence[Packet]) -> list[int]:
    """Where the key frames of the video are."""
    return [place for place, each in enumerate(packets) if each.is_video and each.is_key]
