"""`motionapp dataset check`: what it prints, writes and ends with."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from motionapp.cli import main
from tests.training.inspection.conftest import LABELS, PEOPLE, Planted, performance

SCHEMA = Path(__file__).resolve().parents[2] / "docs/schemas/dataset-check.schema.json"


@pytest.fixture
def made(tmp_path: Path) -> Planted:
    """Two people, two movements."""
    planted = Planted(tmp_path / "set")
    for person, name in enumerate(PEOPLE[:2]):
        for label in LABELS:
            planted.add(f"{label}/{name}.mp4", label, name, performance(label, person))
    return planted


def check(made: Planted, tmp_path: Path) -> tuple[int, dict[str, object]]:
    """The exit code, and the document as the published schema allows it."""
    out = tmp_path / "out" / "findings.json"
    code = main(["dataset", "check", str(made.listed()), "--json", str(out)])
    document = json.loads(out.read_text())
    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(document)
    return code, document


def test_where_nothing_is_wrong_the_figures_are_told(
    made: Planted, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, document = check(made, tmp_path)

    said = capsys.readouterr().out
    assert code == 0
    assert said.startswith("set: 4 of 4 recordings read, 2 groups\n")
    assert "across        2       2            4.0       2.0     2.0      2.0" in said
    assert "pictures a second: 25 (4)\nsizes: 128x96 (4)\n" in said
    assert said.endswith("Nothing is wrong.\n")
    assert document["findings"] == []


def test_a_fault_ends_as_a_data_set_that_cannot_be_used_does(
    made: Planted, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made.add("across/copy.mp4", "across", "bob")
    shutil.copy(made.folder / "across/ann.mp4", made.folder / "across/copy.mp4")

    code, document = check(made, tmp_path)

    assert code == 2
    assert "fault: the same content: across/ann.mp4 and across/copy.mp4" in capsys.readouterr().out
    (finding,) = document["findings"]  # type: ignore[misc]
    assert finding["kind"] == "duplicate"  # type: ignore[index]


def test_what_cannot_be_read_is_named_and_does_not_end_it(
    made: Planted, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made.add("across/text.mp4", "across", "ann").write_text("Dear reader, this is no video.\n")

    code, document = check(made, tmp_path)

    said = capsys.readouterr().out
    assert code == 3
    assert said.startswith("set: 4 of 5 recordings read")
    assert "fault: across/text.mp4 cannot be read" in said
    assert document["unreadable"] == 1


def test_where_nothing_can_be_read_one_sentence_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Planted(tmp_path)
    made.add("gone.mp4", "across", "ann")

    assert main(["dataset", "check", str(made.listed())]) == 4
    assert "none of the recordings" in capsys.readouterr().err


def test_a_data_set_that_is_not_there_is_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["dataset", "check", str(tmp_path / "gone.csv")]) == 2
    assert "gone.csv is not there" in capsys.readouterr().err


def test_the_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["dataset", "check", "--help"])

    assert ended.value.code == 0
    assert "motionapp dataset check labels.csv --json findings.json" in capsys.readouterr().out
