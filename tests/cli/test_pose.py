"""`motionapp pose`: people in pictures as JSON, drawn, and sentences about what cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from motionapp.cli import main
from motionapp.cli.pose import drawn_names
from motionapp.people import networks
from motionapp.scenes.named import crossing_scene
from motionapp.scenes.render import render


@pytest.fixture
def walkers(tmp_path: Path) -> Path:
    """A picture with two people."""
    path = tmp_path / "walkers.png"
    cv2.imwrite(str(path), render(crossing_scene(9_000_001), 3.0))
    return path


@pytest.fixture
def wall(tmp_path: Path) -> Path:
    """A picture with nobody."""
    path = tmp_path / "wall.png"
    cv2.imwrite(str(path), np.full((120, 160, 3), 120, np.uint8))
    return path


def test_people_become_boxes_and_seventeen_points(
    walkers: Path, wall: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = tmp_path / "new" / "found.json"

    assert main(["pose", str(walkers), str(wall), "--json", str(told)]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines == [f"{walkers}: 2 people", f"{wall}: nobody"]
    document = json.loads(told.read_text())
    assert document["schema"] == 1
    first, second = document["images"]
    assert first["path"] == str(walkers)
    assert second["people"] == []
    for person in first["people"]:
        x0, y0, x1, y1 = person["box"]
        assert 0 <= x0 < x1 <= 640
        assert 0 <= y0 < y1 <= 360
        assert 0.15 <= person["score"] <= 1
        assert np.array(person["keypoints"]).shape == (17, 3)


def test_the_same_pictures_give_the_same_bytes(walkers: Path, tmp_path: Path) -> None:
    one, other = tmp_path / "1.json", tmp_path / "2.json"

    for path in (one, other):
        assert main(["pose", str(walkers), "--json", str(path)]) == 0

    assert one.read_bytes() == other.read_bytes()


def test_drawn_pictures_have_the_size_and_names_of_the_given_ones(
    walkers: Path, tmp_path: Path
) -> None:
    twin = tmp_path / "other" / "walkers.png"
    twin.parent.mkdir()
    twin.write_bytes(walkers.read_bytes())
    out = tmp_path / "drawn"

    assert main(["pose", str(walkers), str(twin), "--out", str(out)]) == 0

    assert sorted(p.name for p in out.iterdir()) == ["walkers-1.png", "walkers-2.png"]
    drawn, given = (cv2.imread(str(p)) for p in (out / "walkers-1.png", walkers))
    assert drawn is not None
    assert given is not None
    assert drawn.shape == given.shape
    assert (drawn != given).any()


def test_drawn_pictures_never_share_a_name() -> None:
    def names(*given: str) -> list[str]:
        return drawn_names([Path(one) for one in given])

    assert names("a/x.jpg", "b/y.png") == ["x.png", "y.png"]
    assert names("a/x.jpg", "b/X.png", "y.png") == ["x-1.png", "X-2.png", "y.png"]
    assert names("x.jpg", "x.png", "x-1.png") == ["1-x.png", "2-x.png", "3-x-1.png"]


@pytest.mark.parametrize("option", ["--out", "--json"])
def test_a_given_picture_is_never_written_over(
    wall: Path, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = wall.read_bytes()
    place = wall.parent if option == "--out" else wall

    assert main(["pose", str(wall), option, str(place)]) == 2

    assert f"{option} is {place}" in capsys.readouterr().err
    assert wall.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_what_is_no_picture_is_left_out_with_a_sentence(
    content: bytes, wall: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, told = tmp_path / "bad.png", tmp_path / "found.json"
    bad.write_bytes(content)

    assert main(["pose", str(bad), str(wall), "--json", str(told)]) == 3

    assert f"{bad} cannot be read" in capsys.readouterr().err
    assert [image["path"] for image in json.loads(told.read_text())["images"]] == [str(wall)]


def test_without_any_picture_it_ends_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = tmp_path / "found.json"

    assert main(["pose", str(tmp_path / "absent.jpg"), str(tmp_path), "--json", str(told)]) == 4

    assert "none of the pictures can be read" in capsys.readouterr().err
    assert not told.exists()


def test_a_missing_network_is_a_sentence_before_the_first_picture(
    wall: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("motionapp.resources.models_dir", lambda: tmp_path)

    assert main(["pose", str(wall)]) == 2

    said = capsys.readouterr()
    assert f"{networks.MULTIPOSE_FILE} is missing" in said.err
    assert said.out == ""
