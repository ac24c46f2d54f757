"""What must not be taken for somebody: rain, leaves, light, clocks; alone, and with a walker.

    python benchmarks/scenes.py [--seeds 3] [--only rain lamp] [--presets outdoor] [--write]

Every disturbance is rendered without and with a walker. Without there must be no event; with, one
event must meet the walk by at least half (intersection over union in time), and none lie beside.
Ends with 1 where the defaults miss that; presets are shown for comparison. Movements are not
named, which changes no event.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from motionapp.analysis import Analysis
from motionapp.assembly import load_models
from motionapp.batch.truth import LEAST_IOU, Stretch
from motionapp.core.event import Event
from motionapp.core.models import Models
from motionapp.scenes.disturbed import (
    DISTURBANCES,
    DISTURBED_SEED,
    DURATION_S,
    disturbed_scene,
)
from motionapp.scenes.scene import Scene
from motionapp.scenes.truth import events as true_events
from motionapp.settings import AnalysisSettings, load_settings
from motionapp.settings.presets import PRESETS
from motionapp.sources.synthetic import Sampling, SyntheticSource

PAGE = Path(__file__).resolve().parent.parent / "docs" / "scenes.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
DEFAULTS = "defaults"


@dataclass(frozen=True, slots=True)
class Run:
    """What one run over one scene gave; `walk` is None where nobody walks."""

    scene: str
    seed: int
    size: tuple[int, int]
    walk: Stretch | None
    events: tuple[Event, ...]

    @property
    def iou(self) -> float:
        """How well the best event meets the walk in time."""
        if self.walk is None:
            return 0.0
        return max((self.walk.iou(_stretch(event)) for event in self.events), default=0.0)

    @property
    def beside(self) -> int:
        """Events that do not touch the walk."""
        if self.walk is None:
            return len(self.events)
        return sum(self.walk.iou(_stretch(event)) == 0.0 for event in self.events)

    @property
    def is_right(self) -> bool:
        """Nothing where nothing is, and the walk where somebody walks."""
        return self.beside == 0 and (self.walk is None or self.iou >= LEAST_IOU)


def run_scene(
    scene: Scene, seed: int, settings: Mapping[str, AnalysisSettings], *,
    sampling: Sampling | None = None,
) -> dict[str, Run]:  # fmt: skip
    """One rendering, analysed with each of the settings, people looked for, nothing named."""
    source = SyntheticSource(scene, sampling=sampling)
    roads = {name: Analysis(chosen, models_of(chosen)) for name, chosen in settings.items()}
    found: dict[str, list[Event]] = {name: [] for name in settings}
    for frame in source.frames():
        for name, road in roads.items():
            found[name] += road.step(frame).closed
    for name, road in roads.items():
        found[name] += road.finish().closed
    walks = [Stretch(label, start_s, end_s) for start_s, end_s, label in true_events(scene)]
    walk = walks[0] if walks else None
    return {
        name: Run(scene.name, seed, scene.size, walk, tuple(events))
        for name, events in found.items()
    }


def models_of(settings: AnalysisSettings) -> Models:
    """What a run has that names no movements: naming changes no event, knowing people does."""
    unnamed = settings.recognition.model_copy(update={"classifier": "none"})
    return load_models(settings.model_copy(update={"recognition": unnamed}))


def run_all(
    names: Sequence[str], seeds: Sequence[int], settings: Mapping[str, AnalysisSettings],
    *, size: tuple[int, int] = (640, 360), duration_s: float = DURATION_S,
) -> dict[str, list[Run]]:  # fmt: skip
    """Every scene with every seed, without and with a walker: runs by the settings' name."""
    runs: dict[str, list[Run]] = {name: [] for name in settings}
    for name in names:
        for seed in seeds:
            for person in (False, True):
                scene = disturbed_scene(
                    name, person=person, seed=seed, size=size, duration_s=duration_s
                )
                for key, run in run_scene(scene, seed, settings).items():
                    runs[key].append(run)
                    for line in complaints(key, run):
                        print(line, file=sys.stderr, flush=True)
    return runs


def complaints(settings: str, run: Run) -> Iterator[str]:
    """What is wrong with a run, with the events that were found; nothing if it is right."""
    if run.is_right:
        return
    walk = "nobody" if run.walk is None else f"walk {run.walk.start_s:.2f}-{run.walk.end_s:.2f} s"
    yield f"{settings}, {run.scene}, seed {run.seed}: {walk}, {len(run.events)} events"
    w, h = run.size
    for event in run.events:
        box = event.box
        share = 100.0 * box.width * box.height / (w * h)
        yield (
            f"    {event.start_s:.2f}-{event.end_s:.2f} s, at its peak ({event.peak_s:.2f} s) "
            f"{box.x0},{box.y0}-{box.x1},{box.y1}, {share:.1f} % of the picture"
        )


def table(runs: Mapping[str, Sequence[Run]]) -> str:
    """A row a disturbance: events without anybody, and walks found, for each of the settings."""
    names = list(dict.fromkeys(run.scene for run in runs[DEFAULTS] if run.walk is None))
    heads = [f"{key}: {what}" for key in runs for what in ("events without", "walks found (IoU)")]
    lines = ["| scene | " + " | ".join(heads) + " |", "|---" * (len(heads) + 1) + "|"]
    for name in names:
        cells = [cell for key in runs for cell in _cells(name, runs[key])]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cells(name: str, runs: Sequence[Run]) -> tuple[str, str]:
    alone = [run for run in runs if run.scene == name]
    walked = [run for run in runs if run.scene != name and run.scene.split("+")[0] == name]
    found = sum(run.iou >= LEAST_IOU for run in walked)
    beside = sum(run.beside for run in walked)
    ious = ", ".join(f"{run.iou:.2f}" for run in walked)
    extra = f", {beside} beside" if beside else ""
    return str(sum(len(run.events) for run in alone)), f"{found} of {len(walked)} ({ious}){extra}"


def _stretch(event: Event) -> Stretch:
    return Stretch(event.label, event.start_s, event.end_s)


def _settings(presets: Sequence[str]) -> dict[str, AnalysisSettings]:
    chosen = {DEFAULTS: load_settings().analysis}
    return chosen | {name: load_settings(preset=name).analysis for name in presets}


def write_page(text: str, page: Path = PAGE) -> None:
    """Put the table between the markers of the page."""
    before, rest = page.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    page.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def main() -> int:
    """Print the table; 1 if the defaults miss the bar."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=DISTURBANCES, default=DISTURBANCES)
    parser.add_argument("--presets", nargs="*", choices=tuple(PRESETS), default=tuple(PRESETS))
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE.name}")
    options = parser.parse_args()
    seeds = range(DISTURBED_SEED, DISTURBED_SEED + options.seeds)
    runs = run_all(options.only, seeds, _settings(options.presets))
    print(table(runs))
    if options.write:
        write_page(table(runs))
    missed = sum(not run.is_right for run in runs[DEFAULTS])
    print(f"\n{missed} of {len(runs[DEFAULTS])} runs with the defaults miss the bar")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
