"""In which order a network of others' takes a clip, told from the sizes that it declares.

Letters as in the field: N clips, T steps, C planes, H and W the sides of the square. Where steps
have no axis of their own, C holds all planes of one step together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from motionapp.core.errors import ModelError

Layout = Literal["nchw", "nhwc", "ntchw", "nthwc", "ncthw"]
LAYOUTS: Final[tuple[Layout, ...]] = get_args(Layout)

SMALLEST_SIDE, LARGEST_SIDE, MOST_STEPS = 8, 512, 64
"""As contracts have them."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a network takes of one clip."""

    layout: Layout
    steps: int
    side_px: int
    is_single: bool
    """It takes one clip at a time, and not any number of them."""


def taken_by(
    dims: Sequence[int | str | None] | None,
    *,
    planes: int,
    layout: Layout | None = None,
    side_px: int | None = None,
) -> Taken:
    """What the input of a network says that it takes.

    Parameters
    ----------
    dims : sequence of int, str or None, or None
        Its declared sides; a name or None where any length fits.
    planes : int
        Of one map, as the network takes them.
    layout : str, optional
        Where somebody knows; else it must follow from the sides.
    side_px : int, optional
        Width and height, where the network takes any.

    Raises
    ------
    ModelError
        The sides fit none of the layouts, or several, or are left open.
    """
    if dims is None or len(dims) not in (4, 5):
        shape = "nothing of its shape" if dims is None else f"{len(dims)} axes"
        raise ModelError(
            f"its input declares {shape}: 4 are needed (clips, planes, height, width, in either "
            "order), or 5 with the steps"
        )
    fits = [
        found
        for each in ([layout] if layout else LAYOUTS)
        if len(each) == len(dims) and (found := _read(each, dims, planes, side_px)) is not None
    ]
    said = " x ".join(str(side) if isinstance(side, int) else "?" for side in dims)
    if len(fits) > 1:
        raise ModelError(
            f"its input of {said} may be {' or '.join(one.layout for one in fits)}: say which with "
            "--layout"
        )
    if not fits:
        wanted = f" as {layout}" if layout else ""
        raise ModelError(
            f"its input of {said} cannot be read{wanted}: wanted are squares of {SMALLEST_SIDE} to "
            f"{LARGEST_SIDE} pixels (--side-px where the network takes any) with {planes} "
            f"{'plane' if planes == 1 else 'planes'} for each of 1 to {MOST_STEPS} steps, and one "
            "clip at a time, or any number"
        )
    return fits[0]


def _read(
    layout: Layout, dims: Sequence[int | str | None], planes: int, side_px: int | None
) -> Taken | None:
    """The sides read in one layout; None where they do not fit."""
    by = dict(zip(layout, dims, strict=True))
    sides = {side for side in (by["h"], by["w"], side_px) if isinstance(side, int)}
    if len(sides) != 1 or not SMALLEST_SIDE <= min(sides) <= LARGEST_SIDE:
        return None
    depth = by["c"] if isinstance(by["c"], int) else planes
    if "t" in layout:
        steps = by["t"] if depth == planes else None
    else:
        steps = depth // planes if depth % planes == 0 else None
    if not isinstance(steps, int) or not 1 <= steps <= MOST_STEPS:
        return None
    if isinstance(by["n"], int) and by["n"] != 1:
        return None
    return Taken(layout, steps, min(sides), is_single=by["n"] == 1)
