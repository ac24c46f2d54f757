"""`motionapp devices`: lists the cameras."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """There are none."""


def run(arguments: argparse.Namespace) -> int:
    """Print one camera a line, as `watch` and `gui` want it named; below it, its sizes."""
    from motionapp.sources.camera import list_cameras
    from motionapp.sources.camera_modes import offered

    cameras = list_cameras()
    for camera in cameras:
        print(f"camera:{camera.index}  {camera.name}")
        for size, rates_hz in offered(camera.modes) if camera.modes else ():
            rates = ", ".join(f"{rate_hz:g}" for rate_hz in rates_hz) or "unknown"
            print(f"    size={size[0]}x{size[1]}  rate={rates}")
    if not cameras:
        print("There is no camera here. motionapp watch synthetic:demo needs none.")
    return 0
