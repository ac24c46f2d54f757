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


def a_set(tmp_path: Path, *entries: dict[str, object]) -> str:
    usual = {"source": "synthetic:walk", "id": "all@1000", "start_s": 1.0, "end_s": 6.0}
    path = tmp_path / "set.json"
    path.write_text(json.dumps({"schema": 1, "entries": [{**usual, **one} for one in entries]}))
    return str(path)


QUICK = ["--classifier", "none", "--people", "off"]


def test_check_says_which_events_are_as_they_were_said_to_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_set(tmp_path, {"verdict": "confirmed"}, {"verdict": "rejected"})

    assert main(["settings", "check", path, *QUICK]) == 2

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("  confirmed  found")
    assert lines[1].startswith("! rejected   found")
    assert lines[2] == "1 of 1 right ones is found, 1 of 1 wrong ones is still raised"


def test_check_is_content_where_all_is_as_it_was_said(tmp_path: Path) -> None:
    assert main(["settings", "check", a_set(tmp_path, {"verdict": "confirmed"}), *QUICK]) == 0


def test_check_tells_recordings_that_are_gone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_set(tmp_path, {"verdict": "confirmed", "source": "gone.mp4"})

    assert main(["settings", "check", path, *QUICK]) == 3
    assert "gone.mp4" in capsys.readouterr().out


def test_check_needs_a_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings", "check"]) == 2
    assert "needs a FILE" in capsys.readouterr().err
