"""Mean end-point error of the flow front-end on Middlebury scenes with known flow.

    python benchmarks/flow_accuracy.py ../shared/data/middlebury [--preset medium]

The two frames of a scene go through the front-end as a recording of two pictures; its flow, in
pixels per second at analysis scale, is brought back to pixels at full size and compared.
"""

from __future__ import annotations

import argparse
import io
import zipfile
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import Epoch, Frame
from motionapp.core.motion import Motion
from motionapp.frontends.flow import Flow
from motionapp.settings.frontends import FlowSettings
from motionapp.sources.picture import BgrPicture

BAR_PX = 0.85
UNKNOWN_PX = 1e9
"""Components above this mean that the true flow is not known there."""


def read_flow(archive: Path) -> NDArray[np.float32]:
    """A `.flo` file from its zip: shape (h, w, 2), pixels."""
    with zipfile.ZipFile(archive) as files:
        raw = io.BytesIO(files.read(files.namelist()[0]))
    magic = np.frombuffer(raw.read(4), "<f4")[0]
    if magic != np.float32(202021.25):
        raise SystemExit(f"{archive} is no .flo file")
    width, height = np.frombuffer(raw.read(8), "<i4")
    return np.frombuffer(raw.read(), "<f4").reshape(int(height), int(width), 2)


def see(pictures: list[NDArray[np.uint8]], settings: FlowSettings) -> Motion:
    """What the front-end sees at the second of two pictures, one lag apart."""
    height, width = pictures[0].shape[:2]
    epoch = Epoch(0, (width, height), Fraction(1, 1000))
    session = Flow(settings).start(epoch)
    motion = Motion()
    for index, picture in enumerate(pictures):
        time_s = index * settings.lag_s
        pixels = BgrPicture(picture)
        frame = Frame(index, round(time_s * 1000), time_s, settings.lag_s, epoch, pixels)
        motion = session.step(frame)
    return motion


def end_point_error(scene: Path, settings: FlowSettings) -> float:
    """Mean distance between found and true displacement, in pixels at full size."""
    pictures = [cv2.imread(str(scene / f"frame{n}.png")) for n in (10, 11)]
    truth = read_flow(scene / "flow10.flo.zip")
    motion = see([np.asarray(p, np.uint8) for p in pictures if p is not None], settings)
    if motion.flow is None:
        raise SystemExit(f"{scene.name}: the front-end gave no flow")
    found = cv2.resize(motion.flow * motion.lag_s, truth.shape[1::-1])
    known = np.abs(truth).max(-1) < UNKNOWN_PX
    return float(np.linalg.norm(found - truth, axis=-1)[known].mean())


def main() -> None:
    """Print the error of each scene and the mean."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--preset", default=FlowSettings().preset)
    options = parser.parse_args()
    settings = FlowSettings(preset=options.preset)
    scenes = sorted(path for path in options.folder.iterdir() if path.is_dir())
    errors = {scene.name: end_point_error(scene, settings) for scene in scenes}
    for name, error in errors.items():
        print(f"{name:14} {error:.3f} px")
    mean = sum(errors.values()) / len(errors)
    print(f"{'mean':14} {mean:.3f} px (bar: {BAR_PX} px) with preset {settings.preset}")


if __name__ == "__main__":
    main()
