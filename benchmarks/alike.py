"""How well `motionapp find --similar` finds the same movement, on recordings with known labels.

`python benchmarks/alike.py ../shared/data/weizmann_full --classifier actions-rendered` analyses the
recordings of a data set (a folder with `labels.csv`: path, label, group) into a catalogue, and
looks for each event at the nearest events of *another* group: a person, or a scene. Told is the
share of the nearest five that have the same label, that of events of some groups by themselves
(`--only ira,shahar`), and the share that luck would give. Words after `--` go to the batch
(`-- --people off`).
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
from pathlib import Path

import numpy as np

from motionapp.catalogue.arrow import read_table
from motionapp.cli import main as motionapp

NEAREST = 5


def events_of(catalogue: Path, data: Path) -> tuple[np.ndarray, list[tuple[str, str]]]:
    """The features of all events that have some, and the label and group of each."""
    with (data / "labels.csv").open(encoding="utf-8") as file:
        known = {
            str(data / row["path"]): (row["label"], row["group"]) for row in csv.DictReader(file)
        }
    rows = [
        row
        for path in sorted((catalogue / "events").rglob("*.parquet"))
        for row in read_table(path).to_pylist()
        if row["features"] is not None and row["recording"] in known
    ]
    rows.sort(key=lambda row: (row["recording"], row["start_s"]))
    features = np.array([row["features"] for row in rows], np.float32)
    return features, [known[row["recording"]] for row in rows]


def shares(features: np.ndarray, known: list[tuple[str, str]], only: set[str]) -> dict[str, object]:
    """How many of the nearest of other groups have the same label."""
    distances = 1 - features @ features.T
    right: list[float] = []
    of_some: list[float] = []
    luck = []
    per_label: dict[str, list[float]] = {}
    for place, (label, group) in enumerate(known):
        order = np.argsort(distances[place], kind="stable")
        others = [int(other) for other in order if known[int(other)][1] != group]
        if len(others) < NEAREST:
            continue
        same = [known[other][0] == label for other in others]
        share = float(np.mean(same[:NEAREST]))
        right.append(share)
        luck.append(float(np.mean(same)))
        per_label.setdefault(label, []).append(share)
        if group in only:
            of_some.append(share)
    return {
        "events": len(right),
        "nearest_five_same": round(float(np.mean(right)), 3),
        "by_luck": round(float(np.mean(luck)), 3),
        "only": {"events": len(of_some), "same": round(float(np.mean(of_some)), 3)}
        if of_some
        else None,
        "per_label": {
            name: round(float(np.mean(own)), 2) for name, own in sorted(per_label.items())
        },
    }


def main() -> None:
    """Analyse a data set, and say how alike what is alike is."""
    words = sys.argv[1:]
    split = words.index("--") if "--" in words else len(words)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, metavar="DATA")
    parser.add_argument("--classifier", default="actions")
    parser.add_argument("--only", default="", metavar="GROUP,GROUP")
    parser.add_argument("--catalogue", type=Path, help="one that is there already")
    options = parser.parse_args(words[:split])
    with tempfile.TemporaryDirectory() as spare:
        catalogue = options.catalogue or Path(spare) / "catalogue"
        if options.catalogue is None:
            batch = ["batch", options.data, "--out", Path(spare) / "found", "--catalog", catalogue]
            batch += ["--classifier", options.classifier, *words[split + 1 :]]
            motionapp([str(word) for word in batch])
        only = set(options.only.split(","))
        print(json.dumps(shares(*events_of(catalogue, options.data), only), indent=2))


if __name__ == "__main__":
    main()
