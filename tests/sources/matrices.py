"""Display matrices as an MP4's track header holds them, which PyAV cannot write mirrored."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

Matrix = tuple[int, int, int, int]
"""a, b, c, d: a stored (x, y) is shown at (ax + cy, bx + dy)."""

ALL_EIGHT: Final[tuple[Matrix, ...]] = (
    (1, 0, 0, 1),
    (0, 1, -1, 0),
    (-1, 0, 0, -1),
    (0, -1, 1, 0),
    (-1, 0, 0, 1),
    (0, -1, -1, 0),
    (1, 0, 0, -1),
    (0, 1, 1, 0),
)
TKHD_TO_MATRIX: Final = 44
"""Bytes from the name of a track's header, in its version 0, to its matrix."""


def give_matrix(path: Path, matrix: Matrix) -> Path:
    """Write a matrix into the header of an MP4's first track."""
    content = path.read_bytes()
    at = content.index(b"tkhd") + TKHD_TO_MATRIX
    a, b, c, d = (value << 16 for value in matrix)
    words = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(content[:at] + words + content[at + len(words) :])
    return path


def shown_with(matrix: Matrix, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture as a matrix wants it shown, worked out pixel by pixel."""
    a, b, c, d = matrix
    height, width = picture.shape[:2]
    down, across = np.mgrid[:height, :width]
    x, y = a * across + c * down, b * across + d * down
    x, y = x - x.min(), y - y.min()
    shown = np.empty((y.max() + 1, x.max() + 1, *picture.shape[2:]), np.uint8)
    shown[y, x] = picture
    return shown
