"""Finding people: from a picture to heads and the crops of the bodies below them.

Knows the detector network's rows and how its overlapping answers become one; leaves the body
points to `landmarks`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.frontends.pose.anchors import anchor_centres
from motionapp.frontends.pose.crop import Crop, crop_of
from motionapp.frontends.pose.networks import DETECTOR_SIDE_PX, PoseNetworks

SAME_HEAD = 0.3
"""Overlap from which two boxes are one head (MediaPipe's value)."""

PART = 0.6
"""Side of each of the four overlapping parts over that of the picture: a part that cuts a body off
spoils it, and who is no wider and no higher than a fifth of the picture is whole in one of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """People found in one picture, best first."""

    scores: NDArray[np.float32]
    """Shape (n,): 0 to 1."""
    boxes: NDArray[np.float32]
    """Shape (n, 4): x0, y0, x1, y1 of the head in full-frame display pixels."""
    points: NDArray[np.float32]
    """Shape (n, 4, 2): middle of the hips, point on the circle round the whole body, middle of
    the shoulders, point on the circle round the upper body; full-frame display pixels."""

    def crops(self) -> tuple[Crop, ...]:
        """The crops of the bodies, best first."""
        return tuple(crop_of(p[0], p[1]) for p in self.points)


def find_people(networks: PoseNetworks, bgr: NDArray[np.uint8], *, min_score: float) -> Detections:
    """Everybody the detector sees in the whole picture.

    Parameters
    ----------
    networks : PoseNetworks
    bgr : ndarray of uint8, shape (h, w, 3)
    min_score : float
        Least score of a detection, 0 to 1.
    """
    height, width = bgr.shape[:2]
    return merge_heads(_find_in(networks, bgr, (0, 0, width, height), min_score))


def find_people_in_parts(
    networks: PoseNetworks, bgr: NDArray[np.uint8], *, min_score: float
) -> Detections:
    """Everybody the detector sees in four overlapping parts, where small people are larger.

    Parameters
    ----------
    networks : PoseNetworks
    bgr : ndarray of uint8, shape (h, w, 3)
    min_score : float
        Least score of a detection, 0 to 1.

    Notes
    -----
    To be asked after `find_people`, whose answers go first: mixed into one suppression, a part
    that cuts a body off spoils what the whole picture shows (PCK 69 instead of 74 on pictures
    with one person). Four runs of the network.
    """
    height, width = bgr.shape[:2]
    w, h = round(PART * width), round(PART * height)
    corners = [(x, y) for y in (0, height - h) for x in (0, width - w)]
    found = [_find_in(networks, bgr, (x, y, x + w, y + h), min_score) for x, y in corners]
    return merge_heads(joined(found))


def _find_in(
    networks: PoseNetworks,
    bgr: NDArray[np.uint8],
    place: tuple[int, int, int, int],
    min_score: float,
) -> Detections:
    """What the detector says of one part of the picture, not yet merged."""
    x0, y0, x1, y1 = place
    square, scale, offset = letterbox(bgr[y0:y1, x0:x1])
    rows, logits = networks.detect(square)
    found = decode(rows, logits, min_score=min_score)
    origin = np.array([x0, y0], np.float32)
    points = (found.points - offset) / scale + origin
    corners = (found.boxes.reshape(-1, 2, 2) - offset) / scale + origin
    return Detections(found.scores, corners.reshape(-1, 4), points)


def letterbox(
    bgr: NDArray[np.uint8],
) -> tuple[NDArray[np.uint8], float, NDArray[np.float32]]:
    """The picture fitted into the detector's square.

    Returns
    -------
    square : ndarray of uint8, shape (224, 224, 3)
        The picture in the middle with its aspect kept, the rest black.
    scale : float
        Pixels of the square per pixel of the picture.
    offset : ndarray of float32, shape (2,)
        Where the picture's corner lies in the square: x, y.
    """
    height, width = bgr.shape[:2]
    scale = DETECTOR_SIDE_PX / max(width, height)
    offset = (DETECTOR_SIDE_PX - np.array([width, height]) * scale) / 2
    matrix = np.array([[scale, 0.0, offset[0]], [0.0, scale, offset[1]]])
    square = cv2.warpAffine(bgr, matrix, (DETECTOR_SIDE_PX, DETECTOR_SIDE_PX))
    return square.astype(np.uint8, copy=False), scale, offset.astype(np.float32)


def decode(
    rows: NDArray[np.float32], logits: NDArray[np.float32], *, min_score: float
) -> Detections:
    """The rows whose score reaches `min_score`, in pixels of the detector's square.

    Parameters
    ----------
    rows : ndarray of float32, shape (2254, 12)
    logits : ndarray of float32, shape (2254,)
    min_score : float
        Between 0 and 1.
    """
    scores = 1 / (1 + np.exp(-np.clip(logits, -80, 80)))
    kept = np.flatnonzero(scores >= min_score)
    kept = kept[np.argsort(-scores[kept], kind="stable")]
    centres = anchor_centres()[kept] * DETECTOR_SIDE_PX
    middles, sizes = rows[kept, :2] + centres, rows[kept, 2:4]
    boxes = np.concatenate([middles - sizes / 2, middles + sizes / 2], axis=1)
    points = rows[kept, 4:].reshape(-1, 4, 2) + centres[:, np.newaxis]
    return Detections(scores[kept].astype(np.float32), boxes, points)


def joined(parts: Sequence[Detections]) -> Detections:
    """All detections of several looks at one picture, best first."""
    scores = np.concatenate([p.scores for p in parts])
    order = np.argsort(-scores, kind="stable")
    boxes = np.concatenate([p.boxes for p in parts])[order]
    points = np.concatenate([p.points for p in parts])[order]
    return Detections(scores[order], boxes, points)


def merge_heads(found: Detections) -> Detections:
    """One detection for each head: weighted non-maximum suppression.

    Parameters
    ----------
    found : Detections
        Best first.

    Returns
    -------
    Detections
        Boxes that overlap the best one are averaged with their scores as weights, and so are
        their points; the score is the best one's. Best first.

    References
    ----------
    Bazarevsky et al., "BlazeFace", 2019, section 4 (blending instead of suppression: the
    points tremble less from frame to frame).
    """
    left = np.arange(len(found.scores))
    scores, boxes, points = [], [], []
    while left.size:
        same = _overlaps(found.boxes[left[0]], found.boxes[left]) > SAME_HEAD
        same[0] = True  # also a box without area
        group, left = left[same], left[~same]
        weights = found.scores[group] / found.scores[group].sum()
        scores.append(found.scores[group[0]])
        boxes.append(np.tensordot(weights, found.boxes[group], axes=1))
        points.append(np.tensordot(weights, found.points[group], axes=1))
    return Detections(
        np.array(scores, np.float32),
        np.array(boxes, np.float32).reshape(-1, 4),
        np.array(points, np.float32).reshape(-1, 4, 2),
    )


def _overlaps(box: NDArray[np.float32], boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intersection over union of one box with each of `boxes`."""
    corner = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    shared = np.prod(np.clip(corner, 0, None), axis=1)
    areas = np.prod(np.clip(boxes[:, 2:] - boxes[:, :2], 0, None), axis=1)
    own = np.prod(np.clip(box[2:] - box[:2], 0, None))
    ratio: NDArray[np.float32] = shared / np.maximum(areas + own - shared, 1e-9)
    return ratio
