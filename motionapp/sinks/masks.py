"""What moves in every frame as a picture: `masks/000000.png`, named by the frame's index."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.moment import Moment
from motionapp.files.staged import StagedFolder

MASKS: Final = "masks"
"""The folder, within the input's."""
PNG: Final = (
    *(cv2.IMWRITE_PNG_COMPRESSION, 1),
    *(cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_UP),
    *(cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE),
)
"""Rows of a stretched mask repeat, and so do pixels: 1.6 ms and 5 kB at 720p, where OpenCV's
default takes 3 ms and 12 kB. One bit a pixel would take 0.9 ms, but many readers give it as 0 and
1."""


class MasksSink:
    """Writes a mask for every frame: 255 where it moves, at the picture's full size.

    Parameters
    ----------
    folder : Path
        The input's; exists already.

    Notes
    -----
    Black where nothing moves or nothing could be compared. The files are not flushed one by one,
    which would take longer than all the rest.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = StagedFolder(folder / MASKS)
        self._is_done = False

    def accept(self, moment: Moment) -> None:
        """Write the frame's mask.

        Raises
        ------
        OutputError
            It cannot be written.
        """
        if moment.frame is None:
            return
        content = _png(moment.motion.mask, moment.frame.epoch.size)
        self._folder.write(f"{moment.frame.index:06d}.png", content, flush=False)

    def close(self) -> None:
        """Publish the folder; without a frame there is none.

        Raises
        ------
        OutputError
            It cannot be given its name.
        """
        if not self._is_done:
            self._is_done = True
            self._folder.publish()

    def abandon(self) -> None:
        """Remove what was written."""
        if not self._is_done:
            self._is_done = True
            self._folder.discard()


def full_size(mask: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """A mask at analysis scale as one of the full picture.

    Parameters
    ----------
    mask : ndarray of uint8, shape (h >> level, w >> level)
        0 or 255.
    size : tuple of int
        Width and height of the picture.

    Returns
    -------
    ndarray of uint8, shape (size[1], size[0])
        One pixel of `mask` became ``2 ** level`` squared; what is left over at the right and at
        the bottom is 0, as it was never looked at.
    """
    height, width = mask.shape
    stretched = (width * max(1, size[0] // width), height * max(1, size[1] // height))
    large = cv2.resize(mask, stretched, interpolation=cv2.INTER_NEAREST)
    right, below = size[0] - stretched[0], size[1] - stretched[1]
    if right or below:
        large = cv2.copyMakeBorder(large, 0, below, 0, right, cv2.BORDER_CONSTANT, value=0)
    return np.asarray(large, np.uint8)


def _png(mask: NDArray[np.uint8] | None, size: tuple[int, int]) -> bytes:
    if mask is None or not cv2.countNonZero(mask):
        return _black(size)
    return _encoded(full_size(mask, size))


@functools.lru_cache(maxsize=4)
def _black(size: tuple[int, int]) -> bytes:
    """Most frames of most recordings."""
    return _encoded(np.zeros((size[1], size[0]), np.uint8))


def _encoded(picture: NDArray[np.uint8]) -> bytes:
    _, content = cv2.imencode(".png", picture, PNG)
    return content.tobytes()
