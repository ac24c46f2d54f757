"""How wrong the points are that the road finds of people: measured values.

`crop_poses` draws errors from them, `benchmarks/pose_errors.py` measures them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

KINDS: Final = ("head", "trunk", "middle", "end")
"""Nose, eyes and ears; shoulders and hips; elbows and knees; wrists and ankles."""
KIND_OF: Final = np.array([0] * 5 + [1] * 2 + [2] * 2 + [3] * 2 + [1] * 2 + [2] * 2 + [3] * 2)
"""Of each of COCO's points, its place in `KINDS`."""
OTHER_SIDE: Final = np.array([0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15])
"""Of each point, the one on the person's other side."""
ARMS: Final = (5, 6, 7, 8, 9, 10)
"""What is exchanged when left and right arms are..."""
LEGS: Final = (11, 12, 13, 14, 15, 16)
"""... and legs: shoulders and hips belong to them."""

LIMB_OF: Final = np.array([0] * 5 + [1, 2] * 3 + [3, 4] * 3)
"""Of each point its limb: head, left and right arm with the shoulder, left and right leg with the
hip. What is wrong is mostly a limb."""

HEIGHTS_PX: Final = (30, 50, 80, 130, 200)
"""Statures in pixels of the camera's picture at which was measured: evenly by their logarithm."""
GAP: Final = 0.1
"""A limb with an end that scores less is not drawn (`draw_limbs`)."""
ASTRAY: Final = 0.15
"""In statures: a point that is farther off is elsewhere; a forearm is 0.145 long."""

ByHeight = float | tuple[float, ...]
"""A figure for all, or one for each of `HEIGHTS_PX`."""


@dataclass(frozen=True, slots=True)
class PointErrors:
    """How wrong points of one kind are. Lengths are in statures, sd are of each axis."""

    sd: ByHeight
    """Of points that are neither gaps nor astray."""
    steady: float
    """Of that variance, what stays for a second, 0 to 1..."""
    memory_s: float
    """... and when the rest is forgotten, an exponential's mean."""
    slope: float
    """By how much an error's logarithm falls from score 0 to 1."""
    astray: ByHeight
    """Share of the time in which a point that scores is beyond `ASTRAY`..."""
    astray_sd: float
    """... how far it is then..."""
    astray_s: float
    """... and for how long at once, a mean."""
    gap: ByHeight
    """Share of the time in which a point scores less than `GAP`..."""
    gap_s: float
    """... and for how long at once, a mean."""
    score: ByHeight
    """Mean of the other scores, 0 to 1..."""
    score_sd: float
    score_steady: float
    score_memory_s: float
    """... and how they vary, as errors do."""

    def at(self, name: str, tall_px: float) -> float:
        """One of the figures for a stature in the camera's pixels; beyond the table its ends."""
        return _at(getattr(self, name), tall_px)


@dataclass(frozen=True, slots=True)
class Together:
    """How alike errors of one person at one time are, as correlations. What goes astray or is not
    found does so limb by limb: where the elbow is, the wrist is, too."""

    limb: float
    """Errors of neighbours in a limb."""
    score: float
    """Scores of points of different limbs."""


@dataclass(frozen=True, slots=True)
class PoseErrors:
    """How wrong the points of people are."""

    points: Mapping[str, PointErrors]
    """By kind, of points that nothing stands before."""
    hidden: PointErrors
    """Of points behind a screen."""
    together: Together
    swaps: tuple[float, float, float]
    """Shares of the time in which left and right are exchanged: of the arms alone, of the legs
    alone, of both..."""
    swap_s: float
    """... and for how long at once, a mean."""


def _at(figure: ByHeight, tall_px: float) -> float:
    if not isinstance(figure, tuple):
        return figure
    return float(np.interp(math.log(tall_px), np.log(HEIGHTS_PX), figure))


MEASURED: Final = PoseErrors(
    points={
        "head": PointErrors(
            sd=(0.023, 0.015, 0.010, 0.008, 0.011),
            steady=0.49,
            memory_s=0.11,
            slope=1.35,
            astray=(0.0, 0.0, 0.0, 0.010, 0.0),
            astray_sd=0.177,
            astray_s=0.48,
            gap=(0.0, 0.0, 0.0, 0.010, 0.0),
            gap_s=0.45,
            score=(0.46, 0.52, 0.56, 0.53, 0.54),
            score_sd=0.13,
            score_steady=0.41,
            score_memory_s=0.10,
        ),
        "trunk": PointErrors(
            sd=(0.019, 0.017, 0.018, 0.022, 0.020),
            steady=0.55,
            memory_s=0.09,
            slope=1.00,
            astray=(0.022, 0.017, 0.048, 0.042, 0.035),
            astray_sd=0.158,
            astray_s=0.38,
            gap=0.0,
            gap_s=0.23,
            score=(0.62, 0.63, 0.61, 0.53, 0.53),
            score_sd=0.17,
            score_steady=0.41,
            score_memory_s=0.12,
        ),
        "middle": PointErrors(
            sd=(0.039, 0.027, 0.023, 0.027, 0.025),
            steady=0.46,
            memory_s=0.08,
            slope=1.08,
            astray=(0.086, 0.077, 0.046, 0.010, 0.027),
            astray_sd=0.177,
            astray_s=0.24,
            gap=(0.0, 0.0, 0.019, 0.030, 0.027),
            gap_s=0.19,
            score=(0.42, 0.50, 0.51, 0.49, 0.50),
            score_sd=0.18,
            score_steady=0.49,
            score_memory_s=0.08,
        ),
        "end": PointErrors(
            sd=(0.042, 0.033, 0.032, 0.029, 0.029),
            steady=0.39,
            memory_s=0.08,
            slope=1.59,
            astray=(0.130, 0.076, 0.042, 0.056, 0.031),
            astray_sd=0.215,
            astray_s=0.23,
            gap=(0.058, 0.022, 0.042, 0.033, 0.031),
            gap_s=0.17,
            score=(0.36, 0.41, 0.44, 0.41, 0.44),
            score_sd=0.19,
            score_steady=0.57,
            score_memory_s=0.08,
        ),
    },
    hidden=PointErrors(
        sd=0.046,
        steady=0.64,
        memory_s=0.07,
        slope=1.01,
        astray=0.298,
        astray_sd=0.351,
        astray_s=0.29,
        gap=0.289,
        gap_s=0.28,
        score=0.30,
        score_sd=0.14,
        score_steady=0.17,
        score_memory_s=0.22,
    ),
    together=Together(limb=0.56, score=0.40),
    swaps=(0.021, 0.028, 0.001),
    swap_s=0.32,
)
"""By `python benchmarks/pose_errors.py DATA_DIR`: how large and how frequent errors are, of 44 of
COCO's photographs, shrunk; how they come and go, of 22 rendered people at each height, whose own
are more (they have no faces). Arms and legs were never exchanged together in 104 photographs: one
in a thousand. Who is lost for a moment has no clip to be named by, and is not drawn."""
