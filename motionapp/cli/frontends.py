"""`motionapp frontends`: each way of seeing motion, what it is for, and what it costs here."""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from motionapp.cli.printed import add_json

if TYPE_CHECKING:
    from motionapp.core.frame import Frame

WIDTHS = (320, 640, 1280)
"""Of 16:9 pictures."""

THREADS = (1, 2)
"""For OpenCV and the networks."""

BEGIN_S = 2.3
"""Of the demo: somebody has begun to move, and goes on for longer than is timed."""

PRIMING = 12
"""Pictures at 25 per second in which nothing is timed: a front-end begins by learning."""

STAGES = ("gate", "frontend")
"""What is timed; people, tracks, names and events cost the same behind each of them."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one front-end at one width."""

    width: int
    height: int
    threads: int
    ms_per_frame: float

    @property
    def frames_per_s(self) -> float:
        """That many pictures a second it can see."""
        return 1e3 / max(self.ms_per_frame, 1e-6)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add where the table goes, and how long it is timed."""
    add_json(parser, "write the table, too")
    parser.add_argument(
        "--pictures", type=int, default=50, metavar="N", help="time so many of each (default: 50)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Time every front-end on a rendered person who moves, and print a row as each is done."""
    from motionapp.core.errors import SettingsError
    from motionapp.files.atomic import make_place, write_whole
    from motionapp.frontends import registry
    from motionapp.sources.recoded import recoded

    if arguments.pictures < 2:
        raise SettingsError(f"--pictures {arguments.pictures}: at least 2 are needed")
    if arguments.json is not None:
        make_place(arguments.json)
    shown = {width: _pictures(width, arguments.pictures) for width in WIDTHS}
    print("\n".join(header()))
    rows = []
    coded = {width: recoded(frames) for width, frames in shown.items()}
    for name in registry.choices():
        pictures = coded if registry.needs_vectors(name.partition(":")[0]) else shown
        costs = [
            _cost(name, pictures[width], width, threads)
            for width, threads in itertools.product(WIDTHS, THREADS)
        ]
        about = registry.about_choice(name)
        print(row(name, costs, about), flush=True)
        rows.append({"name": name, "about": about, "costs": [entry_of(cost) for cost in costs]})
    print("ms a picture on one and two threads, and the pictures a second that the faster allows")
    if arguments.json is not None:
        write_whole(arguments.json, json.dumps({"schema": 1, "frontends": rows}, indent=1) + "\n")
    return 0


def header() -> list[str]:
    """The first line of the table."""
    return [f"{'front-end':16}" + "".join(f"{f'{width} wide':>22}" for width in WIDTHS) + "  for"]


def row(name: str, costs: Sequence[Cost], about: str) -> str:
    """A front-end's line."""
    cells = []
    for _, at_width in itertools.groupby(costs, key=lambda cost: cost.width):
        own = list(at_width)
        ms = " ".join(f"{cost.ms_per_frame:5.1f}" for cost in own)
        cells.append(f"{ms} {max(cost.frames_per_s for cost in own):6.0f}/s")
    return f"{name:16}" + "".join(f"{cell:>22}" for cell in cells) + f"  {about}"


def entry_of(cost: Cost) -> dict[str, float]:
    """A cost as it stands in the file."""
    return {
        "width": cost.width,
        "height": cost.height,
        "threads": cost.threads,
        "ms_per_frame": round(cost.ms_per_frame, 3),
        "frames_per_s": round(cost.frames_per_s, 1),
    }


def _pictures(width: int, count: int) -> list[Frame]:
    """Pictures of the demo, in memory, so that no decoder is timed."""
    from motionapp.scenes.named import demo_scene
    from motionapp.sources.synthetic import SyntheticSource

    source = SyntheticSource(demo_scene((width, width * 9 // 16)), rate_hz=25)
    return list(itertools.islice(source.frames(BEGIN_S), PRIMING + count))


def _cost(name: str, frames: Sequence[Frame], width: int, threads: int) -> Cost:
    """The median of what it takes for a picture."""
    from motionapp.assembly import make_analysis
    from motionapp.core.models import NO_MODELS
    from motionapp.runtime import apply_threads
    from motionapp.runtime.threads import ThreadPlan
    from motionapp.settings import load_settings

    apply_threads(ThreadPlan(decode=1, opencv=threads, network=threads))
    settings = load_settings(changes={"analysis.frontend": name}).analysis
    analysis = make_analysis(settings, NO_MODELS, source_name="demo", clock=time.perf_counter_ns)
    spent_s = [0.0]
    for frame in frames:
        analysis.step(frame)
        spent_s.append(sum(analysis.stage_s.get(stage, 0.0) for stage in STAGES))
    each_s = [after - before for before, after in itertools.pairwise(spent_s)][PRIMING:]
    return Cost(width, width * 9 // 16, threads, statistics.median(each_s) * 1e3)
