"""What the engine of a cluster costs, and what it gains: `local:2` beside plain workers.

    python benchmarks/cluster.py small [--inputs 1000] [--rounds 2]
    python benchmarks/cluster.py kinds --data ../shared/data
    python benchmarks/cluster.py hour [--minutes 60] [--rounds 3] [--data ../shared/data]

small: so many recordings of 1.2 to 2 s, with `--workers 2` and with `--cluster local:2`; the engine
may add a tenth. The same with four of them tells what of it is its start, and what each file adds.
kinds: ten recordings of different kinds give the same bytes both ways. hour: one
long recording that rests every two minutes, `local:2` against one worker with one thread: 1.8 times
as fast, the same bytes. Each run is a process of its own, start and end of the engine included; in
interleaved rounds, since a shared machine gets slower and faster. Needs the extra `cluster`.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bars import Bar, Figure, report

KINDS = (
    "events/vtest.avi", "events/traffic_camera.mp4", "events/issue53_brightness_change.avi",
    "odd_files/corridor_person.wmv", "odd_files/raw_bgr_48x48.avi", "odd_files/webcam.mkv",
    "outdoor/indoor_office.mp4", "outdoor/street_people.mp4", "weizmann4/bend/daria_bend.mp4",
    "weizmann4/jack/daria_jack.mp4",
)  # fmt: skip
RESULTS = ("events.json", "events.csv", "segments.csv")
CLUSTER = ("--cluster", "local:2")
WORKERS = ("--workers", "2")
ONE = ("--workers", "1")
FEW = 4
"""So few that nearly all of it is start and end."""


def timed(inputs: Sequence[str], out: Path, how: Sequence[str], threads: int) -> dict[str, float]:
    """Seconds by the clock, and of processors, that a batch takes."""
    before, began_s = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "motionapp", "batch", *inputs, "--out", str(out), *how],
        env={**os.environ, "MOTIONAPP_RUN__THREADS": str(threads)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 3):
        raise SystemExit(done.stderr)
    wall_s, after = time.monotonic() - began_s, resource.getrusage(resource.RUSAGE_CHILDREN)
    work_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{' '.join(how)}: {wall_s:.1f} s, {work_s:.1f} s of processors", file=sys.stderr)
    return {"wall_s": wall_s, "work_s": work_s}


def compared(
    inputs: Sequence[str], folder: Path, plain: Sequence[str], threads: int, rounds: int
) -> tuple[dict[str, list[float]], int]:
    """Plain over cluster, round by round, what more work that is, and how many results differ."""
    ratios: dict[str, list[float]] = {"wall_s": [], "work_s": [], "more_s": []}
    differing = 0
    for round_ in range(rounds):
        took, outs = {}, {}
        for how in (plain, CLUSTER) if round_ % 2 == 0 else (CLUSTER, plain):
            outs[how] = folder / f"out-{round_}-{how[0].strip('-')}"
            # One thread for each recording that is analysed at the same time, either way.
            took[how] = timed(inputs, outs[how], how, 2 if how == WORKERS else threads)
        for name in ("wall_s", "work_s"):
            ratios[name].append(took[plain][name] / took[CLUSTER][name])
        ratios["more_s"].append(took[CLUSTER]["work_s"] - took[plain]["work_s"])
        differing += different_files(outs[plain], outs[CLUSTER])
    return ratios, differing


def different_files(one: Path, other: Path) -> int:
    """How many files of results are not the same in both, or are in one only."""
    names = {path.name for out in (one, other) for path in out.iterdir() if path.is_dir()}
    pairs = [(one / name / file, other / name / file) for name in names for file in RESULTS]
    return sum(
        not (ours.exists() and theirs.exists() and ours.read_bytes() == theirs.read_bytes())
        for ours, theirs in pairs
        if ours.exists() or theirs.exists()
    )


def small(folder: Path, options: argparse.Namespace) -> int:
    """Many small recordings."""
    from damaged_clips import good_clips

    paths = good_clips(folder / "in", options.inputs)
    few = [*map(str, paths[:FEW]), "--classifier", "none"]
    started, _ = compared(few, folder / "few", WORKERS, 1, options.rounds)
    inputs = [str(folder / "in"), "--classifier", "none"]
    ratios, differing = compared(inputs, folder, WORKERS, 1, options.rounds)
    start_s, more_s = (statistics.median(each["more_s"]) for each in (started, ratios))
    figures: dict[str, Figure] = {
        "inputs": options.inputs,
        "takes": round(1 / statistics.median(ratios["wall_s"]), 3),
        "takes_each": ", ".join(f"{1 / ratio:.2f}" for ratio in ratios["wall_s"]),
        "work": round(1 / statistics.median(ratios["work_s"]), 3),
        "work_each": ", ".join(f"{1 / ratio:.2f}" for ratio in ratios["work_s"]),
        "start_s": round(start_s, 2),
        "each_ms": round(1000 * (more_s - start_s) / (options.inputs - FEW), 2),
        "different_files": differing,
    }
    bars = (Bar("takes", "most", 1.1), Bar("work", "most", 1.1), Bar("different_files", "most", 0))
    return report(figures, bars)


def kinds(folder: Path, options: argparse.Namespace) -> int:
    """Ten recordings of different kinds."""
    inputs = [str(options.data / name) for name in KINDS]
    _, differing = compared(inputs, folder, WORKERS, 1, 1)
    summary = json.loads((folder / "out-0-cluster" / "summary.json").read_text(encoding="utf-8"))
    figures: dict[str, Figure] = {
        "inputs": len(inputs),
        "events": sum(each["events"] or 0 for each in summary["inputs"]),
        "different_files": differing,
    }
    return report(figures, (Bar("different_files", "most", 0),))


def hour(folder: Path, options: argparse.Namespace) -> int:
    """One long recording."""
    from split import composed

    kept = options.dir or folder
    kept.mkdir(parents=True, exist_ok=True)
    recording = composed(kept, options.data, options.minutes)
    ratios, differing = compared([str(recording)], folder, ONE, 1, options.rounds)
    (entry,) = json.loads((folder / "out-0-cluster" / "summary.json").read_text())["inputs"]
    figures: dict[str, Figure] = {
        "minutes": round(entry["duration_s"] / 60, 1),
        "events": entry["events"],
        "speedup": round(statistics.median(ratios["wall_s"]), 3),
        "speedups": ", ".join(f"{ratio:.2f}" for ratio in ratios["wall_s"]),
        "work": round(1 / statistics.median(ratios["work_s"]), 3),
        "different_files": differing,
        "note": entry["note"],
    }
    return report(figures, (Bar("speedup", "least", 1.8), Bar("different_files", "most", 0)))


def main() -> int:
    """Run one of the three."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("what", choices=("small", "kinds", "hour"))
    parser.add_argument("--inputs", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--data", type=Path, help="a folder of real recordings")
    parser.add_argument("--dir", type=Path, help="keep the long recording here, for another time")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return {"small": small, "kinds": kinds, "hour": hour}[options.what](Path(folder), options)


if __name__ == "__main__":
    sys.exit(main())
