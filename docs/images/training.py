"""Makes docs/images/measures.png: what the report of a first model looks like.

Six rendered people do five movements that are hard to tell apart, twice each: recordings of real
ones would show somebody.

    python docs/images/training.py --folder rendered/ [--browser chromium]

Maps of 32 pixels make it a matter of minutes; recordings that are in the folder are used again.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from motionapp.cli import main as motionapp
from motionapp.sinks.h264 import H264Writer
from motionapp.sources.synthetic import SyntheticSource
from motionapp.training.rendered_scenes import training_clip

HERE = Path(__file__).resolve().parent
PEOPLE = ("ann", "bob", "cem", "dag", "eva", "fei")
LABELS = ("jump", "run", "side", "skip", "walk")
TAKES = 2
FIRST_SEED = 400_000
SIZE_PX, WIDTH_PX = (320, 240), 1000
RATE_HZ = 25
TALL_PX = 1500
"""So much of the page, from its top."""


def main() -> int:
    """Render, train, and take a picture of the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--browser", default="chromium")
    parser.add_argument("--out", type=Path, default=HERE / "measures.png")
    options = parser.parse_args()
    labels, report = recordings(options.folder / "clips"), options.folder / "first"
    words = ["train", labels, "--out", options.folder / "my.onnx", "--side-px", "32"]
    words += ["--protocol", "kfold:3", "--report", report]
    code = motionapp([str(word) for word in words])
    if code == 0:
        photograph(report / "report.html", options.out, options.browser)
    return code


def recordings(folder: Path) -> Path:
    """Somebody's folder of clips, rendered unless it is there already; returns its CSV file."""
    rows = ["path,label,group"]
    for person, name in enumerate(PEOPLE):
        for number, label in enumerate(LABELS):
            for take in range(TAKES):
                file = folder / name / f"{label}{take + 1}.mp4"
                rows.append(f"{name}/{file.name},{label},{name}")
                if not file.exists():
                    seed = FIRST_SEED + TAKES * (len(LABELS) * person + number) + take
                    render(label, FIRST_SEED + person, seed, file)
    csv = folder / "labels.csv"
    csv.write_text("\n".join(rows) + "\n")
    return csv


def render(label: str, person: int, seed: int, file: Path) -> None:
    """One recording."""
    file.parent.mkdir(parents=True, exist_ok=True)
    writer = H264Writer(file)
    for frame in SyntheticSource(
        training_clip(label, person, seed, size=SIZE_PX), rate_hz=RATE_HZ
    ).frames():
        writer.write(frame.bgr(), frame.pts_s, 1 / RATE_HZ)
    writer.finish()


def photograph(page: Path, picture: Path, browser: str) -> None:
    """The top of a page as a picture."""
    subprocess.run(
        [browser, "--headless", "--no-sandbox", "--hide-scrollbars",
         f"--window-size={WIDTH_PX},{TALL_PX}", f"--screenshot={picture}", page.resolve().as_uri()],
        check=True, capture_output=True,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
