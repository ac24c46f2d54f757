"""Which region belongs to which track: a cost for every pair, and the cheapest pairs first.

Plain numbers and no arrays: a picture has about fifteen tracks and eight regions, most of them
far apart, and at that size every call of numpy costs as much as ten pairs. Where there are many,
looking only to the left and right of a place keeps the work from growing with their square.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from motionapp.core.geometry import Edges

SIZE_WEIGHT = 0.5
"""A doubled size costs as much as a quarter of a box length of distance."""

SHARED_OVERLAP = 0.5
"""So much of an expected box inside a region that has another track: the two have merged."""


def cheapest_pairs(
    expected: Sequence[Edges], seen: Sequence[Edges], *, reach: float
) -> dict[int, int]:
    """Pairs ``track: region``, each index at most once, the cheapest first.

    A pair costs the distance of the centres in lengths of the longer box, plus a term from 0 to
    `SIZE_WEIGHT` for the change of size: nothing for equal boxes.

    Parameters
    ----------
    expected : sequence of tuple of float
        Where each track should be; no box is empty.
    seen : sequence of tuple of float
        Where the regions are; no box is empty.
    reach : float
        Pairs that cost more are not made.

    Returns
    -------
    dict of int to int
        Ties go to the earlier track, then to the earlier region.
    """
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, track, region in sorted(_possible_pairs(expected, seen, reach)):
        if track not in pairs and region not in taken:
            pairs[track] = region
            taken.add(region)
    return pairs


def _possible_pairs(
    expected: Sequence[Edges], seen: Sequence[Edges], reach: float
) -> list[tuple[float, int, int]]:
    """Cost, track and region of each pair that costs at most `reach`."""
    regions = sorted([(*_outline(box), r) for r, box in enumerate(seen)])
    from_left = [region[0] for region in regions]
    longest = max([region[2] for region in regions], default=0)
    found: list[tuple[float, int, int]] = []
    for t, box in enumerate(expected):
        x, y, length, area = _outline(box)
        # A pixel more than the reach, so that rounding leaves nothing out.
        far = reach * (length if length > longest else longest) + 1
        nearby = regions[bisect_left(from_left, x - far) : bisect_right(from_left, x + far)]
        for other_x, other_y, other_length, other_area, r in nearby:
            longer = length if length > other_length else other_length
            growth = 1 - (area / other_area if area < other_area else other_area / area)
            cost = math.hypot(x - other_x, y - other_y) / longer + SIZE_WEIGHT * growth
            # Farther from where a track leads, the more so if its size differs, is something else.
            if cost <= reach:
                found.append((cost, t, r))
    return found


def _outline(box: Edges) -> tuple[float, float, float, float]:
    """Centre x and y, the longer side, and the area."""
    x0, y0, x1, y1 = box
    width, height = x1 - x0, y1 - y0
    return (x0 + x1) / 2, (y0 + y1) / 2, width if width > height else height, width * height


def covered_share(inner: Edges, outer: Edges) -> float:
    """Share of a box, which is not empty, that lies inside another one: 0 to 1."""
    ax0, ay0, ax1, ay1 = inner
    bx0, by0, bx1, by1 = outer
    across, down = min(ax1, bx1) - max(ax0, bx0), min(ay1, by1) - max(ay0, by0)
    if across <= 0 or down <= 0:
        return 0.0
    return across * down / ((ax1 - ax0) * (ay1 - ay0))


def holders(box: Edges, places: Sequence[Edges], *, share: float) -> list[int]:
    """Indexes of the places that hold at least `share` of a box, which is not empty.

    Parameters
    ----------
    box : tuple of float
    places : sequence of tuple of float
    share : float
        From 0.5 to 1.
    """
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return [
        i
        for i, (left, top, right, bottom) in enumerate(places)
        # What holds half of a box holds its centre, which is quicker to tell.
        if left <= x <= right and top <= y <= bottom and covered_share(box, places[i]) >= share
    ]
