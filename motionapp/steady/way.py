"""How the camera has moved: where in the picture the scene lies now."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box


@dataclass(frozen=True, slots=True)
class Way:
    """Where a place of the scene lies in the picture: turned and zoomed a little, and shifted.

    A place at (x, y) is seen at ``(c·x - s·y + dx, s·x + c·y + dy)``. Coordinates are those of
    pixel centres; a scene has those of the picture in which it was first seen.
    """

    dx: float = 0.0
    dy: float = 0.0
    c: float = 1.0
    s: float = 0.0

    @property
    def is_none(self) -> bool:
        """Whether everything lies where it was."""
        return self == STAYED

    def matrix(self, level: int = 0) -> NDArray[np.float64]:
        """From the scene to the picture for pictures halved `level` times, shape (2, 3)."""
        scale = 1 << level
        # The middle of a pixel that stands for several is between those.
        off = (scale - 1) / 2
        dx = (self.c * off - self.s * off + self.dx - off) / scale
        dy = (self.s * off + self.c * off + self.dy - off) / scale
        return np.array([[self.c, -self.s, dx], [self.s, self.c, dy]], np.float64)

    @classmethod
    def of_matrix(cls, matrix: NDArray[np.float64], level: int) -> Way:
        """What `matrix` gives for a level, the other way round."""
        scale, off = 1 << level, ((1 << level) - 1) / 2
        c, s = float(matrix[0, 0]), float(matrix[1, 0])
        dx = float(matrix[0, 2]) * scale + off - (c * off - s * off)
        dy = float(matrix[1, 2]) * scale + off - (s * off + c * off)
        return cls(dx, dy, c, s)

    def shift_at(self, x: float, y: float) -> tuple[float, float]:
        """By how much what is at a place of the scene is moved in the picture, in pixels."""
        return (
            self.c * x - self.s * y + self.dx - x,
            self.s * x + self.c * y + self.dy - y,
        )

    def apart_px(self, other: Way, size: tuple[int, int]) -> float:
        """How far apart two ways put the corner of a picture of this size, at most."""
        difference = Way(
            self.dx - other.dx, self.dy - other.dy, 1 + self.c - other.c, self.s - other.s
        )
        return difference.farthest_px(size)

    def towards(self, other: Way, share: float) -> Way:
        """A share, 0 to 1, of the way from this one to another."""
        pairs = (
            (self.dx, other.dx), (self.dy, other.dy), (self.c, other.c), (self.s, other.s)
        )  # fmt: skip
        return Way(*(a + share * (b - a) for a, b in pairs))

    def farthest_px(self, size: tuple[int, int]) -> float:
        """How far the corner of a picture of this size is moved that is moved most."""
        corners = ((x, y) for x in (0, size[0]) for y in (0, size[1]))
        return max(float(np.hypot(*self.shift_at(x, y))) for x, y in corners)

    def box_in_picture(self, box: Box) -> Box:
        """Where a box of the scene is seen: moved with its middle, as large as it was."""
        dx, dy = (round(px) for px in self.shift_at(*box.centre))
        return Box(box.x0 + dx, box.y0 + dy, box.x1 + dx, box.y1 + dy)


STAYED = Way()
"""The camera stands where it stood."""
