"""Recordings for the window's benchmarks: four people, drawn by the project's own renderer, who
never rest. They are rendered by a process of its own, so that no work and no memory of it is in
the figures of the process that measures.

    python benchmarks/window_inputs.py OUT.mp4 [--size 1280x720] [--rate 30] [--seconds 20]
        [--key 250]
    python benchmarks/window_inputs.py IN.mp4 --serve tcp://127.0.0.1:PORT
"""

from __future__ import annotations

import argparse
import math
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
import cv2
import numpy as np

from motionapp.scenes.named import RESERVED_SEED, foot_row
from motionapp.scenes.people.body import Body
from motionapp.scenes.people.performance import Performance
from motionapp.scenes.render import Renderer
from motionapp.scenes.scene import Backdrop, Cue, Figure, Scene

PLACES = (("jack", 0.16, 0.20), ("wave2", 0.38, 0.18), ("bend", 0.62, 0.22), ("wave1", 0.85, 0.19))
"""What they do all the time, where they stand (a share of the width), and pixels a metre as a share
of the height."""
DRAWN = (1280, 720)
"""Larger pictures are drawn at this size and enlarged: drawing costs far more than coding."""


@dataclass(frozen=True, slots=True)
class Recording:
    """How a recording is made."""

    size: tuple[int, int] = (1280, 720)
    rate_hz: int = 30
    seconds: float = 20.0
    key_frames: int = 250
    """Frames from one key frame to the next: x264's own habit. Cameras send one each 2 s."""


def scene_of(size: tuple[int, int], duration_s: float) -> Scene:
    """Four people before a wall of stones."""
    rng = np.random.default_rng([RESERVED_SEED, 18])
    figures = []
    for name, x, share in PLACES:
        scale = share * size[1]
        body, act = Body.random(rng), Performance.random(name, rng)
        foot = x * size[0], foot_row(size, scale)
        figures.append(Figure(body, foot, scale, (Cue(act, 0.0, duration_s),)))
    backdrop = Backdrop("stone", RESERVED_SEED, 0.72)
    return Scene("four", size, duration_s, RESERVED_SEED, backdrop, tuple(figures))


def render(path: Path, recording: Recording) -> None:
    """Write a recording, as a camera with H.264 would."""
    drawn = min(recording.size, DRAWN)
    renderer = Renderer(scene_of(drawn, recording.seconds))
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=recording.rate_hz)
        stream.width, stream.height = recording.size
        stream.pix_fmt = "yuv420p"
        stream.options = {
            "preset": "veryfast", "crf": "23", "bf": "0", "sc_threshold": "0",
            "g": str(recording.key_frames), "keyint_min": str(recording.key_frames),
        }  # fmt: skip
        for index in range(round(recording.seconds * recording.rate_hz)):
            picture = renderer.render(index / recording.rate_hz)
            if drawn != recording.size:
                picture = np.asarray(cv2.resize(picture, recording.size), np.uint8)
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")):
                file.mux(packet)
        for packet in stream.encode():
            file.mux(packet)


def repeat(once: Path, path: Path, times: int) -> None:
    """Write a recording several times over into one, without coding it again."""
    with av.open(str(path), "w") as file:
        stream, shift = None, 0
        for _ in range(times):
            end = shift
            with av.open(str(once)) as source:
                first = source.streams.video[0]
                stream = stream or file.add_stream_from_template(first)
                for packet in source.demux(first):
                    if packet.dts is None or packet.pts is None:
                        continue  # the empty packet at the end
                    end = max(end, shift + packet.pts + (packet.duration or 0))
                    packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                    packet.stream = stream
                    file.mux(packet)
            shift = end


def make(path: Path, recording: Recording, *, least_s: float = 0.0) -> Path:
    """Let another process render it, and repeat it until it lasts as long as is asked for."""
    size = "x".join(map(str, recording.size))
    once = path.with_name(f"once-{path.name}")
    subprocess.run(
        [
            sys.executable, __file__, str(once), "--size", size, "--rate", str(recording.rate_hz),
            "--seconds", str(recording.seconds), "--key", str(recording.key_frames),
        ],
        check=True,
    )  # fmt: skip
    repeat(once, path, max(1, math.ceil(least_s / recording.seconds)))
    once.unlink()
    return path


def serve(path: Path, address: str) -> None:
    """Send a recording to the first who comes, packet by packet as its time stamps say."""
    with (
        av.open(f"{address}?listen=1", "w", format="mpegts") as file,
        av.open(str(path)) as source,
    ):
        first = source.streams.video[0]
        stream, began_s = file.add_stream_from_template(first), time.monotonic()
        for packet in source.demux(first):
            if packet.dts is None or packet.time_base is None:
                continue  # the empty packet at the end
            time.sleep(max(0.0, began_s + float(packet.dts * packet.time_base) - time.monotonic()))
            packet.stream = stream
            file.mux(packet)


@contextmanager
def served(path: Path, *, is_served: bool) -> Iterator[str]:
    """What a window opens: the recording itself, or an address at which another process sends it
    as a live stream, while the block lasts."""
    if not is_served:
        yield str(path)
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    sending = subprocess.Popen([sys.executable, __file__, str(path), "--serve", address])
    try:
        time.sleep(2.0)  # nobody tells when it listens, and it takes one caller only
        yield address
    finally:
        sending.terminate()
        sending.wait()


@contextmanager
def recordings() -> Iterator[Path]:
    """A folder for them while the block lasts."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def main() -> int:
    """Render one, or send one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--rate", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--key", type=int, default=250)
    parser.add_argument("--serve", metavar="ADDRESS")
    options = parser.parse_args()
    if options.serve:
        serve(options.path, options.serve)
        return 0
    width, height = map(int, options.size.split("x"))
    render(options.path, Recording((width, height), options.rate, options.seconds, options.key))
    return 0


if __name__ == "__main__":
    sys.exit(main())
