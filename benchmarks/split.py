"""How much sooner two workers are done with one long recording than one: the same bytes?

    python benchmarks/split.py [--minutes 60] [--rounds 3] [--workers 2] [--dir DIR]
    python benchmarks/split.py --data ../shared/data [...]
    python benchmarks/split.py --recording FILE [...]

The recording rests at least every two minutes: a rendered yard through which somebody walks once a
minute (720p, with a camera's noise), or with `--data` real clips with a pause after each, in which
the last picture stands still under the clip's own noise; written again and again by packet copy.
Both runs are whole processes with one thread for each worker, in interleaved rounds, since a shared
machine gets slower and faster; the ratio is taken round by round. Beside the time, the work in all
is told: what the parts read twice. The bar (of an hour): 1.8 times as fast, the same bytes.
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
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import av
import cv2
import numpy as np
from bars import Bar, Figure, report
from numpy.typing import NDArray
from speed import quiet_recording, repeat

CLIPS = ("outdoor/indoor_office.mp4", "events/vtest.avi", "outdoor/shadow_pedestrians.mp4",
         "events/traffic_camera.mp4", "outdoor/street_people.mp4")  # fmt: skip
CLIP_S, PAUSE_S = 20.0, 40.0
SIZE, RATE_HZ = (640, 360), 25
BARS = (Bar("speedup", "least", 1.8), Bar("different_files", "most", 0))
RESULTS = ("events.json", "events.csv", "segments.csv")


def real_minutes(data: Path, path: Path) -> Path:
    """Some minutes of real clips, each followed by a pause with its own noise."""
    with av.open(str(path), "w") as written:
        stream = written.add_stream("libx264", rate=RATE_HZ, options={"preset": "veryfast"})
        (stream.width, stream.height), stream.pix_fmt = SIZE, "yuv420p"
        for clip in CLIPS:
            for picture in with_pause(pictures_of(data / clip)):
                written.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "bgr24")))
        written.mux(stream.encode(None))
    return path


def pictures_of(clip: Path) -> Iterator[NDArray[np.uint8]]:
    """The first seconds of a clip at 25 pictures per second; the nearest one stands for each."""
    with av.open(str(clip)) as container:
        due_s, first = 0.0, None
        for frame in container.decode(video=0):
            first = frame.time if first is None else first
            while due_s <= frame.time - first:
                yield cv2.resize(frame.to_ndarray(format="bgr24"), SIZE)
                due_s += 1 / RATE_HZ
            if due_s >= CLIP_S:
                return


def with_pause(pictures: Iterator[NDArray[np.uint8]]) -> Iterator[NDArray[np.uint8]]:
    """The pictures, and then the last one for a while under the noise between the last two."""
    before = last = next(pictures)
    yield last
    for picture in pictures:
        if not np.array_equal(picture, last):
            before, last = last, picture
        yield picture
    still = np.abs(last.astype(np.float32) - before)
    # The median of the differences of two noisy pictures, as it is under a normal distribution.
    sigma = max(0.5, float(np.median(still)) / (0.6745 * 2**0.5))
    rng = np.random.default_rng(20)
    for _ in range(round(PAUSE_S * RATE_HZ)):
        noise = sigma * rng.standard_normal(last.shape, np.float32)
        yield np.clip(np.rint(last + noise), 0, 255).astype(np.uint8)


def composed(folder: Path, data: Path | None, minutes: float) -> Path:
    """A recording of so many minutes, in steps of what it is composed of."""
    unit = folder / "unit.mp4"
    if not unit.is_file():
        real_minutes(data, unit) if data else quiet_recording(unit)
    with av.open(str(unit)) as container:
        unit_s = float(container.duration / av.time_base)
    path = folder / f"long-{minutes:g}.mp4"
    if not path.is_file():
        repeat(unit, path, max(1, round(60 * minutes / unit_s)))
    return path


def timed(recording: Path, out: Path, workers: int) -> dict[str, float]:
    """Seconds by the clock, and of processors, that a batch takes."""
    command = [sys.executable, "-m", "motionapp", "batch", str(recording), "--out", str(out)]
    before, began_s = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(
        [*command, "--workers", str(workers)],
        env={**os.environ, "MOTIONAPP_RUN__THREADS": str(workers)},  # one for each
        check=True,
        capture_output=True,
    )
    wall_s, after = time.monotonic() - began_s, resource.getrusage(resource.RUSAGE_CHILDREN)
    work_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall_s": wall_s, "work_s": work_s}


def compared(recording: Path, folder: Path, rounds: int, workers: int) -> dict[str, Figure]:
    """The figures of some rounds; the order changes from round to round."""
    ratios: dict[str, list[float]] = {"wall_s": [], "work_s": []}
    different: set[str] = set()
    number = count()
    for round_ in range(rounds):
        took: dict[int, dict[str, float]] = {}
        outs: dict[int, Path] = {}
        for each in (1, workers) if round_ % 2 == 0 else (workers, 1):
            outs[each] = folder / f"out-{os.getpid()}-{next(number)}"
            took[each] = timed(recording, outs[each], each)
            print(f"{each} workers: {took[each]}", file=sys.stderr)
        for name, all_ratios in ratios.items():
            all_ratios.append(took[1][name] / took[workers][name])
        one, several = (outs[each] / recording.stem for each in (1, workers))
        different |= {n for n in RESULTS if (one / n).read_bytes() != (several / n).read_bytes()}
    (entry,) = json.loads((outs[workers] / "summary.json").read_text())["inputs"]
    return {
        "minutes": round(entry["duration_s"] / 60, 1),
        "events": entry["events"],
        "speedup": round(statistics.median(ratios["wall_s"]), 3),
        "speedups": ", ".join(f"{ratio:.2f}" for ratio in ratios["wall_s"]),
        "work": round(1 / statistics.median(ratios["work_s"]), 3),
        "different_files": len(different),
        "note": entry["note"],
    }


def main() -> int:
    """Compose, measure, compare with the bars."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--data", type=Path, help="compose of the real clips in this folder")
    parser.add_argument("--recording", type=Path, help="take this one as it is")
    parser.add_argument("--dir", type=Path, help="keep the recording here, for another time")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kept = asked.dir or Path(folder)
        kept.mkdir(parents=True, exist_ok=True)
        recording = asked.recording or composed(kept, asked.data, asked.minutes)
        return report(compared(recording, Path(folder), asked.rounds, asked.workers), BARS)


if __name__ == "__main__":
    sys.exit(main())
