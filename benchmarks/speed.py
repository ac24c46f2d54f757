"""Speed of the road beside bare decoding and beside DVR-Scan, all in one run on one recording.

    python benchmarks/speed.py RECORDING [--times 8] [--rounds 3] [--dvr-scan PROGRAM]

The recording is first repeated by stream copy to a few minutes. Everything is timed in interleaved
rounds, since a shared machine gets slower and faster; ratios are taken round by round, and the
median is printed. DVR-Scan is run as its package gives it (``pip install dvr-scan`` in an
environment of its own), whole process against whole process, scanning only.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import av

from motionapp.analysis import NO_MODELS
from motionapp.assembly import make_analysis, open_source
from motionapp.runtime import apply_threads, plan_threads
from motionapp.settings import load_settings

BAR_SPEED = 0.80
BAR_CPU_MS = 0.5
BAR_DVR_SCAN = 8.0
PEERS = {
    "dvr-scan": (),
    "dvr-scan -df 4": ("-df", "4"),
    "dvr-scan -b CNT -df 4": ("-b", "CNT", "-df", "4"),
}


@dataclass(slots=True)
class Timed:
    """One thing to time, and what each round gave."""

    name: str
    work: Callable[[], object]
    who: int = resource.RUSAGE_SELF
    wall_s: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)

    def once(self) -> None:
        """Do it, and note its seconds on the wall and on the processor."""
        cpu_s, wall_s = _cpu_s(self.who), time.perf_counter()
        self.work()
        self.wall_s.append(time.perf_counter() - wall_s)
        self.cpu_s.append(_cpu_s(self.who) - cpu_s)


def main() -> int:
    """Time everything, print the table, and say which bars are reached."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recording", type=Path)
    parser.add_argument("--times", type=int, default=8, help="repeats of the recording (8)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dvr-scan", default="dvr-scan", metavar="PROGRAM")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        looped = Path(folder, "looped.mp4")
        frames = repeat(arguments.recording, looped, arguments.times)
        inside = in_process(looped)
        outside = whole_processes(looped, Path(folder), arguments.dvr_scan)
        for number in range(arguments.rounds):
            print(f"round {number + 1} of {arguments.rounds}", file=sys.stderr)
            for each in (*inside, *outside):
                each.once()
    return report(inside, outside, frames)


def repeat(recording: Path, out: Path, times: int) -> int:
    """Write a recording several times over by stream copy; gives the number of frames."""
    frames, offset = 0, 0
    with av.open(str(out), "w") as written:
        stream = None
        for _ in range(times):
            with av.open(str(recording)) as container:
                video = container.streams.video[0]
                stream = stream or written.add_stream_from_template(video)
                end = offset
                for packet in container.demux(video):
                    if packet.dts is None or packet.pts is None:
                        continue
                    packet.pts, packet.dts = packet.pts + offset, packet.dts + offset
                    end = max(end, packet.pts + (packet.duration or 0))
                    packet.stream = stream
                    written.mux(packet)
                    frames += 1
                offset = end
    return frames


def in_process(recording: Path) -> list[Timed]:
    """Bare decoding in both ways of threading, and the road without a classifier."""
    settings = load_settings(changes={"analysis.recognition.classifier": "none"}).analysis
    threads = plan_threads()
    apply_threads(threads)

    def decode(thread_type: str) -> None:
        with av.open(str(recording)) as container:
            container.streams.video[0].thread_type = thread_type
            for _ in container.decode(video=0):
                pass

    def road() -> None:
        source = open_source(recording, decode_threads=threads.decode)
        analysis = make_analysis(settings, NO_MODELS, source_name=recording.name)
        for frame in source.frames():
            analysis.step(frame)
        analysis.finish()
        source.close()

    return [
        Timed("decode only, AUTO", lambda: decode("AUTO")),
        Timed("decode only, SLICE", lambda: decode("SLICE")),
        Timed("absdiff + tracking + events", road),
    ]


def whole_processes(recording: Path, folder: Path, dvr_scan: str) -> list[Timed]:
    """motionapp and DVR-Scan as a user starts them."""

    def run(*command: str) -> Callable[[], object]:
        return lambda: subprocess.run(command, check=True, capture_output=True, cwd=folder)

    batch = ("-m", "motionapp", "batch", str(recording), "--classifier", "none", "--fresh")
    children = resource.RUSAGE_CHILDREN
    timed = [
        Timed(
            "motionapp batch", run(sys.executable, *batch, "--out", str(folder / "out")), children
        )
    ]
    if shutil.which(dvr_scan) is None:
        print(f"{dvr_scan} is not here: name it with --dvr-scan", file=sys.stderr)
        return timed
    for name, options in PEERS.items():
        scan = (dvr_scan, "-i", str(recording), "-so", "-q", *options)
        timed.append(Timed(name, run(*scan), children))
    return timed


def report(inside: list[Timed], outside: list[Timed], frames: int) -> int:
    """Print the table; 1 if a bar is missed."""
    fastest = min(inside[:2], key=lambda each: statistics.median(each.wall_s))
    print(f"{frames} frames; medians; ratios round by round")
    print(f"{'':32}{'frames/s':>10}{'CPU ms/frame':>14}")
    for each in (*inside, *outside):
        wall_s, cpu_s = statistics.median(each.wall_s), statistics.median(each.cpu_s)
        print(f"{each.name:32}{frames / wall_s:10.0f}{cpu_s / frames * 1e3:14.2f}")
    road, ours = inside[2], outside[0]
    speed = _median_ratio(fastest.wall_s, road.wall_s)
    beyond = statistics.median(
        (mine - bare) / frames * 1e3 for mine, bare in zip(road.cpu_s, fastest.cpu_s, strict=True)
    )
    checks = [
        (f"of the speed of {fastest.name}", speed, BAR_SPEED, speed >= BAR_SPEED),
        ("ms of CPU a frame beyond it", beyond, BAR_CPU_MS, beyond <= BAR_CPU_MS),
    ]
    for peer, bar in zip(outside[1:], (BAR_DVR_SCAN, 1.0, 1.0), strict=False):
        less = _median_ratio(peer.cpu_s, ours.cpu_s)
        checks.append((f"times less CPU than {peer.name}", less, bar, less >= bar))
    for words, figure, bar, reached in checks:
        print(f"{figure:6.2f} {words} (bar {bar:g}){'' if reached else ': MISSED'}")
    return 0 if all(reached for *_, reached in checks) else 1


def _median_ratio(above: list[float], below: list[float]) -> float:
    return statistics.median(a / b for a, b in zip(above, below, strict=True))


def _cpu_s(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
