"""Display matrices: how a container says that its pictures are mirrored or turned."""

from __future__ import annotations

import math
import struct
from typing import Literal, TypeVar

import av
import cv2
import numpy as np
from av.sidedata.sidedata import SideData, Type
from numpy.typing import NDArray

from motionapp.core.frame import UPRIGHT, Orientation

TURNS: dict[int, int] = {
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}
QUARTERS: tuple[Literal[0, 90, 180, 270], ...] = (0, 90, 180, 270)
EXCHANGES_SIDES = 1
"""OpenCV's number for a flip of left and right."""


def orientation_of(picture: av.VideoFrame) -> Orientation:
    """How a decoded picture is to be shown; upright where nobody says.

    FFmpeg's own angle, which PyAV gives as `rotation`, cannot say that a picture is mirrored: it
    calls one whose sides are exchanged turned by 180 degrees.
    """
    for data in picture.side_data:
        # A buffer that is listed by its number, though the stubs say that it is keyed by text.
        if isinstance(data, SideData) and data.type == Type.DISPLAYMATRIX:
            return orientation_from(bytes(data))
    return UPRIGHT


def orientation_from(matrix: bytes) -> Orientation:
    """The orientation that a display matrix means, rounded to quarter turns.

    Parameters
    ----------
    matrix : bytes
        Nine integers a, b, u, c, d, v, x, y, w in the machine's order: a stored (x, y) is shown at
        (ax + cy, bx + dy). Shifts and scales do not matter here.

    Returns
    -------
    Orientation
        Upright where the matrix is broken: too short, or it would show a line or a point.
    """
    if len(matrix) < struct.calcsize("=9i"):
        return UPRIGHT
    a, b, _, c, d = struct.unpack_from("=5i", matrix)
    determinant = a * d - b * c
    if determinant == 0:
        return UPRIGHT
    # A mirror that exchanges left and right, and comes first, changes the signs of a and b only:
    # c and d tell the turn with or without it.
    quarter = round(math.degrees(math.atan2(-c, d)) / 90) % 4
    return Orientation(QUARTERS[quarter], is_mirrored=determinant < 0)


Grey = TypeVar("Grey", NDArray[np.uint8], NDArray[np.uint16])
"""Pictures keep their depth."""


def oriented(picture: Grey, orientation: Orientation) -> Grey:
    """A stored picture as it is shown: shape (h, w) or (h, w, 3), sides exchanged if sideways."""
    if orientation.is_mirrored:
        picture = np.asarray(cv2.flip(picture, EXCHANGES_SIDES), picture.dtype)
    if orientation.turn:
        picture = np.asarray(cv2.rotate(picture, TURNS[orientation.turn]), picture.dtype)
    return picture
