"""The dark bars that a player or an editor puts round a picture of another shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

DARK: Final = 24
"""Grey levels: of a bar, hardly any cell is ever above. Encoded at rate factors up to 40, bars of 0
stayed below 10 but where they touch the picture."""
HARDLY_ANY: Final = 0.02
LIGHTER: Final = 24
"""Grey levels by which half of the picture's edge has to be above the bar: the floor of a dark room
has no such edge, and no straight one."""
NARROWEST: Final = 0.03
"""Share of the picture that a bar has at least ..."""
WIDEST: Final = 0.4
"""... and at most; a picture of 9 to 16 in one of 16 to 9 has bars of 0.34."""
UNEQUAL: Final = 0.02
"""Share of the picture by which two bars opposite each other may differ."""
SOFT_PX: Final = 2
"""Encoders mix bar and picture where they touch; so many rows are neither."""


def inside(pictures: Sequence[NDArray[np.uint8]]) -> tuple[slice, slice]:
    """The part of pictures that is no bar.

    Parameters
    ----------
    pictures : sequence of ndarray of uint8, shape (h, w)
        The first of a recording, grey; one at least.

    Returns
    -------
    tuple of slice
        Rows and columns; all of them where there are no two bars opposite each other.
    """
    brightest = np.max(pictures, axis=0)
    return _between(brightest), _between(brightest.T)


def _between(brightest: NDArray[np.uint8]) -> slice:
    """The rows between an upper and a lower bar."""
    height = len(brightest)
    dark = np.mean(brightest > DARK, axis=1) <= HARDLY_ANY
    if dark.all():
        return slice(0, height)
    above, below = int(np.argmin(dark)), int(np.argmin(dark[::-1]))
    is_framed = (
        NARROWEST * height <= min(above, below)
        and max(above, below) <= WIDEST * height
        and abs(above - below) <= max(1, UNEQUAL * height)
    )
    first, last = above + SOFT_PX, height - below - SOFT_PX
    if not is_framed or last - first < 2 * SOFT_PX:
        return slice(0, height)
    has_edges = all(np.median(brightest[row]) >= LIGHTER + DARK for row in (first, last - 1))
    return slice(first, last) if has_edges else slice(0, height)
