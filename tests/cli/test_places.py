"""What a verb writes takes the place of nothing that it reads, and of nothing else it writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from motionapp.cli import main
from motionapp.cli.places import check_apart
from motionapp.core.errors import SettingsError
from motionapp.recognition.catalogue import shipped_models

LINES = "path,label,group\na.mp4,walk,ann\nb.mp4,run,ben\n"


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A data set, of which nothing is to be opened."""
    for name in ("a.mp4", "b.mp4"):
        (tmp_path / name).write_bytes(b"a recording")
    file = tmp_path / "set.csv"
    file.write_text(LINES)
    return file


@pytest.mark.parametrize("name", ["set.csv", "a.mp4", "link.json"])
@pytest.mark.parametrize(
    "verb",
    [
        "check",
        "evaluate",
        pytest.param("train", marks=pytest.mark.train),
        pytest.param("compare", marks=pytest.mark.train),
    ],
)
def test_what_is_read_is_not_written_over(
    verb: str, name: str, listed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`dataset check labels.csv --json labels.csv` left findings, and no data set."""
    (tmp_path / "link.json").symlink_to(listed)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    line = {
        "check": ["dataset", "check", str(listed)],
        "evaluate": ["evaluate", str(shipped_models()[0].path), str(listed)],
        "train": ["train", str(listed), "--out", str(tmp_path / "m.onnx")],
        "compare": ["compare", str(listed), "--out", str(tmp_path / "choice")],
    }[verb]

    assert main([*line, "--json", str(tmp_path / name)]) == 2

    assert "which is read here and would be lost" in capsys.readouterr().err
    after = {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()}
    assert after == before


def test_a_model_is_not_written_over_by_what_is_told_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "own.onnx"
    model.write_bytes(shipped_models()[0].path.read_bytes())

    assert main(["models", "info", str(model), "--json", str(model)]) == 2

    assert "--json is " in capsys.readouterr().err
    assert model.read_bytes() == shipped_models()[0].path.read_bytes()


@pytest.mark.train
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--json", "m.onnx"), "m.onnx, and so is --out"),
        (("--json", "sub/../m.onnx"), "m.onnx, and so is --out"),
        (("--json", "m.md"), "m.md, and so is the card of --out"),
        (("--report", "."), "m.onnx, in the folder of --report"),
        (("--report", "page", "--json", "page/f.json"), "f.json, in the folder of --report"),
        (("--report", "page", "--tensorboard", "page"), "page, in the folder of --report"),
    ],
)
def test_a_training_does_not_write_one_thing_over_another(
    options: tuple[str, ...],
    said: str,
    listed: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The figures took the place of the model, after all of the training; and a report refused a
    folder when the model lay in it, by then."""
    monkeypatch.chdir(listed.parent)

    assert main(["train", "set.csv", "--out", "m.onnx", *options]) == 2

    assert said in capsys.readouterr().err
    assert not Path("m.onnx").exists()


@pytest.mark.train
@pytest.mark.parametrize("option", ["--out", "--json"])
def test_what_a_training_begins_with_is_not_written_over(
    option: str, listed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier = tmp_path / "earlier.onnx"
    content = shipped_models()[0].path.read_bytes()
    earlier.write_bytes(content)
    out = [] if option == "--out" else ["--out", str(tmp_path / "m.onnx")]

    line = ["train", str(listed), *out, "--from", str(earlier), option, str(earlier)]
    assert main(line) == 2

    assert "which is read here and would be lost" in capsys.readouterr().err
    assert earlier.read_bytes() == content


def test_places_apart_are_let_be(tmp_path: Path) -> None:
    read = tmp_path / "set.csv"
    read.write_text(LINES)
    written = {"--out": tmp_path / "m.onnx", "--json": tmp_path / "m.json", "--study": None}

    check_apart(written, [read, tmp_path / "gone.mp4"], folder=tmp_path / "page")

    with pytest.raises(SettingsError, match="and so is --out"):
        check_apart({**written, "--json": tmp_path / "m.onnx"}, [read])
