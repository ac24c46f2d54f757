"""Whom a data set's label is of, where several bodies move: the largest, or the one in a box."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from motionapp.core.clip import MotionClip
from motionapp.core.errors import DataSetError
from motionapp.core.geometry import Box
from motionapp.recognition.stretch import WHOLE, Stretch

EDGES: Final = Box._fields
"""A data set's columns of a box."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose clips are wanted of a recording."""

    box: Box | None = None
    """Where it is, in full-frame display pixels; None for who is largest at each time."""
    stretch: Stretch = WHOLE
    """When it is there. Beyond it none of its clips are kept: all that ever pass through twenty
    boxes of a busy street would fill the memory."""

    def place_in(self, clips: Sequence[MotionClip]) -> int | None:
        """Which of the clips of one time is its; None where none is.

        With a box, it is the one whose square overlaps it most (intersection over union).
        """
        if self.box is None:
            return max(range(len(clips)), key=lambda place: clips[place].box.area, default=None)
        times_s = np.array([(clip.start_s, clip.end_s) for clip in clips]).reshape(-1, 2)
        held = self.stretch.holds(times_s)
        shares = [
            clip.box.iou(self.box) if is_held else 0.0
            for clip, is_held in zip(clips, held, strict=True)
        ]
        most = max(shares, default=0.0)
        return shares.index(most) if most else None

    def shown_at(self, tempo: float) -> Subject:
        """The same in a recording that is shown at a tempo; 2 is twice as quickly."""
        return Subject(self.box, Stretch(self.stretch.start_s / tempo, self.stretch.end_s / tempo))


LARGEST: Final = Subject()


def read_box(row: Mapping[str, str | None], stretch: Stretch) -> Box | None:
    """The box of a data set's line that is about `stretch`; None where its columns are empty or
    not there.

    Raises
    ------
    DataSetError
        It is no box, or is about all of a recording; says why, without the place.
    """
    texts = {column: (row.get(column) or "").strip() for column in EDGES}
    if not any(texts.values()):
        return None
    for column, text in texts.items():
        if not text:
            raise DataSetError(f"the column {column} is empty: a box has {', '.join(EDGES)}")
    box = Box(*(_pixels(column, text) for column, text in texts.items()))
    if not box.area:
        raise DataSetError(
            f"the box {' '.join(texts.values())} is empty: x1 has to be above x0, and y1 above y0"
        )
    if stretch.is_whole:
        raise DataSetError("a box without start_s and end_s: nobody is there all the time")
    return box


def _pixels(column: str, text: str) -> int:
    try:
        # `int` would take 1_0 for ten.
        value = int(text) if text.isascii() and text.isdigit() else -1
    except ValueError:  # more digits than it takes
        value = -1
    if value < 0:
        raise DataSetError(
            f"the column {column} holds {text!r}, which is no whole number of pixels, 0 or more"
        )
    return value
