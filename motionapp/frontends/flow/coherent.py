"""Regions of what moves together: parts that go different ways are different regions."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.core.motion import Region
from motionapp.regions import Found

LEAST_SHARE: Final = 0.2
"""Of a region's moving pixels on each side: less is an arm, or the edge of something."""
LEAST_APART: Final = 2.0
"""Thresholds of speed between the two ways: each alone must be fast enough to be motion."""
LEAST_CLEAR: Final = 2.5
"""The two ways lie so many times as far apart as each scatters: less is one heap, cut in two."""
MOST_SHARED: Final = 0.4
"""Overlap of the two parts' boxes: more is one thing whose parts turn, or noise."""
ONE_WAY: Final = 0.85
"""Length of the sum of all ways over the sum of their lengths: above it nobody goes against them,
and no more is asked."""
SAMPLES: Final = 400
"""Of a region's pixels, evenly taken: enough for medians and means."""

Finder = Callable[[NDArray[np.uint8]], Found]
"""Gives the regions of a mask."""


def coherent_regions(
    found: Found,
    flow: NDArray[np.float32],
    mask: NDArray[np.uint8],
    find: Finder,
    *,
    threshold_px_s: float,
    level: int,
    metre_px: float | None = None,
) -> tuple[Region, ...]:
    """The regions with their velocities; one in which two things pass each other is two.

    Parameters
    ----------
    found : Found
        The connected parts of `mask`.
    flow : ndarray of float32, shape (h, w, 2)
        Full-frame pixels per second.
    mask : ndarray of uint8, shape (h, w)
    find : callable
        As the parts were found.
    threshold_px_s : float
    level : int
        How often the mask's picture was halved.
    metre_px : float or None
        So many full-frame pixels are a metre.

    Returns
    -------
    tuple of Region
        Largest first.
    """

    def measured(region: Region, moving: NDArray[np.uint8]) -> Region:
        return _with_velocity(region, flow, moving, level, metre_px)

    regions: list[Region] = []
    for region in found.regions:
        x0, y0, x1, y1 = (edge >> level for edge in region.box)
        part, moving = flow[y0:y1, x0:x1], mask[y0:y1, x0:x1] > 0
        sides = _two_ways(part, moving, threshold_px_s)
        halves: list[Region] = []
        for side in sides or ():
            alone = np.zeros_like(mask)
            alone[y0:y1, x0:x1][side] = 255
            halves += [measured(one, alone) for one in find(alone).regions]
        regions += halves if _are_two(halves) else [measured(region, mask)]
    regions.sort(key=lambda one: (-one.area_px, one.box))
    return tuple(regions)


def _are_two(halves: list[Region]) -> bool:
    """Whether what goes the two ways lies side by side."""
    # Where only one of the ways is large enough to be found, the other is its own fringe.
    if len(halves) < 2:
        return False
    first, second = sorted(halves, key=lambda one: -one.area_px)[:2]
    return first.box.iou(second.box) <= MOST_SHARED


def _two_ways(
    flow: NDArray[np.float32], moving: NDArray[np.bool_], threshold_px_s: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]] | None:
    """Where a part goes one way and where the other; None where it goes one way only."""
    every = flow[moving]
    velocity = _sampled(every)
    lengths = float(np.hypot(velocity[:, 0], velocity[:, 1]).sum())
    # Of so few pixels a scatter says nothing.
    if len(velocity) < 8 or float(np.hypot(*velocity.sum(axis=0))) > ONE_WAY * lengths:
        return None
    middle = velocity.mean(axis=0)
    axis = np.linalg.eigh(np.cov(velocity.T))[1][:, -1].astype(np.float32)
    along = (velocity - middle) @ axis
    cut = _cut(along)
    upper = along > cut
    share = float(upper.mean())
    if not LEAST_SHARE <= share <= 1 - LEAST_SHARE:
        return None
    ways = [np.median(velocity[side], axis=0) for side in (upper, ~upper)]
    scatter = max(float(np.std(along[side])) for side in (upper, ~upper))
    apart = float(np.linalg.norm(ways[0] - ways[1]))
    # A trunk and its leg go the same way at two speeds: only those who pass each other are two.
    is_against = float(ways[0] @ ways[1]) < 0
    if not is_against or apart < max(LEAST_APART * threshold_px_s, LEAST_CLEAR * scatter):
        return None
    one, other = np.zeros_like(moving), np.zeros_like(moving)
    one[moving] = (every - middle) @ axis > cut
    other[moving] = ~one[moving]
    return one, other


def _sampled(velocity: NDArray[np.float32]) -> NDArray[np.float32]:
    return velocity[:: max(1, len(velocity) // SAMPLES)]


def _cut(values: NDArray[np.float32]) -> float:
    """Between the two heaps of values: the middle of their means, found in a few steps."""
    cut = 0.0
    for _ in range(5):
        upper = values > cut
        if upper.all() or not upper.any():
            break
        cut = float(values[upper].mean() + values[~upper].mean()) / 2
    return cut


def _with_velocity(
    region: Region,
    flow: NDArray[np.float32],
    mask: NDArray[np.uint8],
    level: int,
    metre_px: float | None,
) -> Region:
    """The region with its median velocity: what it uncovers moves less, and is in the mask, too."""
    x0, y0, x1, y1 = (edge >> level for edge in region.box)
    moving = flow[y0:y1, x0:x1][mask[y0:y1, x0:x1] > 0]
    vx, vy = np.median(_sampled(moving), axis=0).tolist() if len(moving) else (0.0, 0.0)
    speed_m_s = None if metre_px is None else math.hypot(vx, vy) / metre_px
    return region._replace(velocity_px_s=(vx, vy), speed_m_s=speed_m_s)
