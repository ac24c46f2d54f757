"""How far copies of a recording are from recordings of others: `motionapp dataset check` on trial.

Some recordings of a data set are encoded anew in several ways; the likeness of each copy to its
original stands beside that of all pairs of different groups. Nobody's recording leaves the machine:
copies lie in a temporary folder.

    python benchmarks/near_equal.py ../shared/data/weizmann_full/labels.csv --copies 10
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.assembly import open_source
from motionapp.recognition.dataset import Sample, read_data_set
from motionapp.sources.extensions import VIDEO_EXTENSIONS
from motionapp.training.inspection.leaks import SAME, WORTH_A_LOOK
from motionapp.training.inspection.likeness import likeness
from motionapp.training.inspection.moving import Movement
from motionapp.training.inspection.seeing import see

Pictures = list[NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class Copy:
    """A way of encoding anew."""

    name: str
    scale: float = 1.0
    crf: int = 28
    rate_hz: float | None = None
    """None keeps it."""
    codec: str = "libx264"
    change: Callable[[Pictures], Pictures] = lambda pictures: pictures


def _mirrored(shown: Pictures) -> Pictures:
    return [picture[:, ::-1] for picture in shown]


def _framed(shown: Pictures) -> Pictures:
    return [np.pad(one, ((one.shape[0] // 6,) * 2, (0, 0), (0, 0))) for one in shown]


def _paler(shown: Pictures) -> Pictures:
    return [(picture * 0.7 + 40).astype(np.uint8) for picture in shown]


def _later(shown: Pictures) -> Pictures:
    return shown[len(shown) * 28 // 100 :]


COPIES = (
    Copy("half the size", scale=0.5),
    Copy("1.7 times the size", scale=1.7),
    Copy("crf 35", crf=35),
    Copy("15 pictures a second", crf=23, rate_hz=15),
    Copy("MPEG-4, 100 kbit/s", codec="mpeg4"),
    Copy("mirrored", change=_mirrored),
    Copy("with bars", change=_framed),
    Copy("less contrast", change=_paler),
    Copy("without its first 28 %", scale=0.8, change=_later),
    Copy("0.6 times, crf 35 and 15 a second at once", scale=0.6, crf=35, rate_hz=15),
)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--copies", type=int, default=10, help="recordings that are copied")
    options = parser.parse_args()
    data = read_data_set(options.data, extensions=VIDEO_EXTENSIONS)
    firsts = [data.samples[places[0]] for places in data.recordings()]
    movements = [_movement(sample) for sample in firsts]
    step = max(1, len(firsts) // options.copies)
    # One more each time: sorted by label and person, it would be the same person always.
    chosen = [min(n * step + n % step, len(firsts) - 1) for n in range(options.copies)]
    _others(firsts, movements)
    with tempfile.TemporaryDirectory() as folder:
        for copy in COPIES:
            _copies(copy, chosen, firsts, movements, Path(folder))


def _others(firsts: Sequence[Sample], movements: Sequence[Movement]) -> None:
    """All pairs of different groups, as they are and mirrored."""
    found = []
    for one, other in itertools.combinations(range(len(firsts)), 2):
        if firsts[one].fold_group != firsts[other].fold_group:
            fine, coarse = _alike(movements[one], movements[other])
            found.append((fine, coarse, f"{firsts[one].name} and {firsts[other].name}"))
    found.sort(reverse=True)
    hits = sum(fine >= SAME and coarse >= WORTH_A_LOOK for fine, coarse, _ in found)
    print(f"{len(found)} pairs of different groups: {hits} taken for the same; the most alike:")
    for fine, coarse, names in found[:3]:
        print(f"  {fine:.3f} (coarse {coarse:.3f}) {names}")


def _copies(
    copy: Copy,
    chosen: Sequence[int],
    firsts: Sequence[Sample],
    movements: Sequence[Movement],
    folder: Path,
) -> None:
    """One way of copying: how many are found, and how many others are."""
    own, hits, false_hits = [], 0, 0
    for place in chosen:
        path = folder / ("copy.avi" if copy.codec == "mpeg4" else "copy.mp4")
        _encode(path, firsts[place], copy)
        movement = _movement(Sample(path, path.name, "copy", "copy"))
        for other, original in enumerate(movements):
            if other != place and firsts[other].fold_group == firsts[place].fold_group:
                continue
            fine, coarse = _alike(original, movement)
            is_hit = fine >= SAME and coarse >= WORTH_A_LOOK
            if other == place:
                own.append((fine, coarse))
                hits += is_hit
            else:
                false_hits += is_hit
    fine, coarse = (min(values) for values in zip(*own, strict=True))
    print(
        f"{copy.name:42} {hits} of {len(chosen)} found, {false_hits} others; "
        f"at least {fine:.3f} (coarse {coarse:.3f})"
    )


def _alike(one: Movement, other: Movement) -> tuple[float, float]:
    """Fine and coarse, the better of as they are and mirrored."""
    fine, coarse = one.fine(), one.coarse.astype(np.float32)
    shown, shown_coarse = other.fine(), other.coarse.astype(np.float32)
    return max(
        (likeness(fine, shown), likeness(coarse, shown_coarse)),
        (likeness(fine, shown[:, :, ::-1]), likeness(coarse, shown_coarse[:, :, ::-1])),
    )


def _movement(sample: Sample) -> Movement:
    movement = see([sample]).movement
    assert movement is not None, f"{sample.path} cannot be read"
    return movement


def _encode(path: Path, sample: Sample, copy: Copy) -> None:
    source = open_source(sample.path, decode_threads=1)
    shown = [(frame.pts_s, frame.bgr().copy()) for frame in source.frames()]
    rate_hz = source.info.rate_hz or 25.0
    source.close()
    pictures = copy.change([picture for _, picture in shown])
    if copy.rate_hz is not None:
        count = int(len(pictures) * copy.rate_hz / rate_hz)
        nearest = [round(number * rate_hz / copy.rate_hz) for number in range(count)]
        pictures, rate_hz = [pictures[min(n, len(pictures) - 1)] for n in nearest], copy.rate_hz
    height, width = pictures[0].shape[:2]
    size = int(width * copy.scale) // 2 * 2, int(height * copy.scale) // 2 * 2
    with av.open(str(path), "w") as container:
        stream = container.add_stream(copy.codec, rate=round(rate_hz))
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        if copy.codec == "mpeg4":
            stream.bit_rate = 100_000
        else:
            stream.options = {"crf": str(copy.crf)}
        for picture in pictures:
            scaled = np.ascontiguousarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(scaled, format="bgr24")))
        container.mux(stream.encode())


if __name__ == "__main__":
    main()
