"""The front-end codec: does it go the way that flow goes, what does it cost, what does it find?

    python benchmarks/codec.py [--only direction cost events] [--frames 300] [--rounds 5]

Two recordings of `../shared/data/events` are written again as a camera or an editor would, with
several presets, distances of key pictures and rates. Of each it is told

- *direction*: of the area that flow calls moving, the share in which codec gives a velocity, and
  the mean angle between the two there; bars: at least 0.6, at most 20 degrees;
- *cost*: processor time of decoding with the vectors told, with the field of velocities at every
  picture, and with all of the front-end, over that of decoding alone, in turns; bar: the field at
  most 1.15;
- *events*: those of absdiff, codec and flow, and how many of absdiff's the other two have.

Ends with 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import cv2
import numpy as np

import motionapp
from motionapp.core.event import Event
from motionapp.core.frame import level_for
from motionapp.frontends import registry
from motionapp.frontends.codec.blocks import NewestField
from motionapp.frontends.codec.frontend import WIDTH_PX
from motionapp.runtime.vectors import with_vectors
from motionapp.settings import AnalysisSettings
from motionapp.sources.file import FileSource

DATA: Final = Path(__file__).resolve().parents[2] / "shared" / "data" / "events"
RECORDINGS: Final = ("vtest.avi", "traffic_camera.mp4")
WRITTEN: Final[Mapping[str, Mapping[str, str]]] = {
    "ultrafast, key 250": {"preset": "ultrafast", "crf": "23", "g": "250"},
    "zero latency, key 25": {"preset": "veryfast", "tune": "zerolatency", "crf": "23", "g": "25"},
    "medium, key 12": {"preset": "medium", "crf": "23", "g": "12"},
    "medium, key 250": {"preset": "medium", "crf": "23", "g": "250"},
    "slow, 8 references": {"preset": "slow", "crf": "23", "g": "50", "bf": "8", "refs": "8"},
    "veryslow, coarse": {"preset": "veryslow", "crf": "28", "g": "250"},
    "300 kbit/s": {"preset": "fast", "b": "300k", "maxrate": "300k", "bufsize": "300k", "g": "50"},
    "baseline, refresh": {
        "preset": "fast", "profile": "baseline", "x264-params": "intra-refresh=1:keyint=50",
    },
}  # fmt: skip
LEAST_SHARE, MOST_DEGREES, MOST_COST = 0.6, 20.0, 1.15


def write_again(recording: Path, options: Mapping[str, str], path: Path, frames: int) -> None:
    """Write the first pictures of a recording as H.264."""
    with av.open(str(recording)) as given, av.open(str(path), "w") as container:
        source = given.streams.video[0]
        rate = Fraction(source.average_rate or 25)
        stream: Any = container.add_stream("libx264", rate=rate, options=dict(options))
        stream.width, stream.height = source.width, source.height
        stream.pix_fmt = "yuv420p"
        for number, picture in enumerate(itertools.islice(given.decode(source), frames)):
            plain = picture.reformat(format="yuv420p")
            plain.pts, plain.time_base = number, 1 / rate
            plain.pict_type = av.video.frame.PictureType.NONE
            container.mux(stream.encode(plain))
        container.mux(stream.encode())


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two fields agree where flow's says that something moves."""

    share: float
    degrees: float
    regions: float
    """Share of the area in regions whose mean direction lies within `MOST_DEGREES`."""


def agreement(path: Path) -> Agreement:
    """Flow against codec, at each picture of a recording."""
    settings = AnalysisSettings(frontend="codec")
    source = with_vectors(FileSource(path, decode_threads=1), settings)
    sessions: tuple[Any, ...] = ()
    moving = going = 0
    angles: list[np.ndarray] = []
    whole = alike = 0.0
    for frame in source.frames():
        if not sessions:
            sessions = tuple(
                registry.make(name, settings).start(frame.epoch) for name in ("flow", "codec")
            )
        flow, codec = (session.step(frame) for session in sessions)
        if flow.mask is None or codec.flow is None:
            continue
        height, width = flow.mask.shape
        field = cv2.resize(codec.flow, (width, height), interpolation=cv2.INTER_LINEAR)
        on = flow.mask > 0
        own, other = flow.flow[on], field[on]
        goes = np.hypot(*other.T) > codec.reasons.threshold / 2
        moving, going = moving + len(own), going + int(goes.sum())
        angles.append(between(own[goes], other[goes]))
        for region in flow.regions:
            x0, y0, x1, y1 = (edge >> flow.level for edge in region.box)
            part = on[y0:y1, x0:x1]
            means = [each[y0:y1, x0:x1][part].mean(axis=0)[None] for each in (flow.flow, field)]
            px = float(part.sum())
            whole += px
            if np.hypot(*means[1][0]) > 0:
                alike += px * bool(between(*means)[0] <= MOST_DEGREES)
    source.close()
    return Agreement(going / max(1, moving), float(np.concatenate(angles).mean()), alike / whole)


def between(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Degrees between vectors, pair by pair."""
    lengths = np.hypot(*one.T) * np.hypot(*other.T)
    cosine = (one * other).sum(axis=1) / np.maximum(lengths, 1e-9)
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


KINDS: Final = ("decoding", "told", "field", "front-end")


def cost(path: Path, rounds: int) -> dict[str, float]:
    """Processor time of each kind over that of decoding alone: medians of rounds, in turns."""
    spent: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for _ in range(rounds):
        for kind in KINDS:
            spent[kind].append(_seconds(path, kind))
    return {
        kind: statistics.median(
            own / base for own, base in zip(spent[kind], spent["decoding"], strict=True)
        )
        for kind in KINDS[1:]
    }


def _seconds(path: Path, kind: str) -> float:
    settings = AnalysisSettings(frontend="codec" if kind != "decoding" else "absdiff")
    source = with_vectors(FileSource(path, decode_threads=1), settings)
    seer: Any = None
    began_s = time.process_time()
    for frame in source.frames():
        if kind in ("decoding", "told"):
            continue
        if seer is None and kind == "field":
            size = frame.epoch.size
            seer = NewestField(size, level_for(size[0], WIDTH_PX), settings.codec.lag_s)
        elif seer is None:
            seer = registry.make("codec", settings).start(frame.epoch)
        seer.step(frame)
    spent_s = time.process_time() - began_s
    source.close()
    return spent_s


def events(path: Path) -> dict[str, Sequence[Event]]:
    """What each front-end finds."""
    return {
        name: motionapp.analyse(path, frontend=name, classifier="none")
        for name in ("absdiff", "codec", "flow")
    }


def had(wanted: Sequence[Event], found: Sequence[Event]) -> int:
    """How many of the wanted have one found that shares half of the shorter's time."""

    def is_same(one: Event, other: Event) -> bool:
        common_s = min(one.end_s, other.end_s) - max(one.start_s, other.start_s)
        return common_s > min(one.duration_s, other.duration_s) / 2

    return sum(any(is_same(one, other) for other in found) for one in wanted)


def main() -> int:
    """Print the tables; 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    kinds = ("direction", "cost", "events")
    parser.add_argument("--only", nargs="+", choices=kinds, default=kinds)
    parser.add_argument("--recordings", nargs="+", default=[str(DATA / n) for n in RECORDINGS])
    parser.add_argument("--written", nargs="+", choices=tuple(WRITTEN), default=tuple(WRITTEN))
    parser.add_argument("--frames", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kept", type=Path, help="a folder in which what was written stays")
    arguments = parser.parse_args()
    cv2.setNumThreads(0)
    missed = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.kept or Path(scratch)
        folder.mkdir(exist_ok=True)
        for recording, name in itertools.product(
            map(Path, arguments.recordings), arguments.written
        ):
            path = folder / f"{recording.stem}-{name.replace(' ', '_').replace('/', '_')}.mp4"
            if not path.exists():
                write_again(recording, WRITTEN[name], path, arguments.frames)
            missed += told(recording.stem, name, path, arguments)
    print("all bars met" if not missed else f"{missed} bars missed", flush=True)
    return 1 if missed else 0


def told(stem: str, name: str, path: Path, arguments: argparse.Namespace) -> int:
    """Print what is asked for of one file; how many bars it misses."""
    missed = 0
    words = f"{stem:>16} {name:<22}"
    if "direction" in arguments.only:
        seen = agreement(path)
        missed += seen.share < LEAST_SHARE
        missed += seen.degrees > MOST_DEGREES
        words += f" share {seen.share:.2f} angle {seen.degrees:4.1f} regions {seen.regions:.2f}"
    if "cost" in arguments.only:
        ratios = cost(path, arguments.rounds)
        missed += ratios["field"] > MOST_COST
        words += " " + " ".join(f"{kind} {ratio:.2f}" for kind, ratio in ratios.items())
    if "events" in arguments.only:
        found = events(path)
        words += " events " + " ".join(f"{kind} {len(each)}" for kind, each in found.items())
        both = [had(found["absdiff"], found[other]) for other in ("codec", "flow")]
        words += f"; of absdiff's, codec has {both[0]} and flow {both[1]}"
    print(words, flush=True)
    return missed


if __name__ == "__main__":
    sys.exit(main())
