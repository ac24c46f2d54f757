"""Training ends in a model that runs on the road, says what it is, and can be made again."""

from __future__ import annotations

import argparse
import functools
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.cli import main
from motionapp.core.event import UNKNOWN
from motionapp.recognition.catalogue import ARCHITECTURES
from motionapp.recognition.onnx import OnnxRecogniser, read_contract
from motionapp.training.recipe import Recipe

pytestmark = [pytest.mark.train, pytest.mark.timeout(240)]

QUICK = ("--arch", "alexnet", "--epochs", "1", "--width", "2", "--clutter", "2", "--clip-s", "0.48")


@pytest.fixture(scope="module", autouse=True)
def few_steps() -> Iterator[None]:
    """Blocks that move across or down are learnt sooner than people, and best on one thread."""
    import torch

    from motionapp.cli import train
    from motionapp.training import folds

    chosen = train.recipe_of

    def small(arguments: argparse.Namespace, **how: Any) -> Recipe:
        return replace(chosen(arguments, **how), batch=16, fewest_steps=40)

    threads = torch.get_num_threads()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folds, "usable_cores", lambda: 1)
        patch.setattr(train, "recipe_of", small)
        torch.set_num_threads(1)
        yield
        torch.set_num_threads(threads)


@pytest.fixture
def outputs(monkeypatch: pytest.MonkeyPatch, quick_export: list[int]) -> list[int]:
    """How many outputs each network had that was trained: a few steps, and by a quick exporter."""
    from motionapp.cli import train as verb

    chosen = verb.recipe_of

    def smallest(arguments: argparse.Namespace, **how: Any) -> Recipe:
        return replace(chosen(arguments, **how), fewest_steps=8)

    monkeypatch.setattr(verb, "recipe_of", smallest)
    return quick_export


@pytest.fixture(scope="module")
def trained(recordings: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model trained on the small data set, with its card and figures."""
    folder = tmp_path_factory.mktemp("trained")
    code = main(
        ["train", str(recordings), "--out", str(folder / "small.onnx"), "--protocol", "kfold:3",
         "--json", str(folder / "small.json"), *QUICK]
    )  # fmt: skip
    assert code == 0
    return folder / "small.onnx"


def test_what_was_measured_was_held_out(trained: Path) -> None:
    figures = json.loads(trained.with_suffix(".json").read_text())

    assert figures["labels"] == ["across", "down"]
    assert len(figures["clips"]) == 6
    assert figures["clip_accuracy"] >= 5 / 6
    assert 0.8 <= figures["window_accuracy"] <= 1


def test_the_model_says_what_it_is(trained: Path) -> None:
    contract = read_contract(trained)

    assert contract.labels == ("across", "down")
    assert contract.has_reject
    assert contract.architecture == "alexnet"
    assert contract.recipe["training"]["seed"] == 1
    assert contract.recipe["data"][0]["recordings"] == 6
    assert len(contract.recipe["data"][0]["sha256"]) == 64
    assert contract.metrics["protocol"] == "kfold:3"
    assert contract.metrics["agreement_with_pytorch"] >= 0.99


def test_the_model_gives_what_its_last_layer_decides_by(trained: Path) -> None:
    """By its features clips are alike; their number is that of the dense layer before."""
    recogniser = OnnxRecogniser(trained)
    shape = recogniser.contract.representation
    maps = np.random.default_rng(1).random((3, shape.channels, shape.side_px, shape.side_px))

    features = recogniser.features(maps.astype(np.float32))

    assert features is not None
    assert features.shape == (3, recogniser.contract.recipe["training"]["dense"])
    assert (features >= 0).all()
    assert np.ptp(features, axis=0).max() > 0


def test_the_model_holds_no_path_of_the_machine_that_made_it(
    trained: Path, recordings: Path
) -> None:
    content = trained.read_bytes() + trained.with_suffix(".md").read_bytes()

    assert str(trained.parent).encode() not in content
    assert str(recordings).encode() not in content
    assert b"site-packages" not in content


def test_the_card_names_the_data_its_terms_and_the_command(trained: Path) -> None:
    card = trained.with_suffix(".md").read_text()

    assert "6 recordings in 3 groups" in card
    assert "Terms: not stated" in card
    assert "motionapp train" in card
    assert OnnxRecogniser(trained).digest in card


def test_the_model_runs_on_the_road(trained: Path, recordings: Path, tmp_path: Path) -> None:
    code = main(["evaluate", str(trained), str(recordings), "--json", str(tmp_path / "all.json")])

    assert code == 0
    assert json.loads((tmp_path / "all.json").read_text())["clip_accuracy"] == 1.0


def test_its_recipe_can_be_trained_again_per_fold(
    trained: Path, recordings: Path, tmp_path: Path
) -> None:
    """By the same folds, and the same seed: the same figures as when it was made."""
    out = tmp_path / "again.json"

    main(["evaluate", str(trained), str(recordings), "--protocol", "kfold:3", "--json", str(out)])

    before = json.loads(trained.with_suffix(".json").read_text())
    assert before["history"]  # of the network that learnt from everything
    assert json.loads(out.read_text()) == before | {"history": None}


@pytest.mark.usefixtures("outputs")
def test_a_report_says_whether_more_recordings_would_help(
    recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report"

    code = main(
        [
            "train", str(recordings), "--out", str(tmp_path / "m.onnx"), "--arch", "alexnet",
            "--protocol", "kfold:2", "--side-px", "32", "--clutter", "0", "--epochs", "1",
            "--width", "2", "--learning-curve", "--report", str(report),
        ]
    )  # fmt: skip

    assert code == 0
    figures = json.loads((report / "figures.json").read_text())
    assert figures["how"]["seed"] == 1
    assert sorted(len(fold["groups"]) for fold in figures["folds"]) == [1, 2]
    assert sum(fold["clips"] for fold in figures["folds"]) == 6
    assert figures["calibration"]["temperature"] > 0
    assert [point["groups"] for point in figures["learning_curve"]["points"]] == [1, 1.5]
    assert figures["learning_curve"]["points"][1]["clip_accuracy"] == figures["clip_accuracy"]
    said = capsys.readouterr().err
    assert "over 2 folds: " in said
    assert "recordings" in said.split("over 2 folds: ")[1]
    assert 'id="curve-h"' in (report / "report.html").read_text()


def test_without_groups_nothing_is_left_and_its_windows_are_counted_anew() -> None:
    from motionapp.core.representation import Representation
    from motionapp.recognition.dataset import DataSet, Sample
    from motionapp.training.folds import Material
    from motionapp.training.thinned import shown_by_group, without
    from motionapp.training.windows import Windows

    named = [("a", "run"), ("b", "walk"), ("c", "run"), ("c", "walk")]
    samples = [Sample(Path(f"{n}"), f"{n}", label, group) for n, (group, label) in enumerate(named)]
    numbers = np.array([0, 1, 1, 2, 3])
    windows = Windows(
        np.zeros((5, 8, 8, 6), np.uint8), numbers, np.zeros((5, 3), np.float32),
        np.tile(numbers[:, None].astype(float), (1, 2)),
    )  # fmt: skip
    material = Material(
        DataSet(Path("d"), tuple(samples)), windows, ("run", "walk"),
        Representation("absdiff", side_px=8), paced=windows,
    )  # fmt: skip

    left = without(material, frozenset({"b"}))

    assert [one.fold_group for one in left.data.samples] == ["a", "c", "c"]
    for part in (left.windows, left.paced):
        assert part is not None
        assert part.samples.tolist() == [0, 1, 2]
        assert part.times_s is not None
        assert part.times_s[:, 0].tolist() == [0, 2, 3]
    assert shown_by_group(left) == {"a": frozenset({"run"}), "c": frozenset({"run", "walk"})}


def test_a_fold_learns_from_no_tempo_of_what_it_holds_out(recordings: Path) -> None:
    from motionapp.core.representation import Representation
    from motionapp.recognition.dataset import read_data_set
    from motionapp.training.folds import Material
    from motionapp.training.gather import gather
    from motionapp.training.progress import Silent

    data = read_data_set(recordings, extensions={".mp4"})
    shape = Representation("absdiff", side_px=16)
    windows = gather(data, shape, Silent())
    material = Material(data, windows, data.labels, shape, paced=windows)

    learnt = material.task(frozenset({"ann"})).windows

    anns = {i for i, sample in enumerate(data.samples) if sample.fold_group == "ann"}
    assert not anns & set(learnt.samples.tolist())
    assert len(learnt) == 2 * int((~material.held_in(frozenset({"ann"}), windows)).sum())


def test_folds_side_by_side_train_as_they_would_alone(
    recordings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from motionapp.core.representation import Representation
    from motionapp.recognition.dataset import read_data_set
    from motionapp.training.folds import measure
    from motionapp.training.gather import gather
    from motionapp.training.material import Material
    from motionapp.training.progress import Silent

    data = read_data_set(recordings, extensions={".mp4"})
    shape = Representation("absdiff", side_px=32)
    material = Material(data, gather(data, shape, Silent()), data.labels, shape)
    recipe = Recipe(architecture="alexnet", width=2, batch=8, epochs=1, fewest_steps=40)
    folds = [frozenset({name}) for name in ("ann", "bob")]

    monkeypatch.setattr("motionapp.training.folds.usable_cores", lambda: 2)
    together = measure(material, recipe, folds, Silent())
    alone = measure(material, recipe, folds[1:], Silent())

    is_bobs = np.isin(together.rows, alone.rows)
    np.testing.assert_array_equal(together.answers[is_bobs], alone.answers)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_networks_have_the_layers_of_their_names(architecture: str) -> None:
    import torch
    from torch import nn

    from motionapp.training.architectures import Shape, build

    shape = Shape(channels=6, side_px=64, outputs=11, width=4, dense=32, dropout=0.3)
    network = build(architecture, shape, torch.Generator().manual_seed(1))
    layers = list(network.modules())

    convolutions = sum(isinstance(layer, nn.Conv2d) for layer in layers)
    dense = sum(isinstance(layer, nn.Linear) for layer in layers)
    assert (convolutions, dense) == {
        "lenet5": (2, 3), "alexnet": (5, 3), "vgg11": (8, 3), "vgg16": (13, 3), "vgg19": (16, 3),
        "resnet18": (20, 1), "resnet50": (53, 1), "mobilenet_v2": (52, 1),
    }[architecture]  # fmt: skip
    assert network.eval()(torch.zeros(2, 6, 64, 64)).shape == (2, 11)


def test_the_same_seed_draws_the_same_network_and_another_one_does_not() -> None:
    import torch

    from motionapp.training.architectures import Shape, build

    shape = Shape(channels=6, side_px=32, outputs=3, width=2, dense=8, dropout=0.3)
    first, again, other = (
        build("vgg16", shape, torch.Generator().manual_seed(seed)).features[0].weight
        for seed in (1, 1, 2)
    )

    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize(
    ("going", "families"), [(False, ()), (True, ()), (True, ("in place", "none", "in place"))]
)
def test_quantised_and_plain_networks_answer_alike(going: bool, families: tuple[str, ...]) -> None:
    import torch

    from motionapp.core.representation import Representation
    from motionapp.recognition.onnx import ALLOWED_OPERATORS
    from motionapp.recognition.outline import read_outline
    from motionapp.training.architectures import Shape, build
    from motionapp.training.export import _answers, batches, quantised, to_onnx
    from motionapp.training.fit import answers_of
    from motionapp.training.task import Task
    from motionapp.training.windows import Windows

    representation = Representation("absdiff", side_px=32, going=going)
    shape = Shape(6, 32, outputs=3, width=4, dense=16, dropout=0.3, going=going, families=families)
    network = build("alexnet", shape, torch.Generator().manual_seed(1)).eval()
    maps = np.random.default_rng(1).integers(0, 256, (40, 32, 32, 6)).astype(np.uint8)
    ways = np.random.default_rng(2).uniform(0.2, 1.5, (40, 3)).astype(np.float32)
    windows = Windows(maps, np.zeros(40, np.int64), ways)
    task = Task(windows, np.zeros(40, np.int64), 3, representation)

    plain = to_onnx(network, task)
    expected = answers_of(network, windows)

    def asked(content: bytes) -> NDArray[np.float32]:
        return _answers(content, batches(windows, told=going))

    np.testing.assert_allclose(asked(plain), expected, atol=1e-4)
    spread = float(np.ptp(expected))
    small = quantised(plain, batches(windows, told=going))
    np.testing.assert_allclose(asked(small), expected, atol=0.2 * spread)
    assert read_outline(small).operators <= ALLOWED_OPERATORS


def test_a_network_that_is_told_how_bodies_go_answers_by_it() -> None:
    import torch

    from motionapp.training.architectures import Shape, build

    shape = Shape(6, side_px=32, outputs=3, width=2, dense=8, dropout=0.3, going=True)
    network = build("vgg16", shape, torch.Generator().manual_seed(1)).eval()
    maps = torch.rand(2, 6, 32, 32)

    still, gone = network(maps, torch.zeros(2, 4)), network(maps, torch.ones(2, 4))

    assert not torch.equal(still, gone)


@pytest.fixture
def with_unknown(recordings: Path, tmp_path: Path) -> Path:
    """The small data set with one of its three people as somebody who does neither."""
    rows = (recordings / "labels.csv").read_text().splitlines()
    table = tmp_path / "set.csv"
    lines = [rows[0]]
    for row in rows[1:]:
        name, label, group = row.split(",")
        lines.append(f"{recordings / name},{label if group != 'cyn' else UNKNOWN},{group}")
    table.write_text("\n".join(lines) + "\n")
    return table


def test_rows_labelled_unknown_are_learnt_as_the_reject_output(
    with_unknown: Path, tmp_path: Path, outputs: list[int]
) -> None:
    out = tmp_path / "model.onnx"

    code = main(
        ["train", str(with_unknown), "--out", str(out), "--protocol", "none", *QUICK,
         "--clutter", "0", "--json", str(tmp_path / "none.json")]
    )  # fmt: skip

    figures = json.loads((tmp_path / "none.json").read_text())
    assert code == 0
    assert read_contract(out).labels == ("across", "down")
    assert read_contract(out).has_reject
    assert outputs == [3]
    assert figures["clips"] == []
    assert figures["clip_accuracy"] is None


@pytest.mark.usefixtures("outputs")
def test_rows_labelled_unknown_are_measured_by_the_threshold_that_is_written(
    with_unknown: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, json_file = tmp_path / "model.onnx", tmp_path / "figures.json"

    code = main(
        ["train", str(with_unknown), "--out", str(out), "--protocol", "logo", *QUICK,
         "--json", str(json_file)]
    )  # fmt: skip

    figures = json.loads(json_file.read_text())
    after, contract = figures["after_rejection"], read_contract(out)
    assert code == 0
    assert after["threshold"] == contract.threshold
    assert after["right"] + after["wrong"] + after["unknown"] == pytest.approx(1, abs=0.001)
    assert after["right"] <= figures["window_accuracy"]
    assert [one["group"] for one in figures["nameless"]] == ["cyn", "cyn"]
    windows = sum(one["windows"] for one in figures["nameless"])
    named = sum(one["named"] for one in figures["nameless"])
    assert after["false_names"] == pytest.approx(named / windows, abs=0.001)
    assert contract.metrics["unknown_windows_with_a_name"] == after["false_names"]
    assert "- windows right after rejection: " in out.with_suffix(".md").read_text()
    assert f"of the {windows} windows labelled unknown" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--protocol", "logo:2"], "--protocol logo:2 is not known"),
        (["--protocol", "kfold:9"], "has 3 groups: kfold:9 needs at least 9"),
        (["--frontend", "telepathy"], "there is no front-end 'telepathy'"),
        (["--epochs", "0"], "--epochs is 0: at least 1"),
        (["--rendered", "-1"], "--rendered is -1: at least 0"),
    ],
)
def test_what_cannot_be_trained_is_refused_before_anything_is_made(
    recordings: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    says: str,
) -> None:
    out = tmp_path / "new" / "model.onnx"

    assert main(["train", str(recordings), "--out", str(out), *arguments]) == 2
    assert says in capsys.readouterr().err
    assert not out.exists()


def test_more_labels_than_a_model_can_have_are_refused_before_anything_is_gathered(
    recordings: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The model was written after hours, and could not be read."""
    from motionapp.training import train

    rows = ["path,label,group,start_s,end_s"]
    rows += [
        f"{recordings}/down/ann.mp4,label{number},ann,{number / 1e3},{(number + 1) / 1e3}"
        for number in range(1001)
    ]
    (tmp_path / "set.csv").write_text("\n".join(rows) + "\n")
    monkeypatch.delattr(train, "gather_for")

    code = main(["train", str(tmp_path / "set.csv"), "--out", str(tmp_path / "m.onnx"),
                 "--protocol", "none"])  # fmt: skip

    assert code == 2
    assert "has 1001 labels: a model has at most 1000" in capsys.readouterr().err


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_network_too_large_to_be_read_is_refused_before_anything_is_opened(
    recordings: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    architecture: str,
) -> None:
    """The model was written after hours, and could not be read."""
    from motionapp.training import train

    monkeypatch.delattr(train, "open_all")

    code = main(["train", str(recordings), "--out", str(tmp_path / "m.onnx"), "--width", "1024",
                 "--arch", architecture])  # fmt: skip

    assert code == 2
    assert "at most 127 MB are read, so choose a smaller --width" in capsys.readouterr().err


def test_a_file_has_as_many_bytes_as_its_weights_and_a_little() -> None:
    import torch

    from motionapp.core.representation import Representation
    from motionapp.training.architectures import Shape, build, bytes_of
    from motionapp.training.export import to_onnx
    from motionapp.training.task import Task
    from motionapp.training.train import BESIDE_BYTES
    from motionapp.training.windows import Windows

    families = ("in place", "none", "in place")
    shape = Shape(6, 32, outputs=3, width=8, dense=64, dropout=0.3, going=True, families=families)
    network = build("vgg16", shape, torch.Generator().manual_seed(1)).eval()
    windows = Windows(
        np.zeros((1, 32, 32, 6), np.uint8), np.zeros(1, np.int64), np.ones((1, 3), np.float32)
    )
    representation = Representation("absdiff", side_px=32, going=True)
    task = Task(windows, np.zeros(1, np.int64), 3, representation)

    written = len(to_onnx(network, task)) - bytes_of("vgg16", replace(shape, families=()))

    assert 0 < written < BESIDE_BYTES / 4


def test_a_label_of_one_group_is_refused_before_anything_is_gathered(
    recordings: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from motionapp.training import train

    rows = (recordings / "labels.csv").read_text().splitlines()
    names = [f"{recordings}/{row}" for row in rows[1:]]
    names[-1] = names[-1].replace(",down,", ",hop,")
    (tmp_path / "set.csv").write_text("\n".join([rows[0], *names]) + "\n")
    monkeypatch.delattr(train, "gather_for")

    code = main(["train", str(tmp_path / "set.csv"), "--out", str(tmp_path / "m.onnx"),
                 "--protocol", "logo"])  # fmt: skip

    said = capsys.readouterr().err
    assert code == 2
    assert "all recordings of hop in the data set" in said
    assert len(said.strip().splitlines()) == 1


def test_rendered_figures_alone_have_nobody_to_hold_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "model.onnx"

    assert main(["train", "synthetic", "--out", str(out), "--protocol", "logo"]) == 2
    assert "synthetic has none" in capsys.readouterr().err


def test_rendered_figures_alone_make_a_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outputs: list[int]
) -> None:
    from motionapp.training import rendered

    short = functools.partial(rendered.training_clip, duration_s=1.3)
    monkeypatch.setattr(rendered, "training_clip", short)
    out = tmp_path / "rendered.onnx"

    code = main(["train", "synthetic", "--out", str(out), "--rendered", "1", *QUICK])

    contract = read_contract(out)
    assert code == 0
    assert len(contract.labels) == 10
    assert outputs == [11]
    assert contract.recipe["data"] == []
    assert "1 rendered figures" in out.with_suffix(".md").read_text()


def test_a_folder_without_groups_refuses_leave_one_out(
    recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for label in ("across", "down"):
        (tmp_path / label).mkdir()
        (tmp_path / label / "ann.mp4").symlink_to(recordings / label / "ann.mp4")

    code = main(["train", str(tmp_path), "--out", str(tmp_path / "m.onnx"), "--protocol", "logo"])

    assert code == 2
    assert "--protocol logo needs groups" in capsys.readouterr().err


def test_an_output_that_cannot_be_written_is_found_before_the_training(
    recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")

    code = main(["train", str(recordings), "--out", str(tmp_path / "file" / "m.onnx")])

    assert code == 5
    assert "cannot be written" in capsys.readouterr().err


def test_a_second_training_takes_its_windows_from_the_first(
    recordings: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    outputs: list[int],
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    command = ["train", str(recordings), "--protocol", "none", *QUICK, "--out"]

    assert main([*command, str(tmp_path / "first.onnx")]) == 0
    first = capsys.readouterr().err
    assert main([*command, str(tmp_path / "second.onnx")]) == 0
    second = capsys.readouterr().err

    says = "windows of {0} of 6 recordings, {1} of 12 at other tempos, {2} of 2 rendered scenes"
    assert says.format(0, 0, 0) in first
    assert f"{says.format(6, 12, 2)} came from {tmp_path / 'cache'}" in second


def test_a_training_without_the_cache_neither_reads_nor_keeps(
    recordings: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    outputs: list[int],
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    out = str(tmp_path / "model.onnx")

    assert main(["train", str(recordings), "--out", out, "--no-cache", *QUICK]) == 0

    assert "came from" not in capsys.readouterr().err
    assert not (tmp_path / "cache").exists()
