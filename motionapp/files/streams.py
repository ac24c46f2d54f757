"""Which of several video streams of a recording is read, where nobody has chosen.

Both who analyses and who copies packets ask here, so that clips hold what was analysed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Video:
    """What is to be known of a video stream that is no cover picture."""

    is_default: bool
    """It is flagged as the one that players show."""
    is_readable: bool
    """There is a decoder for it, and its pictures have a size."""


def preferred(videos: Sequence[Video]) -> int | None:
    """The place of the stream that a player would show; None where there is none.

    The first that is flagged as default, or else the first: MP4 flags every track that is switched
    on, and transport streams flag none. One that cannot be read stands behind all that can.
    """
    places = range(len(videos))
    return min(
        places,
        key=lambda place: (not videos[place].is_readable, not videos[place].is_default, place),
        default=None,
    )


def left_out(place: int, count: int) -> str:
    """What is not read of a recording with `count` videos, in words; empty if nothing is."""
    if count < 2:
        return ""
    others = "the other one is" if count == 2 else f"the {count - 1} others are"
    return f"video stream {place + 1} of {count} is read, {others} left out (--stream N chooses)"
