"""What becomes of an answer when a part of the clip is covered: asks nothing but the recogniser, so
that it works with networks of any kind, and without torch.

References
----------
Zeiler, Fergus, "Visualizing and understanding convolutional networks", ECCV 2014, section 4.2.
"""

from __future__ import annotations

from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from motionapp.core.clip import Going, MotionClip
from motionapp.core.contract import ModelContract
from motionapp.recognition.onnx import softmax

Numbers = NDArray[np.float32]

CELLS: Final = 16
"""Along a side: so finely the cover is moved, by 4 pixels of 64 ..."""
COVERED: Final = 3
"""... and so many cells it covers, 12 pixels: about a limb."""
PICTURE_PLANES: Final = 3
"""Of pictures in colour, where nothing is no number: they are covered with their mean."""
AT_ONCE: Final = 16


class Asked(Protocol):
    """What names clips, as far as it is asked here."""

    @property
    def contract(self) -> ModelContract:
        """What the network says about itself."""
        ...

    def logits(self, maps: Numbers, goings: list[Going]) -> Numbers:
        """Bare answers, shape (clips, outputs)."""
        ...


def occlusion(recogniser: Asked, clip: MotionClip, output: int) -> Numbers:
    """How much of an answer hangs on each part of a clip's square.

    Parameters
    ----------
    recogniser : Asked
    clip : MotionClip
    output : int
        The answer that is asked about.

    Returns
    -------
    ndarray of float32, shape (cells, cells)
        By how much its logarithm falls when a cell is covered in all maps, the mean over the covers
        that do, over the most; 0 to 1. 0 everywhere where no cover lowers it.
    """
    side = clip.maps.shape[1]
    edges = np.linspace(0, side, min(CELLS, side) + 1).round().astype(int)
    cells = len(edges) - 1
    places = [(y, x) for y in range(1 - COVERED, cells) for x in range(1 - COVERED, cells)]
    spans = [_span(place, cells) for place in range(1 - COVERED, cells)]
    filled = _filled(clip, recogniser.contract)
    falls, covers = np.zeros((cells, cells)), np.zeros((cells, cells))
    whole = _logarithms(recogniser, clip, clip.maps[None], output)[0]
    for first in range(0, len(places), AT_ONCE):
        batch = places[first : first + AT_ONCE]
        covered = np.repeat(clip.maps[None], len(batch), axis=0)
        for row, (y, x) in enumerate(batch):
            rows, columns = spans[y + COVERED - 1], spans[x + COVERED - 1]
            covered[row, :, edges[rows.start] : edges[rows.stop],
                    edges[columns.start] : edges[columns.stop]] = filled[:, None, None]  # fmt: skip
        for (y, x), found in zip(
            batch, _logarithms(recogniser, clip, covered, output), strict=True
        ):
            at = spans[y + COVERED - 1], spans[x + COVERED - 1]
            falls[at] += whole - found
            covers[at] += 1
    held = np.maximum(falls / covers, 0)
    most = float(held.max())
    return np.asarray(held / most if most > 0 else held, np.float32)


def _span(place: int, cells: int) -> slice:
    """The cells that a cover hides which begins at a place, maybe before the first."""
    return slice(max(place, 0), min(place + COVERED, cells))


def _filled(clip: MotionClip, contract: ModelContract) -> Numbers:
    """What a cover holds, of each channel: nothing moves there."""
    if contract.representation.planes == PICTURE_PLANES:
        return np.asarray(clip.maps.mean((1, 2)), np.float32)
    return np.zeros(len(clip.maps), np.float32)


def _logarithms(
    recogniser: Asked, clip: MotionClip, maps: Numbers, output: int
) -> NDArray[np.float64]:
    """Of how probable the answer is, for each of some maps of one body."""
    logits = recogniser.logits(maps, [clip.going] * len(maps)) / recogniser.contract.temperature
    shares = np.maximum(softmax(logits)[:, output], np.finfo(np.float32).tiny)
    logarithms: NDArray[np.float64] = np.log(shares, dtype=np.float64)
    return logarithms
