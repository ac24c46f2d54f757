"""How well masks of what is there agree with true ones, and what making them costs.

    motionapp batch INPUT --out OUT --frontend background --classifier none --masks
    python benchmarks/background_accuracy.py OUT/INPUT/masks TRUTH
    python benchmarks/background_accuracy.py --cost INPUT

Truth is a folder or zip of `gtNNNNNN.png`: 255 is there, 0 and 50 (shadow) are not, everything else
is left out. Above 127 a mask says that something is there. The cost is CPU time of one thread, for
the front-end with the chain of suppression behind it, without decoding.
"""

from __future__ import annotations

import argparse
import re
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.assembly import open_source
from motionapp.gate import make_gate
from motionapp.settings import AnalysisSettings

BODY, STILL, SHADOW = 255, 0, 50


def read_truth(path: Path) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """Number and labels of each picture that has any."""
    if path.is_dir():
        files = {file.name: file.read_bytes() for file in sorted(path.glob("gt*.png"))}
    else:
        with zipfile.ZipFile(path) as archive:
            files = {name: archive.read(name) for name in sorted(archive.namelist())}
    for name, content in files.items():
        number = re.search(r"gt0*(\d+)\.png$", name)
        if number:
            labels = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
            yield int(number[1]), np.asarray(labels, np.uint8)


def counts(masks: Path, truth: Path, first: int) -> NDArray[np.int64]:
    """Pixels: rightly found, wrongly found, missed, and found in shadow."""
    total = np.zeros(4, np.int64)
    for number, labels in read_truth(truth):
        path = masks / f"{number - first:06d}.png"
        mask = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        if mask is None:
            raise SystemExit(f"{path} is not there: do the truth's numbers begin at {first}?")
        found, is_body = np.asarray(mask) > 127, labels == BODY
        is_other = (labels == STILL) | (labels == SHADOW)
        total += [
            np.count_nonzero(found & is_body),
            np.count_nonzero(found & is_other),
            np.count_nonzero(~found & is_body),
            np.count_nonzero(found & (labels == SHADOW)),
        ]
    return total


def print_score(masks: Path, truth: Path, first: int) -> None:
    """Precision, recall and F1 over all pictures with truth."""
    right, wrong, missed, shadow = (int(each) for each in counts(masks, truth, first))
    precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    print(f"precision {precision:.4f}  recall {recall:.4f}  F1 {f1:.4f}")
    print(f"of what is wrongly found {shadow / max(1, wrong):.0%} is shadow")


def print_cost(spec: Path, frontend: str, pictures: int) -> None:
    """Milliseconds of CPU a frame."""
    cv2.setNumThreads(1)
    source = open_source(spec, decode_threads=1)
    session, spent_s = None, []
    for index, frame in enumerate(source.frames()):
        frame.bgr(), frame.luma_at(frame.epoch.level)
        session = session or make_gate(AnalysisSettings(frontend=frontend)).start(frame.epoch)
        began_s = time.process_time()
        session.step(frame)
        spent_s.append(time.process_time() - began_s)
        if index + 1 == pictures:
            break
    each_ms = 1000 * np.array(spent_s)
    print(
        f"{len(each_ms)} frames: mean {each_ms.mean():.2f} ms, median {np.median(each_ms):.2f} ms"
    )


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("masks", type=Path, nargs="?", help="a folder of masks/NNNNNN.png")
    parser.add_argument("truth", type=Path, nargs="?", help="a folder or zip of gtNNNNNN.png")
    parser.add_argument("--first", type=int, default=1, help="the number of the first picture (1)")
    parser.add_argument("--cost", type=Path, metavar="INPUT", help="measure the time instead")
    parser.add_argument("--frontend", default="background")
    parser.add_argument("--pictures", type=int, default=600)
    options = parser.parse_args()
    if options.cost:
        print_cost(options.cost, options.frontend, options.pictures)
    elif options.masks and options.truth:
        print_score(options.masks, options.truth, options.first)
    else:
        parser.error("give masks and truth, or --cost INPUT")


if __name__ == "__main__":
    main()
