"""`motionapp models explain`: a page that says what a network looked at."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from motionapp.cli import main
from motionapp.core.contract import ModelContract
from motionapp.core.representation import Representation
from motionapp.training import explaining

CONTRACT = ModelContract(
    name="small",
    version="1",
    labels=("walk", "wave1"),
    representation=Representation("absdiff", steps=4, side_px=32, scope="moving"),
    architecture="theirs",
    threshold=0.0,
)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of pictures: a bright block goes across."""
    folder = tmp_path_factory.mktemp("across")
    for index in range(40):
        shown = np.full((96, 128, 3), 60, np.uint8)
        shown[40:60, 8 + 2 * index : 28 + 2 * index] = 200
        assert cv2.imwrite(str(folder / f"{index:03d}.png"), shown)
    return folder


@pytest.fixture
def theirs(write_model: Any) -> Path:
    """A network that is none of ours."""
    path: Path = write_model("theirs.onnx", contract=CONTRACT)
    return path


def explain(*words: Any) -> int:
    return main(["models", "explain", *map(str, words)])


def figures(folder: Path) -> Any:
    return json.loads((folder / "explain.json").read_text(encoding="utf-8"))


def test_a_network_of_others_is_explained_by_covering_and_says_so(
    theirs: Path, clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"

    code = explain(theirs, clip, "--out", out, "--at", "0.9")

    said = capsys.readouterr()
    (told,) = figures(out)["clips"]
    page = (out / "explain.html").read_text(encoding="utf-8")
    assert code == 0
    assert said.out.splitlines()[-1] == str(out / "explain.html")
    assert re.search(r"There is no Grad-CAM here, and nothing of the layers: .*\.", said.err)
    assert told["held"][0]["method"] == "occlusion"
    assert told["layers"] == []
    assert sum(told["probabilities"].values()) == pytest.approx(1.0, abs=1e-3)
    assert "Zeiler and Fergus" in page
    assert "Grad-CAM (Selvaraju" not in page


def test_the_page_needs_nothing_else_and_pictures_lie_beside_it(
    theirs: Path, clip: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"

    explain(theirs, clip, "--out", out, "--count", "2")

    page = (out / "explain.html").read_text(encoding="utf-8")
    addresses = re.findall(r'(?:src|href)="([^"]*)"', page)
    names = {one.name for one in out.iterdir()}
    assert all(address.startswith(("data:", "#")) for address in addresses)
    assert {"1-picture.png", "1-seen.png", "1-held.png"} <= names
    assert all(cv2.imread(str(out / name)) is not None for name in names if name.endswith(".png"))
    assert not list(tmp_path.glob(".*part"))


def test_what_it_hangs_on_lies_in_the_square_that_it_saw(
    theirs: Path, clip: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"

    explain(theirs, clip, "--out", out)

    (told,) = figures(out)["clips"]
    x0, y0, x1, y1 = told["square"]
    held = told["held"][0]
    x, y = held["hottest"]
    assert x0 <= x < x1
    assert y0 <= y < y1
    assert all(0 <= cell <= 1 for row in held["cells"] for cell in row)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--label", "swim"), "--label swim: the model knows walk, wave1"),
        (("--at", "90"), "nobody was looked at near 90 s"),
        (("--layers", "3"), "--layers: leave it out. There is no Grad-CAM here"),
        (("--count", "0"), "--count is 0: 1 to 20"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence(
    words: tuple[str, ...],
    sentence: str,
    theirs: Path,
    clip: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = explain(theirs, clip, "--out", tmp_path / "out", *words)

    assert code != 0
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_folder_with_something_else_in_it_is_left_alone(
    theirs: Path, clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also with pictures: whose they are is not known."""
    out = tmp_path / "holiday"
    out.mkdir()
    (out / "beach.png").write_bytes(b"sand")

    assert explain(theirs, clip, "--out", out) == 5
    assert "holds beach.png, which is no part of an explanation" in capsys.readouterr().err
    assert (out / "beach.png").read_bytes() == b"sand"


def test_an_earlier_explanation_goes(theirs: Path, clip: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    explain(theirs, clip, "--out", out)
    (out / "9-held.png").write_bytes(b"old")

    assert explain(theirs, clip, "--out", out) == 0
    assert not (out / "9-held.png").exists()


@pytest.mark.train
def test_one_of_ours_is_looked_into(clip: Path, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("onnxscript")
    out = tmp_path / "out"

    assert explain("actions", clip, "--out", out, "--label", "walk", "--layers", "7,10") == 0

    (told,) = figures(out)["clips"]
    page = (out / "explain.html").read_text(encoding="utf-8")
    assert [held["convolution"] for held in told["held"]] == [7, 10]
    assert np.shape(told["held"][1]["cells"]) == (8, 8)
    assert [layer["convolution"] for layer in told["layers"]] == [7, 10]
    assert sum(told["families"].values()) == pytest.approx(1.0, abs=1e-3)
    assert told["asked"] == "walk"
    assert "HiResCAM" in page
    assert (out / "filters.png").is_file()


@pytest.mark.train
def test_an_older_network_is_covered_instead(
    clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("torch")

    assert explain("actions-alexnet", clip, "--out", tmp_path / "out") == 0

    assert "of a layout that this version does not build" in capsys.readouterr().err
    assert figures(tmp_path / "out")["clips"][0]["held"][0]["method"] == "occlusion"


def test_without_torch_ours_are_covered_and_the_extra_is_named(
    clip: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("motionapp.training.extra.find_spec", lambda name: None)

    assert explain("actions", clip, "--out", tmp_path / "out") == 0

    assert 'Grad-CAM needs an extra: pip install "motionapp[train]"' in capsys.readouterr().err
    assert figures(tmp_path / "out")["clips"][0]["held"][0]["method"] == "occlusion"


def test_the_most_similar_clips_of_a_data_set_are_shown_with_their_distance(
    clip: Path, tmp_path: Path
) -> None:
    data = tmp_path / "set"
    for name, step in (("same", 2), ("slow", 1)):
        (data / name).mkdir(parents=True)
        for index in range(40):
            shown = np.full((96, 128, 3), 60, np.uint8)
            shown[40:60, 8 + step * index : 28 + step * index] = 200
            cv2.imwrite(str(data / name / f"{index:03d}.png"), shown)
    rows = ["path,label,group", "same,walk,ann", "slow,wave1,bob", f"{clip},walk,cyn"]
    (data / "labels.csv").write_text("\n".join(rows) + "\n")
    out = tmp_path / "out"

    assert explain("actions-alexnet", clip, "--out", out, "--data", data / "labels.csv") == 0

    (told,) = figures(out)["clips"]
    assert [near["path"] for near in told["near"]] == ["same", "slow"]  # and not itself
    assert 0 <= told["near"][0]["distance"] < told["near"][1]["distance"] <= 2
    assert (out / "1-near-1.png").is_file()
    assert "Most alike in set" in (out / "explain.html").read_text(encoding="utf-8")


def test_a_network_without_features_is_compared_with_nothing(
    theirs: Path, clip: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "labels.csv"
    data.write_text(f"path,label,group\n{clip},walk,ann\n")

    assert explain(theirs, clip, "--out", tmp_path / "out", "--data", data) == 2
    assert "gives no features, by which clips are alike" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["maps", "pictures"])
def test_a_file_is_not_explained_behind_another_front_end_than_was_asked_for(
    kind: str,
    write_model: Any,
    clip: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`--frontend` was passed over, and the page was that of another road."""
    contract = CONTRACT
    if kind == "pictures":
        seen = replace(CONTRACT.representation, frontend="rgb", planes=3, steps=1)
        contract = replace(CONTRACT, representation=seen, normalisation="unit-rgb")
    model = write_model("theirs.onnx", contract=contract)
    out = tmp_path / "out"

    assert explain(model, clip, "--out", out, "--frontend", "flow") == 2

    assert "which is explained behind absdiff: leave it out" in capsys.readouterr().err
    assert not out.exists()
    assert explain(model, clip, "--out", out, "--frontend", "absdiff") == 0


def test_the_public_names_are_there() -> None:
    assert all(hasattr(explaining, name) for name in explaining.__all__)
    assert replace(explaining.Wish(), count=2).count == 2
