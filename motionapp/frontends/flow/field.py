"""What of a field of velocities is motion: fast enough, in sight, and in one piece.

The same for every front-end that sees which way things go, however it came by its field.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.motion import Motion, Reasons
from motionapp.frontends.flow.coherent import coherent_regions
from motionapp.frontends.flow.lately import Lately
from motionapp.frontends.zone_mask import ZoneMask
from motionapp.regions import Found, find_regions, strength_of
from motionapp.settings.zones import ZoneSettings

Moving = Callable[[NDArray[np.float32], float], NDArray[np.uint8]]
"""Of speeds and a threshold, both in full-frame pixels per second, the mask of what moves: 0 or
255, shape (h, w)."""


class FieldSettings(Protocol):
    """What a front-end's settings say of how fast and how large motion must be."""

    @property
    def sensitivity(self) -> float:
        """Above 1 sees slower motion."""
        ...

    @property
    def min_speed(self) -> float:
        """Slowest motion, in picture heights per second."""
        ...

    @property
    def min_area(self) -> float:
        """Smallest region, as a share of the picture."""
        ...

    @property
    def merge_gap(self) -> float:
        """Regions so near to each other are one, as a share of the picture's height."""
        ...

    @property
    def metre_px(self) -> float | None:
        """Full-frame pixels of a metre, where that is known."""
        ...


class FieldMotion:
    """Judges the fields of one epoch.

    Parameters
    ----------
    name : str
        Of the front-end.
    size : (int, int)
        Width and height of the pictures, full size.
    level : int
        How often they were halved before the field was made.
    zones : sequence of ZoneSettings
    """

    def __init__(
        self, name: str, size: tuple[int, int], level: int, zones: Sequence[ZoneSettings]
    ) -> None:
        self._name, self._size, self._level = name, size, level
        self._watched = ZoneMask(zones, size, level)
        self._lately = Lately()

    def step(
        self,
        field: NDArray[np.float32],
        moving: Moving,
        settings: FieldSettings,
        *,
        pts_s: float,
        lag_s: float,
    ) -> Motion:
        """What moves at a frame.

        Parameters
        ----------
        field : ndarray of float32, shape (h, w, 2)
            Full-frame pixels per second, x to the right, y down; not written to from now on.
        moving : callable
        settings : FieldSettings
        pts_s, lag_s : float
            The frame's time, and the seconds over which the field was made.
        """
        speed = self._watched.weighed_speed(lengths_of(field))
        threshold = settings.min_speed * self._size[1] / settings.sensitivity
        mask, outside_px = self._watched.cut(moving(speed, threshold))

        def find(part: NDArray[np.uint8]) -> Found:
            return find_regions(
                part,
                speed,
                unit=threshold,
                level=self._level,
                min_area=settings.min_area,
                merge_gap=settings.merge_gap,
            )

        found = find(mask)
        regions = coherent_regions(
            found,
            field,
            mask,
            find,
            threshold_px_s=threshold,
            level=self._level,
            metre_px=settings.metre_px,
        )
        reasons = Reasons(
            threshold=threshold,
            share=cv2.countNonZero(mask) / max(1, mask.size),
            strongest=cv2.minMaxLoc(speed)[1],
            rejected_area=found.rejected_px / max(1, mask.size),
            outside=outside_px / max(1, mask.size),
            # Of a picture in which something is left, nothing was declined.
            declined="zone" if outside_px and not regions else "",
        )
        field.flags.writeable = mask.flags.writeable = False
        return Motion(
            frontend=self._name, level=self._level, strength=strength_of(regions, self._size),
            regions=regions, mask=mask, flow=field,
            lately_px_s=self._lately.step(speed, mask, pts_s), lag_s=lag_s, reasons=reasons,
        )  # fmt: skip


def lengths_of(flow: NDArray[np.float32]) -> NDArray[np.float32]:
    """How long each vector of a field is, shape (h, w).

    Not by `cv2.magnitude`: its last bit hangs on where in memory the result lies, and events that
    close to a threshold would be told in one run and not in the next.
    """
    x, y = flow[..., 0], flow[..., 1]
    return np.asarray(np.sqrt(x * x + y * y), np.float32)
