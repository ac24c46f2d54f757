"""Recordings whose pictures say which frame they are, with a sound that begins at a known time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.event import Event
from motionapp.core.geometry import Box
from tests.encoders import opened

SIZE = (128, 64)
BITS = 8
WriteRecording = Callable[..., Path]


def coded(number: int, size: tuple[int, int] = SIZE) -> NDArray[np.uint8]:
    """A picture with `number` as bright and dark columns, the lowest bit at the left."""
    bits = np.array([220 if number >> bit & 1 else 30 for bit in range(BITS)], np.uint8)
    row = bits[np.arange(size[0]) * BITS // size[0]]
    return np.repeat(np.tile(row, (size[1], 1))[..., None], 3, axis=2)


def code_of(picture: NDArray[np.uint8]) -> int:
    """The number that `coded` has put into a picture."""
    columns = np.array_split(picture.mean(axis=(0, 2)), BITS)
    return sum(1 << bit for bit, column in enumerate(columns) if column.mean() > 125)


def tone(from_s: float, length_s: float, rate_hz: int) -> NDArray[np.int16]:
    """Silence, and from `from_s` on a tone: shape (1, samples)."""
    t_s = np.arange(round(length_s * rate_hz)) / rate_hz
    return np.where(t_s >= from_s, 12000 * np.sin(2 * np.pi * 440 * t_s), 0).astype(np.int16)[None]


@pytest.fixture
def write_recording(tmp_path: Path) -> WriteRecording:
    """Writes a recording with coded pictures into the test's own folder and gives its path."""

    def write(
        name: str = "door.mp4",
        *,
        count: int = 100,
        first: int = 0,
        size: tuple[int, int] = SIZE,
        codec: str = "libx264",
        options: dict[str, str] | None = None,
        stamps_ms: Sequence[int] | None = None,
        turn: int | None = None,
        sound: str | None = None,
        tone_from_s: float = 0.0,
        rate_hz: int = 16000,
    ) -> Path:
        path = tmp_path / name
        stamps = stamps_ms if stamps_ms is not None else range(0, count * 40, 40)
        with av.open(str(path), "w") as container:
            stream: Any = container.add_stream(codec, rate=25)  # encoders differ in type
            stream.width, stream.height = size
            stream.pix_fmt = "yuv420p" if codec != "mjpeg" else "yuvj420p"
            stream.options = {"g": "20", "bf": "2", **(options or {})}
            # An AVI whose header says 1000 pictures a second would be filled with empty ones, and
            # MPEG-2 knows of no such rate.
            is_steady = name.endswith(".avi") or codec in ("mpeg1video", "mpeg2video")
            stream.codec_context.time_base = Fraction(1, 25 if is_steady else 1000)
            if turn is not None:
                stream.set_display_rotation(turn)
            audio: Any = container.add_stream(sound, rate=rate_hz, layout="mono") if sound else None
            if sound is not None and sound.startswith("wma"):
                audio.bit_rate = 32_000  # others know what to take themselves
            opened(stream)
            for number, stamp in enumerate(stamps):
                picture = av.VideoFrame.from_ndarray(coded(first + number, size), "bgr24")
                picture.pts, picture.time_base = stamp, Fraction(1, 1000)
                container.mux(stream.encode(picture))
            container.mux(stream.encode(None))
            if audio is not None:
                length_s = (stamps[-1] - stamps[0] + 40) / 1000
                samples = tone(tone_from_s, length_s, rate_hz)
                for at in range(0, samples.shape[1], 1000):
                    heard = av.AudioFrame.from_ndarray(
                        np.ascontiguousarray(samples[:, at : at + 1000]), "s16", "mono"
                    )
                    heard.sample_rate = rate_hz
                    heard.pts = round(stamps[0] / 1000 * rate_hz) + at
                    container.mux(audio.encode(heard))
                container.mux(audio.encode(None))
        return path

    return write


def event_at(start_s: float, end_s: float, *, peak_s: float | None = None) -> Event:
    """An event of the whole picture."""
    return Event(
        f"all@{round(start_s * 1000)}", "all", start_s, end_s, "motion", None,
        start_s if peak_s is None else peak_s, Box(8, 8, 40, 40), (), "motion",
    )  # fmt: skip
