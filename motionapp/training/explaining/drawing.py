"""Draws what explains a clip: maps, filters, and what an answer hangs on. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.clip import MotionClip
from motionapp.core.geometry import Box
from motionapp.core.representation import Representation
from motionapp.overlay.boxes import outline_box
from motionapp.overlay.flow import flow_picture
from motionapp.overlay.heat import heat_over
from motionapp.overlay.palette import LEFT_COLOUR, RIGHT_COLOUR, Colour, label_colour
from motionapp.overlay.style import Sizes

Picture = NDArray[np.uint8]
Numbers = NDArray[np.float32]

TILE_PX: Final = 96
"""Of a map, and of what was recorded at its time."""
LARGE_PX: Final = 384
"""Of the square that colours are laid over."""
WIDEST_PX: Final = 960
"""Of the whole picture ..."""
NARROWEST_PX: Final = 480
"""... and of a small one, so that the line round the square is thin beside it."""
GAP_PX: Final = 4
CELL_PX: Final = 12
"""Of a filter's cell."""
WIDEST_FILTER_PX: Final = 60
"""A large filter's cells are smaller."""
MOST_STEPS: Final = 16
"""Maps of a clip that are shown, evenly spread: a clip may have 64."""
MOST_FILTERS: Final = 32
FAINTEST: Final = 0.25
"""What holds an answer up less than this share of the most is not coloured: the eye should go to
what it hangs on."""
OPACITY: Final = 0.75
BACK: Final = 104
"""Of the gaps between tiles, grey: tiles are black, and pages light or dark."""
_POSITIVE: Final = (60.0, 160.0, 255.0)
_NEGATIVE: Final = (240.0, 140.0, 50.0)
"""Blue first: orange and blue are told apart by everybody."""


def shown_steps(steps: int) -> list[int]:
    """Which of a clip's maps are shown, oldest first."""
    places = np.linspace(0, steps - 1, min(steps, MOST_STEPS)).round()
    return [int(place) for place in places]


def map_tiles(clip: MotionClip, shape: Representation) -> list[Picture]:
    """The maps that are shown, as pictures."""
    side = clip.maps.shape[1]
    steps = clip.maps.reshape(shape.steps, shape.planes, side, side)
    return [resized(_map_picture(steps[step], shape), TILE_PX) for step in shown_steps(shape.steps)]


def what_moved(clip: MotionClip, shape: Representation) -> Picture:
    """All maps in one: the strongest of each place, in grey; shape (side, side, 3)."""
    side = clip.maps.shape[1]
    steps = clip.maps.reshape(shape.steps, shape.planes, side, side)
    strength = np.linalg.norm(steps, axis=1).max(0)
    return _grey(strength / max(float(strength.max()), 1e-6))


def strip(tiles: Sequence[Picture]) -> Picture:
    """Tiles of one size beside each other."""
    gap = np.full((tiles[0].shape[0], GAP_PX, 3), BACK, np.uint8)
    parts: list[Picture] = [tiles[0]]
    for tile in tiles[1:]:
        parts += [gap, tile]
    return np.hstack(parts)


def stacked(strips: Sequence[Picture]) -> Picture:
    """Strips below each other; shorter ones are filled up."""
    width = max(one.shape[1] for one in strips)
    rows: list[Picture] = []
    for one in strips:
        wide = np.full((one.shape[0], width, 3), BACK, np.uint8)
        wide[:, : one.shape[1]] = one
        rows += [wide, np.full((GAP_PX, width, 3), BACK, np.uint8)]
    return np.vstack(rows[:-1])


def in_picture(whole: Picture, square: Box, label: str) -> Picture:
    """The recorded picture with the square that the network saw, `NARROWEST_PX` to `WIDEST_PX`
    wide."""
    height, width = whole.shape[:2]
    scale = min(WIDEST_PX, max(NARROWEST_PX, width)) / width
    size = max(1, round(width * scale)), max(1, round(height * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    shown = np.array(cv2.resize(whole, size, interpolation=how), np.uint8)
    box = Box(*(round(edge * scale) for edge in square)).clipped(size)
    outline_box(shown, box, label_colour(label), Sizes.of(*size).line_px)
    return shown


def held_over(square: Picture, held: Numbers) -> Picture:
    """What an answer hangs on, over a square; shape (`LARGE_PX`, `LARGE_PX`, 3).

    Parameters
    ----------
    square : ndarray of uint8, shape (side, side, 3)
    held : ndarray of float32, shape (h, w)
        0 to 1.
    """
    large = cv2.resize(held, (LARGE_PX, LARGE_PX), interpolation=cv2.INTER_LINEAR)
    share = np.clip((np.asarray(large, np.float32) - FAINTEST) / (1 - FAINTEST), 0, 1)
    return heat_over(resized(square, LARGE_PX), share, opacity=OPACITY)


def filter_rows(weights: Numbers, planes: int) -> Picture:
    """Filters of a first convolution, a row each, and in it what is laid over each channel.

    Parameters
    ----------
    weights : ndarray of float32, shape (filters, channels, h, w)
        The largest `MOST_FILTERS` are shown.
    planes : int
        Channels of one map; those of one map stand together.
    """
    sizes = np.abs(weights).sum((1, 2, 3))
    chosen = sorted(np.argsort(-sizes, kind="stable")[:MOST_FILTERS])
    cell = max(2, min(CELL_PX, WIDEST_FILTER_PX // weights.shape[2]))
    rows = []
    for number in chosen:
        full = max(float(np.abs(weights[number]).max()), 1e-9)
        tiles = [_signed(kernel / full) for kernel in weights[number]]
        large = [np.kron(tile, np.ones((cell, cell, 1), np.uint8)) for tile in tiles]
        maps = [np.hstack(large[first : first + planes]) for first in range(0, len(large), planes)]
        rows.append(strip(maps))
    return stacked(rows)


def feature_row(maps: Numbers) -> Picture:
    """Some maps of a convolution, each as bright as it can be.

    Parameters
    ----------
    maps : ndarray of float32, shape (n, h, w)
        White is most; where a layer gives negative numbers, orange is above 0 and blue below.
    """
    tiles = []
    for one in maps:
        share = one / max(float(np.abs(one).max()), 1e-9)
        tile = _signed(share) if share.min() < 0 else _grey(share)
        tiles.append(resized(tile, TILE_PX, smooth=False))
    return strip(tiles)


def resized(tile: Picture, side_px: int, *, smooth: bool = True) -> Picture:
    """A square tile in another size; without `smooth` its cells can be counted."""
    if tile.shape[1] > side_px:
        how = cv2.INTER_AREA
    else:
        how = cv2.INTER_LINEAR if smooth else cv2.INTER_NEAREST
    return np.asarray(cv2.resize(tile, (side_px, side_px), interpolation=how), np.uint8)


def _map_picture(planes: Numbers, shape: Representation) -> Picture:
    """One map, shape (planes, side, side), as a picture."""
    if shape.is_signed and len(planes) == 2:
        return flow_picture(np.ascontiguousarray(planes.transpose(1, 2, 0)), full_px_s=1.0)
    if len(planes) == 2:
        return _in_two(planes, LEFT_COLOUR, RIGHT_COLOUR)
    if len(planes) == 3:  # a picture in colour, red first, normalised in whatever way
        low, high = float(planes.min()), float(planes.max())
        shares = (planes[::-1].transpose(1, 2, 0) - low) / max(high - low, 1e-6)
        return np.ascontiguousarray(np.round(255 * shares), np.uint8)
    return _grey(np.abs(planes).mean(0))


def _in_two(planes: Numbers, first: Colour, second: Colour) -> Picture:
    colours = np.array([first, second], np.float32)
    shares = np.clip(planes, 0, 1)[..., None] * colours[:, None, None]
    return np.asarray(np.round(shares.max(0)), np.uint8)


def _grey(share: Numbers) -> Picture:
    levels = np.asarray(np.round(255 * np.clip(share, 0, 1)), np.uint8)
    return np.repeat(levels[..., None], 3, axis=2)


def _signed(share: Numbers) -> Picture:
    """Of -1 to 1: blue to black to orange."""
    above, below = np.array(_POSITIVE), np.array(_NEGATIVE)
    level = np.clip(share, -1, 1)[..., None]
    return np.asarray(np.round(np.where(level > 0, level * above, -level * below)), np.uint8)
