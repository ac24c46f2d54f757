"""How often left and right change places between two frames: seen of anybody, without a truth.

Figures have no faces, and networks exchange their sides more often than real people's. How much
more often, this tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

import motionapp
from motionapp.assembly import make_analysis
from motionapp.core.models import NO_MODELS
from motionapp.training.gather import road_settings
from motionapp.training.pose_errors import ARMS, LEGS, OTHER_SIDE

Track = Sequence[tuple[float, NDArray[np.float32]]]
"""Times and poses of one person, oldest first."""

STREETS: Final = (
    "events/vtest.avi", "outdoor/shadow_pedestrians.mp4", "outdoor/street_people.mp4",
)  # fmt: skip
EVERY: Final = 4
"""Of the 70 recordings of ten movements, one in so many."""
LASTS_S: Final = 15.0
CLEARLY: Final = 0.03
"""In statures: by so much must one side fit better than the other."""
TRUNK: Final = 0.29
"""In statures, by `motionapp.scenes.people.skeleton`; seen at an angle it is shorter, of both."""
NEAR_S: Final = 0.15
SMALLEST_PX: Final = 10


def flips_hz(tracks: Iterable[Track]) -> tuple[float, float]:
    """How often a second arms or legs change sides, and of how many seconds that is told."""
    flips, seen_s = 0, 0.0
    for track in tracks:
        for (then_s, then), (now_s, now) in pairwise(track):
            trunk = then[[5, 6], :2].mean(axis=0) - then[[11, 12], :2].mean(axis=0)
            stature_px = float(np.linalg.norm(trunk)) / TRUNK
            if now_s - then_s > NEAR_S or stature_px < SMALLEST_PX:
                continue
            seen_s += now_s - then_s
            flips += any(_is_exchanged(then, now, limbs, stature_px) for limbs in (ARMS, LEGS))
    return flips / max(seen_s, 1e-9), seen_s


def _is_exchanged(
    then: NDArray[np.float32], now: NDArray[np.float32], limbs: Sequence[int], stature_px: float
) -> bool:
    rows = list(limbs)
    same, other = (
        float(np.linalg.norm(now[chosen, :2] - then[rows, :2], axis=1).mean())
        for chosen in (rows, OTHER_SIDE[rows])
    )
    return same - other > CLEARLY * stature_px


def recorded(data: Path) -> Iterator[Track]:
    """Everybody whom the road follows in recordings of streets and of ten movements."""
    movements = sorted((data / "weizmann_full").glob("*/*.mp4"))[::EVERY]
    for path in (*(data / name for name in STREETS), *movements):
        analysis = make_analysis(road_settings("pose"), NO_MODELS, source_name=path.name)
        tracks: dict[int, list[tuple[float, NDArray[np.float32]]]] = {}
        source = motionapp.open_source(path)
        try:
            most = round(LASTS_S * float(source.info.rate_hz or 25.0))
            for frame in islice(source.frames(), most):
                for pose in analysis.step(frame).motion.poses:
                    tracks.setdefault(pose.person, []).append((frame.pts_s, pose.keypoints))
        finally:
            source.close()
        yield from tracks.values()
