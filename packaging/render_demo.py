"""Renders the demo's clip and its truth into `assets/`.

    python packaging/render_demo.py

Figures and seeds are the reserved ones, which no training ever renders.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import av
from av.video.stream import VideoStream

from motionapp.resources import assets_dir
from motionapp.scenes.named import demo_scene
from motionapp.scenes.render import Renderer
from motionapp.scenes.scene import Scene
from motionapp.scenes.truth import events

RATE_HZ = 25
MOST_BYTES = 6_000_000
"""The clip is part of every installation."""


def write_clip(scene: Scene, path: Path, *, rate_hz: int = RATE_HZ, crf: int = 23) -> None:
    """Encode a scene as H.264 in mp4, as a camera's recorder would."""
    renderer = Renderer(scene)
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=rate_hz)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = scene.size
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": str(crf), "preset": "slow"}
        for index in range(round(scene.duration_s * rate_hz)):
            picture = renderer.render(index / rate_hz)
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts = index
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def main() -> None:
    """Render both files and say how large the clip is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=assets_dir())
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    scene = demo_scene()
    clip = options.out / "demo.mp4"
    write_clip(scene, clip)
    truth = [
        {"label": label, "start_s": round(start_s, 3), "end_s": round(end_s, 3)}
        for start_s, end_s, label in events(scene)
    ]
    document = json.dumps({"schema": 1, "events": truth}, indent=1)
    (options.out / "demo-truth.json").write_text(document + "\n", encoding="utf-8")
    size_bytes = clip.stat().st_size
    print(f"{clip}: {size_bytes / 1e6:.2f} MB, {scene.duration_s:.1f} s, {len(truth)} events")
    if size_bytes > MOST_BYTES:
        raise SystemExit(f"the clip is larger than {MOST_BYTES / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
