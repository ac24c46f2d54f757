"""Makes docs/images/find-sheet.jpg and find-digest.jpg: what `motionapp find` shows of its hits.

Three rendered scenes of a minute stand for the recordings of three cameras: those of real ones
would show somebody.

    python docs/images/find.py --folder rendered/

Recordings that are in the folder are used again.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import av
import cv2

from motionapp.cli import main as motionapp
from motionapp.scenes.named import RESERVED_SEED, demo_scene
from motionapp.sinks.h264 import H264Writer
from motionapp.sources.synthetic import SyntheticSource

HERE = Path(__file__).resolve().parent
RATE_HZ = 25
CAMERAS = ("front door", "yard", "side street")
ASKED = ("--label", "wave1,wave2,jack,bend")
SHOWN_S = 10.4
"""The picture of the digest that is shown."""
QUALITY = 88


def main() -> int:
    """Render, analyse, find, and keep the two pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True)
    folder = parser.parse_args().folder
    recordings = [record(folder, number, camera) for number, camera in enumerate(CAMERAS)]
    catalogue, digest = folder / "catalogue", folder / "digest.mp4"
    words = ["batch", *recordings, "--out", folder / "found", "--catalog", catalogue]
    code = motionapp([*map(str, words), "--time-zone", "Europe/Zurich"])
    if code == 0:
        made = ["--sheet", HERE / "find-sheet.jpg", "--digest", digest]
        code = motionapp(["find", str(catalogue), *ASKED, *map(str, made)])
    if code == 0:
        keep(digest, HERE / "find-digest.jpg")
    return code


def record(folder: Path, number: int, camera: str) -> Path:
    """A recording of one of the cameras, rendered unless it is there."""
    file = folder / camera / f"20260501_18{10 + number}00.mp4"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        scene = demo_scene(seed=RESERVED_SEED + 1 + number)
        writer = H264Writer(file)
        for frame in SyntheticSource(scene, rate_hz=RATE_HZ).frames():
            writer.write(frame.bgr(), frame.pts_s, 1 / RATE_HZ)
        writer.finish()
    return file


def keep(video: Path, picture: Path) -> None:
    """One picture of a video."""
    with av.open(str(video)) as container:
        for frame in container.decode(video=0):
            if frame.time is not None and frame.time >= SHOWN_S:
                bgr = frame.to_ndarray(format="bgr24")
                cv2.imwrite(str(picture), bgr, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
                return


if __name__ == "__main__":
    sys.exit(main())
