"""The worst clips as picture files: one each, and those of before go."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from motionapp.core.errors import OutputError
from motionapp.training.album import Album
from motionapp.training.report.strips import ACROSS, SIDE_PX, check_strips, strip, write_strips
from tests.training.report.conftest import SHAPE


def test_each_of_the_worst_has_a_picture_in_their_order(album: Album, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"

    write_strips(folder, album.wrongs, SHAPE)

    names = [f"worst-{number:02d}.png" for number in range(1, len(album.wrongs) + 1)]
    assert sorted(one.name for one in folder.iterdir()) == names
    picture = cv2.imread(str(folder / names[0]))
    assert picture is not None
    assert picture.shape == (SIDE_PX, ACROSS * SIDE_PX, 3)  # its recording is not there any more


def test_maps_stand_in_their_order_and_nothing_stands_after_them(album: Album) -> None:
    picture = strip(album.wrongs[0], SHAPE)

    columns = [picture[:, n * SIDE_PX : (n + 1) * SIDE_PX].max() for n in range(ACROSS)]
    assert columns == [90, 90, 90, 0, 0, 0]


def test_where_nothing_is_wrong_any_more_no_picture_is_left(album: Album, tmp_path: Path) -> None:
    write_strips(tmp_path / "pictures", album.wrongs, SHAPE)
    (tmp_path / "pictures" / "Thumbs.db").write_bytes(b"somebody has looked at them")

    write_strips(tmp_path / "pictures", (), SHAPE)

    assert not list(tmp_path.glob("pictures/*"))


def test_a_folder_with_anything_else_in_it_is_left_alone(album: Album, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")

    with pytest.raises(OutputError, match=r"thesis\.tex"):
        check_strips(tmp_path)
    with pytest.raises(OutputError, match=r"thesis\.tex"):
        write_strips(tmp_path, album.wrongs, SHAPE)

    assert [one.name for one in tmp_path.iterdir()] == ["thesis.tex"]


def test_what_was_recorded_stands_above_the_maps(
    album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = np.full((40, 80, 3), 200, np.uint8)
    monkeypatch.setattr("motionapp.training.report.strips.recorded_at", lambda path, at_s: recorded)

    picture = strip(album.wrongs[0], SHAPE)

    assert picture.shape == (180 + SIDE_PX, ACROSS * SIDE_PX, 3)
    assert (picture[90, ACROSS * SIDE_PX // 2] == 200).all()
