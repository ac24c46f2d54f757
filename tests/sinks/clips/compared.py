"""A clip beside its recording, picture by picture: nothing else says that it shows the event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from motionapp.core.event import Event
from motionapp.sinks.clips.sink import ClipsSink
from motionapp.sources.orientation import orientation_of, oriented

LEAST_PSNR_DB = 30.0
"""x264 gives 35 to 45 at the quality that clips are encoded with."""
UNKNOWN_S = 0.04
"""What a picture lasts where a stream does not say."""
MOST_LATE_S = 0.1
"""A picture whose stamp equals the one before is shown a tick later."""


@dataclass(frozen=True)
class Shown:
    """A picture as a player shows it."""

    time_s: float
    bgr: NDArray[np.int16]


def pictures_of(path: Path) -> list[Shown]:
    """All pictures, upright, in seconds from the first; counted where the file has no stamps."""
    return list(_pictures(path))


def _pictures(path: Path) -> Iterator[Shown]:
    first_s, end_s = None, 0.0
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            tick_s = float(frame.time_base or 0)
            time_s = end_s if frame.pts is None else frame.pts * tick_s
            first_s = time_s if first_s is None else first_s
            end_s = time_s + (frame.duration * tick_s or UNKNOWN_S)
            shown = oriented(frame.to_ndarray(format="bgr24"), orientation_of(frame))
            yield Shown(time_s - first_s, shown.astype(np.int16))


def starts_at_zero(path: Path) -> bool:
    """Whether a player shows the first picture at once."""
    with av.open(str(path)) as container:
        first = next(container.decode(video=0))
        return abs(float(first.time or 0)) < 0.003


def check_clip(folder: Path, sink: ClipsSink, event: Event, recording: list[Shown]) -> str:
    """See that the event's clip holds it, and shows what the recording shows; "" or its note.

    A copy is the same to the last bit, without a picture too few; what was encoded is near it.
    """
    fields = sink.fields_of(event)
    assert fields, sink.problems
    path, start_s = folder / str(fields["clip"]), fields["clip_start_s"]
    assert isinstance(start_s, float)
    note = sink.notes[0] if sink.notes else ""
    clip = pictures_of(path)
    assert starts_at_zero(path)
    assert start_s <= event.start_s + 0.001
    end_s = min(event.end_s, recording[-1].time_s)
    assert start_s + clip[-1].time_s >= end_s - 0.1
    if "encoded" in note:
        _check_near(clip, start_s, recording)
    else:
        _check_same(clip, start_s, recording)
    return note


def _check_same(clip: list[Shown], start_s: float, recording: list[Shown]) -> None:
    begin = next(n for n, each in enumerate(recording) if each.time_s >= start_s - 0.002)
    for copied, original in zip(clip, recording[begin:], strict=False):
        late_s = copied.time_s + start_s - original.time_s
        assert -0.003 <= late_s <= MOST_LATE_S
        assert np.array_equal(copied.bgr, original.bgr), f"another picture at {copied.time_s:.3f} s"


def _check_near(clip: list[Shown], start_s: float, recording: list[Shown]) -> None:
    times_s = np.array([each.time_s for each in recording])
    for encoded in clip:
        # Of pictures with one stamp the analysis sees the first.
        original = recording[int(np.argmin(np.abs(times_s - encoded.time_s - start_s)))]
        assert abs(original.time_s - encoded.time_s - start_s) <= 0.02
        assert psnr_db(encoded.bgr, original.bgr) >= LEAST_PSNR_DB


def psnr_db(one: NDArray[np.int16], other: NDArray[np.int16]) -> float:
    """How near two pictures are; infinite where they are the same."""
    height, width = other.shape[:2]
    error = float(np.square(one[:height, :width] - other, dtype=np.float64).mean())
    return float(10 * np.log10(255**2 / error)) if error else float("inf")
