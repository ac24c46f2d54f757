"""The empty picture: compared with, learnt, put into another light, and begun anew."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.frontends.background.samples import SAMPLES, Samples
from motionapp.frontends.background.standing import Standing
from motionapp.frontends.difference.illumination import fit_light
from motionapp.frontends.zone_mask import ZoneMask
from motionapp.settings.frontends import BackgroundSettings

EAGER_S: Final = 4.0
"""At first it learns quickly..."""

EAGER: Final = 4.0
"""... so many times as fast: what moves in the wind is learnt, and who stood there and has left."""

LEAST_RATIO: Final = 2.5
"""A pixel must be so many times as far from its memories as it usually is: leaves and
water are always far, and a threshold for them would miss people before a wall."""

MOST_USUAL: Final = 40
"""Levels beyond which a distance tells no more: it is a body's."""

USUAL_S: Final = 2.0
"""That is a mean over so many seconds."""

TURN_LEVELS: Final = 12.0
"""A pixel that goes to and fro must differ by so many levels more each time..."""

MOST_LEVELS: Final = 90.0
"""... up to so many: a body differs by more, and is seen there all the same..."""

TURN_S: Final = 3.0
"""... which it loses again within about so many seconds..."""

SELDOM_LEVELS: Final = 20.0
"""... but for so many, since whoever passes turns each pixel twice."""

EMPTY_S: Final = 3.0
"""The mean colour of the empty picture follows it in so many seconds."""

BODY = 1 / 26
"""Share of the picture's height: what is nowhere as thick as this is a part of the background."""

NEAR_PX: Final = 5
"""What is nearer to a body than half of this is not told to flicker: it is the body's border."""

ALL_OF_IT: Final = 0.7
"""If more of the picture differs, and no light explains it, it is another picture..."""

ALL_FOR_S: Final = 0.5
"""... once it has been so for so long: a flash, or who passes right before it, is over by then."""

KEEPS: Final = SAMPLES // 2
"""What becomes background leaves so many memories: taken away again, it leaves no ghost."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """How a picture differs from the empty one."""

    mask: NDArray[np.uint8]
    """255 where it does, pixel by pixel."""
    distance: NDArray[np.uint8]
    """By how many levels, weighed by zones."""
    share: float
    """Of the picture."""
    is_light: bool
    """Whether the light of all of it has changed at this frame."""


class EmptyPicture:
    """The model of one epoch's empty picture.

    Parameters
    ----------
    planes : ndarray of uint8, shape (3 * h, w)
        The first picture.
    pts_s : float
    """

    def __init__(self, planes: NDArray[np.uint8], pts_s: float) -> None:
        self._samples = Samples(planes)
        self._begin(planes, pts_s)

    def _begin(self, planes: NDArray[np.uint8], pts_s: float) -> None:
        height, width = len(planes) // 3, planes.shape[1]
        self._mean = planes.astype(np.float32)
        self._usual = np.zeros((height, width), np.float32)
        self._flicker = np.zeros((height, width), np.float32)
        self._raw = np.zeros((height, width), np.uint8)
        self._standing = Standing((height, width))
        self._began_s = self._learnt_s = pts_s
        self._all_since_s: float | None = None
        self.empty: NDArray[np.uint8] = planes

    def compare(
        self,
        planes: NDArray[np.uint8],
        watched: ZoneMask,
        threshold: float,
        light_share: float,
        pts_s: float,
    ) -> Seen:
        """How a picture differs from the empty one, in one light."""
        seen = self._seen(planes, watched, threshold)
        # Bodies seldom fill so much, light does. To fit it is dear, and it could take bodies along.
        if seen.share <= light_share:
            self._all_since_s = None
            return seen
        if self._relight(planes):
            lit = self._seen(planes, watched, threshold)
            # In another light only bodies differ: if more does, it was not light alone.
            if lit.share <= light_share:
                return Seen(lit.mask, lit.distance, lit.share, True)
            seen = lit
        # Somebody near, or a lorry, fills half of the picture, too, and soon leaves it again.
        if seen.share <= ALL_OF_IT:
            self._all_since_s = None
            return seen
        if self._all_since_s is None:
            self._all_since_s = pts_s
        elif pts_s - self._all_since_s >= ALL_FOR_S:
            self._samples.prime(planes)
            self._begin(planes, pts_s)
            seen = self._seen(planes, watched, threshold)
            return Seen(seen.mask, seen.distance, seen.share, True)
        return seen

    def learn(
        self,
        planes: NDArray[np.uint8],
        seen: Seen,
        mask: NDArray[np.uint8],
        people: Sequence[tuple[slice, slice]],
        settings: BackgroundSettings,
        pts_s: float,
    ) -> None:
        """Follow the empty picture where nothing is, and things that stand for long."""
        # After a gap one picture tells of itself, not of all that was not looked at.
        step_s = min(1.0, pts_s - self._learnt_s)
        self._learnt_s = pts_s
        near = cv2.dilate(mask, np.ones((NEAR_PX, NEAR_PX), np.uint8))
        self._learn_usual(seen, cv2.bitwise_not(near), _far_from_bodies(mask), step_s)
        rate_hz = SAMPLES / settings.memory_s
        if pts_s - self._began_s < EAGER_S:
            rate_hz *= EAGER
        # What differs at a body's border, and was smoothed away, must not be learnt bit by bit.
        taken = np.asarray(cv2.bitwise_or(mask, cv2.bitwise_and(seen.mask, near)), np.uint8)
        self._samples.learn(planes, taken, min(1.0, rate_hz * step_s))
        free = cv2.bitwise_not(taken)
        cv2.accumulateWeighted(
            planes, self._mean, 1 - math.exp(-step_s / EMPTY_S), np.concatenate([free] * 3)
        )
        self._settle(planes, mask, people, settings.stays_s, pts_s, step_s)
        self.empty = np.asarray(cv2.convertScaleAbs(self._mean), np.uint8)

    def _settle(
        self,
        planes: NDArray[np.uint8],
        mask: NDArray[np.uint8],
        people: Sequence[tuple[slice, slice]],
        stays_s: float,
        pts_s: float,
        step_s: float,
    ) -> None:
        """What has stood for long, or is a place that was left, becomes background."""
        self._standing.step(mask, pts_s, step_s)
        for part in people:
            self._standing.keep(part)
        settled = (
            self._standing.over(stays_s),
            self._standing.ghosts(mask, planes, self.empty, pts_s),
        )
        for where in settled:
            if where is not None:
                self._samples.replace(planes, where, KEEPS)
                everywhere = np.concatenate([where] * 3)
                self._mean[everywhere] = planes[everywhere]
                self._standing.begin(where)

    def _seen(self, planes: NDArray[np.uint8], watched: ZoneMask, threshold: float) -> Seen:
        distance = watched.weighed(self._samples.distance(planes))
        turns = np.maximum(self._flicker - np.float32(SELDOM_LEVELS), 0)
        needed = cv2.convertScaleAbs(cv2.addWeighted(self._usual, LEAST_RATIO, turns, 1.0, 0))
        needed = cv2.max(needed, np.full_like(needed, min(254, math.ceil(threshold))))
        mask = np.asarray(cv2.compare(distance, needed, cv2.CMP_GT), np.uint8)
        return Seen(mask, distance, cv2.countNonZero(mask) / mask.size, False)

    def _learn_usual(
        self, seen: Seen, calm: cv2.typing.MatLike, far: cv2.typing.MatLike, step_s: float
    ) -> None:
        """How far pixels usually are from their memories, and which of them go to and fro."""
        usual = np.minimum(seen.distance, np.uint8(MOST_USUAL))
        cv2.accumulateWeighted(usual, self._usual, 1 - math.exp(-step_s / USUAL_S), calm)
        turned = cv2.bitwise_and(cv2.bitwise_xor(seen.mask, self._raw), far)
        self._raw = seen.mask
        self._flicker *= np.float32(math.exp(-step_s / TURN_S))
        self._flicker += np.asarray(turned, np.float32) * np.float32(TURN_LEVELS / 255)
        np.minimum(self._flicker, MOST_LEVELS, out=self._flicker)

    def _relight(self, planes: NDArray[np.uint8]) -> bool:
        """Put the empty picture into the light of this one; whether that explains most of it."""
        then, now = self.empty, planes
        # About 4096 pixels are enough for a fit, as in `difference`.
        step = max(1, round((then.size / 3 / 4096) ** 0.5))
        height = len(planes) // 3
        tables, lit = [], []
        for k in range(3):
            rows = slice(k * height, (k + 1) * height)
            table = fit_light(then[rows][::step, ::step], now[rows][::step, ::step]).table()
            tables.append(table)
            lit.append(cv2.LUT(then[rows], table))
        relit = np.concatenate(lit)
        before, after = (cv2.mean(cv2.absdiff(one, now))[0] for one in (then, relit))
        # A light is what explains most of it: with less, a body would be learnt as light.
        if after > before / 2:
            return False
        self._samples.relight((tables[0], tables[1], tables[2]))
        self._mean = relit.astype(np.float32)
        self.empty = np.asarray(relit, np.uint8)
        return True


def _far_from_bodies(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """255 but where something thick is, or near to it: who passes by makes no pixel flicker."""
    side = max(3, round(BODY * len(mask)))
    body = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    near = cv2.dilate(body, np.ones((side, side), np.uint8))
    return np.asarray(cv2.bitwise_not(near), np.uint8)
