"""What suppression took out of the mask, a tint to each rule, and a legend of their names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.motion import Motion
from motionapp.core.places import RESTLESS
from motionapp.overlay.masks import tint_mask
from motionapp.overlay.palette import RULE_COLOURS, Colour, rule_colour

OPACITY: Final = 0.7
"""Drops and leaves are a few pixels: a paler tint is lost on them."""
PLACES_OPACITY: Final = 0.3
"""Of places: what moves in them is still to be seen."""
PLACES: Final = "restless"
"""The rule that takes nothing and marks places, in which a body counts once it goes somewhere."""


def draw_suppressed(bgr: NDArray[np.uint8], motion: Motion, *, scale: float = 1.0) -> None:
    """Tint what the rules took out of a frame's mask, and the places in which they hold back.

    Parameters
    ----------
    bgr : ndarray of uint8, shape (h, w, 3)
        Written to.
    motion : Motion
        Its `removed` and `places` are shown where its `scene` lies in the picture.
    scale : float
        Pixels of `bgr` to one of the frame.
    """
    for rule, mask in _taken(motion):
        height, width = bgr.shape[:2]
        size = width / scale, height / scale
        seen = mask if motion.scene is None else in_picture(mask, motion.scene, size)
        opacity = PLACES_OPACITY if rule == PLACES else OPACITY
        tint_mask(bgr, seen, colour=rule_colour(rule), opacity=opacity)


def rule_rows(motion: Motion) -> list[tuple[str, Colour]]:
    """The rules and their tints, for a legend; those that took nothing, dimly.

    All of them, whatever was taken: a legend that comes and goes with every drop cannot be read.
    """
    active = {rule for rule, _ in _taken(motion)}
    names = [*RULE_COLOURS, *sorted(active - set(RULE_COLOURS))]
    return [
        (name, rule_colour(name) if name in active else _dim(rule_colour(name))) for name in names
    ]


def _dim(colour: Colour) -> Colour:
    blue, green, red = (part * 2 // 5 for part in colour)
    return blue, green, red


def _taken(motion: Motion) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """The rules that have something to show, places first: they lie under what was taken."""
    if motion.places is not None and (motion.places == RESTLESS).any():
        yield PLACES, np.where(motion.places == RESTLESS, 255, 0).astype(np.uint8)
    for removal in motion.removed:
        if removal.mask is not None:
            yield removal.rule, removal.mask


def in_picture(
    mask: NDArray[np.uint8], scene: NDArray[np.float64], size: tuple[float, float]
) -> NDArray[np.uint8]:
    """A mask of the scene, moved to where that lies in a frame of `size` (width, height), at the
    mask's own scale."""
    height, width = mask.shape
    # Cells may be wider than high.
    across, down = width / size[0], height / size[1]
    to_mask = np.diag([across, down, 1.0])
    to_mask[:2, 2] = (across - 1) / 2, (down - 1) / 2  # between the middles of pixels
    moved = to_mask @ np.vstack([scene, [0, 0, 1]]) @ np.linalg.inv(to_mask)
    return np.asarray(
        cv2.warpAffine(mask, moved[:2], (width, height), flags=cv2.INTER_NEAREST), np.uint8
    )
