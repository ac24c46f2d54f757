"""A batch with a catalogue: what it appends, and once; and the table over all inputs."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from motionapp.batch.run import BatchReport, run_batch
from motionapp.catalogue.form import make_catalogue
from motionapp.core.errors import MissingExtraError, OutputError, SettingsError
from motionapp.settings import Settings, apply_changes

NO_NAMES = {"analysis.recognition.classifier": "none"}


def batch(named: list[Path], out: Path, **changes: Any) -> BatchReport:
    is_fresh = changes.pop("is_fresh", False)
    given = {key.replace("__", "."): value for key, value in changes.items()}
    settings = apply_changes(Settings(), NO_NAMES | given)
    return run_batch(
        list(map(str, named)), out, settings, messages=io.StringIO(), is_fresh=is_fresh
    )


def rows_of(catalogue: Path) -> list[dict[str, Any]]:
    parquet = pytest.importorskip("pyarrow.parquet")
    tables = sorted(catalogue.rglob("*.parquet"))
    return [row for path in tables for row in parquet.ParquetFile(path).read().to_pylist()]


def table_of(out: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((out / "events.csv").read_text())))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.parquet")}


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    pytest.importorskip("pyarrow", reason='no catalogue: pip install "motionapp[find]"')
    return tmp_path / "catalogue"


def test_each_finished_inputs_events_are_appended_as_its_folders_camera(
    recording: Callable[..., Path], tmp_path: Path, catalogue: Path
) -> None:
    one = recording("door/20260501_120000.mp4")
    two = recording("yard/b.mp4", seed=1)

    batch([one, two], tmp_path / "out", run__catalog=str(catalogue), run__clips="encode")

    places = sorted(str(p.parent.relative_to(catalogue)) for p in catalogue.rglob("*.parquet"))
    assert places == ["events/camera=door/month=2026-05", "events/camera=yard/month=unknown"]
    first, second = rows_of(catalogue)
    written = json.loads((tmp_path / "out" / one.stem / "events.json").read_text())["events"][0]
    same = ("id", "zone", "label", "score", "start_s", "end_s", "peak_s", "clip", "clip_start_s")
    assert {name: first[name] for name in same} == {name: written[name] for name in same}
    assert [first[edge] for edge in ("x0", "y0", "x1", "y1")] == written["box"]
    assert (first["recording"], first["recording_path"]) == (str(one), str(one))
    assert (first["width"], first["height"], first["rate_hz"]) == (192, 144, 25.0)
    assert (Path(first["results"]) / first["clip"]).is_file()
    assert first["start_utc"].isoformat().startswith("2026-05-01T12:00:0")
    assert second["start_utc"] is None
    assert first["features"] is first["model"] is None


def test_a_run_repeated_and_one_that_goes_on_leave_the_same_files(
    recording: Callable[..., Path], tmp_path: Path, catalogue: Path
) -> None:
    named = [recording("door/a.mp4"), recording("door/b.mp4", seed=1)]
    batch(named, tmp_path / "out", run__catalog=str(catalogue))
    before = contents(catalogue)

    batch(named, tmp_path / "out", run__catalog=str(catalogue))
    went_on = contents(catalogue)
    batch(named, tmp_path / "out", run__catalog=str(catalogue), run__workers=2, is_fresh=True)

    assert len(before) == 1
    assert went_on == contents(catalogue) == before


def test_a_reanalysis_replaces_the_rows_of_its_recording_alone(
    recording: Callable[..., Path], tmp_path: Path, catalogue: Path
) -> None:
    named = [recording("door/a.mp4"), recording("door/b.mp4", seed=1)]
    batch(named, tmp_path / "out", run__catalog=str(catalogue))
    former = {row["recording"]: row for row in rows_of(catalogue)}

    batch(named[:1], tmp_path / "other", run__catalog=str(catalogue), analysis__events__persist_s=9)

    assert [row["recording"] for row in rows_of(catalogue)] == [str(named[1])]
    assert rows_of(catalogue)[0] == former[str(named[1])]


def test_results_are_the_same_bytes_with_and_without_a_catalogue(
    recording: Callable[..., Path], tmp_path: Path, catalogue: Path
) -> None:
    """With the network that names, which also tells by what clips are alike."""
    changes = {"analysis__recognition__classifier": "actions", "analysis__people": "off"}
    one = recording("door/a.mp4")

    batch([one], tmp_path / "plain", **changes)
    batch([one], tmp_path / "kept", run__catalog=str(catalogue), **changes)

    names = ("events.json", "events.csv", "segments.csv")
    for name in names:
        plain, kept = (tmp_path / one / "a" / name for one in ("plain", "kept"))
        assert plain.read_bytes() == kept.read_bytes()
    (row,) = rows_of(catalogue)
    assert row["model"] == "actions-vgg16"
    assert len(row["features"]) == 128
    assert sum(float(number) ** 2 for number in row["features"]) == pytest.approx(1, abs=0.01)


def test_a_camera_may_be_named(
    recording: Callable[..., Path], tmp_path: Path, catalogue: Path
) -> None:
    batch([recording()], tmp_path / "out", run__catalog=str(catalogue), run__camera="front door")

    assert [path.name for path in (catalogue / "events").iterdir()] == ["camera=front door"]


def test_a_catalogue_that_has_gone_is_made_again(
    recording: Callable[..., Path], tmp_path: Path, catalogue: Path
) -> None:
    one = recording()
    batch([one], tmp_path / "out", run__catalog=str(catalogue))
    shutil.rmtree(catalogue)

    batch([one], tmp_path / "out", run__catalog=str(catalogue))

    assert len(rows_of(catalogue)) == 1


def test_a_catalogue_that_is_none_is_refused_before_anything_is_written(
    recording: Callable[..., Path], tmp_path: Path, catalogue: Path
) -> None:
    catalogue.mkdir()
    (catalogue / "photo.jpg").touch()

    with pytest.raises(SettingsError, match="holds other files"):
        batch([recording()], tmp_path / "out", run__catalog=str(catalogue))

    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("below", [".", "out"])
def test_results_do_not_lie_in_the_catalogue(
    recording: Callable[..., Path], tmp_path: Path, catalogue: Path, below: str
) -> None:
    """The sinks would find the folder of results in it, after hours of work."""
    with pytest.raises(SettingsError, match="would lie in the catalogue"):
        batch([recording()], catalogue / below, run__catalog=str(catalogue))

    assert not catalogue.exists()


def test_a_file_is_no_catalogue(recording: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "c").touch()

    with pytest.raises(SettingsError, match="is a file, and a catalogue is a folder"):
        batch([recording()], tmp_path / "out", run__catalog=str(tmp_path / "c"))


def test_a_catalogue_that_may_not_be_written_is_told_before_anything_is_analysed(
    recording: Callable[..., Path],
    tmp_path: Path,
    catalogue: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_catalogue(catalogue)
    monkeypatch.setattr("os.access", lambda path, mode: Path(path) != catalogue / "events")

    with pytest.raises(OutputError, match=r"events may not be written: name another catalogue"):
        batch([recording()], tmp_path / "out", run__catalog=str(catalogue))


def test_what_another_has_damaged_in_the_catalogue_is_told_and_the_batch_is_done(
    recording: Callable[..., Path], tmp_path: Path, catalogue: Path
) -> None:
    batch([recording("door/a.mp4")], tmp_path / "out", run__catalog=str(catalogue))
    (damaged,) = catalogue.rglob("*.parquet")
    damaged.write_bytes(b"half of a table")
    settings = apply_changes(Settings(), NO_NAMES | {"run.catalog": str(catalogue)})
    said = io.StringIO()

    report = run_batch([str(recording("yard/b.mp4"))], tmp_path / "out", settings, messages=said)

    assert report.exit_code == 0
    assert str(damaged) in said.getvalue()


def test_a_catalogue_is_a_folder_and_no_address(
    recording: Callable[..., Path], tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match=r"run.catalog is s3://bucket/c, but a catalogue is a"):
        batch([recording()], tmp_path / "out", run__catalog="s3://bucket/c")

    assert not (tmp_path / "out").exists()


def test_without_pyarrow_the_extra_is_named_before_hours_of_work(
    recording: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(MissingExtraError, match=r'pip install "motionapp\[find\]"'):
        batch([recording()], tmp_path / "out", run__catalog=str(tmp_path / "c"))

    assert not (tmp_path / "out").exists()


# -- one table over all inputs --------------------------------------------------------------------


def test_the_table_has_every_inputs_events_and_those_that_had_none(
    recording: Callable[..., Path], tmp_path: Path
) -> None:
    one = recording("20260501_120000.mp4")
    short = recording("quiet.mp4", duration_s=0.8)
    bad = tmp_path / "bad.mp4"
    bad.write_text("no video")
    out = tmp_path / "out"

    batch([one, short, bad], out)

    first, second, third = table_of(out)
    assert (first["input"], first["status"], first["label"]) == (str(one), "ok", "motion")
    assert first["start_utc"].startswith("2026-05-01T12:00:0")
    assert float(first["end_s"]) - float(first["start_s"]) == float(first["duration_s"])
    assert (second["input"], second["status"], second["id"]) == (str(short), "ok", "")
    assert (third["status"], third["out_dir"]) == ("failed", "")
    assert "bad.mp4" in third["problem"]


def test_the_table_is_the_same_bytes_after_a_resume(
    recording: Callable[..., Path], tmp_path: Path
) -> None:
    pytest.importorskip("pyarrow")
    named, out = [recording("a.mp4"), recording("b.mp4", seed=1)], tmp_path / "out"
    batch(named, out)
    names = ("events.csv", "events.parquet")
    before = [(out / name).read_bytes() for name in names]

    batch(named, out)

    assert [(out / name).read_bytes() for name in names] == before


def test_parquet_says_what_csv_says(recording: Callable[..., Path], tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    batch([recording("a.mp4"), recording("b.mp4", duration_s=0.8)], tmp_path / "out")

    rows = parquet.read_table(tmp_path / "out" / "events.parquet").to_pylist()

    for row, said in zip(rows, table_of(tmp_path / "out"), strict=True):
        assert list(row) == list(said)
        assert (row["id"] or "", row["input"]) == (said["id"], said["input"])
        assert row["start_s"] is None or f"{row['start_s']:.3f}" == said["start_s"]


def test_joined_events_name_their_parts(
    recording: Callable[..., Path], tmp_path: Path, catalogue: Path
) -> None:
    """Somebody passes from second 1 to 2; each file has four."""
    named = [recording("cam/a.mp4"), recording("cam/b.mp4", seed=1)]
    out = tmp_path / "out"

    batch(named, out, run__join=True, run__catalog=str(catalogue))

    document = json.loads((out / "a-joined" / "events.json").read_text())
    assert document["joined"] == [
        {"file": "a.mp4", "start_s": 0.0},
        {"file": "b.mp4", "start_s": 4.0},
    ]
    assert [row["parts"] for row in table_of(out)] == ["a.mp4", "b.mp4"]
    rows = rows_of(catalogue)
    assert [(row["parts"], row["part_starts_s"]) for row in rows] == [
        (["a.mp4"], [0.0]),
        (["b.mp4"], [4.0]),
    ]
    assert [Path(path).name for path in rows[0]["joined"]] == ["a.mp4", "b.mp4"]
