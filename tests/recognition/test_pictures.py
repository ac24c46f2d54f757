"""Pictures in colour are maps like others, and made only where a clip asks for them."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.clip import MotionClip
from motionapp.core.contract import ModelContract
from motionapp.core.errors import ModelError
from motionapp.core.frame import Frame
from motionapp.core.geometry import Box
from motionapp.core.motion import Motion, Region
from motionapp.core.representation import PICTURE, Representation
from motionapp.core.track import Group
from motionapp.frontends.registry import road_of
from motionapp.recognition.clips import ClipBuilder
from motionapp.recognition.naming import MapRoom
from motionapp.recognition.normalise import UNIT_RGB, normalisation_of, unit_rgb
from motionapp.recognition.pictures import PictureMaps
from motionapp.testing import EPOCH, frame_at

SIGHT = Representation(PICTURE, steps=1, side_px=16, planes=3, slowest_hz=0.5)
SIZE = EPOCH.size
BODY = Box(40, 30, 60, 50)


class Coloured:
    """Red on the left half, blue on the right, or what it is told; counts who asks."""

    def __init__(self, left: tuple[int, int, int] = (0, 0, 255)) -> None:
        self.asked = 0
        self._left = left

    def luma_at(self, level: int) -> NDArray[np.uint8]:
        raise AssertionError("pictures are seen in colour")

    def bgr(self) -> NDArray[np.uint8]:
        self.asked += 1
        picture = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
        picture[:, : SIZE[0] // 2] = self._left
        picture[:, SIZE[0] // 2 :] = 255, 0, 0
        picture.flags.writeable = False
        return picture


def frames(count: int) -> list[Frame]:
    return [replace(frame_at(index), pixels=Coloured()) for index in range(count)]


def asked(all_frames: list[Frame]) -> list[int]:
    return [frame.index for frame in all_frames if frame.pixels.asked]  # type: ignore[attr-defined]


def body(box: Box = BODY) -> tuple[Motion, Group]:
    region = Region(box, 100.0, 2.0)
    group = Group(1, box, box, (1,), is_seen=True, is_confirmed=True, born_s=0.0)
    return Motion("absdiff", regions=(region,)), group


def step(
    builder: ClipBuilder, maker: PictureMaps, frame: Frame, box: Box = BODY
) -> list[MotionClip]:
    motion, group = body(box)
    return list(builder.step(frame, motion, [group], maker.step(frame, motion)))


def test_the_square_round_a_body_is_cut_out_of_the_newest_picture_in_colour() -> None:
    builder, maker = ClipBuilder(SIGHT, cadence_s=0.16), PictureMaps(EPOCH, SIGHT)
    middle = Box(22, 14, 42, 34)  # half of it lies in the red, half in the blue

    clips = [clip for frame in frames(6) for clip in step(builder, maker, frame, middle)]

    assert [clip.end_s for clip in clips] == [0.0, pytest.approx(0.16)]
    maps = clips[0].maps
    assert maps.shape == (3, 16, 16)
    assert maps[:, 8, 2].tolist() == [1, 0, 0]
    assert maps[:, 8, 13].tolist() == [0, 0, 1]


def test_beyond_the_picture_it_is_black() -> None:
    builder, maker = ClipBuilder(SIGHT, cadence_s=0.16), PictureMaps(EPOCH, SIGHT)

    (clip,) = step(builder, maker, frames(1)[0], Box(44, 30, 64, 48))

    assert clip.maps[:, 15, 15].tolist() == [0, 0, 0]
    assert clip.maps[:, 2, 2].tolist() == [0, 0, 1]


def test_colour_is_made_of_no_more_pictures_than_clips_may_ask_for() -> None:
    """A quarter of a second of 100 Hz: clips are due at 0 and 0.16 s."""
    builder, maker = ClipBuilder(SIGHT, cadence_s=0.16), PictureMaps(EPOCH, SIGHT)
    many = [replace(frame, pts_s=0.01 * frame.index, duration_s=0.01) for frame in frames(25)]

    for frame in many:
        step(builder, maker, frame)

    assert asked(many) == [0, 16]


def test_no_frame_is_held_beyond_the_next() -> None:
    """Nobody moves, so nobody asks: a clip might have."""
    builder, maker = ClipBuilder(SIGHT, cadence_s=0.16), PictureMaps(EPOCH, SIGHT)
    alive = []
    for index in range(9):
        frame = frames(index + 1)[-1]
        alive.append(weakref.ref(frame.pixels))
        builder.step(frame, Motion(), [], maker.step(frame, Motion()))
        del frame
        gc.collect()
        assert sum(pixels() is not None for pixels in alive) <= 1  # that of this step


def test_at_rest_nobody_asks() -> None:
    (frame,) = frames(1)

    assert PictureMaps(EPOCH, SIGHT).step(frame, Motion(), is_wanted=False) is None
    assert asked([frame]) == []


def test_several_pictures_follow_one_another_on_the_grid() -> None:
    sight = replace(SIGHT, steps=3, slowest_hz=0.0)
    builder, maker = ClipBuilder(sight, cadence_s=0.16), PictureMaps(EPOCH, sight)
    reds = [10 * (index + 1) for index in range(9)]
    all_frames = [
        replace(frame, pixels=Coloured((0, 0, red)))
        for frame, red in zip(frames(9), reds, strict=True)
    ]

    clips = [
        clip for frame in all_frames for clip in step(builder, maker, frame, Box(4, 4, 24, 24))
    ]

    newest = clips[-1].maps[::3, 8, 8]
    assert newest.tolist() == pytest.approx([reds[4] / 255, reds[6] / 255, reds[8] / 255])


def test_large_pictures_are_halved_first() -> None:
    size = (SIZE[0], SIZE[1])
    sight = replace(SIGHT, at_most_px=size[0] // 2)
    later = PictureMaps(EPOCH, sight).step(frames(1)[0], Motion())

    assert later is not None
    assert later.read().shape == later.shape == (size[1] // 2, size[0] // 2, 3)


def test_pictures_are_the_same_behind_every_front_end() -> None:
    class NoMaps:
        """A front-end that would be asked for maps that it does not have."""

        def maps(self, epoch: object, representation: Representation) -> object:
            raise AssertionError("pictures are nobody's maps")

    room = MapRoom([SIGHT])
    room.start(NoMaps(), EPOCH)  # type: ignore[arg-type]
    (frame,) = frames(1)

    (later,) = room.step(frame, Motion()).values()

    assert later is not None
    assert later.shape == (SIZE[1], SIZE[0], 3)
    assert road_of(SIGHT) == "absdiff"
    assert road_of(Representation("flow")) == "flow"


def test_numbers_are_red_green_and_blue_from_0_to_1() -> None:
    picture = np.zeros((2, 8, 8, 3), np.uint8)
    picture[1] = 51, 102, 255  # blue, green, red

    numbers = unit_rgb(picture)

    assert numbers.dtype == np.float32
    assert numbers[:, 0, 0].tolist() == pytest.approx([0, 0, 0, 1.0, 0.4, 0.2])
    assert normalisation_of(SIGHT) == UNIT_RGB


def test_pictures_of_another_version_are_refused() -> None:
    from motionapp.assembly import check_maps

    contract = ModelContract("mine", "1", ("a", "b"), SIGHT, "imported", normalisation=UNIT_RGB)

    check_maps(contract)
    with pytest.raises(ModelError, match="version 2 of the maps of rgb"):
        check_maps(replace(contract, representation=replace(SIGHT, version=2)))
    with pytest.raises(ModelError, match="maps of 1 planes"):
        check_maps(replace(contract, representation=replace(SIGHT, planes=1)))
