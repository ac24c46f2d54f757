"""`motionapp train` and `evaluate`: what is refused before hours of work begin."""

from __future__ import annotations

from pathlib import Path

import pytest

from motionapp.cli import main


@pytest.mark.train
def test_a_model_whose_name_is_its_card_s_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The card lies beside the model under the same name with .md."""
    assert main(["train", "synthetic", "--out", str(tmp_path / "model.md")]) == 2

    assert "ends in .onnx" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.train
def test_a_negative_seed_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "synthetic", "--out", str(tmp_path / "m.onnx"), "--seed", "-1"]) == 2

    assert "--seed is -1" in capsys.readouterr().err


@pytest.mark.train
@pytest.mark.parametrize("taken", ["m.onnx", "m.md", "figures.json"])
def test_a_folder_in_the_place_of_an_output_is_found_before_the_training(
    tmp_path: Path, taken: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / taken).mkdir()
    outputs = ["--out", str(tmp_path / "m.onnx"), "--json", str(tmp_path / "figures.json")]

    assert main(["train", "synthetic", *outputs]) == 5

    assert f"{taken} cannot be written" in capsys.readouterr().err
