"""Places of the picture in which a body may be weather: where leaves stir and rain falls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box

DOUBTFUL = 1
"""A place that may turn out to be restless."""
RESTLESS = 2
"""A place where leaves stir or rain falls: who stays there may be weather."""

NEW = 3
"""A restless place that looks as it has not looked lately, over more than leaves ever do: somebody
is there."""

MOST = 0.5
"""A box lies in the kind of place that at least half of its cells are: what is mostly beside a tree
is beside it."""


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """A coarse grid over the picture that says what kind of place each cell is."""

    cells: NDArray[np.uint8]
    """Shape (rows, columns): `NEW`, `RESTLESS`, `DOUBTFUL` or 0."""
    size: tuple[int, int]
    """Width and height of the picture in display pixels."""

    def has_new(self, box: Box) -> bool:
        """Whether somebody new is in any part of a box."""
        return bool((self._in(box) == NEW).any())

    def _in(self, box: Box) -> NDArray[np.uint8]:
        down, across = (n / px for n, px in zip(self.cells.shape, self.size[::-1], strict=True))
        rows = slice(max(0, int(box.y0 * down)), max(0, int(-(-box.y1 * down // 1))))
        columns = slice(max(0, int(box.x0 * across)), max(0, int(-(-box.x1 * across // 1))))
        return self.cells[rows, columns]

    def of(self, box: Box) -> int:
        """`RESTLESS`, `DOUBTFUL` or 0: what most of a box lies in."""
        cells = self._in(box)
        if not cells.size or np.count_nonzero(cells) < MOST * cells.size:
            return 0
        return RESTLESS if np.count_nonzero(cells >= RESTLESS) >= MOST * cells.size else DOUBTFUL
