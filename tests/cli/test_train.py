"""`motionapp train` and `evaluate`: what is refused before hours of work begin."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from motionapp.cli import main, train, training_options


@pytest.mark.train
def test_a_model_whose_name_is_its_card_s_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The card lies beside the model under the same name with .md."""
    assert main(["train", "synthetic", "--out", str(tmp_path / "model.md")]) == 2

    assert "ends in .onnx" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.train
@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--seed", "-1", "--seed is -1: at least 0"),
        ("--seed", "10000000000", "--seed is 10000000000: at most 1000000000"),
        ("--epochs", "10001", "at most 10000"),
    ],
)
def test_numbers_that_no_recipe_can_hold_are_refused(
    option: str, value: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Else the model could not be trained again, if it came to one at all."""
    assert main(["train", "synthetic", "--out", str(tmp_path / "m.onnx"), option, value]) == 2

    assert said in capsys.readouterr().err


@pytest.mark.train
@pytest.mark.parametrize("taken", ["m.onnx", "m.md", "figures.json"])
def test_a_folder_in_the_place_of_an_output_is_found_before_the_training(
    tmp_path: Path, taken: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / taken).mkdir()
    outputs = ["--out", str(tmp_path / "m.onnx"), "--json", str(tmp_path / "figures.json")]

    assert main(["train", "synthetic", *outputs]) == 5

    assert f"{taken} cannot be written" in capsys.readouterr().err


@pytest.mark.train
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--clip-s", "0.5"), "0.5 is no multiple of 0.08 s"),
        (("--clip-s", "nan"), "--clip-s is nan"),
        (("--clip-s", "60"), "--clip-s is 60: 0.08 to 5.12"),
        (("--grid-s", "0"), "--grid-s is 0"),
        (("--grid-s", "nan"), "--grid-s is nan"),
        (("--lag-s", "-1"), "--lag-s is -1"),
        (("--side-px", "16"), "--side-px is 16: 32 to 512"),
    ],
)
def test_clips_that_no_network_can_see_are_refused(
    tmp_path: Path, options: tuple[str, str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "synthetic", "--out", str(tmp_path / "m.onnx"), *options]) == 2

    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.train
def test_what_a_network_sees_is_chosen_and_stands_in_the_order() -> None:
    sees = ["--scope", "group", "--clip-s", "0.96", "--grid-s", "0.12", "--lag-s", "0.12",
            "--side-px", "48"]  # fmt: skip
    parser = argparse.ArgumentParser()
    train.add_arguments(parser)

    order = train._order(parser.parse_args(["synthetic", "--out", "m.onnx", *sees]))

    shape = order.representation
    assert (shape.scope, shape.steps, shape.span_s) == ("group", 8, pytest.approx(0.96))
    assert (shape.lag_s, shape.side_px) == (0.12, 48)
    assert "--clip-s 0.96" in order.command


@pytest.mark.train
def test_rendered_figures_stand_beside_recordings_only_where_they_are_asked_for(
    tmp_path: Path,
) -> None:
    """What a person calls `bend` need not be what the renderer does under that name."""
    for label in ("bend", "walk"):
        (tmp_path / label).mkdir()
        (tmp_path / label / "ann.mp4").touch()
    parser = argparse.ArgumentParser()
    train.add_arguments(parser)

    def figures(*arguments: str) -> int:
        order = train._order(parser.parse_args([*arguments, "--out", "m.onnx"]))
        return order.recipe.rendered

    assert figures(str(tmp_path)) == 0
    assert figures(str(tmp_path), "--rendered", "3") == 3
    assert figures("synthetic") == training_options.RENDERED_ALONE


@pytest.mark.train
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--crops", "-1"], "--crops is -1"),
        (["--crops", "3", "--frontend", "background"], "crops cannot be seen with background"),
        (["--crops", "3", "--scope", "frame"], "no network of the scope frame"),
        (["--backgrounds", "."], "--backgrounds stand behind the people of --crops"),
    ],
)
def test_crops_that_cannot_be_made_are_refused(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "synthetic", "--out", str(tmp_path / "m.onnx"), *words]) == 2

    assert said in capsys.readouterr().err


@pytest.mark.train
def test_a_folder_of_backgrounds_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--crops", "1", "--backgrounds", str(tmp_path / "places")]

    assert main(["train", "synthetic", "--out", str(tmp_path / "m.onnx"), *words]) == 4

    assert "there is no folder" in capsys.readouterr().err


@pytest.mark.train
def test_the_card_s_command_says_all_that_was_chosen() -> None:
    """Figures beside recordings were looked at by a share that the card kept to itself."""
    words = ["--rendered", "3", "--recorded", "0.2", "--prior", "room"]
    parser = argparse.ArgumentParser()
    train.add_arguments(parser)
    order = train._order(parser.parse_args(["synthetic", "--out", "m.onnx", *words]))

    for option, value in zip(words[::2], words[1::2], strict=True):
        assert f"{option} {value}" in order.command


@pytest.mark.train
def test_a_learning_curve_without_anything_held_out_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "m.onnx")

    assert main(["train", "synthetic", "--out", out, "--learning-curve"]) == 2

    assert "--learning-curve needs a protocol that holds something out" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
