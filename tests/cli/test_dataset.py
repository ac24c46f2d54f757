"""`motionapp dataset mine`: what a model names where nothing is, as lines for its next training."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from motionapp.cli import main
from motionapp.core.contract import ModelContract
from motionapp.core.moment import Moment
from motionapp.core.representation import Representation
from motionapp.overlay import Style
from motionapp.recognition.catalogue import shipped_models
from motionapp.recognition.dataset import read_data_set
from motionapp.sinks.video import AnnotatedVideoSink
from motionapp.sources.synthetic import SyntheticSource

CONTRACT = ModelContract(
    name="small",
    version="1",
    labels=("across", "down"),
    representation=Representation("absdiff", side_px=16),
    architecture="vgg16",
    threshold=0.0,
)
NOTHING_DRAWN = Style(groups=False, tracks=False, poses=False, events=False, status=False)
OF_MOTION = ("--people", "off")


@pytest.fixture
def model(write_model: Any) -> Path:
    """Names whatever moves."""
    path: Path = write_model(contract=CONTRACT)
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_what_was_named_in_a_recording_becomes_lines_that_a_training_reads(
    model: Path,
    recording: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    recording("sea/door.mp4")
    out = tmp_path / "mined.csv"

    code = main(
        ["dataset", "mine", str(model), str(tmp_path / "sea"), "--out", str(out), *OF_MOTION]
    )

    (row,) = rows_of(out)
    said = capsys.readouterr()
    assert code == 0
    assert (row["path"], row["label"], row["group"]) == ("sea/door.mp4", "unknown", "door")
    assert row["named"] in CONTRACT.labels
    assert 0.5 <= float(row["start_s"]) < float(row["end_s"]) <= 2.5  # it passes from 1 to 2
    assert said.out.strip() == str(out)
    seconds = float(row["end_s"]) - float(row["start_s"])
    assert f"1 stretch in 1 of 1 recording, {seconds:.1f} s together: " in said.err
    (sample,) = read_data_set(out, extensions=(".mp4",), fewest_labels=0).samples
    assert (sample.label, sample.stretch.is_whole) == ("unknown", False)
    assert sample.box is not None
    assert sample.box == tuple(int(row[edge]) for edge in ("x0", "y0", "x1", "y1"))


def test_a_damaged_file_is_named_and_passed_by(
    model: Path,
    recording: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As in a batch: it is not worth the others, and the exit code tells."""
    recording("sea/door.mp4")
    (tmp_path / "sea" / "bad.mp4").write_text("Dear reader, this is no video.\n")
    out = tmp_path / "mined.csv"

    code = main(
        ["dataset", "mine", str(model), str(tmp_path / "sea"), "--out", str(out), *OF_MOTION]
    )

    assert code == 3
    assert [row["group"] for row in rows_of(out)] == ["door"]
    said = capsys.readouterr().err
    assert "failed: " in said
    assert "bad.mp4" in said


def test_where_nothing_can_be_read_nothing_is_written(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "mined.csv"

    code = main(["dataset", "mine", str(model), str(tmp_path / "gone.mp4"), "--out", str(out)])

    assert code == 4
    assert not out.exists()
    assert "gone.mp4" in capsys.readouterr().err


def test_where_nothing_was_named_there_are_no_lines(
    model: Path,
    recording: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """People are looked for, and what passes is none."""
    out = tmp_path / "mined.csv"

    code = main(["dataset", "mine", str(model), str(recording()), "--out", str(out)])

    assert code == 0
    assert out.read_text() == "path,label,group,start_s,end_s,x0,y0,x1,y1,named,score\n"
    assert "nothing was named in 1 recording" in capsys.readouterr().err


def test_a_file_that_is_there_is_not_written_over_unasked(
    model: Path,
    recording: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "labels.csv"
    out.write_text("somebody's work")
    line = ["dataset", "mine", str(model), str(recording()), "--out", str(out), *OF_MOTION]

    assert main(line) == 2
    assert out.read_text() == "somebody's work"
    assert "labels.csv is there already" in capsys.readouterr().err

    assert main([*line, "--force"]) == 0
    assert len(rows_of(out)) == 1


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--most", "0"], "--most is 0"),
        (["--least-score", "1.5"], "--least-score is 1.5"),
    ],
)
def test_numbers_that_mean_nothing_are_refused(
    model: Path,
    tmp_path: Path,
    options: list[str],
    says: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "mined.csv"

    assert main(["dataset", "mine", str(model), "a.mp4", "--out", str(out), *options]) == 2
    assert says in capsys.readouterr().err


def test_without_an_action_the_usage_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["dataset"])

    assert stopped.value.code == 2
    assert "ACTION" in capsys.readouterr().err


def test_help_says_what_to_do_with_the_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["dataset", "mine", "--help"])

    assert "tail -n +2 mined.csv >> labels.csv" in capsys.readouterr().out


@pytest.mark.skipif(not shipped_models(), reason="no model is shipped with this checkout")
def test_a_rendered_person_who_waves_is_found_by_what_ships(tmp_path: Path) -> None:
    """The road, the person network and the model as they are."""
    source = SyntheticSource.named("wave2")
    sink = AnnotatedVideoSink(tmp_path / "wave.mp4", style=NOTHING_DRAWN)
    for frame in source.frames():
        sink.accept(Moment("wave", frame))
    sink.close()
    out = tmp_path / "mined.csv"

    code = main(["dataset", "mine", "actions", str(tmp_path / "wave.mp4"), "--out", str(out)])

    assert code == 0
    assert {"wave2"} <= {row["named"] for row in rows_of(out)}
