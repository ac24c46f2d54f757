"""Folders of numbered images as one recording."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from motionapp.core.errors import SourceError
from motionapp.sources import ImagesSource
from motionapp.sources.images import images_in, natural_key


def write_image(path: Path, grey: int, size: tuple[int, int] = (32, 24)) -> None:
    cv2.imwrite(str(path), np.full((size[1], size[0], 3), grey, np.uint8))


def test_images_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for number in (10, 9, 100, 1, 2):
        write_image(tmp_path / f"in{number}.png", number)
    (tmp_path / "readme.txt").write_text("no image")

    frames = list(ImagesSource(tmp_path).frames())

    assert [int(frame.luma_at(0)[0, 0]) for frame in frames] == [1, 2, 9, 10, 100]
    assert [frame.pts_s for frame in frames] == [0.0, 0.04, 0.08, 0.12, 0.16]


def test_names_sort_the_same_everywhere() -> None:
    names = ["b1", "a10", "a2", "A2", "a02", "1", "a"]

    backwards = names[::-1]

    assert sorted(names, key=natural_key) == sorted(backwards, key=natural_key)


def test_what_is_known_before_reading(tmp_path: Path) -> None:
    for number in range(4):
        write_image(tmp_path / f"{number}.png", 9)

    info = ImagesSource(tmp_path, rate_hz=2).info

    assert (info.size, info.rate_hz, info.duration_s) == ((32, 24), 2.0, 2.0)
    assert info.name == tmp_path.name


def test_an_unreadable_image_leaves_a_gap_that_is_told(tmp_path: Path) -> None:
    for number in range(4):
        write_image(tmp_path / f"{number}.png", 50)
    (tmp_path / "2.png").write_bytes(b"no image at all")
    source = ImagesSource(tmp_path)

    assert [frame.pts_s for frame in source.frames()] == [0.0, 0.04, 0.12]
    assert source.damage.lost == ((0.08, 0.12),)
    assert source.damage.first_error == "2.png is not an image that can be read"


def test_a_size_change_begins_an_epoch(tmp_path: Path) -> None:
    write_image(tmp_path / "1.png", 5)
    write_image(tmp_path / "2.png", 5, (64, 48))

    epochs = [frame.epoch for frame in ImagesSource(tmp_path).frames()]

    assert [(epoch.number, epoch.size) for epoch in epochs] == [(0, (32, 24)), (1, (64, 48))]


def test_what_is_no_sequence_gets_one_plain_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "1.png").write_bytes(b"")

    for name, sentence in {
        "missing": "there is no folder",
        "empty": "holds no images",
        "broken": "none of its 1 images can be read",
    }.items():
        with pytest.raises(SourceError, match=sentence):
            ImagesSource(tmp_path / name)
    with pytest.raises(SourceError, match="cannot be read"):
        images_in(tmp_path / "broken" / "1.png")
    with pytest.raises(SourceError, match="more than 0"):
        ImagesSource(tmp_path / "broken", rate_hz=0)
