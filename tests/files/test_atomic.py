"""Whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from motionapp.core.errors import OutputError
from motionapp.files.atomic import make_folder, make_place, part_of, write_whole


def test_a_file_appears_under_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.json", "ä\r\n")

    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    assert (tmp_path / "a.json").read_bytes() == "ä\r\n".encode()


def test_what_a_killed_run_left_is_written_over(tmp_path: Path) -> None:
    part_of(tmp_path / "a.json").write_text("half of something much longer")

    write_whole(tmp_path / "a.json", "whole")

    assert (tmp_path / "a.json").read_text() == "whole"


def test_a_name_that_is_taken_by_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").mkdir()

    with pytest.raises(OutputError, match=r"a\.json cannot be written"):
        write_whole(tmp_path / "a.json", "whole")

    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_a_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(OutputError, match="Name another place"):
        make_folder(tmp_path / "file" / "out")


def test_a_new_folder_is_empty(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")

    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_a_name_with_bytes_that_are_no_text_is_written_as_an_escape(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.json", '"caf\udce9.mp4"')

    assert (tmp_path / "a.json").read_bytes() == b'"caf\\udce9.mp4"'


def test_a_place_is_tried_before_the_work(tmp_path: Path) -> None:
    make_place(tmp_path / "new" / "model.onnx")

    assert list((tmp_path / "new").iterdir()) == []
    with pytest.raises(OutputError, match=r"new cannot be written"):
        make_place(tmp_path / "new")


@pytest.mark.parametrize("letters", [253, 300])
def test_a_name_that_no_disk_takes_is_refused_before_the_work(tmp_path: Path, letters: int) -> None:
    """Also one that is taken, but not with the ending under which it is written first."""
    with pytest.raises(OutputError, match="too long"):
        make_place(tmp_path / ("x" * (letters - 5) + ".json"))
    assert list(tmp_path.iterdir()) == []
