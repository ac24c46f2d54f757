"""A report is there whole, or not at all, and takes the place of nothing but a report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from motionapp.core.errors import OutputError
from motionapp.training.report import FIGURES_JSON, REPORT_HTML, check_place, write, write_report
from tests.training.report.conftest import SHAPE


def test_the_page_and_its_figures_lie_in_the_folder(
    figures: dict[str, Any], tmp_path: Path
) -> None:
    write_report(tmp_path / "new" / "report", figures, (), SHAPE)

    folder = tmp_path / "new" / "report"
    assert sorted(one.name for one in folder.iterdir()) == [FIGURES_JSON, REPORT_HTML]
    assert json.loads((folder / FIGURES_JSON).read_text()) == figures
    assert (folder / REPORT_HTML).read_text().startswith("<!DOCTYPE html>")


def test_an_earlier_report_is_replaced(figures: dict[str, Any], tmp_path: Path) -> None:
    write_report(tmp_path / "report", figures, (), SHAPE)
    figures["clip_accuracy"] = 0.125

    write_report(tmp_path / "report", figures, (), SHAPE)

    assert '"clip_accuracy": 0.125' in (tmp_path / "report" / FIGURES_JSON).read_text()
    assert [one.name for one in tmp_path.iterdir()] == ["report"]


def test_a_folder_with_anything_else_in_it_is_left_alone(
    figures: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")

    for write_it in (
        lambda: check_place(tmp_path),
        lambda: write_report(tmp_path, figures, (), SHAPE),
    ):
        with pytest.raises(OutputError, match=r"thesis\.tex, which is no part of a report"):
            write_it()

    assert [one.name for one in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_file_in_the_place_of_the_folder_is_found_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("")

    with pytest.raises(OutputError, match="cannot be written"):
        check_place(tmp_path / "report")


def test_what_fails_in_between_leaves_the_earlier_report(
    figures: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_report(tmp_path / "report", figures, (), SHAPE)
    before = (tmp_path / "report" / FIGURES_JSON).read_text()
    figures["clip_accuracy"] = 0.125

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(write.json, "dumps", fail)
    with pytest.raises(OSError, match="No space"):
        write_report(tmp_path / "report", figures, (), SHAPE)

    assert (tmp_path / "report" / FIGURES_JSON).read_text() == before
    assert [one.name for one in tmp_path.iterdir()] == ["report"]
