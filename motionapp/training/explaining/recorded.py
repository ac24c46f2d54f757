"""The recorded pictures behind a clip: what somebody saw at each of its maps' times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motionapp.assembly import open_source
from motionapp.core.clip import MotionClip
from motionapp.core.frame import Frame
from motionapp.core.representation import Representation
from motionapp.core.window import TIME_TOLERANCE_S
from motionapp.recognition.clips import crop

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """What a clip was cut from."""

    whole: Picture
    """The picture at the clip's middle, shape (h, w, 3)."""
    squares: tuple[Picture, ...]
    """What the clip's square covers at each map's time, shape (side, side, 3)."""

    @property
    def middle(self) -> Picture:
        """The square at the clip's middle."""
        return self.squares[len(self.squares) // 2]


def times_of(clip: MotionClip, shape: Representation) -> list[float]:
    """When each of a clip's maps was due, oldest first."""
    return [clip.end_s - (shape.steps - 1 - k) * shape.grid_s for k in range(shape.steps)]


def recorded_of(
    spec: str, clips: Sequence[MotionClip], shape: Representation, side_px: int
) -> list[Recorded]:
    """The recorded pictures behind some clips; the recording is read once.

    Parameters
    ----------
    spec : str
        As it was named.
    clips : sequence of MotionClip
        Of that recording.
    shape : Representation
        Of the clips.
    side_px : int
        Width and height of the squares that are returned.

    Raises
    ------
    SourceError
        It cannot be read any more.
    """
    times = [times_of(clip, shape) for clip in clips]
    squares: list[list[Picture]] = [[] for _ in clips]
    wholes: dict[int, Picture] = {}

    def take(frame: Frame, until_s: float) -> None:
        """Of a frame that is the newest until then, cut what is due."""
        for number, (clip, due) in enumerate(zip(clips, times, strict=True)):
            while len(squares[number]) < shape.steps and (
                due[len(squares[number])] + TIME_TOLERANCE_S < until_s
            ):
                if len(squares[number]) == shape.steps // 2:
                    wholes[number] = frame.bgr().copy()
                squares[number].append(crop(frame.bgr(), clip.box, 0, side_px))

    source = open_source(spec, decode_threads=1)
    held: Frame | None = None
    try:
        for frame in source.frames():
            if held is not None:
                take(held, frame.pts_s)
            held = frame
            if all(len(own) == shape.steps for own in squares):
                break
        if held is not None:
            take(held, float("inf"))
    finally:
        source.close()
    return [Recorded(wholes[number], tuple(own)) for number, own in enumerate(squares)]
