"""Does the window keep up? Plays a recording in real time and measures what is painted.

    python benchmarks/window.py [FILE] [--minutes 5] [--classifier NAME] [--frontend NAME]

Bars, for 1280x720 at 30 frames per second on two cores: at least 28 distinct pictures painted per
second, 95 % of them within 100 ms of when they were due, and less than 10 MB of growth from
minute 1 to the end. Without FILE it renders its own input, as long as the run: a shorter file
begins again when it has ended, and decoders that are opened afresh move the memory by some 20 MB
to and fro. Run it under Xvfb for figures with the
X server's work in them (`xvfb-run -s "-screen 0 1280x800x24" ...`), or with
QT_QPA_PLATFORM=offscreen.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication

from motionapp.gui.play.wish import Loop, Play, Wish
from motionapp.gui.start import make_window
from motionapp.gui.theme import dress
from motionapp.gui.window import MainWindow
from motionapp.runtime import Meter
from motionapp.settings import load_settings

SIZE = (1280, 720)
RATE_HZ = 30
RENDERED_S = 40
LEAST_PICTURES_HZ = 28.0
MOST_AGE_MS = 100.0
MOST_GROWTH_MB = 10.0
SETTLED_S = 60.0
"""Caches, fonts and buffer pools have their size by then."""


class KeepingMeter(Meter):
    """A meter that forgets nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[float] = []

    def observe(self, value: float = 1.0) -> None:
        """Note a value now."""
        super().observe(value)
        self.values.append(value)


@dataclass
class Measured:
    """What was seen of a window."""

    ages_s: KeepingMeter = field(default_factory=KeepingMeter)
    began_s: float | None = None
    elapsed_s: float = 0.0
    settled_mb: float | None = None
    end_mb: float | None = None
    analysed: int = 0
    messages: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, float | int | str | None]:
        """As they are printed."""
        ages_ms = sorted(1000 * age_s for age_s in self.ages_s.values)
        growth_mb = None
        if self.settled_mb is not None and self.end_mb is not None:
            growth_mb = round(self.end_mb - self.settled_mb, 1)
        return {
            "elapsed_s": round(self.elapsed_s, 1),
            "pictures": len(ages_ms),
            "pictures_hz": round(len(ages_ms) / max(self.elapsed_s, 1e-9), 2),
            "age_p50_ms": _at(ages_ms, 0.5),
            "age_p95_ms": _at(ages_ms, 0.95),
            "age_max_ms": _at(ages_ms, 1.0),
            "rss_settled_mb": self.settled_mb,
            "rss_end_mb": self.end_mb,
            "rss_growth_mb": growth_mb,
            "messages": "; ".join(self.messages),
        }


def _at(values: list[float], share: float) -> float | None:
    if not values:
        return None
    return round(values[min(len(values) - 1, math.ceil(share * len(values)))], 1)


def failures(figures: dict[str, float | int | str | None]) -> list[str]:
    """Which bars were missed, in words."""
    missed = []
    if float(figures["pictures_hz"] or 0) < LEAST_PICTURES_HZ:
        missed.append(f"fewer than {LEAST_PICTURES_HZ:.0f} distinct pictures per second")
    age_ms = figures["age_p95_ms"]
    if age_ms is None or float(age_ms) > MOST_AGE_MS:
        missed.append(f"age p95 above {MOST_AGE_MS:.0f} ms")
    growth_mb = figures["rss_growth_mb"]
    if growth_mb is not None and float(growth_mb) >= MOST_GROWTH_MB:
        missed.append(f"memory grew by {MOST_GROWTH_MB:.0f} MB or more")
    if figures["messages"]:
        missed.append("the window showed a message")
    return missed


def measure(window: MainWindow, app: QApplication, seconds: float) -> Measured:
    """Run the window for so long from its first picture, then close it."""
    measured = Measured()
    window.view.ages_s = measured.ages_s
    window.player.failed.connect(measured.messages.append)
    deadline_s = time.monotonic() + seconds + 60

    def look() -> None:
        now_s = time.monotonic()
        if measured.began_s is None and measured.ages_s.values:
            measured.began_s = now_s
            measured.ages_s.values.clear()
        since_s = 0.0 if measured.began_s is None else now_s - measured.began_s
        if measured.settled_mb is None and since_s >= min(SETTLED_S, seconds / 2):
            measured.settled_mb = resident_mb()
        if since_s >= seconds or now_s > deadline_s:
            measured.elapsed_s = since_s
            measured.end_mb = resident_mb()
            timer.stop()
            window.close()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(50)
    window.show()
    app.exec()
    return measured


def resident_mb() -> float | None:
    """Resident memory of this process; None where the system does not say."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return None
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return round(int(line.split()[1]) / 1024, 1)


@contextmanager
def recording(path: Path | None, seconds: float) -> Iterator[Path]:
    """The named file; else a rendered one of at least `seconds`, while the block lasts."""
    if path is not None:
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        once, rendered = Path(folder) / "once.mp4", Path(folder) / "figures.mp4"
        render(once, min(seconds, RENDERED_S))
        repeat(once, rendered, math.ceil(seconds / RENDERED_S))
        yield rendered


def render(path: Path, seconds: float) -> None:
    """Two bodies that cross before a textured ground, with camera noise."""
    noise = np.random.default_rng(5)
    width, height = SIZE
    coarse = noise.integers(70, 180, (height // 20, width // 20, 3), dtype=np.uint8)
    ground = cv2.resize(coarse, SIZE, interpolation=cv2.INTER_CUBIC)
    grain = [noise.normal(0, 2.5, (height, width, 1)).astype(np.int16) for _ in range(4)]
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=RATE_HZ)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "23", "bf": "0"}
        for index in range(round(seconds * RATE_HZ)):
            picture = np.array(ground, np.uint8)
            for body in range(2):
                _draw_body(picture, index / RATE_HZ, body)
            noisy = np.clip(picture + grain[index % 4], 0, 255).astype(np.uint8)
            for packet in stream.encode(av.VideoFrame.from_ndarray(noisy, format="bgr24")):
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


def _draw_body(picture: NDArray[np.uint8], time_s: float, number: int) -> None:
    """A body that walks to and fro for eight seconds of every ten."""
    height, width = picture.shape[:2]
    phase = min(1.0, (time_s + 3 * number) % 10 / 8)
    x = round(width * (0.12 + 0.76 * abs(2 * phase - 1)))
    foot, size = round(height * (0.8 + 0.1 * number)), height * (0.36 + 0.06 * number)
    swing = 0.16 * size * math.sin(2 * math.pi * 1.6 * time_s) * (phase < 1)
    hip, neck = (x, round(foot - 0.48 * size)), (x, round(foot - 0.84 * size))
    colour = ((60, 70, 190), (170, 90, 40))[number]
    thick = round(0.1 * size)
    for side in (1, -1):
        cv2.line(picture, hip, (round(x + side * swing), foot), (50, 45, 40), thick)
        hand = round(x - side * swing * 0.8), round(foot - 0.5 * size)
        cv2.line(picture, neck, hand, colour, thick // 2)
    cv2.line(picture, hip, neck, colour, 2 * thick)
    cv2.circle(picture, (x, round(foot - 0.95 * size)), round(0.08 * size), (140, 170, 210), -1)


def main() -> int:
    """Measure and say whether the bars were met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--frontend")
    parser.add_argument("--classifier")
    options = parser.parse_args()
    settings = load_settings(
        changes={
            "analysis.frontend": options.frontend,
            "analysis.recognition.classifier": options.classifier,
        }
    )
    app = QApplication(sys.argv[:1])
    dress(app)
    with recording(options.file, options.minutes * 60 + 5) as path:
        window = make_window(Wish(str(path), settings.analysis, play=Play(loop=Loop())))
        measured = measure(window, app, options.minutes * 60)
    figures = measured.figures()
    print(json.dumps(figures))
    for name, value in figures.items():
        print(f"{name:>16}: {value}")
    missed = failures(figures)
    print("all bars met" if not missed else f"missed: {'; '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
