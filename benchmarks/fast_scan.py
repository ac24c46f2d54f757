"""What a fast scan of quiet recordings costs, and what it finds.

    python benchmarks/fast_scan.py packets OUT.json [--cameras office ...] [--plot PICTURE.svg]
    python benchmarks/fast_scan.py hours OUT.json [--hours 1] [--cameras office ...] [--keys 50 25]

`packets` asks of packets alone, encoder by encoder: what share of the true events stands out at a
threshold, and what share of the quiet seconds with them. `hours` composes long recordings, decodes
them, scans them exactly and fast, and compares: processor seconds of each, events of both, and the
truth. Needs ../shared/data; see `scan_material` for what the recordings are made of.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
from scan_material import CAMERAS, NAMED, Camera, Encoding, compose, make_library

from motionapp.assembly import load_models, open_source
from motionapp.batch.fast import ReadExactly, Skipping, scan_one
from motionapp.batch.one import analyse_one
from motionapp.core.models import Models
from motionapp.runtime.threads import ThreadPlan, apply_threads
from motionapp.scan.plan import Stretch, doubts, united
from motionapp.scan.quiet import unrest_of
from motionapp.settings.tree import RunSettings, Settings
from motionapp.sinks.documents import event_document
from motionapp.sources.packet_index import read_packet_index

EVENTS_PER_HOUR = 12.5
"""300 a day."""
SAME_S = 0.5
"""Boundaries of an event may differ by so much."""
THRESHOLDS = (1.5, 2.0, 2.5, 2.75, 3.0, 3.5, 4.0, 5.0)


def _x264(name: str, keys: int, preset: str = "fast", **more: Any) -> Encoding:
    rate = more.pop("bit_rate", 0)
    options = {"preset": preset} | ({} if rate else {"crf": str(more.pop("crf", 23))})
    return Encoding(name, keys, options=options | more, bit_rate=rate)


ENCODINGS = (
    _x264("ultrafast", 50, "ultrafast"),
    _x264("veryfast", 50, "veryfast"),
    _x264("fast, keys 25", 25),
    _x264("fast, keys 50", 50),
    _x264("fast, keys 250", 250),
    _x264("crf 18", 50, crf=18),
    _x264("crf 30", 50, crf=30),
    _x264("VBR 400 kbit/s", 50, bit_rate=400_000),
    _x264("CBR 300 kbit/s", 50, bit_rate=300_000,
          **{"x264-params": "nal-hrd=cbr:vbv-maxrate=300:vbv-bufsize=300"}),
    Encoding("HEVC ultrafast", 50, "libx265", {"preset": "ultrafast", "crf": "26"}),
    Encoding("MJPEG", 1, "mjpeg", {"qmin": "6", "qmax": "6"}),
)  # fmt: skip


# -- packets alone --------------------------------------------------------------------------------


def packets(cameras: Sequence[Camera], out: Path) -> list[dict[str, Any]]:
    """What stands out, encoder by encoder."""
    found = []
    for camera in cameras:
        for encoding in ENCODINGS:
            with tempfile.TemporaryDirectory() as folder:
                made = Path(folder, "library.mov"), Path(folder, "hours.mov")
                library = make_library(camera, encoding, made[0], quiet_s=60, events=12)
                truth = compose(library, made[1], length_s=1800, events=12)
                found.append(_standing_out(camera, encoding, made[1], truth))
            print(json.dumps(found[-1]), flush=True)
            out.write_text(json.dumps(found, indent=1))
    return found


def _standing_out(
    camera: Camera, encoding: Encoding, path: Path, truth: list[tuple[float, float]]
) -> dict[str, Any]:
    index = read_packet_index(path)
    unrest = unrest_of(index)
    people = [Stretch(from_s, to_s) for from_s, to_s in truth]
    near = united(Stretch(each.from_s - 3, each.to_s + 4) for each in people)
    quiet_s = index.duration_s - sum(each.to_s - each.from_s for each in near)
    curve = []
    for threshold in THRESHOLDS:
        seen = doubts(unrest, threshold)
        found = sum(any(_meet(each, one) for one in seen) for each in people)
        false = [each for each in seen if not any(_meet(each, one) for one in near)]
        false_s = sum(each.to_s - each.from_s for each in false)
        curve.append([threshold, found / len(people), false_s / quiet_s, len(false)])
    return {
        "camera": camera.name,
        "encoding": encoding.name,
        "kbit_s": 8e-3 * float(index.sizes.sum()) / index.duration_s,
        "events": len(people),
        "curve": curve,
    }


def _meet(one: Stretch, other: Stretch) -> bool:
    return one.from_s < other.to_s and other.from_s < one.to_s


# -- whole hours ----------------------------------------------------------------------------------


def hours(
    cameras: Sequence[Camera], keys: Sequence[int], length_h: float, threshold: float, out: Path
) -> list[dict[str, Any]]:
    """Decode, scan exactly, scan fast."""
    apply_threads(ThreadPlan(decode=1, opencv=1, network=1))
    settings = Settings()
    models = load_models(settings.analysis, threads=1)
    found = []
    for camera in cameras:
        for distance in keys:
            with tempfile.TemporaryDirectory() as folder:
                made = Path(folder, "library.mp4"), Path(folder, "hours.mp4")
                encoding = _x264("fast", distance)
                library = make_library(camera, encoding, made[0], quiet_s=150, events=27)
                events = round(EVENTS_PER_HOUR * length_h)
                truth = compose(library, made[1], length_s=3600 * length_h, events=events)
                figures = compared(made[1], truth, settings, models, threshold)
            found.append({"camera": camera.name, "keys": distance, "hours": length_h, **figures})
            print(json.dumps(found[-1]), flush=True)
            out.write_text(json.dumps(found, indent=1))
    return found


def compared(
    path: Path,
    truth: list[tuple[float, float]],
    settings: Settings,
    models: Models,
    threshold: float,
) -> dict[str, Any]:
    """One recording, three times."""
    began = time.process_time()
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        stream.codec_context.options = {"skip_loop_filter": "noref"}
        frames = sum(1 for _ in container.decode(stream))
    decoded = time.process_time()
    exact = analyse_one(str(path), settings.analysis, models, decode_threads=1)
    scanned = time.process_time()
    skipped, fast_events, why = 0.0, exact.events, ""
    try:
        fast = scan_one(
            settings.analysis, models, Skipping(path, threshold), decode_threads=1,
            open_input=lambda threads: open_source(path, decode_threads=threads),
        )  # fmt: skip
        fast_events = fast.events
        skipped = sum(to_s - from_s for from_s, to_s in fast.skipped or ()) / fast.duration_s
    except ReadExactly as reason:
        why = str(reason)
    ended = time.process_time()
    one, two = ([event_document(e) for e in events] for events in (exact.events, fast_events))
    return {
        "frames": frames,
        "decode_s": decoded - began,
        "exact_s": scanned - decoded,
        "fast_s": ended - scanned + (scanned - decoded if why else 0.0),
        "faster_than_decoding": (decoded - began) / (ended - scanned),
        "exact_events": len(one),
        "found": sum(any(_is_near(e, g) for g in two) for e in one),
        "equal": sum(e in two for e in one),
        "truth": len(truth),
        "truth_exact": _hits(truth, one),
        "truth_fast": _hits(truth, two),
        "skipped_share": skipped,
        "why_exact": why,
    }


def _is_near(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(abs(one[key] - other[key]) <= SAME_S for key in ("start_s", "end_s"))


def _hits(truth: list[tuple[float, float]], events: list[dict[str, Any]]) -> int:
    return sum(any(e["start_s"] < to_s and from_s < e["end_s"] for e in events)
               for from_s, to_s in truth)  # fmt: skip


# -- the picture ----------------------------------------------------------------------------------

WIDTH, HEIGHT, LEFT, TOP = 760, 420, 60, 20
COLOURS = ("#1b6ca8", "#c8553d", "#3a7d44", "#8e5ea2", "#b08900", "#4a4e69", "#00798c", "#9d4edd",
           "#d1495b", "#606c38", "#000000")  # fmt: skip


def plot(found: Sequence[dict[str, Any]], path: Path) -> None:
    """Found against looked at, a line an encoder (mean over cameras), as SVG."""
    names = list(dict.fromkeys(each["encoding"] for each in found))
    lines = []
    for n, name in enumerate(names):
        curves = np.array([each["curve"] for each in found if each["encoding"] == name])
        points = " ".join(
            f"{LEFT + 480 * _share(looked):.1f},{TOP + 340 * (1 - share):.1f}"
            for _, share, looked, _ in curves.mean(axis=0)
        )
        colour, y = COLOURS[n % len(COLOURS)], TOP + 14 + 22 * n
        lines += [
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>',
            f'<text x="{LEFT + 500}" y="{y}" fill="{colour}">{name}</text>',
        ]
    for share in (0.001, 0.01, 0.1, 1.0):
        x = LEFT + 480 * _share(share)
        lines += [f'<line x1="{x}" x2="{x}" y1="{TOP}" y2="{TOP + 340}" stroke="#ddd"/>',
                  f'<text x="{x - 14}" y="{TOP + 358}">{share:.1%}</text>']  # fmt: skip
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = TOP + 340 * (1 - share)
        lines += [f'<line x1="{LEFT}" x2="{LEFT + 480}" y1="{y}" y2="{y}" stroke="#ddd"/>',
                  f'<text x="{LEFT - 45}" y="{y + 4}">{share:.0%}</text>']  # fmt: skip
    lines.append(f'<text x="{LEFT + 90}" y="{TOP + 385}">quiet seconds that are looked at</text>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
    style = 'font-family="sans-serif" font-size="13"><rect width="100%" height="100%" fill="#fff"/>'
    path.write_text(head + style + "\n".join(lines) + "</svg>\n")


def _share(looked: float) -> float:
    """A place on a logarithmic axis from 0.1 % to all."""
    return float(np.log10(max(looked, 1e-3)) + 3) / 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the figures, draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("packets", "hours"))
    parser.add_argument("out", type=Path)
    parser.add_argument("--cameras", nargs="+", choices=[c.name for c in CAMERAS], default=None)
    parser.add_argument("--keys", nargs="+", type=int, default=[50, 25])
    parser.add_argument("--hours", type=float, default=24 / len(CAMERAS))
    parser.add_argument("--threshold", type=float, default=RunSettings().scan_threshold)
    parser.add_argument("--plot", type=Path)
    chosen = parser.parse_args(arguments)
    cameras = [NAMED[name] for name in chosen.cameras] if chosen.cameras else list(CAMERAS)
    if chosen.what == "hours":
        hours(cameras, chosen.keys, chosen.hours, chosen.threshold, chosen.out)
        return 0
    found = packets(cameras, chosen.out)
    if chosen.plot:
        plot(found, chosen.plot)
    return 0


if __name__ == "__main__":
    sys.exit(main())
