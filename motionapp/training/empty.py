"""Empty pictures of somebody's cameras, before which rendered people are seen."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.errors import SourceError
from motionapp.core.frame import level_for
from motionapp.sources.images import images_in, read_image

MOST: Final = 300
"""Of more pictures, so many are taken, spread evenly: each takes 0.4 MB."""


@dataclass(frozen=True, slots=True, eq=False)
class Empties:
    """Pictures without people, at the scale of the analysis."""

    pictures: tuple[NDArray[np.uint8], ...] = ()
    """Shape (h, w, 3) each, BGR."""
    digest: str = ""
    """SHA-256 of what they show, as hex; empty if there are none."""


NO_EMPTIES: Final = Empties()
"""Backdrops are rendered."""


def read_empties(folder: Path) -> Empties:
    """The pictures in a folder, in the order of the numbers in their names.

    Raises
    ------
    SourceError
        There is no such folder, no image in it, or one that cannot be read.
    """
    paths = images_in(folder)
    paths = paths[:: -(-len(paths) // MOST)]
    digest, pictures = hashlib.sha256(), []
    for path in paths:
        picture = read_image(path)
        if picture is None:
            raise SourceError(f"{path} is not an image that can be read")
        for _ in range(level_for(picture.shape[1])):
            size = max(1, picture.shape[1] // 2), max(1, picture.shape[0] // 2)
            picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
        digest.update(repr(picture.shape).encode())
        digest.update(picture.tobytes())
        pictures.append(picture)
    return Empties(tuple(pictures), digest.hexdigest())
