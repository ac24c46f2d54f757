"""How far each tuned constant may move before one of 40 fixed scenes comes out otherwise.

    python benchmarks/margins.py [--jobs 2] [--only scatter ALIKE] [--json FILE] [--steps 0.7 1.5]

Every constant of `CONSTANTS` is set to at most six multiples of its value, one at a time, and 40
drawn scenes (`weather.py`, `SEED`, four of each kind, without and with a walker) are analysed
again. They are rendered once, their grey pictures kept in a temporary folder while this runs. A
row tells how many results change at each step, `-` for right ones that become wrong and `+` for
wrong ones that become right, and the factors between which none does.

What is left out: figures that say how something is counted and not what is decided (`CELLS`,
`BINS`, `BLOCKS`, `LOOKS_HZ`, `ROUNDS`, `COLUMNS`, sizes in pixels), and settings.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import importlib.util
import json
import multiprocessing
import pkgutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scenes import Run
from weather import Task

import motionapp
from motionapp.analysis import Analysis
from motionapp.batch.truth import Stretch
from motionapp.core.frame import Epoch, Frame
from motionapp.scenes.drawn import DRAWN_KINDS
from motionapp.scenes.truth import events as true_events
from motionapp.settings import AnalysisSettings
from motionapp.sources.synthetic import Sampling, SyntheticSource

SEED: Final = 14
SCENES: Final = 4
"""Of each kind, without and with a walker: 40."""

STEPS: Final = (0.5, 0.7, 0.85, 1.2, 1.5, 2.0)

CONSTANTS: Final[Mapping[str, str]] = {
    "frontends.difference.frontend": "LIGHT_MOVED_LEVELS CHANGED_LEVELS CHANGED_SHARE GRAINY",
    "frontends.difference.banding": "LEAST_LEVELS SUSPECT_LEVELS LEAST_ROWS",
    "frontends.difference.illumination": "SMALLEST_SPREAD",
    "suppression.soft_shadow": "ONE_WAY ALIKE FINE_PX LEAST_PX",
    "suppression.pieces": "MOST_FILL LEAST_PIECES MOST_OF_ALL LARGEST_CRUMB AT_ONCE LEAST_REGION",
    "suppression.scatter": "STANDS_OUT LEAST_S",
    "suppression.arrivals": "NEAR NEW RAIN RAIN_SHARE RAIN_SPREAD RAIN_KAPPA PLAIN_KAPPA"
    " PLAIN_SPREAD SIGNS",
    "suppression.dynamic_background": "MUCH_WEIGHS HEAPS EARLY_S LONGEST_S CROWDED MARGIN SCATTERED"
    " SCATTERED_FILL SCATTERED_BOX",
    "suppression.background_range": "BEYOND LARGE",
    "suppression.overlay_text": "BEATS IN_STEP COUNTS MOMENTS HIGHEST WIDEST MARGIN QUIET LINE"
    " LARGEST WITHHELD_S",
    "events.eligibility.displacement": "GOES STEADY_S SWALLOWED HOP HOP_PER_S WITHIN_S BACKDATED_S"
    " KEPT_S CRUMB CRUMB_S LARGE_S",
    "events.eligibility.travel": "MOST_BACKDATED_S",
    "events.eligibility.visits": "OUTSIDE_S",
    "core.places": "MOST",
    "events.builder": "TRIAL_S SURE_S",
}
"""Modules of `motionapp`, and what is tuned in them."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A tuned figure: a name in a module."""

    module: str
    name: str

    @property
    def label(self) -> str:
        """As in the table."""
        return f"{self.module}.{self.name}"

    @property
    def value(self) -> Any:
        """What it is now."""
        return getattr(_module(self.module), self.name)

    def times(self, factor: float) -> Any:
        """The figure multiplied; whole numbers stay whole, and at least 1."""
        value = self.value
        return max(1, round(value * factor)) if isinstance(value, int) else value * factor

    @contextmanager
    def set_to(self, value: Any) -> Iterator[None]:
        """Change it in its module and wherever it has been imported to."""
        before = self.value
        places = [_module(self.module), *_importers(self.module, self.name)]
        for place in places:
            setattr(place, self.name, value)
        try:
            yield
        finally:
            for place in places:
                setattr(place, self.name, before)


def constants() -> list[Constant]:
    """All of `CONSTANTS`."""
    return [Constant(module, name) for module, names in CONSTANTS.items() for name in names.split()]


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"motionapp.{name}")


@cache
def _importers(module: str, name: str) -> tuple[ModuleType, ...]:
    """The modules of these rooms that import a name: each has a copy of its own."""
    found = []
    for room in ("frontends", "suppression", "events"):
        package = _module(room)
        for info in pkgutil.walk_packages(package.__path__, f"motionapp.{room}."):
            spec = importlib.util.find_spec(info.name)
            assert spec is not None
            assert spec.origin is not None
            text = Path(spec.origin).read_text(encoding="utf-8")
            if name in text and _imports(text, f"motionapp.{module}", name):
                found.append(importlib.import_module(info.name))
    return tuple(found)


def _imports(text: str, module: str, name: str) -> bool:
    return any(
        node.module == module and any(one.name == name for one in node.names)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom)
    )


class _Grey:
    """Pixels of which only the luma at analysis scale was kept."""

    def __init__(self, luma: NDArray[np.uint8], level: int) -> None:
        self._luma, self._level = luma, level

    def luma_at(self, level: int) -> NDArray[np.uint8]:
        assert level == self._level, "only the analysis scale was kept"
        return self._luma

    def bgr(self) -> NDArray[np.uint8]:
        raise AssertionError("colours were not kept")


def keep(task: Task, folder: Path) -> Path:
    """Render a scene and store what the analysis looks at."""
    cv2.setNumThreads(1)
    drawn = task.draw()
    frames = list(SyntheticSource(drawn.scene, sampling=Sampling(drawn.rate_hz)).frames())
    level = frames[0].epoch.level
    walks = [(start_s, end_s) for start_s, end_s, _ in true_events(drawn.scene)]
    path = folder / f"{task.kind}-{task.number}-{int(task.person)}.npz"
    np.savez(
        path,
        lumas=np.stack([frame.luma_at(level) for frame in frames]),
        pts=[frame.pts for frame in frames],
        rate_hz=drawn.rate_hz,
        size=drawn.scene.size,
        walk=walks[0] if walks else (),
    )
    return path


def outcome(path: Path, kept: Mapping[str, NDArray[Any]]) -> Run:
    """Analyse what was kept of a scene."""
    size = int(kept["size"][0]), int(kept["size"][1])
    epoch = Epoch(0, size, Fraction(1, int(kept["rate_hz"])))
    analysis, events = Analysis(AnalysisSettings()), []
    for index, (pts, luma) in enumerate(zip(kept["pts"], kept["lumas"], strict=True)):
        tick_s = float(epoch.time_base)
        # As the source does it, to the last bit.
        pts_s = int(pts) * epoch.time_base.numerator / epoch.time_base.denominator
        frame = Frame(index, int(pts), pts_s, tick_s, epoch, _Grey(luma, epoch.level))
        events += analysis.step(frame).closed
    events += analysis.finish().closed
    walk = Stretch("", *(float(t) for t in kept["walk"])) if kept["walk"].size else None
    return Run(path.stem, SEED, size, walk, tuple(events))


@dataclass(frozen=True, slots=True)
class Work:
    """One scene, and what is tried on it."""

    task: Task
    chosen: tuple[Constant, ...]
    steps: tuple[float, ...]
    folder: Path


def try_all(work: Work) -> tuple[bool, dict[str, bool]]:
    """Whether a scene is right as things are, and for each constant and step."""
    path = keep(work.task, work.folder)
    with np.load(path, allow_pickle=False) as stored:
        kept = dict(stored)
    path.unlink()
    now = outcome(path, kept).is_right
    tried = {}
    for one in work.chosen:
        for factor in work.steps:
            value = one.times(factor)
            if value == one.value:  # a small whole number does not move by 15 %
                continue
            with one.set_to(value):
                tried[f"{one.label} {factor}"] = outcome(path, kept).is_right
    return now, tried


def rows_of(
    results: Sequence[tuple[bool, Mapping[str, bool]]], chosen: Sequence[Constant],
    steps: Sequence[float],
) -> list[dict[str, Any]]:  # fmt: skip
    """For each constant: what changes at each step, and how far it may move."""
    rows = []
    for one in chosen:
        changes: dict[float, tuple[int, int] | None] = {}
        for factor in steps:
            pairs = [(now, tried.get(f"{one.label} {factor}")) for now, tried in results]
            moved = [(now, then) for now, then in pairs if then is not None]
            worse = sum(now and not then for now, then in moved)
            better = sum(then and not now for now, then in moved)
            changes[factor] = (worse, better) if moved else None
        low, high = _reach(changes)
        rows.append(
            {
                "constant": one.label, "value": one.value, "lowest": low, "highest": high,
                "changes": {str(f): c for f, c in changes.items()},
            }
        )  # fmt: skip
    return rows


def _reach(changes: Mapping[float, tuple[int, int] | None]) -> tuple[float, float]:
    """The factors nearest to where a result changes, on both sides, at which none does."""
    ends = []
    for side in (
        sorted((f for f in changes if f < 1), reverse=True),
        sorted(f for f in changes if f > 1),
    ):
        reached = 1.0
        for factor in side:
            if changes[factor] not in (None, (0, 0)):
                break
            reached = factor
        ends.append(reached)
    return ends[0], ends[1]


def table(rows: Sequence[Mapping[str, Any]], steps: Sequence[float]) -> str:
    """The rows as text; an empty cell is a step that a whole number does not take."""
    heads = " | ".join(f"×{f:g}" for f in steps)
    lines = [
        f"| constant | value | no change from | to | {heads} |",
        "|---" * (4 + len(steps)) + "|",
    ]
    for row in rows:
        cells = []
        for factor in steps:
            change = row["changes"][str(factor)]
            cells.append("" if change is None else _change(*change))
        value, low, high = f"{row['value']:g}", f"×{row['lowest']:g}", f"×{row['highest']:g}"
        lines.append(f"| {row['constant']} | {value} | {low} | {high} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _change(worse: int, better: int) -> str:
    return " ".join([f"-{worse}"] * bool(worse) + [f"+{better}"] * bool(better)) or "0"


def measure(
    tasks: Sequence[Task], chosen: Sequence[Constant], steps: Sequence[float], jobs: int
) -> list[tuple[bool, dict[str, bool]]]:
    """Every scene with every step; says how far it is."""
    began_s, results = time.monotonic(), []
    with tempfile.TemporaryDirectory() as folder:
        works = [Work(task, tuple(chosen), tuple(steps), Path(folder)) for task in tasks]
        for result in _mapped(works, jobs):
            results.append(result)
            print(f"{len(results)} of {len(works)} scenes, {time.monotonic() - began_s:.0f} s",
                  file=sys.stderr, flush=True)  # fmt: skip
    return results


def _mapped(works: Sequence[Work], jobs: int) -> Iterator[tuple[bool, dict[str, bool]]]:
    if jobs == 1:
        yield from map(try_all, works)
        return
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        yield from pool.imap(try_all, works)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", nargs="+", default=[], metavar="PART", help="parts of names")
    parser.add_argument("--kinds", nargs="+", choices=DRAWN_KINDS, default=DRAWN_KINDS)
    parser.add_argument("--scenes", type=int, default=SCENES, help="of each kind")
    parser.add_argument("--steps", nargs="+", type=float, default=STEPS)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    chosen = [
        one for one in constants()
        if not options.only or any(part in one.label for part in options.only)
    ]  # fmt: skip
    if not chosen or options.scenes < 1 or options.jobs < 1 or min(options.steps) <= 0:
        parser.error("no constant has such a name, or a number is not above 0")
    tasks = [
        Task(kind, number, SEED, person)
        for kind in options.kinds for number in range(options.scenes) for person in (False, True)
    ]  # fmt: skip
    results = measure(tasks, chosen, options.steps, options.jobs)
    rows = rows_of(results, chosen, options.steps)
    right = sum(now for now, _ in results)
    print(f"{right} of {len(results)} scenes are right as things are\n")
    print(table(rows, options.steps))
    if options.json:
        document = {"version": motionapp.__version__, "right": right, "rows": rows}
        options.json.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
