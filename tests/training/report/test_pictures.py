"""What a network saw is shown as pictures of its front-end's kind."""

from __future__ import annotations

import base64
from pathlib import Path

import cv2
import numpy as np

from motionapp.core.representation import Representation
from motionapp.training.report.pictures import (
    FRAME_PX,
    MOST_TILES,
    TILE_PX,
    frame_at,
    tile_uris,
    tiles,
)
from tests.training.conftest import SIZE, write_recording


def test_differences_are_grey_one_tile_a_map() -> None:
    maps = np.zeros((8, 8, 3), np.uint8)
    maps[..., 1] = 200

    found = tiles(maps, planes=1)

    assert [tile.mean() for tile in found] == [0, 200, 0]
    assert found[0].shape == (8, 8, 3)


def test_flow_has_the_colours_of_the_wheel_on_white() -> None:
    maps = np.zeros((8, 8, 4), np.int8)
    maps[:4, :, 2] = 127  # of the second map, the upper half goes to the right
    maps[4:, :, 2] = -127

    still, going = tiles(maps, planes=2)

    assert (still == 255).all()
    assert np.abs(going[0, 0].astype(int) - going[7, 0]).max() > 100


def test_limbs_of_the_left_and_the_right_have_two_colours_on_black() -> None:
    maps = np.zeros((8, 8, 2), np.uint8)
    maps[0, 0, 0] = maps[7, 7, 1] = 255

    (tile,) = tiles(maps, planes=2)

    assert (tile[4, 4] == 0).all()
    assert (tile[0, 0] != tile[7, 7]).any()


def test_long_clips_of_large_maps_are_shown_by_some_that_are_small() -> None:
    maps = np.zeros((200, 200, 64), np.uint8)
    maps[..., 63] = 255

    found = tiles(maps, planes=1)

    assert len(found) == MOST_TILES
    assert found[0].shape == (TILE_PX, TILE_PX, 3)
    assert (found[0].mean(), found[-1].mean()) == (0, 255)


def test_tiles_are_addresses_that_hold_pictures() -> None:
    shape = Representation("absdiff", side_px=8, steps=2)

    uris = tile_uris(np.full((8, 8, 2), 7, np.uint8), shape)

    assert len(uris) == 2
    assert all((_decoded(uri) == 7).all() for uri in uris)


def test_the_frame_is_the_one_of_its_time(tmp_path: Path) -> None:
    write_recording(tmp_path / "a.mp4", "across", 1)

    early, late = (frame_at(tmp_path / "a.mp4", at_s) for at_s in (0.08, 1.2))

    assert early is not None
    assert late is not None
    places = [np.argmax(_decoded(uri)[46].mean(1) > 130) for uri in (early, late)]
    assert abs(places[0] - (8 + 2 * 2)) <= 3  # two pixels a frame, 25 of them a second
    assert abs(places[1] - (8 + 2 * 30)) <= 3
    assert _decoded(early).shape[1] == min(FRAME_PX, SIZE[0])


def test_beyond_the_end_and_of_a_recording_that_has_gone_there_is_no_frame(tmp_path: Path) -> None:
    write_recording(tmp_path / "a.mp4", "across", 1)

    assert frame_at(tmp_path / "a.mp4", 60.0) is None
    assert frame_at(tmp_path / "gone.mp4", 0.0) is None


def _decoded(uri: str) -> np.ndarray:
    content = base64.b64decode(uri.split(",")[1])
    return cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
