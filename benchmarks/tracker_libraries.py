"""Our tracking beside ready-made trackers: who keeps the ids in crossings, and at what cost.

    pip install trackers motpy
    python benchmarks/tracker_libraries.py [--crossings 20]

All get the regions that absdiff finds in rendered crossings of two people (see crossings.py).
Use an environment of its own: trackers brings opencv-python, which the headless wheel that
motionapp needs cannot stand beside.
"""

from __future__ import annotations

import argparse
import importlib
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from crossings import FIRST_SEED, Meeting, Sighting, scene

from motionapp.core.geometry import Box
from motionapp.core.motion import Motion
from motionapp.settings.tree import TrackingSettings

Step = Callable[[Motion, float], Sequence[Sighting]]
"""Takes in one frame and its time, and gives the tracks that are seen and confirmed."""

RATE_HZ = 25.0
"""Of the rendered scenes; the libraries count in frames."""

COAST_FRAMES = 25
"""As long as ours waits for a track without a region."""


def ours() -> Step:
    """The tracker of this project, with the bodies that the others do not look for."""
    from motionapp.tracking import RegionTracker

    tracker = RegionTracker(TrackingSettings())

    def step(motion: Motion, pts_s: float) -> Sequence[Sighting]:
        tracks = tracker.step(motion.regions, pts_s).tracks
        return [(t.track_id, t.box) for t in tracks if t.is_seen and t.is_confirmed]

    return step


def of_trackers(name: str, **options: float) -> Callable[[], Step]:
    """One of Roboflow's trackers."""

    def make() -> Step:
        sv: Any = importlib.import_module("supervision")
        kind = getattr(importlib.import_module("trackers"), name)
        tracker = kind(frame_rate=RATE_HZ, lost_track_buffer=COAST_FRAMES, **options)

        def step(motion: Motion, pts_s: float) -> Sequence[Sighting]:
            boxes = np.array([r.box for r in motion.regions], np.float64).reshape(-1, 4)
            sure = np.full(len(boxes), 0.9)
            seen = sv.Detections(xyxy=boxes, confidence=sure, class_id=np.zeros(len(boxes), int))
            found = tracker.update(seen if len(boxes) else sv.Detections.empty())
            pairs = zip(found.tracker_id.tolist(), found.xyxy.tolist(), strict=True)
            return [(number, Box(*box)) for number, box in pairs if number != -1]

        return step

    return make


def motpy() -> Step:
    """motpy's tracker as it comes, asked for tracks that were seen just now five times."""
    library: Any = importlib.import_module("motpy")
    tracker = library.MultiObjectTracker(dt=1 / RATE_HZ)
    numbers: dict[str, int] = {}

    def step(motion: Motion, pts_s: float) -> Sequence[Sighting]:
        boxes = [np.array(r.box, np.float64) for r in motion.regions]
        tracker.step([library.Detection(box=box, score=0.9) for box in boxes])
        tracks = tracker.active_tracks(max_staleness=0, min_steps_alive=5)
        return [(numbers.setdefault(t.id, len(numbers)), Box(*t.box.tolist())) for t in tracks]

    return step


CANDIDATES: dict[str, Callable[[], Step]] = {
    "ours": ours,
    "motpy": motpy,
    "trackers: OC-SORT": of_trackers("OCSORTTracker"),
    "trackers: OC-SORT, IoU 0.1": of_trackers("OCSORTTracker", minimum_iou_threshold=0.1),
    "trackers: SORT": of_trackers("SORTTracker"),
    "trackers: ByteTrack": of_trackers("ByteTrackTracker"),
}


def regions(seed: int) -> list[tuple[Motion, float, list[Box] | None]]:
    """What absdiff sees in one crossing, at what time, and the true boxes; no pictures."""
    found: list[tuple[Motion, float, list[Box] | None]] = []
    for moment, figures in scene(seed):
        assert moment.frame is not None
        found.append((Motion(regions=moment.motion.regions), moment.frame.pts_s, figures))
    return found


def main() -> None:
    """Print switched and lost ids and the processor time of each tracker."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--crossings", type=int, default=20)
    options = parser.parse_args()
    scenes = [regions(seed) for seed in range(FIRST_SEED, FIRST_SEED + options.crossings)]
    for name, make in CANDIDATES.items():
        outcomes: list[tuple[int, int]] = []
        spent_s = 0.0
        for frames in scenes:
            step, meeting = make(), Meeting()
            for motion, pts_s, figures in frames:
                begun_s = time.thread_time()
                sightings = step(motion, pts_s)
                spent_s += time.thread_time() - begun_s
                if figures is not None:
                    meeting.see(sightings, figures)
            outcomes.append(meeting.outcome())
        switched, lost = (sum(column) for column in zip(*outcomes, strict=True))
        per_frame_ms = 1000 * spent_s / sum(len(frames) for frames in scenes)
        print(
            f"{name:28} {switched} switched, {lost} lost of {2 * len(scenes)}, "
            f"{per_frame_ms:.2f} ms a frame"
        )


if __name__ == "__main__":
    main()
