"""What does the service cost? Cameras that speak RTSP, the whole tree of processes measured.

    python benchmarks/edge_load.py [--seconds 60] [--cases quiet,busy,names,record,four]

Bars, for 640x360 at 10 pictures a second, in shares of one core and of the whole tree: nothing
moving, with names, at most 2.5 %; constant motion at most 6 % without names and 12 % with; a stream
of 720p25 that is recorded by copy adds at most 3 %. Memory (PSS) with one camera at most 200 MB,
and each further one 130 MB. Four cameras, of which one shows motion, hold their rates.

The cameras are processes of their own and not in the figures. What they send is rendered by the
project: four people who never rest, and a wall with the noise of a sensor.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import av
import numpy as np
from bars import Bar, Figure, report
from processes import core_s, holdings, tree
from window_inputs import Recording, make

REPOSITORY = Path(__file__).resolve().parent.parent
SMALL, MAIN = (640, 360), (1280, 720)
PORT = 8480
SETTLED_S = 20.0
"""By then models are loaded and the first pictures have been looked at."""
NOISE_LEVELS = 1.5
"""Standard deviation of a sensor's noise in grey levels, by day."""

BARS = {
    "quiet": (Bar("quiet_core_percent", "most", 2.5), Bar("quiet_pss_mb", "most", 200.0)),
    "busy": (Bar("busy_core_percent", "most", 6.0),),
    "names": (Bar("names_core_percent", "most", 12.0),),
    "record": (Bar("record_adds_percent", "most", 3.0),),
    "four": (Bar("four_least_hz", "least", 9.5), Bar("further_pss_mb", "most", 130.0)),
}


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera of a case."""

    url: str
    main_url: str = ""
    has_names: bool = True


def quiet(path: Path, size: tuple[int, int], rate_hz: int, seconds: float) -> Path:
    """A wall, and the noise of a sensor."""
    rng = np.random.default_rng(19)
    width, height = size
    wall = np.clip(rng.normal(110, 25, (height // 8, width // 8, 3)), 0, 255).astype(np.float32)
    wall = wall.repeat(8, axis=0).repeat(8, axis=1)
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=rate_hz)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "24", "bf": "0", "g": str(2 * rate_hz)}
        for _ in range(round(seconds * rate_hz)):
            noise = rng.normal(0, NOISE_LEVELS, wall.shape).astype(np.float32)
            picture = np.clip(wall + noise, 0, 255).astype(np.uint8)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        file.mux(stream.encode(None))
    return path


@contextmanager
def camera(path: Path, rate_hz: int) -> Iterator[str]:
    """A process that sends a recording over and over by RTSP."""
    command = [sys.executable, "-m", "tests.servers.rtsp", str(path), "--rate", str(rate_hz)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def configuration(folder: Path, cameras: Sequence[Camera], *, records: bool) -> Path:
    """A configuration of these cameras."""
    unnamed = folder / "unnamed.toml"
    unnamed.write_text('[analysis]\npeople = "off"\n[analysis.recognition]\nclassifier = "none"\n')
    lines = []
    for number, each in enumerate(cameras):
        lines += ["[[camera]]", f'name = "c{number}"', f'url = "{each.url}"']
        if each.main_url:
            lines.append(f'main_url = "{each.main_url}"')
        if not each.has_names:
            lines.append(f'settings = "{unnamed}"')
    when = "events" if records else "never"
    lines += [
        "[web]",
        f"port = {PORT}",
        "[store]",
        f'dir = "{folder / "kept"}"',
        "[record]",
        f'when = "{when}"',
    ]
    path = folder / "edge.toml"
    path.write_text("\n".join(lines) + "\n")
    path.chmod(0o600)
    return path


@dataclass(frozen=True, slots=True)
class Cost:
    """What a case took."""

    core_percent: float
    pss_mb: float
    rates_hz: tuple[float, ...]


def measured(
    folder: Path, cameras: Sequence[Camera], seconds: float, *, records: bool = False
) -> Cost:
    """Run the service on these cameras, and look at what it takes."""
    path = configuration(folder, cameras, records=records)
    command = [sys.executable, "-m", "motionapp", "edge", "run", str(path)]
    with subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.DEVNULL) as process:
        try:
            time.sleep(SETTLED_S)
            pids = tree(process.pid)
            before_s, began_s, counts = core_s(pids), time.monotonic(), pictures()
            time.sleep(seconds)
            took_s, after = time.monotonic() - began_s, pictures()
            if tree(process.pid) != pids:
                raise RuntimeError("a process has ended meanwhile")
            share = 100 * (core_s(pids) - before_s) / took_s
            rates = tuple((b - a) / took_s for a, b in zip(counts, after, strict=True))
            return Cost(round(share, 2), holdings(pids).pss_mb, rates)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


def pictures() -> list[int]:
    """How many pictures of each camera have been analysed by now, as the page tells."""
    with urlopen(f"http://127.0.0.1:{PORT}/api/v1/cameras") as answer:
        document = json.load(answer)
    return [each["pictures"] for each in document["cameras"]]


def costs(folder: Path, cases: Sequence[str], seconds: float) -> dict[str, Figure]:
    """The figures of some cases."""
    figures: dict[str, Figure] = {}
    still = quiet(folder / "still.mp4", SMALL, 10, 30.0)
    moving = make(folder / "moving.mp4", Recording(SMALL, 10, 20.0, key_frames=20))
    with camera(still, 10) as quiet_url, camera(moving, 10) as busy_url:
        if "quiet" in cases or "four" in cases:
            cost = measured(folder, [Camera(quiet_url)], seconds)
            figures |= {"quiet_core_percent": cost.core_percent, "quiet_pss_mb": cost.pss_mb}
        for case, has_names in (("busy", False), ("names", True)):
            if case in cases:
                cost = measured(folder, [Camera(busy_url, has_names=has_names)], seconds)
                figures |= {f"{case}_core_percent": cost.core_percent}
                figures |= {f"{case}_pss_mb": cost.pss_mb}
        if "four" in cases:
            four = [Camera(busy_url), *[Camera(quiet_url)] * 3]
            cost = measured(folder, four, seconds)
            one_mb = figures["quiet_pss_mb"]
            assert isinstance(one_mb, float)
            figures |= {
                "four_core_percent": cost.core_percent,
                "four_least_hz": round(min(cost.rates_hz), 2),
                "further_pss_mb": round((cost.pss_mb - one_mb) / 3, 1),
            }
        if "record" in cases:
            figures |= _recorded(folder, busy_url, seconds)
    return figures


def _recorded(folder: Path, busy_url: str, seconds: float) -> dict[str, Figure]:
    """What it adds to record a larger stream all the time by copying it."""
    large = make(folder / "large.mp4", Recording(MAIN, 25, 20.0, key_frames=50))
    without = measured(folder, [Camera(busy_url, has_names=False)], seconds)
    with camera(large, 25) as main_url:
        recorded = [Camera(busy_url, main_url, has_names=False)]
        cost = measured(folder, recorded, seconds, records=True)
    return {
        "record_core_percent": cost.core_percent,
        "record_adds_percent": round(cost.core_percent - without.core_percent, 2),
    }


def main() -> int:
    """Measure the cases that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--cases", default="quiet,busy,names,record,four")
    options = parser.parse_args()
    cases = options.cases.split(",")
    with tempfile.TemporaryDirectory() as folder:
        figures = costs(Path(folder), cases, options.seconds)
    return report(figures, [bar for case in cases for bar in BARS[case]])


if __name__ == "__main__":
    sys.exit(main())
