"""One scene at several frame rates, as recordings: the same events, boundaries within 0.2 s.

    python benchmarks/rates.py [--only clock jack]

A scene is rendered at 50 frames a second and written as H.264: with all of them, every second and
every fourth one, at uneven times, and every one twice at 100 a second. Ends with 1 where a copy's
events differ in number from those at 50, or one of their boundaries by more than 0.2 s.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import av

import motionapp
from motionapp.core.event import Event
from motionapp.scenes.named import SCENES
from motionapp.scenes.scene import Scene
from motionapp.sources.synthetic import Sampling, SyntheticSource

FULL_HZ: Final = 50
SAMPLINGS: Final = {
    "50": Sampling(FULL_HZ),
    "25": Sampling(FULL_HZ, steps=(2,)),
    "12.5": Sampling(FULL_HZ, steps=(4,)),
    "variable": Sampling(FULL_HZ, steps=(1, 3, 2, 4, 1, 2)),
    "doubled": Sampling(FULL_HZ, repeats=2),
}
"""How a scene is seen, by name."""

BAR_S: Final = 0.2
SCENES_TRIED: Final = ("crossing", "jack", "wave1", "clock+person", "lamp+person", "rain+person")


def write_recording(scene: Scene, sampling: Sampling, path: Path) -> None:
    """Write the scene as a camera with this sampling would: H.264 with exact time stamps.

    Parameters
    ----------
    scene : Scene
    sampling : Sampling
    path : Path
        Ends in .mp4 or .mkv.
    """
    source = SyntheticSource(scene, sampling=sampling)
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libx264", rate=round(source.info.rate_hz or FULL_HZ))
        stream.width, stream.height = scene.size
        stream.pix_fmt = "yuv420p"
        # On several threads the same pictures become another file each time, and coarser ones end
        # a movement up to 0.7 s later: the scene is to be compared, and not its compression.
        stream.options = {"preset": "veryfast", "crf": "10", "threads": "1"}
        stream.codec_context.time_base = sampling.time_base
        for frame in source.frames():
            picture = av.VideoFrame.from_ndarray(frame.bgr(), "bgr24")
            picture.pts, picture.time_base = frame.pts, sampling.time_base
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))


def farthest_s(events: Sequence[Event], others: Sequence[Event]) -> float | None:
    """By how much boundaries differ at most, in seconds; None where the numbers differ."""
    if len(events) != len(others):
        return None
    pairs = zip(events, others, strict=True)
    gaps = [max(abs(a.start_s - b.start_s), abs(a.end_s - b.end_s)) for a, b in pairs]
    return max(gaps, default=0.0)


def main() -> int:
    """Print a row a scene; 1 if the bar is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=tuple(SCENES), default=SCENES_TRIED)
    options = parser.parse_args()
    missed = 0
    print("| scene | " + " | ".join(SAMPLINGS) + " | farthest, s |")
    print("|---" * (len(SAMPLINGS) + 2) + "|")
    for name in options.only:
        found = {}
        with tempfile.TemporaryDirectory() as folder:
            for key, sampling in SAMPLINGS.items():
                path = Path(folder) / f"{key}.mp4"
                write_recording(SCENES[name](), sampling, path)
                found[key] = motionapp.analyse(path, classifier="none")
        gaps = [farthest_s(found["50"], events) for events in found.values()]
        worst = None if None in gaps else max(gap for gap in gaps if gap is not None)
        missed += worst is None or worst > BAR_S
        cells = [
            ", ".join(f"{event.start_s:.2f}-{event.end_s:.2f}" for event in events) or "none"
            for events in found.values()
        ]
        said = "not the same number" if worst is None else f"{worst:.2f}"
        print(f"| {name} | " + " | ".join(cells) + f" | {said} |", flush=True)
    print(f"\n{missed} of {len(options.only)} scenes miss the bar of {BAR_S} s")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
