"""Rendered people from any side: how near crops come to the road's own clips, and what they cost.

    python benchmarks/crops.py [--scenes 100] [--frontend absdiff] [--sheet crops.png]

A hundred side views, which is all that a scene's renderer can do, are led along the whole road,
and the middle clip of each is made once more as a crop: in the road's own square, and in the
square that the crop finds for itself. Of front-ends that need a network to see anybody (pose),
only the cost is told.

`--sheet` writes a picture: for each scene the road's maps above the crop's, and below them people
from any side as training sees them.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.clip import MotionClip
from motionapp.core.event import UNKNOWN
from motionapp.core.representation import Representation
from motionapp.frontends import registry
from motionapp.scenes.crop_render import CropRenderer, CropStage
from motionapp.scenes.people.actions import ACTIONS
from motionapp.training.crop_clips import CROPPED, CropCutter
from motionapp.training.crop_likeness import Pair, pair_of
from motionapp.training.crop_views import CropOrder
from motionapp.training.rendered_scenes import training_clip

Picture = NDArray[Any]

LABELS = (*ACTIONS, UNKNOWN)
FIRST_PERSON = 500_000
"""Training with small seeds renders others."""
BAR_LIKENESS = 0.9
"""Of the median."""
TIMED = 66
TRIES = 3
SHOWN = 14
TILE_PX = 96


def main() -> int:
    """Print the figures; 1 where crops are less like the road's clips than they should be."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scenes", type=int, default=100)
    parser.add_argument("--frontend", choices=CROPPED, default="absdiff")
    parser.add_argument("--sheet", type=Path)
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    shape = registry.representation(chosen.frontend)
    pairs = [] if chosen.frontend == "pose" else pairs_of(chosen.scenes, shape)
    figures = print_likeness(pairs)
    print_cost(shape)
    if chosen.sheet is not None:
        cv2.imwrite(str(chosen.sheet), sheet_of(pairs, shape))
    return 1 if figures and figures < BAR_LIKENESS else 0


def pairs_of(scenes: int, shape: Representation) -> list[tuple[str, Pair]]:
    """A movement and its pair for each scene in which the road cuts a clip."""
    pairs = []
    for number in range(scenes):
        action = list(ACTIONS)[number % len(ACTIONS)]
        scene = training_clip(action, FIRST_PERSON + number // len(ACTIONS), number)
        pair = pair_of(replace(scene, disturbances=()), shape)
        if pair is not None:
            pairs.append((action, pair))
    return pairs


def print_likeness(pairs: list[tuple[str, Pair]]) -> float:
    """A row for each movement and one for all; gives the median correlation."""
    if not pairs:
        return 0.0
    print(
        f"{'':8} {'scenes':>6} {'correlation':>11} {'(tenth)':>8} {'energy':>7} {'square IoU':>10}"
    )
    for name in (*ACTIONS, "all"):
        some = [pair for action, pair in pairs if name in (action, "all")]
        if some:
            alike = np.array([pair.likeness for pair in some])
            energy = np.median([pair.energy for pair in some])
            overlap = np.median([pair.overlap for pair in some])
            print(
                f"{name:8} {len(some):6} {np.median(alike):11.3f} "
                f"{np.quantile(alike, 0.1):8.3f} {energy:7.3f} {overlap:10.2f}"
            )
    return float(np.median([pair.likeness for _, pair in pairs]))


def print_cost(shape: Representation) -> None:
    """CPU time of a clip, the least of several tries, for this length and twice as long."""
    crops = [
        CropOrder(LABELS[number % len(LABELS)], FIRST_PERSON + number, number).crop()
        for number in range(TIMED)
    ]
    for steps in (shape.steps, 2 * shape.steps):
        cutter = CropCutter(replace(shape, steps=steps))
        least = np.full(len(crops), np.inf)
        for _ in range(TRIES):
            for number, crop in enumerate(crops):
                began_s = time.process_time()
                cutter.clip(crop)
                least[number] = min(least[number], time.process_time() - began_s)
        print(
            f"{steps * shape.grid_s:.2f} s: {1e3 * least.mean():.1f} ms a clip "
            f"(median {1e3 * np.median(least):.1f})"
        )


def sheet_of(pairs: list[tuple[str, Pair]], shape: Representation) -> Picture:
    """Pairs two beside each other, and people from any side below them."""
    rows = [
        np.vstack([strip(clip, shape) for clip in (pair.road, pair.crop, pair.framed)])
        for _, pair in pairs[:SHOWN]
    ]
    cutter = CropCutter(shape)
    for number in range(4 * len(LABELS)):
        crop = CropOrder(LABELS[number % len(LABELS)], FIRST_PERSON + number, number).crop()
        clip = cutter.clip(crop)
        if clip is not None:
            region = clip.box.clipped(crop.size)
            grey = cv2.resize(CropRenderer(CropStage(crop), region).luma(0.0), (TILE_PX, TILE_PX))
            rows.append(np.hstack([grey, strip(clip, shape)[:, : 5 * TILE_PX]]))
    width = max(row.shape[1] for row in rows)
    padded = [np.pad(row, ((0, 4), (0, width - row.shape[1]))) for row in rows]
    half = (len(padded) + 1) // 2
    sides = [np.vstack(padded[:half]), np.vstack(padded[half:])]
    height = max(side.shape[0] for side in sides)
    return np.hstack([np.pad(side, ((0, height - side.shape[0]), (0, 4))) for side in sides])


def strip(clip: MotionClip, shape: Representation) -> Picture:
    """A clip's maps beside each other; of flow, how fast it is."""
    side = shape.side_px
    maps = np.linalg.norm(clip.maps.reshape(shape.steps, shape.planes, side, side), axis=1)
    grey = [np.clip(255 * one, 0, 255).astype(np.uint8) for one in maps]
    return np.hstack([cv2.resize(one, (TILE_PX, TILE_PX)) for one in grey])


if __name__ == "__main__":
    raise SystemExit(main())
