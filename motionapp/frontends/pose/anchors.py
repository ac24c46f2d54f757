"""The detector's anchors: where each of its 2254 rows of numbers looks.

Knows the layout of the three grids and nothing of what is done with them.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

GRIDS = ((28, 2), (14, 2), (7, 6))
"""Cells along a side and anchors in a cell, in the order of the network's rows.

The last grid stands for three layers of stride 32 with two anchors each, which MediaPipe's
anchor calculator merges into one (`pose_detection_cpu.pbtxt`, 5 layers).
"""


@cache
def anchor_centres() -> NDArray[np.float32]:
    """Centres of the anchors as fractions of the detector's square.

    Returns
    -------
    ndarray of float32, shape (2254, 2)
        x and y, row by row of each grid, all anchors of a cell together. Read-only.

    Notes
    -----
    All anchors have width and height 1, so a centre is all there is to know of one.
    """
    parts = []
    for cells, anchors in GRIDS:
        y, x = np.mgrid[0:cells, 0:cells]
        centres = (np.stack([x, y], axis=-1).reshape(-1, 2) + 0.5) / cells
        parts.append(np.repeat(centres, anchors, axis=0))
    joined = np.concatenate(parts).astype(np.float32)
    joined.flags.writeable = False
    return joined
