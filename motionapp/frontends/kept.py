"""Pictures that a front-end keeps for one lag."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Frame


class KeptLuma:
    """A frame's luma, read when it is first asked for.

    Until then it holds the frame and with it the decoder's picture, for a lag: reading a large
    picture costs more than looking at the small one that is made of it, and at rest half of all
    pictures are never asked for.

    Parameters
    ----------
    frame : Frame
    level : int
        How often the picture is halved.
    """

    __slots__ = ("_frame", "_level", "_luma")

    def __init__(self, frame: Frame, level: int) -> None:
        self._frame: Frame | None = frame
        self._level = level
        self._luma: NDArray[np.uint8] | None = None

    @property
    def luma(self) -> NDArray[np.uint8]:
        """Read-only luma, shape (h, w); from then on the frame is let go of."""
        if self._luma is None:
            assert self._frame is not None
            luma = self._frame.luma_at(self._level)
            # At level 0 a copy, since a view pins the decoder's picture.
            self._luma = luma if self._level else luma.copy()
            self._frame = None
        return self._luma
