"""Clips that the tests of the sources make for themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.encoders import opened

WriteClip = Callable[..., Path]

GROUPS = {
    "libx264": {"bf": "3", "b-adapt": "0", "g": "12"},
    "libx265": {"x265-params": "log-level=none:bframes=3:b-adapt=0:keyint=12:min-keyint=12"},
    "libvpx-vp9": {"g": "12", "deadline": "realtime", "cpu-used": "8", "auto-alt-ref": "1"},
    "libsvtav1": {"g": "12", "preset": "10"},
    "mpeg4": {"g": "12", "bf": "2"},
    "mpeg2video": {"g": "12", "bf": "2"},
}
"""Options for groups of 12 pictures, with B-frames or hidden pictures where the codec has them."""


def encoder_or_skip(codec: str) -> str:
    """`codec`, if this build of FFmpeg can write it."""
    try:
        av.codec.Codec(codec, "w")
    except av.codec.UnknownCodecError:
        pytest.skip(f"this PyAV has no encoder {codec}")
    return codec


def grey_steps(count: int, size: tuple[int, int]) -> list[NDArray[np.uint8]]:
    """Pictures with a bright square that walks to the right, on a ground of its own grey."""
    width, height = size
    pictures = []
    for number in range(count):
        picture = np.full((height, width, 3), 40 + 5 * (number % 40), np.uint8)
        x = 4 * number % max(1, width - 16)
        picture[height // 4 : height // 2, x : x + 16] = 200
        pictures.append(picture)
    return pictures


@pytest.fixture
def write_clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WriteClip:
    """Writes a clip into the test's own folder and gives its path."""
    monkeypatch.setenv("SVT_LOG", "1")  # the encoder of AV1 prints on its own

    def write(
        name: str = "clip.mp4",
        *,
        pictures: Iterable[NDArray[np.uint8]] | None = None,
        count: int = 10,
        size: tuple[int, int] = (64, 48),
        rate: Fraction | int = 25,
        codec: str = "libx264",
        pix_fmt: str = "yuv420p",
        color_range: int = 0,
        turn: int | None = None,
        aspect: Fraction | None = None,
        stamps: Sequence[int] | None = None,
        options: dict[str, str] | None = None,
        is_grouped: bool = False,
        metadata: dict[str, str] | None = None,
    ) -> Path:
        path = tmp_path / name
        frames = list(pictures) if pictures is not None else grey_steps(count, size)
        with av.open(str(path), "w") as container:
            container.metadata.update(metadata or {})
            stream: Any = container.add_stream(
                encoder_or_skip(codec), rate=rate
            )  # encoders differ in type
            stream.height, stream.width = frames[0].shape[:2]
            stream.pix_fmt = pix_fmt
            stream.options = GROUPS.get(codec, {}) if is_grouped else options or {}
            stream.bit_rate = 2_000_000
            if color_range:
                stream.codec_context.color_range = color_range
            if aspect is not None:
                stream.codec_context.sample_aspect_ratio = aspect
            if turn is not None:
                stream.set_display_rotation(turn)
            if stamps is not None:
                stream.codec_context.time_base = Fraction(1, 1000)
            opened(stream)
            for number, pixels in enumerate(frames):
                frame = av.VideoFrame.from_ndarray(pixels, "bgr24")
                frame = frame.reformat(
                    format=pix_fmt, dst_color_range=color_range if color_range else None
                )
                if stamps is not None:
                    frame.pts, frame.time_base = stamps[number], Fraction(1, 1000)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return path

    return write
