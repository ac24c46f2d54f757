"""Pixels on demand: range, halving, orientation, square pixels, formats."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.frame import UPRIGHT, Orientation
from motionapp.sources.orientation import QUARTERS, oriented
from motionapp.sources.picture import AvPicture, BgrPicture, form_of, halved

LIMITED, FULL = 1, 2


def grey_ramp(size: tuple[int, int]) -> NDArray[np.uint8]:
    """A colourless picture: smooth, so that it survives halving, and nowhere symmetrical."""
    width, height = size
    across, down = np.meshgrid(np.linspace(0, 150, width), np.linspace(0, 100, height))
    return np.repeat((across + down).astype(np.uint8)[..., None], 3, axis=2)


def stored(
    bgr: NDArray[np.uint8],
    pix_fmt: str,
    *,
    color_range: int = 0,
    orientation: Orientation = UPRIGHT,
    aspect: Fraction | None = None,
) -> AvPicture:
    """The picture as a decoder would give it."""
    picture = av.VideoFrame.from_ndarray(bgr, "bgr24")
    # By one thread: of several, each writes words past the end of its last row, which at an odd
    # width and 10 bits are the first of the next thread's (libswscale 9.5).
    picture = picture.reformat(format=pix_fmt, dst_color_range=color_range or None, threads=1)
    size = (picture.width, picture.height)
    said = int(picture.color_range)
    return AvPicture(picture, form_of(size, pix_fmt, said, orientation, aspect))


def largest_difference(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> int:
    return int(np.abs(a.astype(int) - b).max())


@pytest.mark.parametrize("level", [0, 1, 2])
@pytest.mark.parametrize("pix_fmt", [
    "yuv420p", "yuv422p", "yuv444p", "yuvj420p", "yuva420p", "nv12", "gray", "yuv420p10le",
    "yuv422p12le", "yuv444p16le", "p010le", "gray10le", "rgb24", "bgr24", "gbrp", "bgra", "rgb8",
    "yuyv422", "uyvy422", "gbrp10le", "yuv420p10be",
])  # fmt: skip
def test_luma_is_the_same_whatever_the_pixel_format(pix_fmt: str, level: int) -> None:
    bgr = grey_ramp((64, 48))
    limited = pix_fmt.startswith("yuv") and not pix_fmt.startswith("yuvj")

    luma = stored(bgr, pix_fmt, color_range=LIMITED if limited else 0).luma_at(level)

    expected = BgrPicture(bgr).luma_at(level)
    # Eight bits of colour in all cannot hold a ramp; the others are exact but for rounding.
    assert largest_difference(luma, expected) <= (45 if pix_fmt == "rgb8" else 2)


@pytest.mark.parametrize("color_range", [LIMITED, FULL])
def test_limited_and_full_range_give_the_same_luma(color_range: int) -> None:
    bgr = grey_ramp((64, 48))

    luma = stored(bgr, "yuv420p", color_range=color_range).luma_at(1)

    assert largest_difference(luma, BgrPicture(bgr).luma_at(1)) <= 1


@pytest.mark.parametrize("color_range", [LIMITED, FULL])
def test_colours_respect_the_range(color_range: int) -> None:
    bgr = grey_ramp((64, 48))

    assert largest_difference(stored(bgr, "yuv444p", color_range=color_range).bgr(), bgr) <= 2


def test_full_range_luma_at_level_0_is_a_read_only_view_of_the_decoders_plane() -> None:
    picture = av.VideoFrame.from_ndarray(grey_ramp((64, 48)), "bgr24").reformat(format="yuvj420p")
    cell = AvPicture(picture, form_of((64, 48), "yuvj420p", FULL, UPRIGHT, None))

    luma = cell.luma_at(0)

    plane = np.frombuffer(memoryview(picture.planes[0]), np.uint8)
    assert np.shares_memory(luma, plane)
    assert not luma.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        luma[0, 0] = 1


@pytest.mark.parametrize("pix_fmt", ["yuv420p", "yuvj420p", "yuv420p10le", "rgb24"])
@pytest.mark.parametrize("level", [0, 1, 2])
def test_what_leaves_a_cell_is_read_only_and_made_once(pix_fmt: str, level: int) -> None:
    cell = stored(grey_ramp((64, 48)), pix_fmt)

    assert not cell.luma_at(level).flags.writeable
    assert cell.luma_at(level) is cell.luma_at(level)
    assert not cell.bgr().flags.writeable
    assert cell.bgr() is cell.bgr()


@pytest.mark.parametrize("turn", QUARTERS)
@pytest.mark.parametrize("is_mirrored", [False, True])
@pytest.mark.parametrize("size", [(64, 48), (67, 45)])
def test_luma_is_turned_and_mirrored_as_the_colour_picture_is(
    turn: Literal[0, 90, 180, 270], is_mirrored: bool, size: tuple[int, int]
) -> None:
    bgr = grey_ramp(size)
    orientation = Orientation(turn, is_mirrored=is_mirrored)
    upright = np.ascontiguousarray(oriented(bgr, orientation))

    cell = stored(bgr, "yuv420p", color_range=FULL, orientation=orientation)

    assert largest_difference(cell.bgr(), upright) <= 2
    for level in (0, 1, 2):
        expected = halved(BgrPicture(upright).luma_at(0), level)
        assert cell.luma_at(level).shape == expected.shape
        assert largest_difference(cell.luma_at(level), expected.astype(np.uint8)) <= 2


@pytest.mark.parametrize("turn", QUARTERS)
@pytest.mark.parametrize("aspect", [None, Fraction(4, 3)])
@pytest.mark.parametrize("pix_fmt", ["yuv420p", "yuvj422p", "nv12", "yuv420p10le", "rgb24"])
@pytest.mark.parametrize("size", [(128, 96), (131, 93)])
def test_a_small_colour_picture_is_the_large_one_made_small(
    turn: Literal[0, 90, 180, 270],
    aspect: Fraction | None,
    pix_fmt: str,
    size: tuple[int, int],
) -> None:
    bgr = grey_ramp(size)
    bgr[:, :, 0] //= 2
    cell = stored(bgr, pix_fmt, orientation=Orientation(turn), aspect=aspect)

    for level in (0, 1, 2):
        small, expected = cell.bgr_at(level), halved(cell.bgr(), level)
        assert small.shape == expected.shape
        assert not small.flags.writeable
        # Of an odd side the last pixel counts here, and not there: up to a half pixel's slope.
        assert largest_difference(small, np.asarray(expected, np.uint8)) <= 8


@pytest.mark.parametrize("size", [(101, 75), (102, 74), (67, 43), (1, 9), (9, 1), (3, 3)])
@pytest.mark.parametrize("level", [1, 2, 3])
def test_odd_rows_and_columns_are_left_out_so_that_scale_is_exact(
    size: tuple[int, int], level: int
) -> None:
    width, height = size

    small = stored(grey_ramp(size), "yuv420p").luma_at(level)

    assert small.shape == (max(1, height >> level), max(1, width >> level))


def test_rows_padded_by_the_decoder_are_not_seen() -> None:
    bgr = grey_ramp((50, 40))  # 50 columns: rows are padded to a multiple of 16 or more
    picture = av.VideoFrame.from_ndarray(bgr, "bgr24").reformat(format="yuv420p")

    cell = AvPicture(picture, form_of((50, 40), "yuv420p", LIMITED, UPRIGHT, None))

    assert picture.planes[0].line_size > 50
    assert largest_difference(cell.luma_at(0), BgrPicture(bgr).luma_at(0)) <= 1


@pytest.mark.parametrize("aspect", [Fraction(16, 11), Fraction(3, 4), Fraction(2)])
def test_pixels_become_square_and_boxes_keep_their_place(aspect: Fraction) -> None:
    bgr = np.zeros((96, 120, 3), np.uint8)
    bgr[40:64, 48:80] = 255
    cell = stored(bgr, "yuv420p", aspect=aspect)

    assert cell.bgr().shape == (96, round(120 * aspect), 3)
    for level in (0, 1, 2):
        luma = cell.luma_at(level)
        x, y, width, height = cv2.boundingRect((luma > 127).astype(np.uint8))
        scale = 2**level
        assert luma.shape == (96 >> level, round(120 * aspect) >> level)
        assert (y * scale, height * scale) == (40, 24)
        assert abs(x * scale - 48 * aspect) <= scale
        assert abs((x + width) * scale - 80 * aspect) <= scale


def test_a_nonsensical_pixel_aspect_is_square() -> None:
    for aspect in (None, Fraction(0), Fraction(100), Fraction(1, 100)):
        assert form_of((64, 48), "yuv420p", LIMITED, UPRIGHT, aspect).size == (64, 48)


def test_a_colour_array_gives_itself_and_its_luma() -> None:
    bgr = grey_ramp((64, 48))
    cell = BgrPicture(bgr)

    assert np.shares_memory(cell.bgr(), bgr)
    assert not cell.bgr().flags.writeable
    assert bgr.flags.writeable  # the caller's array is left as it is
    assert largest_difference(cell.luma_at(0), bgr[..., 0]) == 0
    assert not cell.luma_at(2).flags.writeable
