"""What moves in a recording, small enough to be compared with that of all others.

A recording that was encoded anew, scaled, shortened or mirrored keeps the way its edges move; two
people who do the same before the same wall do not share it. So the still picture is taken out by
the difference over an eighth of a second, and smooth shapes by a spatial high pass: bodies are
alike as blobs, and differ in their outlines.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

STEPS_HZ: Final = 16
"""Moments a second. At 8, a copy that begins between two of them was likened by 0.50 instead of
0.79, its quick legs having moved on."""
SIDE_PX: Final = 64
"""With 32, two people who wave alike were likened by 0.72, with 64 by 0.58: an arm that waves is
five cells long then. Copies encoded at half the size lost as much in finer pictures."""
LAG: Final = 2
"""Steps between the moments whose difference is taken."""
EDGES_PX: Final = 1.0
"""Standard deviation of what is smooth, and left out."""
MOST_S: Final = 120.0
"""So much of a recording is compared, from its beginning: two so long take half a second."""

COARSE_PX: Final = 16
"""Side for the first, quick comparison of all with all."""
COARSE_EVERY: Final = 2
"""Of its moments, one in so many."""

FAINT: Final = 8
"""Grey levels by which a cell has to change for something to move: in a still room with a noise of
4 levels, encoded at rate factors of 20 to 35, cells changed by 3.4 at most."""
FEWEST_STEPS: Final = STEPS_HZ // 2
"""Half a second of movement can be told from another's; less is like too many."""

_PER_LEVEL: Final = 2
"""Kept in halves of a grey level, which is below the noise of any camera."""
_MAD: Final = 0.6745
"""Median of the absolute values of a normal distribution, in standard deviations."""


@dataclass(frozen=True, slots=True, eq=False)
class Movement:
    """What moves in a recording, over time."""

    packed: bytes
    """zlib of signed bytes, shape (steps, SIDE_PX, SIDE_PX): still cells, most of all, are 0 and
    cost little: 8 kB (silhouettes) to 18 kB (a camera) a second instead of 65."""
    steps: int
    coarse: NDArray[np.int8]
    """The same before the high pass, shape (about steps / 2, COARSE_PX, COARSE_PX)."""
    is_telling: bool
    """Whether enough moves for a comparison to mean something."""

    def fine(self) -> NDArray[np.float32]:
        """How each cell changes, shape (steps, SIDE_PX, SIDE_PX), in halves of a grey level."""
        flat = np.frombuffer(zlib.decompress(self.packed), np.int8)
        return flat.reshape(self.steps, SIDE_PX, SIDE_PX).astype(np.float32)


def movement_of(pictures: NDArray[np.float32]) -> Movement:
    """What moves in pictures.

    Parameters
    ----------
    pictures : ndarray of float32, shape (moments, SIDE_PX, SIDE_PX)
        Grey, 0 to 255, `STEPS_HZ` a second; one at least.
    """
    smooth = _over_time(pictures)
    edges = np.stack([one - cv2.GaussianBlur(one, (0, 0), EDGES_PX) for one in smooth])
    fine = _changes(edges, LAG)
    times = SIDE_PX // COARSE_PX
    blocks = smooth.reshape(len(smooth), COARSE_PX, times, COARSE_PX, times).mean((2, 4))
    blocks -= blocks.mean((1, 2), keepdims=True)  # a light that goes on is nobody's movement
    coarse = _changes(blocks[::COARSE_EVERY], LAG // COARSE_EVERY)
    moving = np.count_nonzero(np.abs(_difference(edges, LAG)).max((1, 2), initial=0.0) >= FAINT)
    return Movement(
        packed=zlib.compress(fine.tobytes(), 1),
        steps=len(fine),
        coarse=coarse,
        is_telling=int(moving) >= FEWEST_STEPS,
    )


def _over_time(pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each with half of its neighbours: of another frame rate, other moments were taken."""
    around = np.concatenate([pictures[:1], pictures, pictures[-1:]])
    mixed: NDArray[np.float32] = (around[:-2] + 2 * around[1:-1] + around[2:]) / 4
    return mixed


def _difference(pictures: NDArray[np.float32], lag: int) -> NDArray[np.float32]:
    difference: NDArray[np.float32] = pictures[lag:] - pictures[:-lag]
    return difference


def _changes(pictures: NDArray[np.float32], lag: int) -> NDArray[np.int8]:
    """How cells change, less the noise: it is most cells of most pictures, and no copy keeps it."""
    change = _difference(pictures, lag)
    size = np.abs(change)
    noise = float(np.median(size)) / _MAD if change.size else 0.0
    kept = np.sign(change) * np.maximum(size - noise, 0.0) * _PER_LEVEL
    rounded: NDArray[np.int8] = np.clip(np.rint(kept), -127, 127).astype(np.int8)
    return rounded
