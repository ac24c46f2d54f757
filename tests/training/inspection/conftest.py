"""Small data sets with everything in order, for faults to be planted in."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

SIZE = (128, 96)
PEOPLE = ("ann", "bob", "cyn")
LABELS = ("across", "down")
RATE = 25


def performance(label: str, person: int, *, seconds: float = 2.0) -> list[Picture]:
    """Somebody with clothes and a pace of their own, before a wall that is the same for all."""
    generator = np.random.default_rng(person)
    clothes = cv2.resize(
        generator.integers(90, 250, (5, 4), np.uint8), (20, 28), interpolation=cv2.INTER_NEAREST
    )
    wall = np.full((SIZE[1], SIZE[0]), 60, np.uint8)
    wall[::8] = 70
    pictures = []
    for index in range(round(seconds * RATE)):
        way = 0.5 + 0.5 * np.sin(index / RATE * (2.2 + 0.5 * person) + person)
        shown = wall.copy()
        x, y = (6 + round(90 * way), 40) if label == "across" else (52, 4 + round(60 * way))
        shown[y : y + 28, x : x + 20] = clothes
        pictures.append(np.repeat(shown[..., None], 3, axis=2))
    return pictures


def write_clip(
    path: Path,
    pictures: Sequence[Picture],
    *,
    size: tuple[int, int] = SIZE,
    crf: int = 20,
    index_first: bool = False,
) -> None:
    """Encode pictures as H.264."""
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {"movflags": "faststart"} if index_first else {}
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream("libx264", rate=RATE)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": str(crf)}
        for picture in pictures:
            scaled = np.ascontiguousarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))
            frame = av.VideoFrame.from_ndarray(scaled, format="bgr24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


@dataclass
class Planted:
    """A data set that is being made."""

    folder: Path
    rows: list[str] = field(default_factory=list)

    def add(self, name: str, label: str, group: str, pictures: Sequence[Picture] = ()) -> Path:
        """List a recording; written, too, where there are pictures."""
        if pictures:
            write_clip(self.folder / name, pictures)
        self.rows.append(f"{name},{label},{group}")
        return self.folder / name

    def listed(self, columns: str = "path,label,group") -> Path:
        """Write its `labels.csv`."""
        path = self.folder / "labels.csv"
        path.write_text("\n".join([columns, *self.rows]) + "\n")
        return path


@pytest.fixture(scope="session")
def first_made(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """Three people, two movements, nothing wrong; encoded once."""
    made = Planted(tmp_path_factory.mktemp("healthy"))
    for person, name in enumerate(PEOPLE):
        for label in LABELS:
            made.add(f"{label}/{name}.mp4", label, name, performance(label, person))
    return made


@pytest.fixture
def healthy(first_made: Planted, tmp_path: Path) -> Planted:
    """A set of one's own with nothing wrong, to plant something in."""
    shutil.copytree(first_made.folder, tmp_path / "set")
    return Planted(tmp_path / "set", list(first_made.rows))
