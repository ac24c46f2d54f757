"""How the camera moved between two pictures: a grid of points, each found again.

A grid and not corners: corners gather on who walks about, and a bare wall has none. Over a window
of a tenth of the picture, the blotches of a wall are enough. Who walks about takes some of the
points along, the camera all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

GRID: Final = (10, 6)
"""Points across and down."""

WIDTH_PX: Final = 240
"""Pictures are halved to at most this width. On rendered walks, points at 160 are right to 0.1 px
of 640, those at 320 to 0.08, for twice the time."""

WINDOW_PX: Final = 15
"""Side of the window that is found again."""

LEVELS: Final = 2
"""How often that picture is halved for long ways: 2 reaches about 30 of its pixels."""

LEAST_POINTS: Final = 8
"""Of fewer points nothing is said."""

FITS_PX: Final = 0.5
"""A point goes with the camera if it lies so near where the camera's way puts it."""

LEAST_SHARE: Final = 0.25
"""Share of all points that must go with it, each weighed by how often it has done so before."""

LEAST_WEIGHT: Final = 0.1
"""A point that has never gone with it still counts for so much: it may have been hidden."""

LEAST_OF_QUARTER: Final = 3
"""A quarter of the picture with so many points has a say of its own."""

AGREES: Final = 0.5
"""A quarter of which so many points go with the camera agrees, ..."""

AGAINST: Final = 0.3
"""... and one of which fewer do stands still, or goes another way."""

ROUNDS: Final = 3
"""Rounds of fitting and leaving out what does not fit."""

MOST_TURN: Final = 0.1
"""Turned or zoomed by more, it is no shake: radians, share."""

SURE_TURN_POINTS: Final = 16
"""With fewer points only a shift is told: a turn would follow the noise."""

LEAST_CONTRAST: Final = 1e-5
"""A window with less of it, by OpenCV's measure, is a clipped sky."""

STEPS: Final = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 12, 0.02)


@dataclass(frozen=True, slots=True)
class Landmarks:
    """A picture of the scene in which points are found again."""

    picture: NDArray[np.uint8]
    """At analysis scale; in the scene's own place."""
    halvings: int
    small: NDArray[np.uint8]
    """The picture, halved."""
    points: NDArray[np.float32]
    """In the halved picture, shape (n, 1, 2)."""
    cells: NDArray[np.intp]
    """Which of the grid they are."""
    weights: NDArray[np.float64]
    """How much each counts."""


@dataclass(frozen=True, slots=True)
class Found:
    """How the camera moved, at analysis scale."""

    matrix: NDArray[np.float64]
    """From the landmarks' picture to the other one, shape (2, 3)."""
    quarters: int
    """Quarters of the picture in which most points go with it."""
    against: int
    """Quarters in which most do not."""
    goes: NDArray[np.bool_]
    """Which of the landmarks' points go with it."""


def landmarks_in(
    picture: NDArray[np.uint8],
    covered: NDArray[np.uint8] | None = None,
    trust: NDArray[np.float64] | None = None,
) -> Landmarks | None:
    """A picture and its grid; None where it is too small for one, or hardly covered.

    Parameters
    ----------
    picture : ndarray of uint8, shape (h, w)
    covered : ndarray of uint8, shape (h, w), optional
        0 where nothing is to be looked for.
    trust : ndarray of float64, shape (cells of the grid,), optional
        How often each has gone with the camera before, in [0, 1]; always, if left out.
    """
    (across, down), halvings = GRID, 0
    while picture.shape[1] >> halvings > WIDTH_PX:
        halvings += 1
    h, w = (side >> halvings for side in picture.shape)
    if w < 2 * across or h < 2 * WINDOW_PX:
        return None
    small = picture
    for _ in range(halvings):
        small = _halved(small)
    x, y = (np.arange(across) + 0.5) * w / across, (np.arange(down) + 0.5) * h / down
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2).astype(np.float32)
    cells = np.arange(len(points))
    if covered is not None:
        columns, rows = (points.astype(np.intp) << halvings).T
        cells = np.flatnonzero(covered[rows, columns])
    if len(cells) < LEAST_POINTS:
        return None
    weights = np.ones(len(cells)) if trust is None else np.maximum(trust[cells], LEAST_WEIGHT)
    return Landmarks(picture, halvings, small, points[cells, None], cells, weights)


def camera_way(
    landmarks: Landmarks, picture: NDArray[np.uint8], guess: NDArray[np.float64] | None = None
) -> Found | None:
    """How the camera moved since a picture; None where the points do not agree.

    Parameters
    ----------
    landmarks : Landmarks
    picture : ndarray of uint8, shape (h, w)
        Of the same shape as that of the landmarks.
    guess : ndarray, shape (2, 3), optional
        About where the points are to be looked for.

    References
    ----------
    Lucas, Kanade, "An iterative image registration technique", IJCAI 1981, on a pyramid as in
    Bouguet, 2001.
    """
    small, points = picture, landmarks.points
    for _ in range(landmarks.halvings):
        small = _halved(small)
    start = points.copy() if guess is None else _moved(points, _at(guess, landmarks.halvings))
    after, is_found, _ = cv2.calcOpticalFlowPyrLK(
        landmarks.small, small, points, start, winSize=(WINDOW_PX, WINDOW_PX), maxLevel=LEVELS,
        criteria=STEPS, flags=cv2.OPTFLOW_USE_INITIAL_FLOW, minEigThreshold=LEAST_CONTRAST,
    )  # fmt: skip
    seen = np.asarray(is_found).ravel() > 0
    if np.count_nonzero(seen) < LEAST_POINTS:
        return None
    ends = np.asarray(after, np.float32)[:, 0]
    found = None
    if guess is not None:
        # A camera that has zoomed or rolled for long is far from any shift.
        found = _fit(landmarks, ends, seen, _at(guess, landmarks.halvings))
    return found or _fit(landmarks, ends, seen, np.eye(2, 3))


def _fit(
    landmarks: Landmarks,
    after: NDArray[np.float32],
    seen: NDArray[np.bool_],
    about: NDArray[np.float64],
) -> Found | None:
    """Shift, turn and zoom of those that agree, sought near a turn and zoom.

    Points are complex numbers, x + iy: to turn and to zoom is to multiply by one.
    """
    weights = landmarks.weights
    before, now = _complex(landmarks.points[:, 0]), _complex(after)
    turn = complex(about[0, 0], about[1, 0])
    shift = _densest((now - turn * before)[seen], weights[seen], 4 * FITS_PX)
    # A turn moves the corners apart.
    fits = seen & _is_near(turn * before + shift - now, 4 * FITS_PX)
    for _ in range(ROUNDS):
        if np.count_nonzero(fits) < LEAST_POINTS:
            return None
        turn, shift = _least_squares(before[fits], now[fits])
        fitted, fits = fits, seen & _is_near(turn * before + shift - now, FITS_PX)
        if np.array_equal(fitted, fits):
            break
    # Of all, also those that were not found: on a bare ground the only ones may be somebody's.
    share = float(weights[fits].sum() / weights.sum())
    if share < LEAST_SHARE or abs(turn - 1) > MOST_TURN:
        return None
    agree, against = _quarters(before[seen], fits[seen], landmarks.small.shape)
    matrix = np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])
    return Found(_at(matrix, -landmarks.halvings), agree, against, fits)


def _complex(points: NDArray[np.float32]) -> NDArray[np.complex128]:
    return np.asarray(points[:, 0] + 1j * points[:, 1], np.complex128)


def _is_near(off: NDArray[np.complex128], within_px: float) -> NDArray[np.bool_]:
    return np.asarray(off.real**2 + off.imag**2 <= within_px**2)


def _least_squares(
    before: NDArray[np.complex128], after: NDArray[np.complex128]
) -> tuple[complex, complex]:
    """Turn with zoom, and shift, that fit best; with few points the shift alone."""
    mean, mean_after = before.mean(), after.mean()
    around = before - mean
    # Sums and no dot products, whose last bit may hang on where in memory the numbers lie.
    spread = float((around.real**2 + around.imag**2).sum())
    if len(before) < SURE_TURN_POINTS or spread <= 0:
        return 1 + 0j, complex(mean_after - mean)
    turn = complex((around.conj() * (after - mean_after)).sum() / spread)
    return turn, complex(mean_after - turn * mean)


def _densest(
    ways: NDArray[np.complex128], weights: NDArray[np.float64], within_px: float
) -> complex:
    """The way that most points go: not the median, which lies between the camera's and theirs
    where more than half of the points are on bodies or on bare ground."""
    near = _is_near(ways[:, None] - ways[None, :], within_px)
    return complex(ways[near[(near @ weights).argmax()]].mean())


def _quarters(
    points: NDArray[np.complex128], fits: NDArray[np.bool_], shape: tuple[int, ...]
) -> tuple[int, int]:
    """In how many quarters of the picture most points fit, and in how many they do not."""
    which = (points.real >= shape[1] / 2) + 2 * (points.imag >= shape[0] / 2)
    has_say = np.bincount(which, minlength=4) >= LEAST_OF_QUARTER
    share = np.bincount(which[fits], minlength=4) / np.maximum(1, np.bincount(which, minlength=4))
    return (
        int(np.count_nonzero(has_say & (share >= AGREES))),
        int(np.count_nonzero(has_say & (share < AGAINST))),
    )


def _halved(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    h, w = picture.shape
    even = picture[: h // 2 * 2, : w // 2 * 2]
    return np.asarray(cv2.resize(even, (w // 2, h // 2), interpolation=cv2.INTER_AREA), np.uint8)


def _at(matrix: NDArray[np.float64], halvings: int) -> NDArray[np.float64]:
    """The same movement for pictures halved so often; negative for larger ones."""
    scale = 2.0**halvings
    off = (scale - 1) / 2  # the middle of a pixel that stands for several lies between those
    scaled = matrix.copy()
    scaled[:, 2] = (matrix[:, :2] @ np.array([off, off]) + matrix[:, 2] - off) / scale
    return scaled


def _moved(points: NDArray[np.float32], matrix: NDArray[np.float64]) -> NDArray[np.float32]:
    return np.asarray(points @ matrix[:, :2].T + matrix[:, 2], np.float32)
