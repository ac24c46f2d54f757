"""Memory of a batch over hours of recording: the peak must not grow with the length.

    python benchmarks/memory.py RECORDING [--hours 2]

The recording is repeated by stream copy to two minutes and to the asked length; each is analysed
by a process of its own with every result that is collected over time (report, clips of the
events), and its peak resident memory is printed.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import av
from speed import repeat

BAR_MB = 300
SHORT_S = 120.0


def main() -> int:
    """Measure both lengths; 1 if the bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recording", type=Path)
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--classifier", default="none")
    arguments = parser.parse_args()
    with av.open(str(arguments.recording)) as container:
        length_s = float(container.duration or 0) / av.time_base
    peak_mb = 0.0
    with tempfile.TemporaryDirectory() as folder:
        # The short one first: what is remembered of children is the largest of all so far.
        for seconds in (SHORT_S, arguments.hours * 3600):
            looped = Path(folder, f"{seconds:.0f}.mp4")
            frames = repeat(arguments.recording, looped, max(1, round(seconds / length_s)))
            peak_mb = analyse(looped, Path(folder, "out"), arguments.classifier)
            print(f"{seconds:8.0f} s, {frames:7d} frames: peak {peak_mb:.0f} MB", flush=True)
            looped.unlink()
    print(f"bar {BAR_MB} MB{'' if peak_mb < BAR_MB else ': MISSED'}")
    return 0 if peak_mb < BAR_MB else 1


def analyse(recording: Path, out: Path, classifier: str) -> float:
    """Peak resident memory of the largest process so far, in megabytes."""
    command = [sys.executable, "-m", "motionapp", "batch", str(recording), "--out", str(out)]
    subprocess.run(
        [*command, "--classifier", classifier, "--report"], check=True, capture_output=True
    )
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


if __name__ == "__main__":
    sys.exit(main())
