"""`--json -` prints what would be written, and nothing else."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from motionapp.cli import main
from motionapp.cli.printed import json_printed


@pytest.mark.parametrize(
    "words",
    [
        ("models", "list"),
        ("models", "info", "actions"),
        pytest.param(("architectures", "lenet5"), marks=pytest.mark.train),
    ],
)
def test_what_is_printed_is_json_and_people_are_told_beside_it(
    words: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main([*words, "--json", "here.json"]) == 0
    told = capsys.readouterr().out
    assert main([*words, "--json", "-"]) == 0

    printed = capsys.readouterr()
    assert json.loads(printed.out) == json.loads(Path("here.json").read_text(encoding="utf-8"))
    assert told
    assert told.splitlines()[-1] in printed.err
    assert [one.name for one in tmp_path.iterdir()] == ["here.json"]


def test_of_a_verb_that_fails_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "info", "nosuch", "--json", "-"]) != 0

    printed = capsys.readouterr()
    assert printed.out == ""
    assert "nosuch" in printed.err


@pytest.mark.parametrize("json_option", [None, True, "-", Path("a.json")])
def test_other_places_are_left_alone(json_option: object) -> None:
    """`why --json` and `watch --json -` print by themselves."""
    options = argparse.Namespace(json=json_option)

    with json_printed(options):
        assert options.json == json_option
