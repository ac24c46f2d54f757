"""Empty pictures of somebody's cameras stand behind rendered people, and a recipe knows which."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from motionapp.core.errors import SettingsError, SourceError
from motionapp.core.representation import Representation
from motionapp.training import empty
from motionapp.training.empty import read_empties
from motionapp.training.progress import Silent
from motionapp.training.recipe import Recipe
from motionapp.training.rendered import render_for

SHAPE = Representation("absdiff", side_px=16)


@pytest.fixture
def places(tmp_path: Path) -> Path:
    """Three striped pictures, one of them wide."""
    for number, width in enumerate((320, 640, 1280)):
        picture = np.full((180, width, 3), 200, np.uint8)
        picture[:: 6 + number] = 40
        cv2.imwrite(str(tmp_path / f"{number}.png"), picture)
    return tmp_path


def test_pictures_are_halved_as_the_road_halves_them(places: Path) -> None:
    empties = read_empties(places)

    assert [picture.shape[:2] for picture in empties.pictures] == [(180, 320), (90, 320), (45, 320)]


def test_the_digest_is_of_what_they_show(places: Path) -> None:
    before = read_empties(places).digest
    (places / "2.png").rename(places / "9.png")
    renamed = read_empties(places).digest
    (places / "9.png").unlink()

    assert renamed == before != read_empties(places).digest


def test_of_very_many_some_are_taken(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(empty, "MOST", 2)

    assert len(read_empties(places).pictures) == 2


def test_a_broken_picture_and_an_empty_folder_are_named(places: Path, tmp_path: Path) -> None:
    (places / "1.png").write_bytes(b"no picture")
    (tmp_path / "none").mkdir()

    with pytest.raises(SourceError, match=r"1\.png is not an image"):
        read_empties(places)
    with pytest.raises(SourceError, match="holds no images"):
        read_empties(tmp_path / "none")


def test_people_are_seen_before_them(places: Path) -> None:
    empties = read_empties(places)
    recipe = Recipe(crops=4, backgrounds=empties.digest)

    before = render_for(recipe, ("walk",), SHAPE, Silent(), empties=empties)
    again = render_for(recipe, ("walk",), SHAPE, Silent(), empties=empties)
    without = render_for(Recipe(crops=4), ("walk",), SHAPE, Silent())

    assert before is not None
    assert again is not None
    assert without is not None
    np.testing.assert_array_equal(before.windows.maps, again.windows.maps)
    assert not np.array_equal(before.windows.maps, without.windows.maps)


def test_a_recipe_is_not_repeated_before_other_pictures(places: Path) -> None:
    with pytest.raises(SettingsError, match="not at hand"):
        render_for(Recipe(crops=1, backgrounds="ab"), ("walk",), SHAPE, Silent())
    with pytest.raises(SettingsError, match="not at hand"):
        render_for(Recipe(crops=1), ("walk",), SHAPE, Silent(), empties=read_empties(places))
