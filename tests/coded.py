"""Frames as a camera's encoder would have made them: H.264 with the vectors that it chose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import av
import numpy as np

from motionapp.core.frame import Blocks, Frame, Vectors
from motionapp.sources.picture import BgrPicture
from motionapp.sources.recoded import AS_A_CAMERA, recoded
from tests.encoders import opened

CAMERA = AS_A_CAMERA


class NoBlocks(BgrPicture):
    """A picture too small for any encoder: it came without vectors, as a key picture does."""

    def blocks(self) -> Blocks | None:
        """None."""
        return None


def written(
    frames: Iterable[Frame],
    where: Any,
    *,
    codec: str = "libx264",
    options: Mapping[str, str] | None = None,
    container: str = "matroska",
    rate_hz: int = 25,
) -> None:
    """Write frames as a recording; H.264 as a camera writes it where nothing else is asked for."""
    with av.open(where, "w", format=container) as file:
        stream: Any = file.add_stream(codec, rate=rate_hz)
        stream.options = dict(CAMERA if options is None else options)
        for number, frame in enumerate(frames):
            picture = av.VideoFrame.from_ndarray(frame.bgr().copy(), "bgr24")
            if not number:
                stream.width, stream.height = picture.width, picture.height
                is_even = picture.width % 2 == picture.height % 2 == 0
                stream.pix_fmt = "yuv420p" if is_even else "yuv444p"
                if codec == "mjpeg":
                    stream.pix_fmt = "yuvj420p"
                opened(stream)
            picture.pts = number
            file.mux(stream.encode(picture))
        file.mux(stream.encode())


def coded(frames: Iterable[Frame]) -> list[Frame]:
    """The same frames, at the same times, with pictures that bring vectors."""
    given = list(frames)
    if isinstance(given[0].pixels, Vectors):
        return given  # they have been coded already
    height, width = given[0].bgr().shape[:2]
    if min(width, height) < 16:
        return [replace(each, pixels=NoBlocks(np.array(each.bgr()))) for each in given]
    return recoded(given)
