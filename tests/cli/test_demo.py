"""The demo's table, and the demo on a small clip."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from motionapp import resources
from motionapp.batch.truth import Pair, Stretch
from motionapp.cli import main
from motionapp.cli.demo import table

MARKS = ("+", "-")


def test_the_table_has_truth_and_found_side_by_side() -> None:
    pairs = (
        Pair(Stretch("walk", 1.0, 3.0), Stretch("walk", 1.1, 3.0)),
        Pair(Stretch("run", 5.0, 6.0), None),
        Pair(None, Stretch("jump", 10.0, 11.0)),
    )

    lines = table(pairs, MARKS)

    assert lines[0].split() == ["start", "end", "truth", "start", "end", "found"]
    assert lines[2].split() == ["1.0", "3.0", "walk", "1.1", "3.0", "walk", "+"]
    assert lines[3].split() == ["5.0", "6.0", "run", "-"]
    assert lines[4].split() == ["10.0", "11.0", "jump", "-"]


@pytest.fixture
def small_assets(
    recording: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    folder = tmp_path / "assets"
    recording("assets/demo.mp4")
    truth = {"schema": 1, "events": [{"label": "motion", "start_s": 1.0, "end_s": 2.0}]}
    (folder / "demo-truth.json").write_text(json.dumps(truth))
    monkeypatch.setattr(resources, "assets_dir", lambda: folder)
    return folder


@pytest.mark.usefixtures("small_assets")
def test_it_counts_what_is_right_and_names_what_was_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "demo"

    code = main(["demo", "--out", str(out), "--classifier", "none"])

    said = capsys.readouterr().out
    assert code == 0
    assert "1 of 1 movements named rightly" in said
    for name in ("events.json", "events.csv", "segments.csv", "annotated.mp4"):
        assert str(out / "demo" / name) in said
        assert (out / "demo" / name).is_file()


@pytest.mark.usefixtures("small_assets")
def test_where_ticks_cannot_be_printed_words_stand_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("motionapp.cli.demo._can_print", lambda text: False)

    main(["demo", "--out", str(tmp_path / "demo"), "--classifier", "none"])

    said = capsys.readouterr().out
    assert " ok\n" in said
    assert said.isascii()


def test_without_its_clip_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(resources, "assets_dir", lambda: tmp_path)

    assert main(["demo", "--out", str(tmp_path / "demo")]) == 4
    assert "demo.mp4" in capsys.readouterr().err
    assert not (tmp_path / "demo").exists()
