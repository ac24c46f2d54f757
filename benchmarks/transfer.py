"""What a beginning is worth: few recordings a label, learnt from drawn weights and from others'.

Draws whole groups until each label has so many recordings, trains on them alone, and names all
others; the same groups, steps and seed for every beginning, several draws.

    python benchmarks/transfer.py ut_interaction/labels.csv --scope group --beginning actions
    python benchmarks/transfer.py weizmann_full/labels.csv --arch mobilenet_v2 --width 32 \
        --beginning imagenet
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from statistics import mean

import numpy as np
import torch

from motionapp.cli.training_progress import shown_progress
from motionapp.core.event import UNKNOWN
from motionapp.frontends import registry
from motionapp.recognition.catalogue import ARCHITECTURES
from motionapp.recognition.dataset import DataSet, read_data_set
from motionapp.sources.extensions import VIDEO_EXTENSIONS
from motionapp.training.beginnings import beginning_of
from motionapp.training.choices import WIDTHS
from motionapp.training.fit import answers_of, fit
from motionapp.training.gather import gather_for
from motionapp.training.kept import usual_windows
from motionapp.training.material import Material
from motionapp.training.recipe import RATES_HZ, Recipe
from motionapp.training.transfer import Beginning

CLIP_S = 0.96


def main() -> int:
    """Measure; prints a row a draw and the means."""
    asked = arguments()
    data = some_labels(
        read_data_set(asked.data, extensions=VIDEO_EXTENSIONS), asked.labels.split(",")
    )
    usual = registry.representation(asked.frontend)
    shape = replace(
        usual, steps=round(CLIP_S / usual.grid_s), going=True, scope=asked.scope or usual.scope
    )
    recipe = replace(
        Recipe(rates_hz=RATES_HZ, fewest_steps=asked.steps, seed=asked.seed),
        architecture=asked.arch,
        width=asked.width or WIDTHS[asked.arch],
    )
    begun = {asked.beginning: recipe}
    if asked.freeze:
        held = replace(recipe, frozen=asked.freeze, thaw=asked.thaw)
        begun[f"{asked.beginning}, {asked.freeze} layers held until {asked.thaw:.0%}"] = held
    for rate in filter(None, asked.rates.split(",")):
        begun[f"{asked.beginning} at a rate of {rate}"] = replace(recipe, learning_rate=float(rate))
    beginning, _ = beginning_of(asked.beginning, asked.frontend)
    with shown_progress(sys.stderr) as progress:
        kept = usual_windows({"XDG_CACHE_HOME": asked.cache} if asked.cache else {}, progress)
        gathered = gather_for(recipe, data, shape, progress, kept=kept)
    material = Material(gathered.data, gathered.windows, data.labels, shape, paced=gathered.paced)
    torch.set_num_threads(1)
    rows = []
    for draw in range(asked.draws):
        learnt = some_groups(data, asked.clips, seed=asked.seed + draw)
        ways = {"drawn weights": right(material, recipe, learnt, None)}
        for name, one in begun.items():
            ways[name] = right(material, one, learnt, beginning)
        rows.append({"groups": sorted(learnt), "right": ways})
        said = "; ".join(f"{name} {one[0]:.1%}, {one[1]:.1%}" for name, one in ways.items())
        print(f"{', '.join(sorted(learnt))}, windows and recordings: {said}", flush=True)
    for place, what in enumerate(("windows", "recordings")):
        means = {way: mean(row["right"][way][place] for row in rows) for way in rows[0]["right"]}
        drawn = means.pop("drawn weights")
        said = ", ".join(
            f"{one:.1%} from {way} ({100 * (one - drawn):+.1f} points)"
            for way, one in means.items()
        )
        print(f"{what}: {drawn:.1%} from drawn weights, {said} over {len(rows)} draws")
    if asked.json is not None:
        asked.json.write_text(json.dumps(rows, indent=1) + "\n")
    return 0


def arguments() -> argparse.Namespace:
    """What is to be measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data")
    parser.add_argument("--beginning", required=True, help="as --from of motionapp train")
    parser.add_argument("--frontend", default="absdiff")
    parser.add_argument("--scope")
    parser.add_argument("--arch", choices=ARCHITECTURES, default="vgg16")
    parser.add_argument("--width", type=int)
    parser.add_argument("--labels", default="", help="only these, with commas (default: all)")
    parser.add_argument("--freeze", type=int, default=0, help="so many layers held, too")
    parser.add_argument("--thaw", type=float, default=1.0, help="for this share of the training")
    parser.add_argument("--rates", default="", help="other learning rates for what is begun, too")
    parser.add_argument("--clips", type=int, default=3, help="recordings a label")
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", help="where windows are kept between runs")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def some_labels(data: DataSet, labels: list[str]) -> DataSet:
    """The recordings of some labels, or of all."""
    if labels == [""]:
        return data
    return replace(data, samples=tuple(one for one in data.samples if one.label in labels))


def some_groups(data: DataSet, clips: int, *, seed: int) -> frozenset[str]:
    """Groups that hold at least so many recordings of each label, and none that is not needed."""
    groups = np.array(data.fold_groups)
    chosen: set[str] = set()
    for group in np.random.default_rng(seed).permutation(groups):
        counts = Counter(one.label for one in data.samples if one.fold_group in chosen)
        if all(counts[label] >= clips for label in data.labels):
            break
        chosen.add(str(group))
    return frozenset(chosen)


def right(
    material: Material, recipe: Recipe, learnt: frozenset[str], beginning: Beginning | None
) -> tuple[float, float]:
    """Shares of the windows and of the recordings of all other groups that are named rightly."""
    others = frozenset(material.data.fold_groups) - learnt
    network = fit(material.task(others), recipe, beginning=beginning).network
    rows = np.nonzero(material.held_in(others, material.windows))[0]
    answers = answers_of(network, material.windows.of(rows))[:, : len(material.labels)]
    order = {label: number for number, label in enumerate((*material.labels, UNKNOWN))}
    truth = np.array([order[str(name)] for name in material.labels_of(material.windows)[rows]])
    samples = material.windows.samples[rows]
    shares = torch.from_numpy(answers).softmax(1).numpy()
    named = [
        shares[samples == one].mean(0).argmax() == truth[samples == one][0]
        for one in np.unique(samples)
    ]
    return float((answers.argmax(1) == truth).mean()), float(np.mean(named))


if __name__ == "__main__":
    sys.exit(main())
