"""Folders that appear at once, and names that every system takes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.errors import OutputError
from motionapp.files.staged import StagedFolder, file_stem, names_in
from tests.sinks.conftest import event_at


def named(event_id: str) -> str:
    return file_stem(replace(event_at(1, 2), event_id=event_id))


def files_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_folder_replaces_what_an_earlier_run_has_left(tmp_path: Path) -> None:
    (tmp_path / "masks").mkdir()
    (tmp_path / "masks" / "999.png").write_text("earlier")
    folder = StagedFolder(tmp_path / "masks")
    folder.write("000.png", b"new")
    before = files_below(tmp_path / "masks")

    folder.publish()

    assert before == ["999.png"]
    assert files_below(tmp_path) == ["masks/000.png"]


def test_without_a_file_no_folder_is_left(tmp_path: Path) -> None:
    (tmp_path / "clips").mkdir()
    (tmp_path / "clips" / "old.mp4").write_text("earlier")

    StagedFolder(tmp_path / "clips").publish()

    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_has_left_half_written_goes(tmp_path: Path) -> None:
    (tmp_path / ".clips.part").mkdir()
    (tmp_path / ".clips.part" / "half.mp4").write_text("half")
    folder = StagedFolder(tmp_path / "clips")

    folder.write("whole.mp4", b"whole")
    folder.publish()

    assert files_below(tmp_path) == ["clips/whole.mp4"]


def test_a_linked_folder_is_replaced_and_what_it_points_to_stays(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine.png").write_text("mine")
    (tmp_path / "masks").symlink_to(elsewhere)
    folder = StagedFolder(tmp_path / "masks")

    folder.write("000.png", b"new")
    folder.publish()

    assert files_below(elsewhere) == ["mine.png"]
    assert files_below(tmp_path / "masks") == ["000.png"]


def test_a_file_in_the_way_is_an_output_error(tmp_path: Path) -> None:
    folder = StagedFolder(tmp_path / "gone" / "masks")

    with pytest.raises(OutputError, match="masks cannot be written"):
        folder.write("000.png", b"new")


def test_a_plain_id_is_its_own_name() -> None:
    assert named("all@1200") == "all@1200"
    assert named("Hof-Tür@0") == "Hof-Tür@0"


@given(st.text(min_size=1, max_size=200), st.text(min_size=1, max_size=200))
def test_names_are_safe_and_differ_where_ids_differ(one: str, other: str) -> None:
    first, second = named(f"{one}@1"), named(f"{other}@1")

    assert not set('/\\:*?"<>|\0\n #%') & set(first)
    assert not first.startswith(".")
    assert len(first) <= 90
    assert one == other or first != second


def test_what_a_file_manager_leaves_in_a_folder_is_nobody_s_work(tmp_path: Path) -> None:
    """Whoever looks at pictures in it could write none there any more."""
    for name in (".DS_Store", "Thumbs.db", "b.png", "a.txt"):
        (tmp_path / name).write_bytes(b"something")

    assert names_in(tmp_path) == ["a.txt", "b.png"]
    with pytest.raises(OutputError, match="nowhere"):
        names_in(tmp_path / "nowhere")
