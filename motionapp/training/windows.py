"""Clips of many recordings as one array, with where each comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from motionapp.core.clip import MotionClip
from motionapp.core.representation import Representation
from motionapp.core.seams import Damage
from motionapp.recognition.stretch import Stretch

Maps = NDArray[np.uint8] | NDArray[np.int8]
NO_DAMAGE: Final = Damage()


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """The windows of one recording or scene."""

    maps: Maps
    """Shape (windows, side, side, channels)."""
    times_s: NDArray[np.float64]
    """When each begins and ends, shape (windows, 2)."""
    goings: NDArray[np.float32]
    """How its body goes, shape (windows, 3): right, down, aspect."""
    whose: NDArray[np.int64]
    """Which of the subjects that were asked for each is of, shape (windows,); from 0."""
    damage: Damage = NO_DAMAGE
    """What could not be read of it."""
    failed: str = ""
    """Why nothing of it can be used, in words; empty where it could be read to its end."""

    def __len__(self) -> int:
        return len(self.times_s)

    def within(self, stretch: Stretch) -> Cut:
        """Those that carry the label of a stretch."""
        if stretch.is_whole:
            return self
        return self._of(stretch.holds(self.times_s))

    def of_subject(self, number: int) -> Cut:
        """Those of one of the subjects that were asked for."""
        held = self.whose == number
        return self if held.all() else self._of(held)

    def _of(self, held: NDArray[np.bool_]) -> Cut:
        return Cut(self.maps[held], self.times_s[held], self.goings[held], self.whose[held])


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """The windows of a data set.

    Maps are kept in 8 bits: they come from 8-bit pictures, and a set of 15 000 windows takes
    370 MB this way instead of 1.5 GB. Channels come last, as OpenCV and torch like them best.
    """

    maps: Maps
    """Shape (windows, side, side, channels): uint8 for 0 to 1, int8 for -1 to 1 (flow)."""
    samples: NDArray[np.int64]
    """Which sample of the data set each window was cut from, shape (windows,)."""
    goings: NDArray[np.float32]
    """How its body goes, shape (windows, 3): right, down, aspect."""
    times_s: NDArray[np.float64] | None = None
    """When each begins and ends, shape (windows, 2); None where nobody has said."""

    def __len__(self) -> int:
        return len(self.samples)

    def of(self, rows: NDArray[np.int64]) -> Windows:
        """Some of the windows."""
        return Windows(self.maps[rows], self.samples[rows], self.goings[rows], self.times_of(rows))

    def times_of(self, rows: NDArray[np.int64]) -> NDArray[np.float64] | None:
        """When some of the windows begin and end; None where nobody has said."""
        return None if self.times_s is None else self.times_s[rows]

    def of_samples(self, chosen: NDArray[np.bool_]) -> Windows:
        """The windows of some samples, which are counted anew from 0."""
        if chosen.all():
            return self
        left = self.of(np.nonzero(chosen[self.samples])[0])
        return replace(left, samples=(np.cumsum(chosen) - 1)[left.samples])

    def numbers(self, chosen: slice = slice(None)) -> NDArray[np.float32]:
        """Windows as the network takes them, shape (windows, channels, side, side)."""
        largest = np.float32(np.iinfo(self.maps.dtype).max)
        first = self.maps[chosen].transpose(0, 3, 1, 2)
        return np.ascontiguousarray(first, dtype=np.float32) / largest


def dtype_of(representation: Representation) -> type[np.uint8] | type[np.int8]:
    """What the maps of windows are kept as: flow has a sign."""
    return np.int8 if representation.is_signed else np.uint8


def packed_clips(
    clips: Sequence[MotionClip],
    representation: Representation,
    damage: Damage = NO_DAMAGE,
    *,
    whose: Sequence[int] | None = None,
) -> Cut:
    """The clips of one recording as arrays, with what could not be read of it.

    Parameters
    ----------
    clips : sequence of MotionClip
    representation : Representation
    damage : Damage
    whose : sequence of int, optional
        Which of the subjects that were asked for each is of; without it, all are of one.
    """
    dtype, side = dtype_of(representation), representation.side_px
    largest = np.iinfo(dtype).max
    maps = np.array(
        [np.rint(clip.maps.transpose(1, 2, 0) * largest) for clip in clips], dtype=dtype
    ).reshape(len(clips), side, side, representation.channels)
    times_s = np.array([(clip.start_s, clip.end_s) for clip in clips], np.float64)
    goings = np.array([clip.going for clip in clips], np.float32)
    subjects = np.zeros(len(clips), np.int64) if whose is None else np.array(whose, np.int64)
    # mypy takes one of two types for any integer of 8 bits
    return Cut(cast(Maps, maps), times_s.reshape(-1, 2), goings.reshape(-1, 3), subjects, damage)


def nothing_of(representation: Representation, why: str) -> Cut:
    """What is cut of a recording that cannot be used."""
    return replace(packed_clips((), representation), failed=why)


def stack(cuts: Iterable[Cut], representation: Representation) -> Windows:
    """The windows of several samples, in order, as one array."""
    listed, empty = list(cuts), packed_clips((), representation)
    return Windows(
        np.concatenate([empty.maps, *(cut.maps for cut in listed)]),
        np.repeat(np.arange(len(listed)), [len(cut) for cut in listed]),
        np.concatenate([empty.goings, *(cut.goings for cut in listed)]),
        np.concatenate([empty.times_s, *(cut.times_s for cut in listed)]),
    )


def pack(parts: Iterable[Sequence[MotionClip]], representation: Representation) -> Windows:
    """The clips of several recordings, in order, as one array; each is packed as it comes."""
    return stack((packed_clips(clips, representation) for clips in parts), representation)


def join(parts: Sequence[Windows]) -> Windows:
    """Windows of several data sets as one.

    Their recordings keep their numbers: whoever joins says by its own list which part is which.
    """
    times_s = [part.times_s for part in parts if part.times_s is not None]
    return Windows(
        np.concatenate([part.maps for part in parts]),
        np.concatenate([part.samples for part in parts]),
        np.concatenate([part.goings for part in parts]),
        np.concatenate(times_s) if len(times_s) == len(parts) else None,
    )
