"""How well it is counted who goes over a line: rendered crossings of two people, by margin.

    python benchmarks/over_lines.py [--scenes 3] [--frontend absdiff] [--people auto]

Each scene has seven upright lines, over which each of the two goes once, and seven level ones, 0.05
to 0.35 of a body above where they go: the truth says who goes over what. Tracks are found once;
margins are tried on what was found. Prints right and wrong counts for the middle of the lower edge
of a box and for its centre, and how far the lower edge is off the feet, as a share of the height.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from motionapp.assembly import load_models, make_analysis
from motionapp.core.geometry import Box
from motionapp.events.crossings import Point, Walker
from motionapp.scenes.named import crossing_scene
from motionapp.scenes.truth import truth
from motionapp.settings import load_settings
from motionapp.sources.synthetic import SyntheticSource

FIRST_SEED = 9_100_000
"""Reserved for tests: training never renders these."""
MARGINS = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3)
Way = list[tuple[float, Box]]


def ways(seed: int, frontend: str, people: str) -> tuple[dict[int, Way], dict[int, Way]]:
    """Where tracks and figures were, frame by frame."""
    source = SyntheticSource(crossing_scene(seed))
    changes = {
        "analysis.recognition.classifier": "none", "analysis.frontend": frontend,
        "analysis.people": people,
    }  # fmt: skip
    settings = load_settings(changes=changes).analysis
    analysis = make_analysis(settings, load_models(settings), source_name=source.info.name)
    tracks: dict[int, Way] = {}
    figures: dict[int, Way] = {}
    sure: set[int] = set()
    for frame in source.frames():
        for figure in truth(source.scene, frame.pts_s).figures:
            if figure.box is not None:
                figures.setdefault(figure.index, []).append((frame.pts_s, Box(*figure.box)))
        for track in analysis.step(frame).tracks:
            if track.is_confirmed:
                sure.add(track.track_id)
            if track.is_seen:
                way = tracks.setdefault(2 * track.track_id + (track.person > 0), [])
                way.append((frame.pts_s, track.box))
    kept = {number: way for number, way in tracks.items() if number // 2 in sure}
    return kept, figures


def lines_of(
    figures: Iterable[Way], size: tuple[int, int], *, is_low: bool
) -> tuple[list[list[Point]], ...]:
    """Seven upright lines, and seven level ones just above where the two go."""
    feet = np.median([point_of(box, is_low=is_low)[1] for way in figures for _, box in way])
    height = np.median([box.height for way in figures for _, box in way])
    upright = [[(size[0] * k / 8, 0.0), (size[0] * k / 8, size[1])] for k in range(1, 8)]
    level = [
        [(0.0, feet + height * k / 20), (size[0], feet + height * k / 20)] for k in range(-7, 0)
    ]
    return upright, level


def point_of(box: Box, *, is_low: bool) -> Point:
    """The middle of the lower edge, or the centre."""
    return (box.x0 + box.x1) / 2, box.y1 if is_low else (box.y0 + box.y1) / 2


def counted(
    found: Iterable[Way], line: Sequence[Point], margin: float, *, is_low: bool
) -> Counter[str]:
    """How many go over a line, by direction."""
    counts: Counter[str] = Counter()
    for way in found:
        walker = Walker(line)
        for now_s, box in way:
            gone = walker.step(now_s, point_of(box, is_low=is_low), margin * box.height)
            if gone is not None:
                counts[gone[0]] += 1
    return counts


def off_feet(found: Iterable[Way], figures: Iterable[Way]) -> list[float]:
    """How far lower edges are from the feet of the figure that a box meets best."""
    at: dict[float, list[Box]] = {}
    for way in figures:
        for now_s, box in way:
            at.setdefault(now_s, []).append(box)
    off = []
    for way in found:
        for now_s, box in way:
            best = max(at.get(now_s, []), key=box.iou, default=None)
            if best is not None and box.iou(best) > 0.2:
                off.append(abs(box.y1 - best.y1) / best.height)
    return off


def main() -> None:
    """Print the sums."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scenes", type=int, default=3)
    parser.add_argument("--frontend", default="absdiff")
    parser.add_argument("--people", default="auto")
    options = parser.parse_args()
    sums: Counter[tuple[bool, float, str]] = Counter()
    off: list[float] = []
    for seed in range(FIRST_SEED, FIRST_SEED + options.scenes):
        tracks, figures = ways(seed, options.frontend, options.people)
        size = crossing_scene(seed).size
        off += off_feet(tracks.values(), figures.values())
        for is_low in (True, False):
            upright, level = lines_of(figures.values(), size, is_low=is_low)
            for margin in MARGINS:
                for kind, lines in (("upright", upright), ("level", level)):
                    for line in lines:
                        true = counted(figures.values(), line, 0.0, is_low=is_low)
                        said = counted(tracks.values(), line, margin, is_low=is_low)
                        if kind == "upright":
                            sums[is_low, margin, "due"] += sum(true.values())
                            sums[is_low, margin, "missed"] += (true - said).total()
                        sums[is_low, margin, f"too many, {kind}"] += (said - true).total()
    for is_low in (True, False):
        print("lower edge" if is_low else "centre")
        for margin in MARGINS:
            row = [f"{key} {sums[is_low, margin, key]:4d}" for key in (
                "due", "missed", "too many, upright", "too many, level")]  # fmt: skip
            print(f"  margin {margin:.2f}: {', '.join(row)}")
    shares = ", ".join(f"{p} %: {np.percentile(off, p):.3f}" for p in (50, 90, 95, 99))
    print(f"lower edge off the feet, of the height: {shares} ({len(off)} boxes)")


if __name__ == "__main__":
    main()
