"""Recordings with flipped bits: refused in words, or read as far as it goes, and never hanging."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from motionapp.core.errors import SourceError
from motionapp.sources import FileSource

WriteClip = Callable[..., Path]

KINDS = {
    "clip.mp4": "libx264",
    "clip.mkv": "libx265",
    "clip.ts": "libx264",
    "clip.avi": "mpeg4",
    "clip.webm": "libvpx-vp9",
}
MOST_FRAMES = 500
"""A clip of 24 frames that gives so many is read in a circle."""


@dataclass(frozen=True, slots=True)
class Harm:
    """What is done to a file; places are shares of its length."""

    flips: tuple[tuple[float, int], ...]
    hole: tuple[float, int]
    keeps: float

    def done_to(self, content: bytes) -> bytes:
        """The content with bits flipped, a hole of zeros, and its end cut off."""
        harmed = bytearray(content)
        for place, bit in self.flips:
            harmed[int(place * (len(harmed) - 1))] ^= 1 << bit
        begin = int(self.hole[0] * len(harmed))
        harmed[begin : begin + self.hole[1]] = bytes(len(harmed[begin : begin + self.hole[1]]))
        return bytes(harmed[: max(1, int(self.keeps * len(harmed)))])


PLACES = st.one_of(st.floats(0, 1), st.floats(0, 0.02), st.floats(0.9, 1))
"""Headers and indexes stand at the ends, and a bit in them does the most."""
HARMS = st.builds(
    Harm,
    flips=st.lists(st.tuples(PLACES, st.integers(0, 7)), min_size=1, max_size=40).map(tuple),
    hole=st.tuples(PLACES, st.sampled_from([0, 0, 50, 1000])),
    keeps=st.one_of(st.just(1.0), st.floats(0, 1)),
)


def read(path: Path, start_s: float) -> tuple[list[tuple[float, int, int]], str]:
    """Time, epoch and index of what can be read, and the sentence if it is refused."""
    frames: list[tuple[float, int, int]] = []
    try:
        for frame in FileSource(path, decode_threads=1).frames(start_s):
            height, width = frame.luma_at(1).shape
            assert (width, height) == tuple(max(1, side >> 1) for side in frame.epoch.size)
            frames.append((frame.pts_s, frame.epoch.number, frame.index))
            assert len(frames) < MOST_FRAMES
    except SourceError as error:
        return frames, str(error)
    return frames, ""


class Contents(dict[str, bytes]):
    """What files hold, by name; printed without it where an example fails."""

    def __repr__(self) -> str:
        """The names."""
        return f"Contents of {', '.join(self)}"


@pytest.fixture
def contents(write_clip: WriteClip) -> Contents:
    """A small clip of every kind."""
    return Contents(
        (name, write_clip(name, codec=codec, count=24, is_grouped=True).read_bytes())
        for name, codec in KINDS.items()
    )


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example("clip.mkv", Harm(((0.078125, 0),), (0.0, 0), 1.0), 0.0)  # a code that nobody knows
@example("clip.ts", Harm(((0.978515625, 1),), (0.0, 0), 1.0), 0.0)  # a stream that begins late
@given(name=st.sampled_from(sorted(KINDS)), harm=HARMS, start_s=st.sampled_from([0.0, 0.5]))
def test_flipped_bits_are_refused_or_read_past(
    contents: Contents, tmp_path: Path, name: str, harm: Harm, start_s: float
) -> None:
    path = tmp_path / f"harmed-{name}"
    path.write_bytes(harm.done_to(contents[name]))

    frames, refusal = read(path, start_s)

    assert not refusal or refusal.startswith(str(path))
    assert all(a[0] < b[0] for a, b in pairwise(frames))
    assert all(a[1] <= b[1] for a, b in pairwise(frames))
    assert [frame[2] for frame in frames] == list(range(len(frames)))
    assert all(pts_s >= start_s - 0.0005 for pts_s, _, _ in frames)
