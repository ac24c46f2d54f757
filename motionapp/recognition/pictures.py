"""Pictures in colour as maps, for networks that look at a body and not at its motion.

Knows frames and nothing of front-ends: whichever of them finds and follows a body, the picture of
it is the same.
"""

from __future__ import annotations

from typing import Any

import cv2
from numpy.typing import NDArray

from motionapp.core.frame import Epoch, Frame
from motionapp.core.motion import Motion
from motionapp.core.representation import PICTURE_PLANES, Representation

Map = NDArray[Any]  # uint8 magnitudes or float32 flow; cv2 and np.stack forget which


class LaterPicture:
    """A frame's picture, made when a clip first asks for it.

    Until then it holds the frame. Colour costs more than all else that is done to most frames, and
    a network that looks six times a second sees one picture of four.

    Parameters
    ----------
    frame : Frame
    level : int
        How often the picture is halved.
    """

    __slots__ = ("_frame", "_level")

    def __init__(self, frame: Frame, level: int) -> None:
        self._frame = frame
        self._level = level

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the picture: height, width and planes."""
        width, height = self._frame.epoch.size
        return height >> self._level, width >> self._level, PICTURE_PLANES

    def read(self) -> Map:
        """The picture, shape (h, w, 3), uint8, blue first, read-only; masked as the frame is."""
        picture: Map = self._frame.bgr()
        for _ in range(self._level):
            picture = half(picture)
        picture.flags.writeable = False
        return picture


class PictureMaps:
    """Gives each frame's picture to whoever cuts clips.

    Parameters
    ----------
    epoch : Epoch
    representation : Representation
    """

    def __init__(self, epoch: Epoch, representation: Representation) -> None:
        self._level = representation.level(epoch.size)

    def step(self, frame: Frame, motion: Motion, *, is_wanted: bool = True) -> LaterPicture | None:
        """The frame's picture; None where nobody wants it."""
        return LaterPicture(frame, self._level) if is_wanted else None


def half(picture: Map) -> Map:
    """A map of half the size; an odd row or column at the end is left out, as in pictures."""
    height, width = picture.shape[0] // 2, picture.shape[1] // 2
    even = picture[: 2 * height, : 2 * width]
    return cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA)
