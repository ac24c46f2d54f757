"""How much faster a search of recipes is in two processes than in one, on a small rendered set.

    taskset -c 0,1 python benchmarks/searching.py [--trials 20] [--jobs 2] [--json FILE]

Four movements by four figures are rendered, and `motionapp train --search` is run as it would be on
them: once in one process, once in several, on the same trials. Both find their windows gathered,
since gathering takes all cores in either. Told are seconds, those of the processors and of the
clock, and the ratio of the latter; the bar is 1.6 for two. Ends with 1 below it, or where the two
did not come to the same trials.

It takes about ten minutes of two cores that nobody else uses, and then only does it tell anything
about the clock. What the processors were busy for tells more on a machine that is shared: where two
processes are busy for about as long as one, nothing is done twice.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import av

from motionapp.cli.training_progress import shown_progress
from motionapp.frontends import registry
from motionapp.recognition.dataset import read_data_set
from motionapp.runtime.threads import usable_cores
from motionapp.sources.extensions import VIDEO_EXTENSIONS
from motionapp.sources.synthetic import SyntheticSource
from motionapp.training.choices import WIDTHS
from motionapp.training.progress import Progress
from motionapp.training.protocols import TRAINING_KINDS, parse_protocol
from motionapp.training.recipe import Recipe
from motionapp.training.rendered_scenes import training_clip
from motionapp.training.search.running import Runner
from motionapp.training.search.search import Found, Wanted, search
from motionapp.training.search.space import LAG, STEPS, Choices, Space
from motionapp.training.train import Order

LABELS: Final = ("walk", "wave2", "jack", "bend")
FIGURES: Final = 4
FIRST: Final = 400_000
"""Of the figures and seeds: others than trainings render."""
LEARNT: Final = 30
"""Steps of 32 windows of each network, where a training takes 1200 of 64: processes that are worth
their start here are so the more in earnest."""
BAR: Final = 1.6


@dataclass(frozen=True, slots=True)
class Took:
    """What a search took."""

    wall_s: float
    cpu_s: float
    """Of all cores, those of its processes included."""


def main() -> int:
    """Print both and their ratio; 1 where it is too low, or the trials are not the same."""
    asked = arguments()
    with tempfile.TemporaryDirectory() as name, shown_progress(sys.stderr) as progress:
        folder = Path(name)
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
        order = ordered(rendered(folder), asked.steps)
        began_s = time.perf_counter()
        gather_all(order, progress)
        gathered_s = time.perf_counter() - began_s
        one, alone = timed(order, folder / "one.db", asked.trials, 1, progress)
        several, together = timed(order, folder / "several.db", asked.trials, asked.jobs, progress)
    ratio = alone.wall_s / together.wall_s
    figures: dict[str, Any] = {
        "trials": asked.trials,
        "given_up": sum(made.is_pruned for made in one.made),
        "jobs": asked.jobs,
        "cores": usable_cores(),
        "gathered_s": gathered_s,
        "one": asdict(alone),
        "several": asdict(together),
        "ratio": ratio,
        "busy_more": together.cpu_s / alone.cpu_s,
        "same": one.made == several.made,
    }
    print(json.dumps(figures))
    if asked.json is not None:
        asked.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0 if ratio >= BAR and figures["same"] else 1


def arguments() -> argparse.Namespace:
    """What is to be measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--trials", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=2, help="processes of the second search")
    parser.add_argument("--steps", type=int, default=LEARNT, help="of each network")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures")
    return parser.parse_args()


def rendered(folder: Path) -> Path:
    """A data set of figures that move, each a group; its CSV file."""
    rows = ["path,label,group"]
    for figure in range(FIGURES):
        for number, label in enumerate(LABELS):
            seed = FIRST + len(LABELS) * figure + number
            path = folder / f"{label}-{figure}.mp4"
            source = SyntheticSource(training_clip(label, FIRST + figure, seed, framing="fixed"))
            with av.open(str(path), "w") as container:
                stream: Any = container.add_stream("libx264", rate=25)
                stream.width, stream.height = source.info.size
                stream.pix_fmt = "yuv420p"
                for frame in source.frames():
                    picture = av.VideoFrame.from_ndarray(frame.bgr(), "bgr24")
                    container.mux(stream.encode(picture))
                container.mux(stream.encode(None))
            rows.append(f"{path.name},{label},figure-{figure}")
    file = folder / "labels.csv"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return file


def ordered(file: Path, steps: int) -> Order:
    """What is searched around: a usual training, but shorter, and shown at one tempo."""
    usual = registry.representation("absdiff")
    shape = replace(usual, steps=12, going=True)
    recipe = Recipe(
        width=WIDTHS["vgg16"], batch=32, epochs=0, fewest_steps=steps, families=True, tempos=()
    )
    return Order(
        data=read_data_set(file, extensions=VIDEO_EXTENSIONS),
        representation=replace(shape, slowest_hz=recipe.slowest_hz),
        recipe=recipe,
        protocol=parse_protocol("kfold:3", TRAINING_KINDS),
        name="searched",
        command="",
    )


def gather_all(order: Order, progress: Progress) -> None:
    """Let the cache have the windows of all clip lengths and lags."""
    space = Space(order.recipe, order.representation)
    runner = Runner(order, space)
    ranges = space.ranges()
    steps, lags = ranges[STEPS], ranges[LAG]
    assert isinstance(steps, Choices)
    assert isinstance(lags, Choices)
    for count in steps.values:
        for lag_s in lags.values:
            shape = space.shape_of({STEPS: count, LAG: lag_s})
            runner.material(replace(order, representation=shape), progress)


def timed(
    order: Order, study: Path, trials: int, jobs: int, progress: Progress
) -> tuple[Found, Took]:
    """A search, and what it took."""
    began_s, before_s = time.perf_counter(), busy_s()
    found = search(order, Wanted(trials, jobs, study), progress)
    return found, Took(time.perf_counter() - began_s, busy_s() - before_s)


def busy_s() -> float:
    """Seconds that processors were busy for this process and those that it has ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    sys.exit(main())
