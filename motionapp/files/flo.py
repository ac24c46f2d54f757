"""Optical flow in the format of the Middlebury benchmark."""

from __future__ import annotations

import struct
from typing import Final

import numpy as np
from numpy.typing import NDArray

MAGIC: Final = b"PIEH"
"""The number 202021.25 as a little-endian float."""
_HEADER: Final = struct.Struct("<4sii")


def flo_bytes(flow: NDArray[np.float32]) -> bytes:
    """A `.flo` file.

    Parameters
    ----------
    flow : ndarray of float32, shape (h, w, 2)
        Pixels: x to the right, y down.
    """
    height, width = flow.shape[:2]
    return _HEADER.pack(MAGIC, width, height) + np.ascontiguousarray(flow, "<f4").tobytes()


def flo_field(content: bytes) -> NDArray[np.float32]:
    """The flow of a `.flo` file.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    ndarray of float32, shape (h, w, 2)
        Components above 1e9 are unknown.

    Raises
    ------
    ValueError
        It is none, or cut short.
    """
    if len(content) < _HEADER.size or content[:4] != MAGIC:
        raise ValueError("it is no .flo file")
    _, width, height = _HEADER.unpack_from(content)
    if width < 1 or height < 1 or len(content) != _HEADER.size + 8 * width * height:
        raise ValueError(f"it says {width}x{height}, but has {len(content)} bytes")
    field = np.frombuffer(content, "<f4", offset=_HEADER.size).reshape(height, width, 2)
    return field.astype(np.float32)
