"""Makes docs/images/explain.png: what the shipped network looked at when it named a walker.

python docs/images/explain.py [--at 30.5]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

from motionapp.cli import main as motionapp
from motionapp.resources import assets_dir

HERE = Path(__file__).resolve().parent
HEIGHT_PX, GAP_PX = 300, 8


def main() -> int:
    """Explain, and set its pictures side by side above what the network was given."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--at", default="30.5", help="seconds from the first picture")
    parser.add_argument("--out", type=Path, default=HERE / "explain.png")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "why"
        clip = str(assets_dir() / "demo.mp4")
        code = motionapp(
            ["models", "explain", "actions", clip, "--at", options.at, "--out", str(place)]
        )
        if code:
            return code
        above = [tall(cv2.imread(str(file))) for file in (place / "1-picture.png", held(place))]
        seen = cv2.imread(str(place / "1-seen.png"))
    row = np.hstack([above[0], np.full((HEIGHT_PX, GAP_PX, 3), 255, np.uint8), above[1]])
    strip = cv2.resize(seen, (row.shape[1], round(seen.shape[0] * row.shape[1] / seen.shape[1])))
    gap = np.full((GAP_PX, row.shape[1], 3), 255, np.uint8)
    cv2.imwrite(str(options.out), np.vstack([row, gap, strip]))
    return 0


def tall(picture: np.ndarray) -> np.ndarray:
    """A picture of the row's height."""
    width = round(picture.shape[1] * HEIGHT_PX / picture.shape[0])
    return cv2.resize(picture, (width, HEIGHT_PX), interpolation=cv2.INTER_AREA)


def held(place: Path) -> Path:
    """What the name hangs on; the layer's number is in the file's name."""
    return next(iter(sorted(place.glob("1-held-*.png"))))


if __name__ == "__main__":
    sys.exit(main())
