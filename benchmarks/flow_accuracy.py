"""How exact the flow between two pictures is where the truth is known, and what it costs.

    python benchmarks/flow_accuracy.py ../shared/data/middlebury [--preset best]

Each scene of the folder goes through `motionapp flow`, as anybody would call it, at full size. The
mean distance from the true displacement, over the pixels where it is known, and the share of those
more than a pixel off; beside it the processor time of the search alone, next to OpenCV's own preset
of that kind on the same pictures.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.cli import main as motionapp
from motionapp.files.flo import flo_field
from motionapp.frontends.flow.dense import PICTURES, DenseFlow
from motionapp.settings.frontends import FLOW_PRESETS, FlowPreset

BARS_PX: dict[str, float] = {"best": 0.32, "fast": 0.70}
BARE = {
    "fast": cv2.DISOPTICAL_FLOW_PRESET_FAST,
    "best": cv2.DISOPTICAL_FLOW_PRESET_MEDIUM,
    "ultrafast": cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST,
}
"""OpenCV's own preset that is nearest."""
UNKNOWN_PX = 1e9
"""Components above this mean that the true flow is not known there."""
ROUNDS = 7
"""Of timing, in turns, of which the quickest counts."""


@dataclass(frozen=True, slots=True)
class Score:
    """How far a field is from the truth."""

    error_px: float
    off_share: float
    """Of the known pixels, those more than a pixel off."""

    @classmethod
    def of(cls, found: NDArray[np.float32], truth: NDArray[np.float32]) -> Score:
        """Over the pixels where the truth is known."""
        known = np.abs(truth).max(-1) < UNKNOWN_PX
        apart = np.linalg.norm(found - truth, axis=-1)[known]
        return cls(float(apart.mean()), float((apart > 1).mean()))


def scenes(folder: Path) -> Iterator[tuple[str, Path, Path, NDArray[np.float32]]]:
    """Name, both pictures and the true flow of each scene."""
    for scene in sorted(path for path in folder.iterdir() if path.is_dir()):
        with zipfile.ZipFile(scene / "flow10.flo.zip") as files:
            truth = flo_field(files.read(files.namelist()[0]))
        yield scene.name, scene / "frame10.png", scene / "frame11.png", truth


def through_the_program(then: Path, now: Path, preset: str) -> NDArray[np.float32]:
    """The flow that `motionapp flow` writes."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "found.flo"
        if motionapp(["flow", str(then), str(now), "--preset", preset, "--out", str(out)]):
            raise SystemExit(f"motionapp flow failed on {then}")
        return flo_field(out.read_bytes())


def milliseconds(calls: list[Callable[[], object]]) -> list[float]:
    """Processor time of each call, measured in turns so that all see the same load."""
    least = [float("inf")] * len(calls)
    for _ in range(ROUNDS):
        for k, call in enumerate(calls):
            began = time.process_time()
            call()
            least[k] = min(least[k], 1000 * (time.process_time() - began))
    return least


def measure(folder: Path, preset: FlowPreset) -> None:
    """Print a line a scene, and the means."""
    dense, bare = DenseFlow(PICTURES[preset]), cv2.DISOpticalFlow.create(BARE[preset])
    scores, ours, theirs = [], [], []
    for name, earlier, later, truth in scenes(folder):
        score = Score.of(through_the_program(earlier, later, preset), truth)
        then, now = (
            np.asarray(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE), np.uint8)
            for path in (earlier, later)
        )
        spent = milliseconds(
            [
                lambda then=then, now=now: dense.displacement(then, now),
                lambda then=then, now=now: bare.calc(then, now, None),
            ]
        )
        scores.append(score)
        ours.append(spent[0])
        theirs.append(spent[1])
        print(
            f"{name:14} {score.error_px:.3f} px, {100 * score.off_share:4.1f} % off by more than 1"
        )
    mean_px = np.mean([score.error_px for score in scores])
    off = 100 * np.mean([score.off_share for score in scores])
    bar = f" (bar: {BARS_PX[preset]} px)" if preset in BARS_PX else ""
    print(f"{preset:14} {mean_px:.3f} px{bar}, {off:4.1f} % off by more than 1")
    print(
        f"{'':14} {np.mean(ours):.1f} ms of CPU a pair, {sum(ours) / sum(theirs):.2f} times "
        "OpenCV's own preset"
    )


def main() -> None:
    """Measure one preset, or all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--preset", choices=FLOW_PRESETS)
    options = parser.parse_args()
    for preset in (options.preset,) if options.preset else FLOW_PRESETS:
        measure(options.folder, preset)


if __name__ == "__main__":
    main()
