"""The table of front-ends: all of them, with what each costs and is for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from motionapp.cli import frontends as verb
from motionapp.cli import main
from motionapp.frontends import registry


def test_every_front_end_and_preset_has_its_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verb, "WIDTHS", (320,))
    monkeypatch.setattr(verb, "PRIMING", 3)
    out = tmp_path / "new" / "costs.json"

    assert main(["frontends", "--pictures", "2", "--json", str(out)]) == 0

    rows = json.loads(out.read_text(encoding="utf-8"))["frontends"]
    assert [row["name"] for row in rows] == list(registry.choices())
    assert {"absdiff", "flow", "flow:best", "background"} <= {row["name"] for row in rows}
    for row in rows:
        assert row["about"] == registry.about_choice(row["name"])
        assert [(cost["width"], cost["threads"]) for cost in row["costs"]] == [(320, 1), (320, 2)]
        assert all(cost["ms_per_frame"] > 0 for cost in row["costs"])
    said = capsys.readouterr().out
    assert all(row["about"] in said for row in rows)


def test_the_faster_of_two_numbers_of_threads_says_how_many_pictures_a_second() -> None:
    costs = [verb.Cost(320, 180, 1, 4.0), verb.Cost(320, 180, 2, 2.0)]

    assert verb.row("flow", costs, "where to").split() == [
        "flow", "4.0", "2.0", "500/s", "where", "to",
    ]  # fmt: skip


def test_a_single_picture_cannot_be_timed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["frontends", "--pictures", "1"]) == 2

    assert "at least 2" in capsys.readouterr().err
