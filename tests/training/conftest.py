"""A small data set of recordings, made by the tests themselves."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.seams import Damage
from motionapp.recognition.dataset import Sample
from motionapp.training import gather

PEOPLE = ("ann", "bob", "cyn")
LABELS = ("across", "down")
SIZE = (128, 96)


def picture(label: str, person: int, index: int) -> NDArray[np.uint8]:
    """A bright block of the person's size that moves across or down."""
    shown = np.full((SIZE[1], SIZE[0], 3), 60, np.uint8)
    shown[::8] = 70
    side = 14 + 2 * person
    x, y = (8 + 2 * index, 40) if label == "across" else (56, 4 + 2 * index)
    shown[y : y + side, x : x + side] = 200
    return shown


def write_recording(
    path: Path, label: str, person: int, *, frames: int = 34, index_first: bool = False
) -> None:
    """A second and a third of somebody moving, as H.264; its index may stand before its pictures,
    so that they can be found where its end is lost."""
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {"movflags": "faststart"} if index_first else {}
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        for index in range(frames):
            frame = av.VideoFrame.from_ndarray(picture(label, person, index), format="bgr24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


@pytest.fixture(scope="session")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `labels.csv`: three people, two movements."""
    folder = tmp_path_factory.mktemp("recordings")
    rows = ["path,label,group"]
    for person, name in enumerate(PEOPLE):
        for label in LABELS:
            write_recording(folder / label / f"{name}.mp4", label, person)
            rows.append(f"{label}/{name}.mp4,{label},{name}")
    (folder / "labels.csv").write_text("\n".join(rows) + "\n")
    return folder


@pytest.fixture(scope="session", autouse=True)
def translations_are_read_once() -> Iterator[None]:
    """At every export, torch parses the source of some 500 translations into ONNX anew, which is a
    third of the time that a small network takes. They are the same each time."""
    try:
        from onnxscript._framework_apis import torch_2_5 as translations
    except ImportError:  # there is no training, or its libraries keep them elsewhere
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        once = functools.cache(translations.get_torchlib_ops)
        patch.setattr(translations, "get_torchlib_ops", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def processes_are_not_worth_their_start() -> Iterator[None]:
    """The recordings here are read in a second or two: processes that are started because a busy
    machine makes it ten take longer than that. Who asks for them says so."""
    from motionapp.training import workers

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "WORTH_S", 120.0)
        yield


@pytest.fixture
def walked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the recordings that are led along the road, as they are."""
    names: list[str] = []
    usual = gather.walk_sample

    def noted(sample: Sample, *rest: Any, **how: Any) -> Damage:
        names.append(sample.name)
        return usual(sample, *rest, **how)

    monkeypatch.setattr(gather, "walk_sample", noted)
    return names


@pytest.fixture
def quick_export(monkeypatch: pytest.MonkeyPatch, write_model: Any) -> list[int]:
    """A quick exporter in torch's place; how many outputs each network had that was written.

    For tests that ask what a training or its model says, not how well it names or is written.
    """
    from motionapp.training import train
    from motionapp.training.export import Exported

    seen: list[int] = []

    def export(network: Any, task: Any, *, seed: int) -> Exported:
        seen.append(network.outputs)
        content = write_model("stands-in.onnx", outputs=seen[-1]).read_bytes()
        return Exported(content, "float32", agreement=1.0, int8_agreement=1.0)

    monkeypatch.setattr(train, "export", export)
    return seen
