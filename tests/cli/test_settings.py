"""`motionapp settings`: show, schema, write."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from motionapp.cli import main
from motionapp.settings import Settings, load_settings


def test_show_prints_what_holds_as_toml(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings", "show", "--sensitivity", "2"]) == 0

    shown = tomllib.loads(capsys.readouterr().out)
    assert shown["analysis"]["absdiff"]["sensitivity"] == 2.0
    assert shown["analysis"]["events"]["persist_s"] == 0.3


def test_schema_accepts_what_show_prints(capsys: pytest.CaptureFixture[str]) -> None:
    main(["settings", "schema"])
    schema = json.loads(capsys.readouterr().out)
    main(["settings", "show"])
    shown = tomllib.loads(capsys.readouterr().out)

    jsonschema.validate(shown, schema)


def test_schema_refuses_an_unknown_key(capsys: pytest.CaptureFixture[str]) -> None:
    main(["settings", "schema"])
    schema = json.loads(capsys.readouterr().out)

    with pytest.raises(jsonschema.ValidationError, match="persists"):
        jsonschema.validate({"analysis": {"events": {"persists": 1}}}, schema)


def test_a_written_file_is_read_as_the_defaults(tmp_path: Path) -> None:
    file = tmp_path / "below" / "settings.toml"

    assert main(["settings", "write", str(file)]) == 0
    assert load_settings(file) == Settings()


def test_a_file_that_is_there_is_not_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("mine", encoding="utf-8")

    assert main(["settings", "write", str(file)]) == 2
    assert file.read_text(encoding="utf-8") == "mine"
    assert "is there already" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["write"], ["show", "x.toml"]])
def test_a_file_belongs_to_write_alone(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["settings", *words]) == 2
    assert "write needs a FILE" in capsys.readouterr().err
