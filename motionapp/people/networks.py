"""The MoveNet networks as plain functions of pictures.

Knows files, onnxruntime and layouts; leaves views, boxes and what a row means to others.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Protocol  # onnxruntime has no type stubs

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.ort import shipped_network

MULTIPOSE_FILE: Final = "pose-movenet-multipose.onnx"
LIGHTNING_FILE: Final = "pose-movenet-lightning.onnx"

SUMS: Final = {
    MULTIPOSE_FILE: "9a3e6c48d609430e20550c1df325aca604fce803f0759cc4e7b435a62cf69e9c",
    LIGHTNING_FILE: "ce6acce624ccbc9bb6db967c89fbdd35e637d85bf0a2786177d6b68956e5c587",
}
"""SHA-256 of each file, as its card (`models/pose-movenet.md`) has it."""

LIGHTNING_SIDE_PX: Final = 192

_Shape = tuple[int | str, ...]
_MULTIPOSE: Final[dict[str, _Shape]] = {
    "image": (1, "height", "width", 3),
    "persons": (1, 6, 56),
}
_LIGHTNING: Final[dict[str, _Shape]] = {"image": (1, 192, 192, 3), "points": (1, 1, 17, 3)}


class PersonNetwork(Protocol):
    """Finds up to six people in a picture."""

    def persons(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Rows of 17 × (y, x, score), a box (y0, x0, y1, x1) and a score; see `MultiPose`."""
        ...


class MultiPose:
    """Finds up to six people with 17 points and a box each. Holds no state; may be shared.

    Parameters
    ----------
    folder : Path
        Where the file lies.
    threads : int
        Threads for one call; at least 1.

    Raises
    ------
    ModelError
        The file is missing, damaged, or another network.
    """

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        self._session = _opened(folder / MULTIPOSE_FILE, _MULTIPOSE, threads)

    def persons(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Run the network.

        Parameters
        ----------
        picture : ndarray of uint8, shape (h, w, 3)
            BGR; `h` and `w` are multiples of 32.

        Returns
        -------
        ndarray of float32, shape (6, 56)
            Each row: 17 × (y, x, score), a box (y0, x0, y1, x1), and the score of the whole, all
            as shares 0 to 1 of the picture's height and width. Rows without a person score near 0.
        """
        (rows,) = self._session.run(["persons"], {"image": _rgb(picture)})
        found: NDArray[np.float32] = rows[0]
        return found


class Lightning:
    """Finds the 17 points of the one person in a square. Holds no state; may be shared.

    Parameters
    ----------
    folder : Path
        Where the file lies.

    Raises
    ------
    ModelError
        The file is missing, damaged, or another network.
    """

    def __init__(self, folder: Path) -> None:
        # So that results are the same on machines with more cores.
        self._session = _opened(folder / LIGHTNING_FILE, _LIGHTNING, threads=1)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of what it sees."""
        return LIGHTNING_SIDE_PX, LIGHTNING_SIDE_PX

    def points(self, square: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Run the network.

        Parameters
        ----------
        square : ndarray of uint8, shape (192, 192, 3)
            BGR.

        Returns
        -------
        ndarray of float32, shape (17, 3)
            y, x as shares 0 to 1 of the square, and a score for each point of COCO's order.
        """
        (points,) = self._session.run(["points"], {"image": _rgb(square)})
        found: NDArray[np.float32] = points[0, 0]
        return found


def _rgb(picture: NDArray[np.uint8]) -> NDArray[np.int32]:
    """The picture as the networks take it: RGB, int32, one batch entry."""
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB).astype(np.int32)[np.newaxis]


def _opened(path: Path, shapes: Mapping[str, _Shape], threads: int) -> Any:
    """A session of one of the two files."""
    return shipped_network(
        path, shapes, kind="person network", threads=threads, sha256=SUMS[path.name]
    )
