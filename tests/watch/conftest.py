"""A small real recording."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

SIZE = (160, 120)
RATE_HZ = 25


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve seconds; a block crosses from second 1 to 4, and from 7 to the end."""
    path = tmp_path_factory.mktemp("watch") / "block.mp4"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=RATE_HZ)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        for index in range(12 * RATE_HZ):
            picture = np.full((SIZE[1], SIZE[0], 3), 70, np.uint8)
            at_s = index / RATE_HZ
            if 1 <= at_s < 4 or at_s >= 7:
                x = round(20 * (at_s % 7))
                picture[30:90, x : x + 30] = 220
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")):
                file.mux(packet)
        for packet in stream.encode():
            file.mux(packet)
    return path
