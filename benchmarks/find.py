"""How soon a catalogue answers: the whole of `motionapp find`, from its start to its end.

`python benchmarks/find.py --events 100000 --recordings 50000 --rounds 5 --out find.json` makes a
catalogue of invented events (cameras, labels, months, and features that lie about one direction a
label), packs it, and asks several questions, each in a process of its own. Every answer is timed
beside `python -c pass`, interleaved, and the medians are told: on a busy machine their ratio says
more than seconds do. With `--loose` the same is asked before packing: a file a recording.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from motionapp.catalogue.arrow import parquet_of, table_of
from motionapp.catalogue.form import make_catalogue
from motionapp.catalogue.packing import pack
from motionapp.catalogue.rows import Recorded, Row, Seen, row_of
from motionapp.catalogue.store import put, write_named
from motionapp.catalogue.tables import PACKED, partition
from motionapp.sinks.origin import Origin

LABELS = ("walk", "run", "bend", "jack", "jump", "pjump", "side", "skip", "wave1", "wave2")
CAMERAS = 12
MONTHS = 12
NUMBERS = 128
QUESTIONS = {
    "all": [],
    "label": ["--label", "wave1"],
    "time": ["--from", "2026-03-10T20:00:00Z", "--to", "2026-03-11T06:00:00Z"],
    "camera, size, duration": ["--camera", "cam-3", "--size", "5%..", "--duration", "2..5"],
    "nothing": ["--label", "walk", "--camera", "cam-1", "--score", "0.99999.."],
    "json, 1000": ["--json", "--limit", "1000"],
}


def rows_of(number: int, events: int, axes: np.ndarray) -> tuple[str, str, Recorded, list[Row]]:
    """The rows of one invented recording of ten minutes."""
    random = np.random.default_rng(number)
    camera = f"cam-{number % CAMERAS}"
    month = 1 + number * MONTHS // 50_000 % MONTHS
    start = datetime(2026, month, 1, tzinfo=UTC) + timedelta(minutes=10 * (number % 4000))
    recorded = Recorded(
        spec=f"/archive/{camera}/{start:%Y%m%d_%H%M%S}_{number}.mp4",
        identity=f"/archive/{camera}/{number}.mp4",
        camera=camera,
        origin=Origin(analysis="0" * 64, source_bytes=int(random.integers(1 << 30))),
        out_dir=f"/archive/found/{number}",
        frontend="absdiff",
        model="actions-vgg16",
        model_digest="1" * 64,
    )
    seen = Seen((1280, 720), 25.0, start)
    rows = []
    for _ in range(events):
        label = int(random.integers(len(LABELS)))
        start_s, length_s = round(float(random.uniform(0, 580)), 3), float(random.uniform(0.5, 20))
        x, y, w, h = (int(v) for v in random.integers((0, 0, 40, 80), (900, 400, 300, 300)))
        segment = {
            "label": LABELS[label], "score": 0.9, "start_s": start_s,
            "end_s": round(start_s + length_s, 3), "group": 1, "box": [x, y, x + w, y + h],
        }  # fmt: skip
        event = {
            **segment, "id": f"all@{round(1000 * start_s)}", "zone": "all", "peak_s": start_s,
            "segments": [segment], "clip": None, "clip_start_s": None, "thumbnail": None,
            "ended_by": "motion", "score": round(float(random.uniform(0.5, 1)), 4),
        }  # fmt: skip
        near = axes[label] + 0.4 * random.standard_normal(NUMBERS)
        features = (near / np.linalg.norm(near)).astype(np.float16)
        rows.append(row_of(event, recorded, seen, folder=Path("/archive/c"), features=features))
    return camera, seen.month, recorded, rows


def fill(folder: Path, events: int, recordings: int, *, loose: bool) -> str:
    """Fill a catalogue; the key of one of its events."""
    make_catalogue(folder)
    axes = np.random.default_rng(7).standard_normal((len(LABELS), NUMBERS))
    axes /= np.linalg.norm(axes, axis=1, keepdims=True)
    together: dict[tuple[str, str], list[Row]] = {}
    counts = np.bincount(np.random.default_rng(8).integers(recordings, size=events))
    key = ""
    for number, count in enumerate(counts):
        camera, month, recorded, rows = rows_of(number, int(count), axes)
        if loose:
            put(folder, camera, month, recorded.key, rows)
        else:
            together.setdefault((camera, month), []).extend(rows)
        key = key or (rows[0]["event"] if rows else "")
    for (camera, month), rows in together.items():
        write_named(partition(folder, camera, month), PACKED, parquet_of(table_of(rows)))
    return key


def timed(command: list[str]) -> tuple[float, float, int]:
    """Seconds of a process by the clock and of the processor, and the lines that it prints."""
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 6):
        sys.exit(done.stderr)
    spent_s, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent_s, cpu_s, done.stdout.count("\n")


def measure(folder: Path, key: str, rounds: int) -> dict[str, dict[str, float]]:
    """The median of each question, beside that of a Python that does nothing."""
    questions = {**QUESTIONS, "similar": ["--similar", key]}
    took: dict[str, list[float]] = {name: [] for name in ("python -c pass", *questions)}
    cpu: dict[str, list[float]] = {name: [] for name in took}
    lines = dict.fromkeys(took, 0)
    for _ in range(rounds):
        for name in took:
            command = [sys.executable, "-c", "pass"]
            if name in questions:
                command = [sys.executable, "-m", "motionapp", "find", str(folder)]
            spent_s, cpu_s, lines[name] = timed([*command, *questions.get(name, [])])
            took[name].append(spent_s)
            cpu[name].append(cpu_s)
    return {
        name: {
            "median_s": round(statistics.median(values), 3),
            "least_s": round(min(values), 3),
            "cpu_s": round(statistics.median(cpu[name]), 3),
            "lines": lines[name],
        }
        for name, values in took.items()
    }


def main() -> None:
    """Make a catalogue, ask, and say how long each answer takes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--recordings", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--loose", action="store_true", help="also ask before packing")
    parser.add_argument("--folder", type=Path, help="where the catalogue is made and stays")
    parser.add_argument("--out", type=Path, metavar="FILE", help="figures as JSON")
    arguments = parser.parse_args()
    figures: dict[str, object] = {"events": arguments.events, "recordings": arguments.recordings}
    with tempfile.TemporaryDirectory() as spare:
        folder = arguments.folder or Path(spare) / "catalogue"
        key = fill(folder, arguments.events, arguments.recordings, loose=arguments.loose)
        if arguments.loose:
            figures["loose"] = measure(folder, key, 1)
            began = time.perf_counter()
            figures["files_packed"] = pack(folder)
            figures["packing_s"] = round(time.perf_counter() - began, 1)
        figures["bytes"] = sum(path.stat().st_size for path in folder.rglob("*.parquet"))
        figures["files"] = sum(1 for _ in folder.rglob("*.parquet"))
        figures["packed"] = measure(folder, key, arguments.rounds)
    text = json.dumps(figures, indent=2)
    print(text)
    if arguments.out is not None:
        arguments.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
