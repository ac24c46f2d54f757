"""What a camera looks at, as it can be known again in any light: edges, not brightness.

A view is the mean of some looks, in which noise and passers-by are faint. What is compared is
where its edges lie and which side of them is brighter, hardly how strong they are: a lamp, dusk,
fog and another gain change that little, another view changes it altogether. Figures of all limits:
`benchmarks/edge_health.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

SHADING = 8
"""What changes over more than this part of the width is no edge but shading: a lamp on a plain
wall would be taken for another view."""
EVEN = 1.0
"""Grey levels a pixel: edges much above count alike, those much below hardly."""
EDGES_SHARE = 0.1
"""Of the picture: its strongest edges, at which sharpness is measured."""
FINE_PX, WIDE_PX = 0.7, 1.5
"""Blurs (sigma) before the two figures of sharpness. In recordings a blur of 1.5 pixels left 0.26
to 0.47 of it; of a ratio of two slopes 0.56 to 0.83, which other light does, too."""
TYPICAL_VIEWS = 20
"""The mean over so many views is how alike good views are."""

Field = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One view: arrays of float32, shape (h, w)."""

    picture: Field
    """Mean luma of its looks, 0 to 255."""
    right: Field
    """Where it becomes brighter, as a direction of length 0 (no edge) to 1: to the right..."""
    down: Field
    """... and down. Of both, what is alike along whole rows and columns is taken out."""
    strength: Field
    """Of the edges, in grey levels a pixel."""

    @property
    def structure(self) -> float:
        """Mean strength of its edges in grey levels a pixel: about 7 by day, under 0.5 for a lens
        that is covered."""
        return float(self.strength.mean())

    @property
    def brightness(self) -> float:
        """Mean luma, 0 to 255."""
        return float(self.picture.mean())


def view_of(picture: Field) -> View:
    """The view in the mean of some looks.

    Parameters
    ----------
    picture : ndarray of float32, shape (h, w)
        Mean luma, 0 to 255, 80 to 160 pixels wide or so.
    """
    side = picture.shape[1] // SHADING | 1
    right, down = _slopes(_field(picture - cv2.blur(picture, (side, side))), 1.0)
    # Not OpenCV's magnitude, which rounds by where its result lies in memory.
    strength = np.sqrt(right * right + down * down)
    even = strength + EVEN
    right, down = _field(right / even), _field(down / even)
    return View(picture, _placed(right), _placed(down), _field(strength))


class Remembered:
    """A view that is known: what was seen in it so far, the old fading."""

    def __init__(self, view: View) -> None:
        self._right, self._down = view.right.copy(), view.down.copy()
        self._strength = view.strength.copy()
        self._edges = _strongest(self._strength)
        self.views = 1
        self.structure = view.structure
        self.sharpness = sharpness(view.picture, self._edges)
        self.typical = 1.0
        """How alike good views have been, 0 to 1."""

    def likeness(self, view: View) -> float:
        """How alike a view is: 1 the same, about 0 another one; never above 1."""
        both = _dot(self._right, view.right) + _dot(self._down, view.down)
        own = _dot(self._right, self._right) + _dot(self._down, self._down)
        its = _dot(view.right, view.right) + _dot(view.down, view.down)
        return both / math.sqrt(own * its) if own * its > 0 else 0.0

    def sharpness_of(self, view: View) -> float:
        """How sharp a view is against what it was: 1 as ever, 0.5 blurred.

        Measured at the edges that are known, so that somebody who is soft in front of them, or
        contrast that is lost in fog, hardly matters.
        """
        return sharpness(view.picture, self._edges) / self.sharpness if self.sharpness > 0 else 1.0

    def learn(self, view: View, share: float) -> None:
        """Take in a view that is good, by at least a share of all that is remembered."""
        self.views += 1
        share = max(share, 1.0 / self.views)
        weight = max(1.0 / TYPICAL_VIEWS, 1.0 / (self.views - 1))
        self.typical += weight * (self.likeness(view) - self.typical)
        cv2.accumulateWeighted(view.right, self._right, share)
        cv2.accumulateWeighted(view.down, self._down, share)
        cv2.accumulateWeighted(view.strength, self._strength, share)
        self.structure += share * (view.structure - self.structure)
        if self.views % TYPICAL_VIEWS == 0:
            self._edges = _strongest(self._strength)
        self.sharpness += share * (sharpness(view.picture, self._edges) - self.sharpness)


def sharpness(picture: Field, edges: NDArray[np.bool_]) -> float:
    """How quickly grey changes at edges, whatever their contrast: about 1, the less the softer.

    The bend of the picture over its slope, each blurred a little, both as root mean square:
    contrast is in both and goes out, and a blur wider than theirs takes more of the bend.

    Parameters
    ----------
    picture : ndarray of float32, shape (h, w)
    edges : ndarray of bool, shape (h, w)
        Where it is measured; 0.0 where there is no slope.
    """
    bend = cv2.Laplacian(cv2.GaussianBlur(picture, (0, 0), FINE_PX), cv2.CV_32F)[edges]
    right, down = (slope[edges] for slope in _slopes(picture, WIDE_PX))
    slope2 = float(np.mean(right * right + down * down))
    return math.sqrt(float(np.mean(bend * bend)) / slope2) if slope2 > 0 else 0.0


def _slopes(picture: Field, sigma_px: float) -> tuple[Field, Field]:
    """Grey levels a pixel, to the right and down."""
    soft = cv2.GaussianBlur(picture, (0, 0), sigma_px)
    return (
        _field(cv2.Sobel(soft, cv2.CV_32F, 1, 0, scale=1 / 8)),
        _field(cv2.Sobel(soft, cv2.CV_32F, 0, 1, scale=1 / 8)),
    )


def _placed(field: Field) -> Field:
    """Without what is alike all along a row or a column: bars beside a picture, a banner with the
    time, a horizon. It stays where it is when a camera is turned along it."""
    rows, columns = field.mean(axis=1, keepdims=True), field.mean(axis=0, keepdims=True)
    return _field(field - rows - columns + field.mean())


def _strongest(strength: Field) -> NDArray[np.bool_]:
    return np.asarray(strength >= np.quantile(strength, 1.0 - EDGES_SHARE))


def _dot(one: Field, other: Field) -> float:
    return float(np.vdot(one, other))


def _field(array: Any) -> Field:  # OpenCV's types know neither shape nor depth
    return np.asarray(array, dtype=np.float32)
