"""Files of a catalogue: the newest word counts, whoever writes, and wherever packing is ended."""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from motionapp.catalogue import packing
from motionapp.catalogue.arrow import read_table
from motionapp.catalogue.form import NoCatalogue, make_catalogue, open_catalogue
from motionapp.catalogue.packing import pack
from motionapp.catalogue.tables import files_of, partition
from motionapp.files.locks import take
from tests.catalogue.conftest import NOON, Add, event, recorded

duckdb = pytest.importorskip("duckdb", reason='no answers: pip install "motionapp[find]"')

from motionapp.catalogue.question import Question  # noqa: E402
from motionapp.catalogue.search import NothingFound, ask  # noqa: E402


def told(catalogue: Path) -> list[tuple[str, float]]:
    """Of each event that a question finds, its recording and its start."""
    try:
        return [(hit.name, hit.start_s) for hit in ask(catalogue, Question()).hits]
    except NothingFound:
        return []


def names(catalogue: Path) -> list[str]:
    return sorted(path.name for path in catalogue.rglob("*.parquet"))


def test_the_same_rows_give_the_same_files_whoever_writes_them(catalogue: Path, add: Add) -> None:
    add(event(1, 2), event(3, 4))
    before = {path.name: path.read_bytes() for path in catalogue.rglob("*.parquet")}

    add(event(1, 2), event(3, 4))

    assert {path.name: path.read_bytes() for path in catalogue.rglob("*.parquet")} == before
    assert len(before) == 1


def test_a_later_analysis_replaces_what_an_earlier_one_found(catalogue: Path, add: Add) -> None:
    add(event(1, 2), event(3, 4))
    add(event(5, 6), of=recorded("b.mp4"))

    add(event(1.5, 2))

    assert told(catalogue) == [("a.mp4", 1.5), ("b.mp4", 5.0)]
    assert len(names(catalogue)) == 2


def test_nothing_found_any_more_takes_away_what_was_packed(catalogue: Path, add: Add) -> None:
    add(event(1, 2))
    add(event(5, 6), of=recorded("b.mp4"))
    pack(catalogue)

    add()

    assert told(catalogue) == [("b.mp4", 5.0)]
    pack(catalogue)
    assert told(catalogue) == [("b.mp4", 5.0)]
    assert len(names(catalogue)) == 1


def test_packing_changes_no_answer_and_leaves_a_file_a_camera_and_month(
    catalogue: Path, add: Add
) -> None:
    for number in range(5):
        add(event(number, number + 1), of=recorded(f"{number}.mp4"))
    add(event(1, 2), of=recorded("y.mp4", "yard"), start_utc=None)
    before = told(catalogue)

    gone = pack(catalogue)

    assert gone == 6
    assert told(catalogue) == before
    assert sorted((one.camera, one.month) for one in files_of(catalogue)) == [
        ("door", "2026-05"),
        ("yard", "unknown"),
    ]
    assert all(one.key is None for one in files_of(catalogue))
    assert pack(catalogue) == 0


def test_packing_in_any_order_gives_the_same_bytes(tmp_path: Path) -> None:
    from motionapp.catalogue.rows import Seen, row_of
    from motionapp.catalogue.store import put

    contents = []
    for name, order in (("one", (0, 1, 2)), ("two", (2, 0, 1))):
        folder = make_catalogue(tmp_path / name / "catalogue")
        for number in order:
            whose = recorded(f"{number}.mp4")
            seen = Seen((100, 100), 25.0, NOON)
            row = row_of(event(number, 9), whose, seen, folder=Path("/same"))
            put(folder, "door", seen.month, whose.key, [row])
            if number == 0:
                pack(folder)  # also where some were packed before
        pack(folder)
        contents.append({path.name: path.read_bytes() for path in folder.rglob("*.parquet")})

    assert contents[0] == contents[1]


def test_a_recording_whose_time_becomes_known_moves(catalogue: Path, add: Add) -> None:
    add(event(1, 2), start_utc=None)
    pack(catalogue)

    add(event(1, 2), start_utc=NOON)

    assert len(told(catalogue)) == 1
    pack(catalogue)
    assert [one.month for one in files_of(catalogue)] == ["2026-05"]


@pytest.mark.parametrize("steps", [0, 1, 2, 3, 4])
def test_wherever_packing_is_ended_every_event_is_told_once(
    catalogue: Path, add: Add, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    """Two cameras with packed and single files, one recording that has moved between them."""
    add(event(1, 2), of=recorded("a.mp4"))
    add(event(3, 4), of=recorded("b.mp4"))
    add(event(5, 6), of=recorded("c.mp4", "yard"))
    pack(catalogue)
    add(event(1.5, 2), of=recorded("a.mp4"))
    add(event(3.5, 4), of=replace(recorded("b.mp4"), camera="yard"))
    before = told(catalogue)
    assert len(before) == 3
    unlink, left = Path.unlink, [steps]

    class Killed(BaseException):
        pass

    def ends(path: Path, *args: Any, **kwargs: Any) -> None:
        if path.suffix == ".parquet":
            if not left[0]:
                raise Killed
            left[0] -= 1
        unlink(path, *args, **kwargs)

    monkeypatch.setattr(Path, "unlink", ends)
    with contextlib.suppress(Killed):
        pack(catalogue)
    monkeypatch.setattr(Path, "unlink", unlink)

    assert told(catalogue) == before
    pack(catalogue)
    assert told(catalogue) == before


def test_what_is_written_while_somebody_packs_stays(
    catalogue: Path, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(event(1, 2))
    real = packing.write_named

    def and_another_writes(*args: Any) -> Path:
        path = real(*args)
        add(event(7, 8))  # the same recording, analysed anew, after its old rows were read
        return path

    monkeypatch.setattr(packing, "write_named", and_another_writes)
    pack(catalogue)

    assert told(catalogue) == [("a.mp4", 7.0)]


def test_of_two_who_pack_one_does(catalogue: Path, add: Add) -> None:
    add(event(1, 2))
    with open(catalogue / ".lock", "wb") as held:
        assert take(held.fileno())

        assert pack(catalogue) == 0

    assert pack(catalogue) == 1


def test_what_is_damaged_stays_as_it_is_and_is_told_while_the_others_are_packed(
    catalogue: Path, add: Add
) -> None:
    add(event(1, 2))
    (damaged,) = catalogue.rglob("*.parquet")
    damaged.write_bytes(b"half of a table")
    for n in range(3):
        add(event(1, 2), of=recorded(f"{n}.mp4"))
    told: list[str] = []

    pack(catalogue, told.append)

    packed, left = sorted(catalogue.rglob("*.parquet"), key=lambda path: path == damaged)
    assert packed.name.startswith("packed-")
    assert left.read_bytes() == b"half of a table"
    (sentence,) = told
    assert str(damaged) in sentence


def test_a_table_that_its_writer_replaces_meanwhile_is_no_damage(
    catalogue: Path, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(2):
        add(event(1, 2), of=recorded(f"{n}.mp4"))
    read, told = packing.read_table, []

    def replaced_before(path: Path) -> object:
        if not told:
            told.append("once")
            add(event(3, 4), of=recorded("0.mp4"))
            add(event(3, 4), of=recorded("1.mp4"))
        return read(path)

    monkeypatch.setattr(packing, "read_table", replaced_before)

    pack(catalogue, told.append)

    assert told == ["once"]
    assert len(list(catalogue.rglob("*.parquet"))) == 2


def test_a_table_of_a_later_version_is_refused_and_all_stay(catalogue: Path, add: Add) -> None:
    import pyarrow.parquet

    add(event(1, 2))
    (path,) = catalogue.rglob("*.parquet")
    table = read_table(path)
    later = table.replace_schema_metadata({b"motionapp.catalogue": b"9"})
    pyarrow.parquet.write_table(later, path)

    with pytest.raises(NoCatalogue, match=r"schema 9, .* knows up to 1: use a newer motionapp"):
        pack(catalogue)

    assert path.exists()


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ('{"is": "motionapp catalogue", "schema": 2}', "knows up to 1: use a newer motionapp"),
        ('{"is": "something"}', "cannot be read as that of a catalogue"),
        ("[" * 5000, "cannot be read as that of a catalogue"),
        ("", "cannot be read as that of a catalogue"),
    ],
)
def test_a_head_that_is_not_ours_is_refused_in_a_sentence(
    catalogue: Path, head: str, said: str
) -> None:
    (catalogue / "catalogue.json").write_text(head)

    with pytest.raises(NoCatalogue, match=said):
        open_catalogue(catalogue)
    with pytest.raises(NoCatalogue, match=said):
        make_catalogue(catalogue)


def test_a_folder_of_somebody_elses_is_not_made_a_catalogue(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()

    with pytest.raises(NoCatalogue, match="holds other files"):
        make_catalogue(tmp_path)
    with pytest.raises(NoCatalogue, match=r"there is no catalogue\.json in it"):
        open_catalogue(tmp_path)
    with pytest.raises(NoCatalogue, match="there is no catalogue"):
        open_catalogue(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "camera", ["door", "Hof hinten", "a/b=c%d", ".hidden", "ü" * 64, "😀" * 64]
)
def test_any_name_of_a_camera_is_a_folder_and_can_be_read_back(
    tmp_path: Path, catalogue: Path, add: Add, camera: str
) -> None:
    add(event(1, 2), of=replace(recorded(), camera=camera))

    (one,) = files_of(catalogue)

    assert camera.startswith(one.camera)
    assert one.camera == camera or len(camera) == 64
    assert len(os.fsencode(partition(tmp_path, camera, "2026-05").parent.name)) <= 220
    assert ask(catalogue, Question(cameras=(one.camera,))).total == 1


def test_what_a_killed_writer_has_left_goes_a_day_later(catalogue: Path, add: Add) -> None:
    add(event(1, 2))
    place = partition(catalogue, "door", "2026-05")
    old, new = place / ".x-a.parquet.part", place / ".y-a.parquet.part"
    old.write_bytes(b"half")
    new.write_bytes(b"half")
    os.utime(old, (1, 1))

    pack(catalogue)

    assert not old.exists()
    assert new.exists()
