"""Rain, leaves, clouds' shadows, flicker and lamps with drawn parameters: no rule was made on them.

    python benchmarks/weather.py --seed 1 [--scenes 40] [--jobs 2] [--json FILE] [--kinds rain lamp]
    python benchmarks/weather.py --seed 1 --only leaves:17 --pictures FOLDER

Of each kind so many scenes are drawn, each rendered without and with its walker. Right is what
`scenes.py` calls right: no event without a walker; with one, an event that meets the walk by at
least half (intersection over union in time), and none beside. The same seed gives the same
scenes and outcomes, whatever the number of jobs; `--only` shows a miss again. The JSON file holds
every scene's parameters and outcome. `outdoor.py` scores real recordings. Ends with 1 below 95 %.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
import multiprocessing
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from scenes import Run, run_scene

from motionapp.scenes.drawn import DRAWN_KINDS, DrawnScene, drawn_scene
from motionapp.scenes.render import Renderer
from motionapp.settings import AnalysisSettings
from motionapp.sources.synthetic import Sampling

BAR = 0.95
PICTURES = 6
"""Pictures of a scene on its sheet."""


@dataclasses.dataclass(frozen=True, slots=True)
class Task:
    """Which scene is looked at; `size` and `duration_s` only make it small for tests."""

    kind: str
    number: int
    seed: int
    person: bool
    size: tuple[int, int] | None = None
    duration_s: float | None = None

    def draw(self) -> DrawnScene:
        """The scene."""
        return drawn_scene(
            self.kind, self.number, seed=self.seed, person=self.person,
            size=self.size, duration_s=self.duration_s,
        )  # fmt: skip


def fault_of(run: Run) -> str:
    """What is wrong with a run, in a word; empty if nothing is."""
    if run.is_right:
        return ""
    if run.walk is None:
        return "nobody"  # an event, though nobody walks
    if run.beside == len(run.events):
        return "lost"  # no event touches the walk
    return "beside" if run.beside else "cut"


def look(task: Task) -> dict[str, Any]:
    """Render and analyse one scene: its parameters and its outcome."""
    cv2.setNumThreads(1)
    drawn = task.draw()
    sampling = Sampling(drawn.rate_hz)
    run = run_scene(drawn.scene, task.seed, {"": AnalysisSettings()}, sampling=sampling)[""]
    return {
        "kind": task.kind,
        "number": task.number,
        "person": task.person,
        "fault": fault_of(run),
        "iou": round(run.iou, 3),
        "walk": None if run.walk is None else [run.walk.start_s, run.walk.end_s],
        "events": [
            {"start_s": round(e.start_s, 3), "end_s": round(e.end_s, 3), "box": list(e.box)}
            for e in run.events
        ],
        "parameters": parameters(drawn),
    }


def parameters(drawn: DrawnScene) -> dict[str, Any]:
    """What was drawn, as JSON."""
    scene = drawn.scene
    found: dict[str, Any] = {
        "size": list(scene.size),
        "rate_hz": drawn.rate_hz,
        "duration_s": scene.duration_s,
        "seed": scene.seed,
        "tilt_deg": scene.tilt_deg,
    }
    for name in ("backdrop", "light", "sensor"):
        found[name] = _finite(dataclasses.asdict(getattr(scene, name)))
    found["disturbances"] = [
        {"kind": type(one).__name__, **dataclasses.asdict(one)}  # type: ignore[call-overload]
        for one in scene.disturbances
    ]
    for figure in scene.figures:
        cue = figure.cues[0]
        found["walker"] = {
            "height": figure.stature_px / scene.size[1],
            "foot": [figure.foot_px[0] / scene.size[0], figure.foot_px[1] / scene.size[1]],
            "heading_deg": cue.performance.heading_deg,
            "statures_s": cue.performance.speed,
            "start_s": cue.start_s,
            "end_s": cue.end_s,
        }
    return found


def _finite(values: dict[str, Any]) -> dict[str, Any]:
    return {k: None if v in (math.inf, -math.inf) else v for k, v in values.items()}


def look_at_all(tasks: Sequence[Task], jobs: int) -> Iterator[dict[str, Any]]:
    """The outcomes in the order of the tasks."""
    if jobs == 1:
        yield from map(look, tasks)
        return
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        yield from pool.imap(look, tasks)


def tasks_of(seed: int, scenes: int, kinds: Sequence[str], only: Sequence[str]) -> list[Task]:
    """Every scene without and with its walker; `only` names kinds and numbers."""
    chosen = [(kind, number) for kind in kinds for number in range(scenes)]
    if only:
        chosen = [(kind, int(number)) for kind, _, number in (one.partition(":") for one in only)]
    return [Task(kind, number, seed, person) for kind, number in chosen for person in (False, True)]


def table(results: Sequence[dict[str, Any]]) -> str:
    """A row a kind: how many are right without and with a walker, and what is wrong."""
    faults = ("nobody", "lost", "cut", "beside")
    lines = [
        "| kind | right | without | with | event of nobody | walk lost | walk cut | beside |",
        "|---" * 8 + "|",
    ]
    for kind in [*dict.fromkeys(one["kind"] for one in results), "all"]:
        own = [one for one in results if kind in (one["kind"], "all")]
        right = [one for one in own if not one["fault"]]
        cells = [f"{100 * len(right) / len(own):.1f} %"]
        for person in (False, True):
            of = sum(one["person"] == person for one in own)
            cells.append(f"{sum(one['person'] == person for one in right)} of {of}")
        cells += [str(sum(one["fault"] == fault for one in own)) for fault in faults]
        lines.append(f"| {kind} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def line_of(one: dict[str, Any]) -> str:
    """One outcome for the eye."""
    name = f"{one['kind']}:{one['number']}" + ("+person" if one["person"] else "")
    walk = "" if one["walk"] is None else "walk {:.1f}-{:.1f} s, ".format(*one["walk"])
    found = ", ".join(f"{e['start_s']:.1f}-{e['end_s']:.1f} s {e['box']}" for e in one["events"])
    return f"{name}: {one['fault'] or 'right'}; {walk}events: {found or 'none'}"


def draw_sheet(task: Task, folder: Path) -> Path:
    """Write a few pictures of a scene side by side."""
    scene = task.draw().scene
    renderer = Renderer(scene)
    times = np.linspace(0.1, 0.95, PICTURES) * scene.duration_s
    pictures = [cv2.resize(renderer.render(float(t)), (480, 270)) for t in times]
    rows = [np.hstack(pictures[k : k + 3]) for k in range(0, PICTURES, 3)]
    path = folder / f"{task.seed}-{scene.name.replace(':', '-')}.png"
    cv2.imwrite(str(path), np.vstack(rows))
    return path


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--scenes", type=int, default=40, help="of each kind")
    parser.add_argument("--kinds", nargs="+", choices=DRAWN_KINDS, default=DRAWN_KINDS)
    parser.add_argument("--only", nargs="+", default=[], metavar="KIND:NUMBER")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="draw, do not analyse")
    options = parser.parse_args()
    for one in options.only:
        kind, _, number = one.partition(":")
        if kind not in DRAWN_KINDS or not number.isdecimal():
            parser.error(f"--only {one}: say KIND:NUMBER with one of {', '.join(DRAWN_KINDS)}")
    if options.scenes < 1 or options.jobs < 1 or options.seed < 0:
        parser.error("--scenes and --jobs are at least 1, --seed at least 0")
    return options


def main() -> int:
    """Print the table; 1 if fewer than 95 % are right."""
    options = _options()
    tasks = tasks_of(options.seed, options.scenes, options.kinds, options.only)
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
        for task in tasks:
            print(draw_sheet(task, options.pictures))
        return 0
    results: list[dict[str, Any]] = []
    began_s = time.monotonic()
    for one in look_at_all(tasks, options.jobs):
        results.append(one)
        if one["fault"] or options.only:
            print(line_of(one), flush=True)
        if len(results) % 10 == 0 or len(results) == len(tasks):
            print(f"{len(results)} of {len(tasks)}, {time.monotonic() - began_s:.0f} s",
                  file=sys.stderr, flush=True)  # fmt: skip
    print("\n" + table(results))
    if options.json:
        document = {"seed": options.seed, "scenes": options.scenes, "results": results}
        options.json.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    right = sum(not one["fault"] for one in results) / len(results)
    print(f"\n{100 * right:.1f} % of {len(results)} are right; the bar is {100 * BAR:.0f} %")
    return 0 if right >= BAR else 1


if __name__ == "__main__":
    raise SystemExit(main())
