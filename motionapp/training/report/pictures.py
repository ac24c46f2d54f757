"""What a network saw of a window, and what was to be seen: pictures as addresses that hold them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.assembly import open_source
from motionapp.core.errors import SourceError
from motionapp.core.representation import Representation
from motionapp.core.window import TIME_TOLERANCE_S
from motionapp.overlay.flow import flow_picture
from motionapp.overlay.palette import LEFT_COLOUR, RIGHT_COLOUR
from motionapp.sinks.report.pictures import data_uri, jpeg_uri
from motionapp.training.windows import Maps

MOST_TILES: Final = 16
"""Maps of a window that are shown, evenly spread: a clip may have 64."""
TILE_PX: Final = 96
"""Larger maps are made as small: twenty windows are 320 pictures."""
FRAME_PX: Final = 360
"""Width of the recorded picture."""


def tiles(maps: Maps, planes: int) -> list[NDArray[np.uint8]]:
    """The maps of a window, one after the other.

    Parameters
    ----------
    maps : ndarray, shape (side, side, channels)
        int8 where they have a sign (flow), else uint8.
    planes : int
        Channels of one map, all of them together.

    Returns
    -------
    list of ndarray of uint8, shape (h, w, 3)
        Blue first. Flow in colours, the limbs of the left and the right in two, all else in grey.
    """
    side = maps.shape[0]
    steps = maps.reshape(side, maps.shape[1], -1, planes).transpose(2, 0, 1, 3)
    chosen = np.unique(np.linspace(0, len(steps) - 1, min(len(steps), MOST_TILES)).round())
    return [_shrunk(_tile(steps[int(number)])) for number in chosen]


def tile_uris(maps: Maps, representation: Representation) -> list[str]:
    """The maps of a window as addresses."""
    found = []
    for tile in tiles(maps, representation.planes):
        _, content = cv2.imencode(".png", tile)
        uri = data_uri(content.tobytes())
        if uri is not None:
            found.append(uri)
    return found


def frame_at(path: Path, at_s: float) -> str | None:
    """The picture of a recording at a time, with nothing drawn on it, as an address; see
    `recorded_at`."""
    bgr = recorded_at(path, at_s)
    return None if bgr is None else jpeg_uri(_narrowed(bgr, FRAME_PX))


def recorded_at(path: Path, at_s: float) -> NDArray[np.uint8] | None:
    """The picture of a recording at a time, with nothing drawn on it.

    Parameters
    ----------
    path : Path
    at_s : float
        The first picture that is not before it.

    Returns
    -------
    ndarray of uint8, shape (h, w, 3), or None
        Blue first. None where there is none, or the recording cannot be read any more.
    """
    try:
        source = open_source(path, decode_threads=1)
    except SourceError:
        return None
    try:
        shown = next(source.frames(start_s=max(0.0, at_s - TIME_TOLERANCE_S)), None)
        # The one way to its pixels that is masked where an epoch is.
        return None if shown is None else shown.bgr().copy()
    except SourceError:
        return None
    finally:
        source.close()


def _tile(one: NDArray[np.uint8] | NDArray[np.int8]) -> NDArray[np.uint8]:
    """One map, shape (side, side, planes), as a picture."""
    if one.dtype == np.int8 and one.shape[2] == 2:
        return flow_picture(np.asarray(one, np.float32) / np.float32(127), full_px_s=1.0)
    if one.shape[2] == 2:
        shares = np.asarray(one, np.float32) / np.float32(255)
        colours = np.array([LEFT_COLOUR, RIGHT_COLOUR], np.float32)
        limbs = np.max(shares[..., None] * colours, axis=2)
        return np.asarray(np.round(limbs), np.uint8)
    grey = np.asarray(np.round(np.abs(np.asarray(one, np.float32)).mean(2)), np.uint8)
    return np.repeat(grey[..., None], 3, axis=2)


def _shrunk(tile: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return _narrowed(tile, TILE_PX)


def _narrowed(bgr: NDArray[np.uint8], most_px: int) -> NDArray[np.uint8]:
    height, width = bgr.shape[:2]
    if width <= most_px:
        return bgr
    size = (most_px, max(1, round(height * most_px / width)))
    return np.asarray(cv2.resize(bgr, size, interpolation=cv2.INTER_AREA), np.uint8)
