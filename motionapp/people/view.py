"""The part of a picture that a person network looks at, and how it is cut out.

Knows geometry and borders only. Whatever the network says of a view is in shares of its box.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box

CELL_PX: Final = 32
"""A view's sides are multiples of this: the network halves them five times."""

LEAST_PX: Final = 12
"""A body is taken to be at least as large: of less nobody can be made out."""

BREADTH: Final = 0.6
"""Something broader than tall may be several people: they are taken to be this tall of its
breadth, or as tall as it is."""


class View(NamedTuple):
    """A part of the picture and the size at which it is seen."""

    box: Box
    """In full-frame display pixels; it may reach over the picture's border."""
    size: tuple[int, int]
    """Width and height of what the network sees, in its pixels."""


@dataclass(frozen=True, slots=True)
class ViewRules:
    """How a body is looked at.

    The values are chosen by `benchmarks/person_search.py`. At the gate's bodies in the street
    recordings they find 83 % of the people for 18.2 ms a look; a margin of 0.25 and 90 pixels find
    79 % for 10.9 ms, a square of 2.2 lengths at 192 pixels finds 71 % for 24.9 ms.
    """

    margin: float = 0.35
    """What is seen on each side of a body, over the root of its area."""
    length_px: float = 110.0
    """How long a body is to the network."""
    most_px: float = 60_000.0
    """About so many pixels has a view at most: a large group is seen smaller."""

    def __post_init__(self) -> None:
        if not (self.margin >= 0 and self.length_px > 0 and self.most_px > 0):
            raise ValueError(f"{self} shows nothing")


def view_round(body: Box, rules: ViewRules) -> View:
    """The view with a body in its middle.

    Parameters
    ----------
    body : Box
        In full-frame display pixels.
    rules : ViewRules

    Notes
    -----
    A square of 2.2 lengths, as networks are mostly shown, holds three parts of wall to one of an
    upright body, and shows groups too small.
    """
    width, height = max(body.width, LEAST_PX), max(body.height, LEAST_PX)
    margin = rules.margin * math.sqrt(width * height)
    wide, tall = width + 2 * margin, height + 2 * margin
    scale = rules.length_px / max(height, BREADTH * width)
    scale = min(scale, math.sqrt(rules.most_px / (wide * tall)))
    return _filled(body.centre, wide, tall, scale)


def view_of(part: Box, length_px: float) -> View:
    """The view of a part of the picture whose longer side has so many pixels.

    Parameters
    ----------
    part : Box
        In full-frame display pixels; not empty.
    length_px : float
        About so long is the longer side to the network.
    """
    scale = length_px / max(part.width, part.height)
    return _filled(part.centre, part.width, part.height, scale)


def form_round(body: Box, *, factor: float, size: tuple[int, int]) -> View:
    """A part of one form with a body in its middle, for networks that see nothing else.

    Parameters
    ----------
    body : Box
        In full-frame display pixels.
    factor : float
        How much larger the part is than the smallest of its form that holds the body.
    size : tuple of int
        Width and height of what the network sees: the form.
    """
    form = size[0] / size[1]
    tall = max(LEAST_PX, round(factor * max(body.width / form, body.height)))
    wide = max(1, round(tall * form))
    x, y = body.centre
    left, top = math.floor(x - wide / 2), math.floor(y - tall / 2)
    return View(Box(left, top, left + wide, top + tall), size)


def _filled(centre: tuple[float, float], wide: float, tall: float, scale: float) -> View:
    """A view in whole cells; what rounding adds shows more of the picture: nothing is stretched."""
    size = (_in_cells(wide * scale), _in_cells(tall * scale))
    shown_wide, shown_tall = round(size[0] / scale), round(size[1] / scale)
    left, top = math.floor(centre[0] - shown_wide / 2), math.floor(centre[1] - shown_tall / 2)
    return View(Box(left, top, left + shown_wide, top + shown_tall), size)


def _in_cells(length_px: float) -> int:
    """Whole cells; a third of one is given up rather than pay for another."""
    return CELL_PX * max(1, math.ceil(length_px / CELL_PX - 0.3))


def cut(bgr: NDArray[np.uint8], view: View) -> NDArray[np.uint8]:
    """The view as a picture.

    Parameters
    ----------
    bgr : ndarray of uint8, shape (h, w, 3)
    view : View
        At least one pixel of it lies in the picture.

    Returns
    -------
    ndarray of uint8, shape (h of view.size, w of view.size, 3)
        Outside the picture its border is repeated.
    """
    height, width = bgr.shape[:2]
    x0, y0, x1, y1 = view.box
    inside = view.box.clipped((width, height))
    part = bgr[inside.y0 : inside.y1, inside.x0 : inside.x1]
    if inside != view.box:
        margins = (inside.y0 - y0, y1 - inside.y1, inside.x0 - x0, x1 - inside.x1)
        part = cv2.copyMakeBorder(part, *margins, cv2.BORDER_REPLICATE).astype(np.uint8, copy=False)
    # Shrinking by area: nothing flickers between two frames for want of pixels.
    way = cv2.INTER_AREA if view.box.width > view.size[0] else cv2.INTER_LINEAR
    return cv2.resize(part, view.size, interpolation=way).astype(np.uint8, copy=False)
