"""The body points of who is seen in a crop, as wrong as the networks that find them are.

Knows how errors come and go in time; how large they are is `pose_errors`'.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from motionapp.core.geometry import Box
from motionapp.core.motion import Pose
from motionapp.scenes.crop import Crop
from motionapp.training.pose_errors import (
    ARMS,
    ASTRAY,
    GAP,
    KIND_OF,
    KINDS,
    LEGS,
    LIMB_OF,
    MEASURED,
    OTHER_SIDE,
    PointErrors,
    PoseErrors,
    Together,
)

Generator = np.random.Generator
Flags = NDArray[np.bool_]

POINTS: Final = len(KIND_OF)
EVERYWHERE: Final = np.zeros(POINTS, np.int64)
"""One group: the whole person."""
HALVED: Final = 2
"""A crop's pixels are analysed ones. Errors are of a camera's, of which pictures that are 640 wide
are halved once."""


class CropPoses:
    """The poses of a crop at some times.

    Parameters
    ----------
    crop : Crop
    times_s : sequence of float
        In the crop's own time, rising. The same crop and times give the same poses.
    measured : PoseErrors
    """

    def __init__(
        self, crop: Crop, times_s: Sequence[float], measured: PoseErrors = MEASURED
    ) -> None:
        self._places = {t_s: number for number, t_s in enumerate(times_s)}
        self._actors = [
            _seen(crop, number, times_s, measured) for number in range(len(crop.actors))
        ]

    def at(self, t_s: float, region: Box) -> tuple[Pose, ...]:
        """The poses at one of the times, in pixels of a part of the picture.

        Parameters
        ----------
        t_s : float
            One of `times_s`.
        region : Box
            The part, in pixels of the whole picture.

        Returns
        -------
        tuple of Pose
            One for each actor.
        """
        poses = []
        for actor, seen in enumerate(self._actors):
            points = seen[self._places[t_s]].copy()
            points[:, :2] -= [region.x0, region.y0]
            points = points.astype(np.float32)
            poses.append(Pose(points, score=float(points[:, 2].mean()), person=actor + 1))
        return tuple(poses)


def _seen(
    crop: Crop, actor: int, times_s: Sequence[float], measured: PoseErrors
) -> NDArray[np.float64]:
    """An actor's points as they are found: n times 17 times x, y and score."""
    who, camera = crop.actors[actor], crop.camera
    stature_px = who.body.stature_m * camera.px_per_m
    true = np.array([camera.see(who.joints_m(t_s)[:POINTS]).points for t_s in times_s])
    true = true.reshape(len(times_s), POINTS, 2)
    hidden = np.zeros(true.shape[:2], np.bool_)
    if crop.screen is not None:
        hidden = true[..., 1] > crop.screen.top_px
    rng = np.random.default_rng([crop.seed, actor, 61])
    errors, scores = drawn_errors(
        rng, times_s, HALVED * stature_px, hidden=hidden, measured=measured
    )
    points = np.dstack([true + errors * stature_px, scores])
    return swapped(points, rng, times_s, measured)


def drawn_errors(
    rng: Generator,
    times_s: Sequence[float],
    tall_px: float,
    *,
    hidden: Flags,
    measured: PoseErrors = MEASURED,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Errors of one person's points at n times, before left and right are exchanged.

    Parameters
    ----------
    rng : numpy.random.Generator
    times_s : sequence of float
        Rising.
    tall_px : float
        Stature in the camera's pixels; greater than 0.
    hidden : ndarray of bool, shape (n, 17)
        Which points are behind a screen.
    measured : PoseErrors

    Returns
    -------
    errors : ndarray of float64, shape (n, 17, 2)
        In statures.
    scores : ndarray of float64, shape (n, 17)
        0 to 1; below `GAP` where a point is not found.
    """
    kinds = [measured.points[name] for name in KINDS]
    usual = _Drawn(rng, times_s, [kinds[kind] for kind in KIND_OF], tall_px, measured.together)
    behind = _Drawn(rng, times_s, [measured.hidden] * POINTS, tall_px, measured.together)
    errors = np.where(hidden[..., None], behind.errors, usual.errors)
    scores = np.where(hidden, behind.scores, usual.scores)
    return errors, scores


class _Drawn:
    """Errors and scores of 17 points that are each of a kind."""

    def __init__(
        self,
        rng: Generator,
        times_s: Sequence[float],
        kinds: Sequence[PointErrors],
        tall_px: float,
        together: Together,
    ) -> None:
        def of(name: str) -> NDArray[np.float64]:
            return np.array([kind.at(name, tall_px) for kind in kinds])

        steady = of("steady"), of("memory_s")
        z = _wavering(rng, times_s, *steady, planes=2, groups=LIMB_OF, share=together.limb)
        z_far = _wavering(rng, times_s, *steady, planes=2, groups=LIMB_OF, share=1.0)
        surer = of("score_sd") * _wavering(
            rng, times_s, of("score_steady"), of("score_memory_s"),
            planes=1, groups=EVERYWHERE, share=together.score,
        )[..., 0]  # fmt: skip
        is_gap = spells(rng, times_s, of("gap"), of("gap_s"), groups=LIMB_OF)
        # What is said of gaps goes with them: of what is left is more astray.
        astray = of("astray") / (1 - of("gap"))
        is_astray = spells(rng, times_s, astray, of("astray_s"), groups=LIMB_OF)
        scores = np.clip(of("score") + surer, GAP, 1.0)
        self.scores = np.where(is_gap, rng.uniform(0.0, 0.9 * GAP, is_gap.shape), scores)
        # Surer points are nearer; that all together are off by `sd`, the last term sees to.
        slope = of("slope")
        sd = of("sd") * np.exp(-slope * surer - (slope * of("score_sd")) ** 2)
        # What is not astray is within the border, and what is, beyond it; that in the mean square
        # it is off as far as measured, follows from |z|^2 / 2, whose mean is 1.
        length, far_length = (np.linalg.norm(one, axis=-1) + 1e-9 for one in (z, z_far))
        near = np.minimum(sd, ASTRAY / length)
        more = np.maximum(2 * of("astray_sd") ** 2 - ASTRAY**2, 0.0)
        far = np.sqrt(ASTRAY**2 + more * far_length**2 / 2) / far_length
        self.errors = np.where(is_astray[..., None], far[..., None] * z_far, near[..., None] * z)


def swapped(
    points: NDArray[np.float64], rng: Generator, times_s: Sequence[float], measured: PoseErrors
) -> NDArray[np.float64]:
    """Points with left and right exchanged now and then: of the arms, the legs, or both.

    Parameters
    ----------
    points : ndarray of float64, shape (n, 17, k)
    rng : numpy.random.Generator
    times_s : sequence of float
        Rising.
    measured : PoseErrors

    Returns
    -------
    ndarray of float64, shape (n, 17, k)
    """
    shares = np.array(measured.swaps)
    whole = shares.sum()
    is_so = spells(rng, times_s, np.array([whole]), np.array([measured.swap_s]))[:, 0]
    kinds = rng.choice(3, size=len(times_s), p=shares / whole)
    for number in range(1, len(times_s)):
        if is_so[number - 1] and is_so[number]:  # it is still the same swap
            kinds[number] = kinds[number - 1]
    order = np.tile(np.arange(POINTS), (len(times_s), 1))
    for limbs, other in ((ARMS, 1), (LEGS, 0)):
        order[np.ix_(is_so & (kinds != other), limbs)] = OTHER_SIDE[list(limbs)]
    return np.take_along_axis(points, order[..., None], axis=1)


def spells(
    rng: Generator,
    times_s: Sequence[float],
    shares: NDArray[np.float64],
    lengths_s: NDArray[np.float64],
    *,
    groups: NDArray[np.int64] | None = None,
) -> Flags:
    """Which of some things are so at n times, for spells that come and go by chance.

    Parameters
    ----------
    rng : numpy.random.Generator
    times_s : sequence of float
        Rising.
    shares : ndarray of float64, shape (k,)
        Of the time; 0 to less than 1.
    lengths_s : ndarray of float64, shape (k,)
        Mean length of a spell; greater than 0 where the share is.
    groups : ndarray of int64, shape (k,), optional
        Things of a group have the same luck: what is so more rarely, is so while others are.
        Without it each has its own.

    Returns
    -------
    ndarray of bool, shape (n, k)

    Notes
    -----
    A Markov chain of two states in continuous time, so rates of pictures change nothing.
    """
    draws = rng.random((len(times_s), len(shares)))
    if groups is not None:
        draws = draws[:, groups]
    fade_hz = 1.0 / (np.maximum(lengths_s, 1e-3) * (1.0 - shares))
    are_so = np.zeros(draws.shape, np.bool_)
    for number, draw in enumerate(draws):
        likely = shares
        if number:
            kept = np.exp(-fade_hz * (times_s[number] - times_s[number - 1]))
            likely = shares + (are_so[number - 1] - shares) * kept
        are_so[number] = draw < likely
    return are_so


def _wavering(
    rng: Generator,
    times_s: Sequence[float],
    steady: NDArray[np.float64],
    memory_s: NDArray[np.float64],
    *,
    planes: int,
    groups: NDArray[np.int64],
    share: float,
) -> NDArray[np.float64]:
    """Normal numbers with a variance of 1, shape (n, 17, planes), of which a part stays.

    Points of a group have `share` of the variance in common.
    """
    shape = len(times_s) + 1, POINTS, planes
    common, own = rng.normal(size=shape)[:, groups], rng.normal(size=shape)
    fixed, *moving = np.sqrt(share) * common + np.sqrt(1 - share) * own
    for number in range(1, len(times_s)):
        kept = np.exp(-(times_s[number] - times_s[number - 1]) / memory_s)[:, None]
        moving[number] = kept * moving[number - 1] + np.sqrt(1 - kept**2) * moving[number]
    part = steady[:, None]
    varying = np.array(moving).reshape(len(times_s), POINTS, planes)
    return np.asarray(np.sqrt(part) * fixed + np.sqrt(1 - part) * varying)
