"""Where a label is that of a stretch, only its windows carry it."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from motionapp.cli import main
from motionapp.core.contract import ModelContract
from motionapp.core.errors import DataSetError
from motionapp.core.representation import Representation
from motionapp.files.kept import KeptFiles
from motionapp.recognition.dataset import DataSet, Sample, read_data_set
from motionapp.recognition.onnx import read_contract
from motionapp.recognition.stretch import Stretch
from motionapp.training import evaluate
from motionapp.training.gather import gather
from motionapp.training.kept import KeptWindows
from motionapp.training.opening import open_all
from motionapp.training.progress import Silent
from motionapp.training.recipe import Recipe
from motionapp.training.windows import Windows
from tests.training.conftest import LABELS, PEOPLE, SIZE, picture

SHAPE = Representation("absdiff", side_px=16)
EACH = 34
TURN_S = EACH / 25


def write_both(path: Path, person: int) -> None:
    """Somebody who moves across, and then down."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        for label in LABELS:
            for index in range(EACH):
                shown = picture(label, person, index)
                frame = av.VideoFrame.from_ndarray(shown, format="bgr24")
                container.mux(stream.encode(frame))
        container.mux(stream.encode())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three people in a recording each, whose `labels.csv` says when they do what."""
    folder = tmp_path_factory.mktemp("both")
    rows = ["path,label,group,start_s,end_s"]
    for person, name in enumerate(PEOPLE):
        write_both(folder / f"{name}.mp4", person)
        rows.append(f"{name}.mp4,across,{name},,{TURN_S}")
        rows.append(f"{name}.mp4,down,{name},{TURN_S},")
    (folder / "labels.csv").write_text("\n".join(rows) + "\n")
    return folder


def both_of(folder: Path) -> DataSet:
    return read_data_set(folder, extensions={".mp4"})


def maps_of(windows: Windows, sample: int) -> Any:
    return windows.maps[windows.samples == sample]


def test_each_stretch_has_the_windows_that_lie_within_it(folder: Path) -> None:
    data = both_of(folder)
    whole = DataSet(data.path, (replace(data.samples[0], stretch=Stretch()),))

    windows = gather(data, SHAPE, Silent())
    everything = gather(whole, SHAPE, Silent()).maps

    first, second = maps_of(windows, 0), maps_of(windows, 1)
    assert min(len(first), len(second)) > 15
    np.testing.assert_array_equal(first, everything[: len(first)])
    np.testing.assert_array_equal(second, everything[-len(second) :])
    # Those that show as much of the one movement as of the other are nobody's.
    assert len(first) + len(second) < len(everything)


@pytest.mark.parametrize("tempo", [0.5, 2.0])
def test_stretches_are_told_in_seconds_of_the_recording_at_every_tempo(
    folder: Path, tempo: float
) -> None:
    data = both_of(folder)
    data = replace(data, samples=data.samples[:2])

    windows = gather(data, SHAPE, Silent(), tempo=tempo)

    first, second = maps_of(windows, 0), maps_of(windows, 1)
    assert len(first) == pytest.approx(len(second), abs=8)
    assert len(first) > 0


def test_a_recording_is_led_along_the_road_once_for_all_its_stretches(
    folder: Path, tmp_path: Path, walked: list[str]
) -> None:
    kept = KeptWindows(KeptFiles(tmp_path, most_bytes=10**9))
    data = both_of(folder)
    cold = gather(data, SHAPE, Silent(), kept=kept)
    warm = gather(data, SHAPE, Silent(), kept=kept)
    later = replace(data.samples[0], stretch=Stretch(0.5, 1.2))
    moved = gather(DataSet(data.path, (later,)), SHAPE, Silent(), kept=kept)

    assert walked == ["ann.mp4", "bob.mp4", "cyn.mp4"]
    assert kept.found == {"recordings": (4, 7)}
    np.testing.assert_array_equal(cold.maps, warm.maps)
    np.testing.assert_array_equal(cold.samples, warm.samples)
    assert 0 < len(moved) < len(maps_of(cold, 0))


@pytest.mark.parametrize(
    ("stretch", "is_refused"),
    [
        (Stretch(1, 2 * TURN_S), False),
        (Stretch(1, 2 * TURN_S + 0.09), False),
        (Stretch(1, 2 * TURN_S + 0.11), True),
        (Stretch(2 * TURN_S - 0.01), False),
        (Stretch(2 * TURN_S), True),
        (Stretch(2 * TURN_S + 0.01, 2 * TURN_S + 0.02), True),
    ],
)
def test_a_stretch_beyond_its_recording_is_refused_with_its_line(
    folder: Path, stretch: Stretch, is_refused: bool
) -> None:
    data = both_of(folder)
    data = replace(data, samples=(*data.samples[:3], replace(data.samples[3], stretch=stretch)))

    if not is_refused:
        assert open_all(data, Silent()).left() == data
        return
    with pytest.raises(DataSetError, match=r"line 5: the stretch .* end of bob.mp4.* 2\.72 s long"):
        open_all(data, Silent())


def test_the_length_of_a_recording_that_does_not_say_it_is_counted(
    folder: Path, tmp_path: Path
) -> None:
    raw = tmp_path / "raw.h264"
    with av.open(str(folder / "ann.mp4")) as whole, av.open(str(raw), "w", format="h264") as bare:
        stream = bare.add_stream_from_template(whole.streams.video[0])
        for packet in whole.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                bare.mux(packet)
    sample = Sample(raw, "raw.h264", "across", "ann", Stretch(1, 9), 7)

    with pytest.raises(DataSetError, match=r"line 7: .* beyond the end of raw.h264"):
        open_all(DataSet(tmp_path, (sample,)), Silent())


def test_a_recording_with_stretches_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.mp4").write_text("no pictures")
    sample = Sample(tmp_path / "broken.mp4", "broken.mp4", "across", "ann", Stretch(1, 2))

    with pytest.raises(DataSetError, match=r"no recording of across .* broken\.mp4 is left out"):
        open_all(DataSet(tmp_path, (sample,)), Silent())


CONTRACT = ModelContract(
    name="small", version="1", labels=LABELS, representation=SHAPE, architecture="vgg16"
)


def test_a_model_as_it_is_is_measured_stretch_by_stretch(
    write_model: Any, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    walked = []
    usual = evaluate.walk_sample
    monkeypatch.setattr(
        evaluate,
        "walk_sample",
        lambda sample, *rest, **how: (walked.append(sample), usual(sample, *rest, **how))[1],
    )
    out = tmp_path / "figures.json"

    assert (
        main(["evaluate", str(write_model(contract=CONTRACT)), str(folder), "--json", str(out)])
        == 0
    )

    clips = json.loads(out.read_text())["clips"]
    assert [
        (clip["path"], clip["label"], clip["start_s"], clip["end_s"]) for clip in clips[:2]
    ] == [
        ("ann.mp4", "across", 0, TURN_S),
        ("ann.mp4", "down", TURN_S, None),
    ]
    assert len(clips) == 6
    assert len(walked) == 3
    assert "of 6 stretches named rightly" in capsys.readouterr().out


@pytest.mark.parametrize("verb", ["train", "evaluate"])
def test_times_beyond_the_end_end_in_a_sentence(
    verb: str, write_model: Any, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if verb == "train":
        pytest.importorskip("torch")
    text = f"path,label,group,start_s,end_s\n{folder / 'ann.mp4'},across,ann,0,1\n"
    (tmp_path / "set.csv").write_text(f"{text}{folder / 'bob.mp4'},down,bob,2,60\n")
    model = write_model(contract=CONTRACT)
    arguments = {
        "train": ["train", str(tmp_path / "set.csv"), "--protocol", "none", "--out", "m.onnx"],
        "evaluate": ["evaluate", str(model), str(tmp_path / "set.csv")],
    }

    assert main(arguments[verb]) == 2
    assert "line 3: the stretch 2 to 60 s goes beyond the end of" in capsys.readouterr().err


@pytest.mark.train
@pytest.mark.timeout(240)
@pytest.mark.usefixtures("quick_export")
def test_what_each_stretch_shows_is_learnt_and_measured(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trained on whole recordings, every window would have both names."""
    pytest.importorskip("torch")
    import torch

    from motionapp.cli import train as verb
    from motionapp.training import folds

    chosen = verb.recipe_of

    def small(arguments: argparse.Namespace, **how: Any) -> Recipe:
        recipe = chosen(arguments, **how)
        return replace(recipe, batch=16, fewest_steps=40, tempos=(), rates_hz=())

    monkeypatch.setattr(verb, "recipe_of", small)
    monkeypatch.setattr(folds, "usable_cores", lambda: 1)
    threads = torch.get_num_threads()
    out, figures_file = tmp_path / "model.onnx", tmp_path / "figures.json"
    quick = ["--arch", "alexnet", "--width", "2", "--clutter", "0", "--epochs", "1"]
    small_clips = ["--side-px", "32", "--protocol", "logo", "--no-cache"]
    code = main(
        ["train", str(folder), "--out", str(out), "--json", str(figures_file), *quick, *small_clips]
    )
    torch.set_num_threads(threads)
    assert code == 0

    figures = json.loads(figures_file.read_text())
    assert len(figures["clips"]) == 6
    assert figures["clip_accuracy"] == 1.0
    assert figures["window_accuracy"] > 0.9
    assert read_contract(out).recipe["data"][0]["recordings"] == 3
    assert read_contract(out).recipe["data"][0]["stretches"] == 6
    assert "3 recordings with 6 stretches in 3 groups" in out.with_suffix(".md").read_text()
