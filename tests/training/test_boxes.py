"""Where several bodies move, a line with a box is about the one in it, not about the largest."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.clip import MotionClip
from motionapp.core.contract import ModelContract
from motionapp.core.geometry import Box
from motionapp.core.representation import Representation
from motionapp.files.kept import KeptFiles
from motionapp.recognition.dataset import DataSet, read_data_set
from motionapp.recognition.onnx import OnnxRecogniser
from motionapp.recognition.stretch import Stretch
from motionapp.recognition.subject import LARGEST, Subject
from motionapp.training.evaluate import as_it_is
from motionapp.training.gather import Collector, gather, road_settings, wanting
from motionapp.training.kept import KeptWindows, Shown
from motionapp.training.progress import Silent
from motionapp.training.windows import Windows

SHAPE = Representation("absdiff", side_px=16)
SIZE = (256, 192)
FRAMES = 50
LARGE, SMALL, NOWHERE = Box(0, 110, 210, 170), Box(190, 8, 232, 90), Box(244, 150, 256, 192)
"""Where somebody goes right, where somebody smaller goes down, and where nobody is."""


def picture(index: int) -> NDArray[np.uint8]:
    shown = np.full((SIZE[1], SIZE[0], 3), 60, np.uint8)
    shown[::8] = 70
    x, y = 8 + 3 * index, 10 + index
    shown[120:160, x : x + 40] = 200
    shown[y : y + 18, 200:218] = 200
    return shown


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of both."""
    path = tmp_path_factory.mktemp("street") / "street.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        for index in range(FRAMES):
            frame = av.VideoFrame.from_ndarray(picture(index), format="bgr24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def set_of(street: Path, *boxes: Box | None) -> DataSet:
    """One line for each box, of the same seconds."""
    rows = ["path,label,group,start_s,end_s,x0,y0,x1,y1"]
    for box in boxes:
        edges = ",,," if box is None else ",".join(map(str, box))
        rows.append(f"{street.name},unknown,street,0.2,1.8,{edges}")
    listed = street.parent / "labels.csv"
    listed.write_text("\n".join(rows) + "\n")
    return read_data_set(listed, extensions={".mp4"}, fewest_labels=0)


def going_of(windows: Windows, sample: int) -> tuple[float, float]:
    """How its body goes, to the right and down, as a rule."""
    right, down, _ = np.median(windows.goings[windows.samples == sample], axis=0)
    return float(right), float(down)


@pytest.mark.parametrize("tempo", [1.0, 2.0])
def test_the_body_in_the_box_is_learnt_and_not_the_largest(street: Path, tempo: float) -> None:
    data = set_of(street, None, SMALL, LARGE, NOWHERE)

    windows = gather(data, SHAPE, Silent(), tempo=tempo)

    counts = np.bincount(windows.samples, minlength=4)
    assert counts[:3].min() > 5
    assert counts[3] == 0
    for sample, goes_right in enumerate((True, False, True)):
        right, down = going_of(windows, sample)
        assert (right > 5 * abs(down)) == goes_right
        assert (down > 5 * abs(right)) != goes_right


def test_all_bodies_of_a_recording_are_gathered_at_once_and_kept_by_their_boxes(
    street: Path, tmp_path: Path, walked: list[str]
) -> None:
    kept = KeptWindows(KeptFiles(tmp_path, most_bytes=10**9))
    both = set_of(street, None, SMALL)

    cold = gather(both, SHAPE, Silent(), kept=kept)
    warm = gather(replace(both, samples=both.samples[::-1]), SHAPE, Silent(), kept=kept)
    assert walked == ["street.mp4"]
    gather(set_of(street, None), SHAPE, Silent(), kept=kept)
    gather(set_of(street, SMALL), SHAPE, Silent(), kept=kept)

    assert walked == ["street.mp4"] * 3
    for sample in (0, 1):
        np.testing.assert_array_equal(
            cold.maps[cold.samples == sample], warm.maps[warm.samples == 1 - sample]
        )


def test_the_key_tells_boxes_and_their_times_apart() -> None:
    def key(*subjects: Subject) -> str:
        return Shown("a recording", road_settings("absdiff"), SHAPE, subjects=subjects).key()

    one = Subject(SMALL, Stretch(1, 2))
    keys = {
        key(LARGEST), key(one), key(LARGEST, one), key(Subject(LARGE, Stretch(1, 2))),
        key(Subject(SMALL, Stretch(1, 3))),
    }  # fmt: skip
    assert len(keys) == 5


def test_lines_without_boxes_share_a_key_whatever_their_stretches(street: Path) -> None:
    """Another stretch of a recording is cut from windows that are kept."""
    (sample,) = set_of(street, None).samples

    assert {sample.subject, replace(sample, stretch=Stretch()).subject} == {LARGEST}
    shown = Shown("a recording", road_settings("absdiff"), SHAPE)
    assert shown.key() == replace(shown, subjects=(LARGEST,)).key()


def clip(subject_id: int, box: Box, start_s: float = 1.0) -> MotionClip:
    maps = np.zeros((SHAPE.channels, 16, 16), np.float32)
    return MotionClip(subject_id, start_s, start_s + 0.48, box, maps)


def test_of_each_time_the_clip_that_overlaps_the_box_most_is_kept() -> None:
    """Most of both: a square round all of the street holds the box, too."""
    subject = Subject(Box(10, 10, 30, 30), Stretch(1, 2))
    collector = Collector(wanting(SHAPE), subjects=(LARGEST, subject))
    all_of_it, touches = clip(1, Box(0, 0, 200, 200)), clip(2, Box(25, 10, 45, 30))
    its_own, elsewhere = clip(3, Box(12, 8, 32, 28)), clip(4, Box(30, 10, 50, 30))
    later = clip(5, Box(10, 10, 30, 30), start_s=3.0)

    collector.classify([all_of_it, touches, its_own, elsewhere])
    collector.classify([elsewhere])
    collector.classify([later])
    collector.classify([])

    assert [kept.subject_id for kept in collector.clips] == [1, 3, 4, 5]
    assert collector.whose == [0, 1, 0, 0]
    assert [said.subject_id for said in collector.said_of(subject)] == [3]
    assert [said.subject_id for said in collector.said_of(LARGEST)] == [1, 4, 5]


def test_a_model_as_it_is_is_measured_on_the_body_in_the_box(
    street: Path, write_model: Any
) -> None:
    contract = ModelContract(
        name="small", version="1", labels=("across", "down"), representation=SHAPE,
        architecture="vgg16",
    )  # fmt: skip
    model = OnnxRecogniser(write_model(contract=contract))

    figures = as_it_is(model, set_of(street, None, SMALL, NOWHERE), Silent())

    largest, small, nobody = figures["nameless"]
    assert min(largest["windows"], small["windows"]) > 5
    assert nobody["windows"] == 0
    assert json.dumps(figures)
