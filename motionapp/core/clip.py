"""A short stretch of one body's movement, as the network takes it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box


class Going(NamedTuple):
    """How a body goes through the picture, in its own heights per second."""

    right: float = 0.0
    """To the left where negative."""
    down: float = 0.0
    aspect: float = 1.0
    """Its width over its height."""

    @property
    def speed(self) -> float:
        """Heights per second."""
        return math.hypot(self.right, self.down)


@dataclass(frozen=True, slots=True, eq=False)
class MotionClip:
    """T motion maps on a fixed grid of seconds, cropped to one square box."""

    subject_id: int
    """The group (or track) that moves."""
    start_s: float
    end_s: float
    """`pts_s` of the newest grid time; a multiple of the cadence."""
    box: Box
    """The square that was cut out, in full-frame display pixels; may leave the picture."""
    maps: NDArray[np.float32]
    """Shape (channels, side, side), normalised as the representation says."""
    going: Going = Going()
    """How the body went while the maps were made."""

    @property
    def centre_s(self) -> float:
        """The middle of the clip: where a segment that it supports begins."""
        return (self.start_s + self.end_s) / 2


@dataclass(frozen=True, slots=True)
class Prediction:
    """Calibrated probabilities over labels for one clip."""

    subject_id: int
    start_s: float
    end_s: float
    label: str
    """The best label, or `unknown` where the network declined."""
    score: float
    """The best label's probability, 0 to 1 (of the best one, also where it is `unknown`)."""
    probabilities: tuple[float, ...]
    """In the order of the contract's labels; with a reject class, they do not sum to 1."""
    reason: str = ""
    """What speaks for the label, in words, where it is no network's answer."""
    features: NDArray[np.float32] | None = field(default=None, compare=False, repr=False)
    """By what clips are alike, shape (n,), read-only; None unless somebody has asked for it and the
    network has it (`core.contract.FEATURES`). It decides nothing, and is no part of what is said.
    """

    @property
    def centre_s(self) -> float:
        """The middle of the clip that was looked at."""
        return (self.start_s + self.end_s) / 2
