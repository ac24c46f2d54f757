"""What cuts the clips of events as the road does, and what reads them as a player would."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import pytest

from motionapp.core.event import Event
from motionapp.core.moment import Moment
from motionapp.settings.tree import RunSettings
from motionapp.sinks.clips.sink import ClipsSink, clips_sink
from motionapp.sources.file import FileSource
from tests.sinks.conftest import code_of

KEYS = {"g": "20", "keyint_min": "20", "sc_threshold": "0"}


@dataclass(frozen=True)
class Clip:
    """What a player would show and play."""

    codes: list[int]
    times_s: list[float]
    size: tuple[int, int]
    rotation: int
    tone_from_s: float | None
    """When the sound begins; None without a stream of sound."""


def read_clip(path: Path) -> Clip:
    codes, times_s, size, rotation = [], [], (0, 0), 0
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            codes.append(code_of(frame.to_ndarray(format="bgr24")))
            times_s.append(float(frame.time or 0))
            size, rotation = (frame.width, frame.height), frame.rotation
    return Clip(codes, times_s, size, rotation, tone_begin_s(path))


def tone_begin_s(path: Path) -> float | None:
    with av.open(str(path)) as container:
        if not container.streams.audio:
            return None
        for frame in container.decode(audio=0):
            samples = np.abs(frame.to_ndarray().astype(np.float64))
            samples /= 1 if frame.format.name.startswith("flt") else 32768
            loud = np.flatnonzero(samples[0] > 0.1)
            if loud.size:
                return float(frame.time or 0) + loud[0] / frame.sample_rate
    return float("inf")


def cut(path: Path, folder: Path, mode: str, *events: Event, **options: float) -> ClipsSink:
    """Walk over a recording as the road does, and close."""
    run = RunSettings.model_validate({"clips": mode, "clip_before_s": 0.5, "clip_after_s": 0.5})
    sink = clips_sink(
        folder,
        run.model_copy(update=options),
        reopen=lambda: FileSource(path, decode_threads=1),
        path_at=lambda pts_s: path,
    )
    for frame in FileSource(path, decode_threads=1).frames():
        sink.accept(Moment("a", frame))
    sink.accept(Moment("a", None, closed=events))
    sink.close()
    return sink


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "out"
    made.mkdir()
    return made
