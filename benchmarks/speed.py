"""Speed of the road beside bare decoding and beside DVR-Scan, all in one run on one recording.

    python benchmarks/speed.py RECORDING [--kind busy|people] [--times 8] [--rounds 3]
    python benchmarks/speed.py --kind quiet [--rounds 3]
    ... [--dvr-scan PROGRAM]

`busy` is a road, `people` a street, `quiet` a still scene with a camera's noise through which
somebody walks once a minute; that one is rendered where no recording is named. The recording is
first repeated by stream copy to a few minutes. Everything is timed in interleaved
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
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import av

from motionapp.assembly import load_models, make_analysis, open_source
from motionapp.core.models import NO_MODELS, Models
from motionapp.runtime import apply_threads, plan_threads
from motionapp.settings import AnalysisSettings, load_settings

ROAD, NAMED = "absdiff + tracking + events", "... with the default classifier"
PEOPLE = "... and with people looked for"
"""Told beside the bars: it costs where something moves, so many searches a second."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What a way of walking the road is to reach beside bare decoding."""

    speed: float
    """Share of the speed of decoding, at least."""
    cpu_ms: float | None = None
    """Milliseconds of processor time a frame beyond decoding, at most."""


BARS = {
    "busy": {ROAD: Bar(0.75, 0.5), NAMED: Bar(0.45, 2.0)},
    "people": {NAMED: Bar(0.35)},
    "quiet": {ROAD: Bar(0.92, 0.15)},
}
PEER_BARS = (9.0, 1.5, 1.25)
NAMED_PEER_BAR = 4.0
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
    parser.add_argument("recording", type=Path, nargs="?")
    parser.add_argument("--kind", choices=tuple(BARS), default="busy")
    parser.add_argument("--times", type=int, default=8, help="repeats of the recording (8)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dvr-scan", default="dvr-scan", metavar="PROGRAM")
    arguments = parser.parse_args()
    if arguments.recording is None and arguments.kind != "quiet":
        parser.error("name a recording, or take --kind quiet")
    with tempfile.TemporaryDirectory() as folder:
        recording = arguments.recording or quiet_recording(Path(folder, "quiet.mp4"))
        looped = Path(folder, f"looped{recording.suffix}")
        frames = repeat(recording, looped, arguments.times)
        inside = in_process(looped)
        outside = whole_processes(looped, Path(folder), arguments.dvr_scan)
        for number in range(arguments.rounds):
            print(f"round {number + 1} of {arguments.rounds}", file=sys.stderr)
            for each in (*inside, *outside):
                each.once()
    return report(inside, outside, frames, BARS[arguments.kind])


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


def quiet_recording(path: Path) -> Path:
    """A minute of a yard with a camera's noise, in which somebody walks by: 720p, H.264."""
    from motionapp.scenes.people.body import Body
    from motionapp.scenes.people.performance import Performance
    from motionapp.scenes.scene import Backdrop, Cue, Figure, Scene, Sensor
    from motionapp.sources.synthetic import SyntheticSource

    figure = Figure(
        Body(), (-80.0, 620.0), 150.0, (Cue(Performance("walk", heading_deg=90.0), 20.0, 29.0),)
    )
    scene = Scene(
        "quiet", (1280, 720), 60.0, 9_400_001,
        backdrop=Backdrop("park", 9_400_001, 0.8), figures=(figure,), sensor=Sensor(noise=2.0),
    )  # fmt: skip
    print("rendering a quiet minute", file=sys.stderr)
    with av.open(str(path), "w") as written:
        stream = written.add_stream("libx264", rate=25)
        stream.width, stream.height = scene.size
        stream.pix_fmt = "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "23"}
        for frame in SyntheticSource(scene, rate_hz=25).frames():
            written.mux(stream.encode(av.VideoFrame.from_ndarray(frame.bgr(), "bgr24")))
        written.mux(stream.encode(None))
    return path


def in_process(recording: Path) -> list[Timed]:
    """Bare decoding in both ways of threading, and the road without a classifier and with one."""
    plain = load_settings(changes={"analysis.recognition.classifier": "none"}).analysis
    naming = load_settings().analysis
    threads = plan_threads()
    models = load_models(naming, threads=threads.network)
    named_only = replace(models, people=None)
    apply_threads(threads)

    def decode(thread_type: str) -> None:
        with av.open(str(recording)) as container:
            container.streams.video[0].thread_type = thread_type
            for _ in container.decode(video=0):
                pass

    def road(settings: AnalysisSettings, models: Models) -> None:
        source = open_source(recording, decode_threads=threads.decode)
        analysis = make_analysis(settings, models, source_name=recording.name)
        for frame in source.frames():
            analysis.step(frame)
        analysis.finish()
        source.close()

    return [
        Timed("decode only, AUTO", lambda: decode("AUTO")),
        Timed("decode only, SLICE", lambda: decode("SLICE")),
        Timed(ROAD, lambda: road(plain, NO_MODELS)),
        Timed(NAMED, lambda: road(naming, named_only)),
        Timed(PEOPLE, lambda: road(naming, models)),
    ]


def whole_processes(recording: Path, folder: Path, dvr_scan: str) -> list[Timed]:
    """motionapp and DVR-Scan as a user starts them."""

    def run(*command: str) -> Callable[[], object]:
        return lambda: subprocess.run(command, check=True, capture_output=True, cwd=folder)

    batch = (sys.executable, "-m", "motionapp", "batch", str(recording), "--fresh")
    children, plain, named = resource.RUSAGE_CHILDREN, str(folder / "plain"), str(folder / "named")
    timed = [
        Timed(
            "motionapp batch --classifier none",
            run(*batch, "--classifier", "none", "--out", plain),
            children,
        ),
        Timed("motionapp batch", run(*batch, "--out", named), children),
    ]
    if shutil.which(dvr_scan) is None:
        print(f"{dvr_scan} is not here: name it with --dvr-scan", file=sys.stderr)
        return timed
    for name, options in PEERS.items():
        scan = (dvr_scan, "-i", str(recording), "-so", "-q", *options)
        timed.append(Timed(name, run(*scan), children))
    return timed


def report(inside: list[Timed], outside: list[Timed], frames: int, bars: Mapping[str, Bar]) -> int:
    """Print the table; 1 if a bar is missed."""
    fastest = min(inside[:2], key=lambda each: statistics.median(each.wall_s))
    print(f"{frames} frames; medians; ratios round by round")
    print(f"{'':36}{'frames/s':>10}{'CPU ms/frame':>14}")
    for each in (*inside, *outside):
        wall_s, cpu_s = statistics.median(each.wall_s), statistics.median(each.cpu_s)
        print(f"{each.name:36}{frames / wall_s:10.0f}{cpu_s / frames * 1e3:14.2f}")
    checks = [check for road in inside[2:] for check in _beside(fastest, road, frames, bars)]
    plain, named, *peers = outside
    for peer, bar in zip(peers, PEER_BARS, strict=False):
        less = _median_ratio(peer.cpu_s, plain.cpu_s)
        checks.append((f"times less CPU than {peer.name}, without names", less, bar, less >= bar))
    for peer in peers[:1]:
        less = _median_ratio(peer.cpu_s, named.cpu_s)
        reached = less >= NAMED_PEER_BAR
        checks.append((f"times less CPU than {peer.name}, named", less, NAMED_PEER_BAR, reached))
    for words, figure, wanted, reached in checks:
        print(f"{figure:6.2f} {words} (bar {wanted:g}){'' if reached else ': MISSED'}")
    return 0 if all(reached for *_, reached in checks) else 1


def _beside(
    fastest: Timed, road: Timed, frames: int, bars: Mapping[str, Bar]
) -> list[tuple[str, float, float, bool]]:
    """Speed and processor time of a road beside bare decoding, as far as there is a bar."""
    if road.name not in bars:
        return []
    bar = bars[road.name]
    speed = _median_ratio(fastest.wall_s, road.wall_s)
    beyond = statistics.median(
        (mine - bare) / frames * 1e3 for mine, bare in zip(road.cpu_s, fastest.cpu_s, strict=True)
    )
    found = [(f"of decoding's speed: {road.name}", speed, bar.speed, speed >= bar.speed)]
    if bar.cpu_ms is not None:
        words = f"ms of CPU a frame beyond decoding: {road.name}"
        found.append((words, beyond, bar.cpu_ms, beyond <= bar.cpu_ms))
    return found


def _median_ratio(above: list[float], below: list[float]) -> float:
    return statistics.median(a / b for a, b in zip(above, below, strict=True))


def _cpu_s(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
