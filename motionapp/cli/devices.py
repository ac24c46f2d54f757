"""`motionapp devices`: lists the cameras."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """There are none."""


def run(arguments: argparse.Namespace) -> int:
    """Print one camera a line, as `watch` and `gui` want it named."""
    from motionapp.sources.camera import list_cameras

    cameras = list_cameras()
    for camera in cameras:
        print(f"camera:{camera.index}  {camera.name}")
    if not cameras:
        print("There is no camera here. motionapp watch synthetic:demo needs none.")
    return 0
