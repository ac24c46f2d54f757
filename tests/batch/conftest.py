"""Recordings of some minutes, drawn and encoded once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.testing import Mover, Stage

RATE_HZ = 5
SIZE = (96, 72)
PASSINGS_S = (7.0, 31.0, 62.0, 74.0, 92.0, 97.5, 119.0, 150.0, 162.0, 178.0)
"""Somebody comes in, for three seconds each; two of them close together at the middle."""
LENGTH_S = 190.0


def walker(begins_s: float) -> Callable[[float], tuple[float, float] | None]:
    def at(t_s: float) -> tuple[float, float] | None:
        share = (t_s - begins_s) / 3
        return (76 * share, 20 + begins_s % 20) if 0 <= share < 1 else None

    return at


def passers(begins_s: Iterable[float]) -> tuple[Mover, ...]:
    return tuple(Mover(walker(each), size=(20, 30)) for each in begins_s)


def encode(
    path: Path,
    pictures: Iterable[NDArray[np.uint8]],
    *,
    size: tuple[int, int] = SIZE,
    rate_hz: int = RATE_HZ,
) -> Path:
    """Grey pictures as H.264, some of them predicted from later ones, and a key picture each 20."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(
            "libx264", rate=rate_hz, options={"preset": "veryfast", "crf": "23", "bf": "2"}
        )
        stream.width, stream.height, stream.pix_fmt = *size, "gray"
        stream.gop_size = 20
        stream.codec_context.thread_count = 1
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, "gray")
            frame.pts, frame.time_base = number, Fraction(1, rate_hz)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def pictures_of(stage: Stage, length_s: float) -> Iterable[NDArray[np.uint8]]:
    return (stage.picture(number / RATE_HZ) for number in range(round(length_s * RATE_HZ)))


@pytest.fixture(scope="session")
def three_minutes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody passes ten times, and between them nothing moves."""
    stage = Stage(movers=passers(PASSINGS_S), size=SIZE, sigma=1.0, seed=20)
    path = tmp_path_factory.mktemp("long") / "hall.mp4"
    return encode(path, pictures_of(stage, LENGTH_S))
