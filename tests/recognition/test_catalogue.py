"""A name means the sibling for the front-end, a path means that file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from motionapp.core.contract import ModelContract
from motionapp.core.errors import ModelError
from motionapp.core.representation import Representation
from motionapp.recognition.catalogue import files_of, find_model, names, shipped_models

CONTRACT = ModelContract("small", "1", ("walk", "wave1"), Representation("absdiff"), "vgg16")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    for name in (
        "actions-absdiff-vgg16",
        "actions-absdiff-alexnet",
        "actions-flow-vgg16",
        "actions-rendered-absdiff-vgg16",
    ):
        (shipped / f"{name}.onnx").touch()
    return shipped


@pytest.mark.parametrize(
    ("asked", "frontend", "file"),
    [
        ("actions", "absdiff", "actions-absdiff-vgg16.onnx"),
        ("actions", "flow", "actions-flow-vgg16.onnx"),
        ("actions-alexnet", "absdiff", "actions-absdiff-alexnet.onnx"),
        ("actions-rendered", "absdiff", "actions-rendered-absdiff-vgg16.onnx"),
    ],
)
def test_a_shipped_name_means_its_sibling_for_the_front_end(
    folder: Path, asked: str, frontend: str, file: str
) -> None:
    assert find_model(asked, frontend, folder=folder) == (folder / file, "")


def test_a_name_without_a_sibling_gives_none_and_one_line_that_says_so(folder: Path) -> None:
    path, note = find_model("actions", "pose", folder=folder)

    assert path is None
    assert "no sibling for the front-end pose" in note
    assert "\n" not in note


def test_none_asks_for_no_network_and_needs_no_word(folder: Path) -> None:
    assert find_model("none", "absdiff", folder=folder) == (None, "")


def test_every_name_is_listed_once(folder: Path) -> None:
    assert names(folder) == ("actions", "actions-alexnet", "actions-rendered")


def test_an_unknown_name_is_refused_with_those_that_are_known(folder: Path) -> None:
    with pytest.raises(ModelError, match=r"no model 'jumps': use actions, .*or the path"):
        find_model("jumps", "absdiff", folder=folder)


def test_who_asks_for_files_is_not_advised_to_ask_for_none(folder: Path) -> None:
    """`models info none` said that `none` is to be used."""
    with pytest.raises(ModelError) as refused:
        files_of("none", folder)

    assert "actions-rendered, or the path" in str(refused.value)
    with pytest.raises(ModelError, match="actions-rendered, imagenet, or the path"):
        find_model("jumps", "absdiff", folder=folder, beside=("imagenet",))


def test_a_path_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"gone\.onnx is not there"):
        find_model(tmp_path / "gone.onnx", "absdiff")


def test_a_path_is_that_file(write_model: Any) -> None:
    path = write_model(contract=CONTRACT)

    assert find_model(path, "absdiff") == (path, "")


def test_a_model_for_another_front_end_is_refused_by_name(write_model: Any) -> None:
    path = write_model(contract=replace(CONTRACT, representation=Representation("flow")))

    with pytest.raises(ModelError, match=r"model\.onnx was trained on the front-end flow"):
        find_model(path, "absdiff")


@pytest.mark.parametrize("frontend", ["absdiff", "flow", "pose", "background"])
def test_a_model_that_sees_pictures_fits_every_front_end(write_model: Any, frontend: str) -> None:
    pictures = Representation("rgb", steps=1, planes=3, side_px=16)
    path = write_model(
        contract=replace(CONTRACT, representation=pictures, normalisation="unit-rgb")
    )

    assert find_model(path, frontend) == (path, "")


def test_pictures_are_not_divided_by_what_is_strongest(write_model: Any) -> None:
    pictures = Representation("rgb", steps=1, planes=3, side_px=16)
    path = write_model(contract=replace(CONTRACT, representation=pictures))

    with pytest.raises(ModelError, match="normalised by 'clip-max'"):
        find_model(path, "absdiff")


def test_every_shipped_model_says_the_same_as_its_name() -> None:
    from motionapp.recognition.onnx import OnnxRecogniser

    for model in shipped_models():
        contract = OnnxRecogniser(model.path).contract

        assert contract.representation.frontend == model.frontend
        assert contract.architecture == model.path.stem.rsplit("-", 1)[1]
        assert model.path.stat().st_size < 10e6
        assert model.path.with_suffix(".md").is_file()
