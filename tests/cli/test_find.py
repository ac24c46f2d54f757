"""`motionapp find` from the command line: lines, files, and a sentence for every bad question."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason='no catalogue: pip install "motionapp[find]"')
pytest.importorskip("duckdb", reason='no answers: pip install "motionapp[find]"')

from motionapp.catalogue.form import make_catalogue
from motionapp.catalogue.packing import pack
from motionapp.cli import main
from tests.catalogue.conftest import NOON, adding_to, event, recorded, vector


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two cameras, of which one knows no time."""
    folder = make_catalogue(tmp_path_factory.mktemp("find") / "catalogue")
    add = adding_to(folder)
    add(
        event(0, 2), event(10, 15, "run"),
        features=(vector(1, 0), vector(0, 1)), start_utc=NOON + timedelta(hours=10),
    )  # fmt: skip
    add(event(5, 8, zone="gate"), of=recorded("b.mp4", "yard"), start_utc=None)
    pack(folder)
    return folder


def test_a_line_an_event_says_when_where_and_what(
    catalogue: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["find", str(catalogue), "--time-zone", "Europe/Zurich"]) == 0

    head, *lines = capsys.readouterr().out.splitlines()
    columns = "event when camera zone label lasts size recording"
    assert head.split() == columns.split()
    assert "2026-05-02 00:00:00.0  door    all   walk 0.90  2.0 s  5.0%  /archive/door" in lines[0]
    assert "00:05.0" in lines[2]
    assert len(lines) == 3


def test_json_is_an_object_a_line(catalogue: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["find", str(catalogue), "--json", "--label", "run"]) == 0

    (line,) = capsys.readouterr().out.splitlines()
    document = json.loads(line)
    assert (document["label"], document["start_s"]) == ("run", 10.0)
    assert document["start_utc"] == "2026-05-01T22:00:10.000Z"


def test_what_is_alike_has_its_distance(
    catalogue: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["find", str(catalogue), "--json", "--label", "run"])
    key = json.loads(capsys.readouterr().out)["event"]

    assert main(["find", str(catalogue), "--similar", key]) == 0

    head, line = capsys.readouterr().out.splitlines()
    assert "distance" in head
    assert "1.000" in line


def test_few_lines_say_how_many_there_are(
    catalogue: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["find", str(catalogue), "--limit", "1"]) == 0

    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 2
    assert "1 of 3 are shown: --limit 0 shows all" in said.err


@pytest.mark.parametrize("ending", ["csv", "json", "ffmeta"])
def test_a_file_is_what_its_ending_says(
    catalogue: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: str
) -> None:
    path = tmp_path / f"hits.{ending}"

    code = main(["find", str(catalogue), "--recording", "a.mp4", "--export", str(path)])

    assert code == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(path)
    begins = {"csv": "event,camera", "json": '{"schema": 1', "ffmeta": ";FFMETADATA1"}
    assert path.read_text().startswith(begins[ending])


def test_recordings_that_have_gone_are_named_and_the_code_is_3(
    catalogue: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["find", str(catalogue), "--sheet", str(tmp_path / "s.jpg")]) == 3

    assert "/archive/door/a.mp4" in capsys.readouterr().err
    assert (tmp_path / "s.jpg").read_bytes()[:2] == b"\xff\xd8"


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        (["--label", "wlk"], 2, "no event has this label; there are walk (2), run (1)"),
        (["--label", "run", "--camera", "yard"], 6, "without --label run there is 1"),
        (["--from", "yesterday"], 2, "--from: 'yesterday' is no time: give an instant"),
        (["--to", "2026-05-01"], 2, "does not say of which zone it is: add its offset"),
        (["--from", "5", "--to", "2026-05-01Z"], 2, "'2026-05-01Z' is no time"),
        (["--from", "5", "--to", "2026-05-01T00:00Z"], 2, "give two of a kind"),
        (["--from", "5", "--to", "4"], 2, "--to is not later than --from"),
        (["--size", "big"], 2, "--size: 'big' is no range: give LOW..HIGH"),
        (["--size", "5..20"], 2, "--size 5..20: it is a share, from 0 to 1: give 0.05..0.2, or 5%"),
        (["--score", "80.."], 2, "--score 80..: it is a share"),
        (["--from", "20260501"], 2, "--from: '20260501' may be a date: write 2026-05-01"),
        (["--label", ""], 2, "--label is empty: is a variable of the command line unset?"),
        (["--camera", " , "], 2, "--camera is empty"),
        (["--similar", ""], 2, "--similar is empty"),
        (["--recording", ""], 2, "--recording is empty"),
        (["--label", "x' OR 1=1 --"], 2, "--label x' OR 1=1 --: no event has this label"),
        (["--limit", "-1"], 2, "give 0 for all, or more"),
        (["--time-zone", "Mars"], 2, "--time-zone: there is no time zone 'Mars'"),
        (["--similar", "zz"], 2, "no event of the catalogue has this key"),
        (["--export", "a.doc"], 2, "what it is to be is not told by its ending: use .csv"),
        (["--export", "a.doc", "--format", "doc"], 2, "--format doc: choose from csv, json"),
        (["--format", "csv"], 2, "--format says how --export is written"),
        (["--digest", "a.avi"], 2, "--digest a.avi: name a file that ends in .mp4"),
        (["--sheet", "a.gif"], 2, "name a file that ends in .jpg or .jpeg or .png"),
    ],
)
def test_a_bad_question_gets_one_sentence(
    catalogue: Path, capsys: pytest.CaptureFixture[str], asked: list[str], code: int, said: str
) -> None:
    assert main(["find", str(catalogue), *asked]) == code

    told = capsys.readouterr()
    assert said in told.err
    assert told.err.count("\n") == 1
    assert told.out == ""


def test_a_limit_may_be_as_large_as_one_likes(
    catalogue: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["find", str(catalogue), "--limit", "9" * 30]) == 0


def test_a_time_without_offset_is_of_the_zone_that_is_named(
    catalogue: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--from", "2026-05-02T00:00:05", "--time-zone", "Europe/Zurich"]

    assert main(["find", str(catalogue), *asked]) == 0

    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 2
    assert "1 event left out: nobody knows when" in said.err


def test_a_folder_that_is_none_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["find", str(tmp_path)]) == 2
    assert "is no catalogue" in capsys.readouterr().err


def test_loose_files_are_packed_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_catalogue(tmp_path / "c")
    add = adding_to(folder)
    for number in range(3):
        add(event(number, 9), of=recorded(f"{number}.mp4"))

    assert main(["find", str(folder), "--pack"]) == 0

    assert len(capsys.readouterr().out.splitlines()) == 4
    assert len(list(folder.rglob("*.parquet"))) == 1
