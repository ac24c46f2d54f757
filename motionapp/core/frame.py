"""One picture with its exact time, and the stretch of recording that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from motionapp.core.cover import NO_COVER, Cover
from motionapp.core.errors import SourceError

ANALYSIS_WIDTH_PX = 480
"""Pictures are halved until they are at most this wide: a walker in the distance stays visible,
and 1280 becomes 320 in two halvings that cost 0.04 ms."""


class Pixels(Protocol):
    """A picture's pixels on demand. Each conversion is made once and shared."""

    def luma_at(self, level: int) -> NDArray[np.uint8]:
        """Read-only full-range luma, halved `level` times: shape (h, w)."""
        ...

    def bgr(self) -> NDArray[np.uint8]:
        """Read-only colour picture at full size: shape (h, w, 3), blue first."""
        ...


@runtime_checkable
class SmallColours(Protocol):
    """Pixels that can be had small without being made at full size first.

    Not those of covered frames: what is made small by others may let through what lies beneath.
    """

    def bgr_at(self, level: int) -> NDArray[np.uint8]:
        """Read-only colour picture, halved `level` times: shape (h >> level, w >> level, 3)."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """Where a picture's blocks came from, as its encoder says: velocities on a grid of cells."""

    velocity_px_s: NDArray[np.float32]
    """Shape (rows, columns, 2), read-only: full-frame display pixels per second, x to the right, y
    down; 0 where nothing is known."""
    is_known: NDArray[np.bool_] | None
    """Shape (rows, columns): whether the cell was taken from another picture; None: all were."""
    corner_px: tuple[float, float]
    """Where the first cell begins, in display pixels: at 0, or before it where a cell is cut."""
    cell_px: tuple[float, float]
    """Width and height of a cell, in display pixels."""


@runtime_checkable
class Vectors(Protocol):
    """Pixels whose encoder has told from where it took them."""

    def blocks(self) -> Blocks | None:
        """The velocities; None of a picture that was made from no other: a key picture."""
        ...


def blocks_of(pixels: Pixels) -> Blocks | None:
    """What the encoder says of a picture.

    Raises
    ------
    SourceError
        The source of the picture was not told to keep it, or has none.
    """
    # Not by `isinstance`, which looks through all that `Vectors` asks for: 30 calls a picture.
    tell = getattr(pixels, "blocks", None)
    if tell is None:
        raise SourceError(
            "the front-end codec looks at the vectors of an encoder, and this source tells none: "
            "choose --frontend flow"
        )
    told: Blocks | None = tell()
    return told


@dataclass(frozen=True, slots=True)
class Orientation:
    """One of the eight ways in which a stored picture is laid on the display.

    Mirrored first, then turned: so each of the eight is one value only.
    """

    turn: Literal[0, 90, 180, 270] = 0
    """Degrees clockwise."""
    is_mirrored: bool = False
    """Left and right are exchanged, as in a mirror, before the turn."""

    @property
    def is_sideways(self) -> bool:
        """Whether width becomes height."""
        return self.turn in (90, 270)


UPRIGHT = Orientation()
"""As it is stored."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """A stretch of a source in which size, time base and orientation stay the same.

    A new one begins at a size change, a step back in time, a reconnection, or a long gap.
    No memory crosses its border.
    """

    number: int
    size: tuple[int, int]
    """Width and height of the display picture, in pixels, after rotation and squaring."""
    time_base: Fraction
    """Seconds per tick of `Frame.pts`."""
    origin_s: float = 0.0
    """`pts_s` of the epoch's first frame."""
    orientation: Orientation = UPRIGHT
    """How the stored picture was mirrored and turned for display."""
    luma_range: Literal["limited", "full"] = "full"
    """Range of the stored luma; `luma_at` always gives full range."""
    start_utc: datetime | None = None
    """When the source's first frame was taken, if it is known."""
    cover: Cover = NO_COVER
    """What of its pictures is covered, in grey and in colour."""

    @property
    def level(self) -> int:
        """How often a picture is halved for analysis."""
        return level_for(self.size[0])


def level_for(width_px: int, at_most_px: int = ANALYSIS_WIDTH_PX) -> int:
    """How many halvings bring `width_px` to `at_most_px` or below."""
    level = 0
    while width_px >> level > at_most_px:
        level += 1
    return level


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of a source and when it was taken."""

    index: int
    """Counts the source's frames from 0."""
    pts: int
    """Raw time stamp in ticks of the epoch's time base."""
    pts_s: float
    """Seconds since the source's first frame; strictly increasing over a source."""
    duration_s: float
    """Seconds until the next frame is due."""
    epoch: Epoch
    pixels: Pixels
    captured_ns: int | None = None
    """Monotonic clock when a live frame arrived or a paced one was due; None in a batch."""
    is_flagged: bool = False
    """The decoder calls the picture damaged: it counts, but opens no event."""

    def luma_at(self, level: int) -> NDArray[np.uint8]:
        """Read-only full-range luma, halved `level` times: shape (h, w)."""
        return self.pixels.luma_at(level)

    def bgr(self) -> NDArray[np.uint8]:
        """Read-only colour picture at full size: shape (h, w, 3), blue first."""
        return self.pixels.bgr()
