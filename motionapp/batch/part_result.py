"""What the analysis of one part of a recording has found, as a value that travels.

With every digit: what is written is rounded once, when the parts are one again, and the clips are
cut by the same seconds as those of a recording that was analysed whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from motionapp.core.crossing import Crossing
from motionapp.core.event import Event
from motionapp.core.frame import Epoch, Frame
from motionapp.runtime.part import Part


@dataclass(frozen=True, slots=True)
class Stamp:
    """A frame without its picture, where seconds and time stamps begin to go on together, or the
    size of pictures changes."""

    pts: int
    pts_s: float
    time_base: tuple[int, int]
    """Seconds per tick, as numerator and denominator."""
    start_utc: datetime | None = None
    """When the source's first frame was taken."""
    size: tuple[int, int] = (0, 0)
    """Width and height of its picture."""

    @classmethod
    def of(cls, frame: Frame) -> Stamp:
        """The stamp of a frame."""
        base, start_utc = frame.epoch.time_base, frame.epoch.start_utc
        time_base = base.numerator, base.denominator
        return cls(frame.pts, frame.pts_s, time_base, start_utc, frame.epoch.size)

    def frame(self) -> Frame:
        """The frame, for sinks that look at no picture before they open the source again."""
        base = Fraction(*self.time_base)
        epoch = Epoch(number=0, size=self.size, time_base=base, start_utc=self.start_utc)
        return Frame(0, self.pts, self.pts_s, 0.0, epoch, _NoPixels())


class _NoPixels:
    """Stands for a picture that was seen elsewhere."""

    def luma_at(self, level: int) -> NDArray[np.uint8]:
        raise AssertionError("a part tells what it has found, and gives no pictures")

    def bgr(self) -> NDArray[np.uint8]:
        raise AssertionError("a part tells what it has found, and gives no pictures")


@dataclass(frozen=True, slots=True)
class PartResult:
    """What is known of a part when it has been read."""

    owned_from_s: float | None = None
    """Its first frame's time; None: it has none."""
    handed_over_s: float | None = None
    """The first frame that is another's; None: the recording was read to its end."""
    has_waited: bool = False
    """No rest has come for too long behind its beginning; it has nothing."""
    trouble: str = ""
    """Why the recording is to be analysed whole, in words that follow "since"; empty: it need
    not."""
    events: tuple[Event, ...] = ()
    crossings: tuple[Crossing, ...] = ()
    frames: int = 0
    size: tuple[int, int] = (0, 0)
    """Width and height of its first picture."""
    ends_s: float = 0.0
    """The end of its last frame."""
    stamps: tuple[Stamp, ...] = ()
    """Its first frame's, and another wherever time stamps jump against seconds or sizes change."""
    steps_s: tuple[tuple[float, float], ...] = ()
    """How many seconds there are of each step between pictures, as `Slowness` adds them up."""
    note: str = ""
    """What of the source is left out, as `SourceInfo.note` says it."""
    features: tuple[tuple[str, str], ...] = ()
    """Ids of events, and what the network saw of each as `EventFeatures` knows it, in hexadecimal
    digits; only for a catalogue."""


@dataclass(frozen=True, slots=True)
class Division:
    """Into which parts a recording falls."""

    parts: tuple[Part, ...] = ()
    """Two or more; none: it is analysed whole."""
    duration_s: float = 0.0
    """Of the recording."""


_ADAPTER: Final = TypeAdapter(PartResult)


def result_document(result: PartResult) -> dict[str, Any]:
    """A result as JSON holds it: numbers keep every digit."""
    document: dict[str, Any] = _ADAPTER.dump_python(result, mode="json")
    return document


def result_of(document: object) -> PartResult:
    """The result in a document.

    Raises
    ------
    ValueError
        It is none.
    """
    return _ADAPTER.validate_python(document)


def in_trouble(why: str) -> PartResult:
    """For a part that cannot be had: the recording is to be analysed whole."""
    return replace(PartResult(), trouble=why)
