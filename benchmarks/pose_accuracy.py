"""How well `motionapp pose` sees people, against COCO key points.

    motionapp pose DATA_POSE_DIR/images/*.jpg --json FOUND
    python benchmarks/pose_accuracy.py DATA_POSE_DIR --pictures FOUND [--json FILE]

Definitions. People: no crowd, at least 5 labelled points, box taller than 100 pixels. Poses are
matched to people one to one, best OKS first, OKS >= 0.1. PCK: share of the visible points within
0.2 of the torso; points of people without a pose count as wrong. Recall: share of people with
OKS >= 0.5. `largest`: the largest person of each picture; `alone`: pictures with one person.

Bars: PCK >= 78 and recall >= 73 on all people, and none on the empty pictures. Exit 1 below them.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # what is printed as JSON

import numpy as np
from numpy.typing import NDArray

PICTURE_BARS = (78.0, 73.0)
"""PCK and recall of `motionapp pose`."""

# COCO's own spread of annotators for each point (cocoeval.py).
_SIGMAS = np.array(
    [26, 25, 25, 35, 35, 79, 79, 72, 72, 62, 62, 107, 107, 87, 87, 89, 89], np.float64
)
SIGMAS = _SIGMAS / 1000
LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_HIP, RIGHT_HIP = 5, 6, 11, 12


Look = Callable[[Path], list[NDArray[np.float64]]]
"""The poses in a picture, each (17, 2) in COCO's order."""


@dataclass(frozen=True, slots=True, eq=False)
class Human:
    """One annotated person."""

    points: NDArray[np.float64]
    """Shape (17, 3): x, y, and 0 not labelled, 1 hidden, 2 visible."""
    area: float
    box_area: float

    @property
    def torso_px(self) -> float:
        """The length that PCK is measured by."""
        for pairs in (
            ((LEFT_SHOULDER, RIGHT_HIP), (RIGHT_SHOULDER, LEFT_HIP)),
            ((LEFT_SHOULDER, LEFT_HIP), (RIGHT_SHOULDER, RIGHT_HIP)),
        ):
            lengths = [
                float(np.linalg.norm(self.points[a, :2] - self.points[b, :2]))
                for a, b in pairs
                if self.points[a, 2] > 0 and self.points[b, 2] > 0
            ]
            if lengths:
                return max(lengths)
        return 0.55 * math.sqrt(self.box_area)


@dataclass(frozen=True, slots=True)
class Score:
    """One person's part of the result."""

    right: int
    visible: int
    oks: float


def humans_of(annotations: Iterable[dict[str, object]]) -> list[Human]:
    """The people of one picture that are counted."""
    humans = []
    for entry in annotations:
        points = np.array(entry["keypoints"], np.float64).reshape(17, 3)
        box = np.array(entry["bbox"], np.float64)
        if not entry["iscrowd"] and (points[:, 2] > 0).sum() >= 5 and box[3] > 100:
            area = float(np.array(entry["area"]))
            humans.append(Human(points, area, float(box[2] * box[3])))
    return humans


def oks(human: Human, pose: NDArray[np.float64]) -> float:
    """Object key-point similarity over the labelled points."""
    labelled = human.points[:, 2] > 0
    squares = ((human.points[:, :2] - pose) ** 2).sum(axis=1)
    exponents = squares / (2 * human.area * (2 * SIGMAS) ** 2)
    return float(np.exp(-exponents)[labelled].mean())


def scores_of(humans: Sequence[Human], points: Sequence[NDArray[np.float64]]) -> list[Score]:
    """Match poses, each (17, 2) in COCO's order, to people and count the points that are right."""
    table = np.array([[oks(h, p) for p in points] for h in humans]).reshape(len(humans), -1)
    matches: dict[int, tuple[int, float]] = {}
    while table.size and table.max() >= 0.1:
        who, which = divmod(int(table.argmax()), table.shape[1])
        matches[who] = (which, float(table[who, which]))
        table[who, :] = -1
        table[:, which] = -1
    scores = []
    for index, human in enumerate(humans):
        visible = human.points[:, 2] == 2
        if index not in matches:
            scores.append(Score(0, int(visible.sum()), 0.0))
            continue
        match, similarity = matches[index]
        distances = np.linalg.norm(human.points[:, :2] - points[match], axis=1)
        right = int((distances[visible] <= 0.2 * human.torso_px).sum())
        scores.append(Score(right, int(visible.sum()), similarity))
    return scores


def summary(scores: Sequence[Score]) -> dict[str, float]:
    """PCK and recall in percent."""
    visible = sum(s.visible for s in scores)
    return {
        "people": len(scores),
        "pck": round(100 * sum(s.right for s in scores) / max(visible, 1), 1),
        "recall": round(100 * sum(s.oks >= 0.5 for s in scores) / max(len(scores), 1), 1),
    }


def found_in(document: dict[str, Any]) -> Look:
    """What `motionapp pose --json` found."""
    people = {Path(image["path"]).name: image["people"] for image in document["images"]}

    def look(path: Path) -> list[NDArray[np.float64]]:
        return [np.array(p["keypoints"], np.float64)[:, :2] for p in people[path.name]]

    return look


def rate_pictures(folder: Path, look: Look) -> dict[str, Any]:
    """PCK, recall and false poses on the photographs."""
    document = json.loads((folder / "annotations.json").read_text())
    everybody: list[Score] = []
    largest: list[Score] = []
    alone: list[Score] = []
    empty = false = surplus = 0
    for image in document["images"]:
        entries = [a for a in document["annotations"] if a["image_id"] == image["id"]]
        points = look(folder / "images" / image["file_name"])
        if not entries:
            empty += 1
            false += bool(points)
        humans = humans_of(entries)
        if not humans:
            continue
        scores = scores_of(humans, points)
        surplus += max(0, len(points) - len(entries))
        everybody += scores
        largest.append(scores[max(range(len(humans)), key=lambda i: humans[i].box_area)])
        if len(humans) == 1:
            alone += scores
    return {
        "all": summary(everybody),
        "largest": summary(largest),
        "alone": summary(alone),
        "pictures_without_people": empty,
        "of_these_with_a_pose": false,
        "more_poses_than_people": surplus,
    }


def main() -> int:
    """Measure, print, and compare with the bars."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pictures", type=Path, metavar="FOUND", required=True)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    look = found_in(json.loads(options.pictures.read_text()))
    result = {"pictures": rate_pictures(options.folder, look)}
    is_met = meets_picture_bars(result["pictures"])
    text = json.dumps(result, indent=2)
    print(text)
    if options.json:
        options.json.write_text(text + "\n")
    print("bars met" if is_met else "below the bars")
    return 0 if is_met else 1


def meets_picture_bars(pictures: dict[str, Any]) -> bool:
    """Whether `motionapp pose` sees people well enough, and nobody where nobody is."""
    pck, recall = PICTURE_BARS
    everybody = pictures["all"]
    is_right = everybody["pck"] >= pck and everybody["recall"] >= recall
    return is_right and not pictures["of_these_with_a_pose"]


if __name__ == "__main__":
    sys.exit(main())
