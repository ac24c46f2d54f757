"""The two BlazePose networks as plain functions of pictures.

Knows files, onnxruntime, value ranges and layouts; leaves boxes, crops and points to others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # onnxruntime has no type stubs

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.ort import shipped_network

DETECTOR_FILE = "pose-blazepose-detector.onnx"
LANDMARK_FILE = "pose-blazepose-full.onnx"

DETECTOR_SIDE_PX = 224
LANDMARK_SIDE_PX = 256

_DETECTOR_SHAPES = {"image": (1, 224, 224, 3), "boxes": (1, 2254, 12), "scores": (1, 2254, 1)}
_LANDMARK_SHAPES = {
    "image": (1, 256, 256, 3),
    "landmarks": (1, 195),
    "flag": (1, 1),
    "heatmaps": (1, 64, 64, 39),
    "world": (1, 117),
}


@dataclass(frozen=True, slots=True, eq=False)
class LandmarkOutput:
    """What the landmark network says of one crop, as it says it."""

    landmarks: NDArray[np.float32]
    """Shape (39, 5): x, y, z in pixels of the crop, visibility and presence as logits."""
    heatmaps: NDArray[np.float32]
    """Shape (64, 64, 39): logits of each point over the crop."""
    flag: float
    """Probability that a person is in the crop."""


class PoseNetworks:
    """Both networks, loaded. Holds no state between calls and may be shared.

    Parameters
    ----------
    folder : Path
        Where the two files lie.
    threads : int
        Threads for one network call; at least 1.
    is_spinning : bool
        Whether idle threads wait busily: a little faster in a batch, but about a whole core
        for nothing at 30 calls a second.

    Raises
    ------
    ModelError
        A file is missing, cannot be read, or is another network.
    """

    def __init__(self, folder: Path, *, threads: int = 1, is_spinning: bool = False) -> None:
        self._detector = _opened(folder / DETECTOR_FILE, _DETECTOR_SHAPES, threads, is_spinning)
        self._landmark = _opened(folder / LANDMARK_FILE, _LANDMARK_SHAPES, threads, is_spinning)

    def detect(self, square: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Run the detector.

        Parameters
        ----------
        square : ndarray of uint8, shape (224, 224, 3)
            BGR; black outside the picture.

        Returns
        -------
        rows : ndarray of float32, shape (2254, 12)
            x, y, w, h and four points of each anchor, in pixels relative to its centre.
        logits : ndarray of float32, shape (2254,)
        """
        image = _rgb(square, scale=2 / 255, offset=-1.0)
        boxes, scores = self._detector.run(["boxes", "scores"], {"image": image})
        return boxes[0], scores[0, :, 0]

    def landmarks(self, square: NDArray[np.uint8]) -> LandmarkOutput:
        """Run the landmark network.

        Parameters
        ----------
        square : ndarray of uint8, shape (256, 256, 3)
            BGR; outside the picture its border is repeated.
        """
        image = _rgb(square, scale=1 / 255, offset=0.0)
        names = ["landmarks", "heatmaps", "flag"]
        points, heatmaps, flag = self._landmark.run(names, {"image": image})
        return LandmarkOutput(points.reshape(39, 5), heatmaps[0], float(flag[0, 0]))


def _rgb(square: NDArray[np.uint8], *, scale: float, offset: float) -> NDArray[np.float32]:
    """The picture as the networks take it: RGB, float32, one batch entry."""
    rgb = cv2.cvtColor(square, cv2.COLOR_BGR2RGB)
    image = np.multiply(rgb, np.float32(scale), dtype=np.float32)
    if offset:
        image += np.float32(offset)
    return image[np.newaxis]


def _opened(
    path: Path, shapes: Mapping[str, tuple[int, ...]], threads: int, is_spinning: bool
) -> Any:
    return shipped_network(
        path, shapes, kind="pose network", threads=threads, is_spinning=is_spinning
    )
