"""Cells that hold a picture and give its pixels on demand, each conversion made once.

`AvPicture` holds a decoder's picture, `BgrPicture` a colour array. Both know how stored pixels
become display pixels (range, orientation, square pixels); neither knows where a picture came from.
"""

from __future__ import annotations

import functools
import re
import threading
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from motionapp.core.frame import UPRIGHT, Orientation
from motionapp.sources.orientation import Grey, oriented
from motionapp.sources.pixels import converted
from motionapp.sources.timeline import Shape

LUMA_FIRST_8_BIT = re.compile(r"yuvj?a?4\d\dp|nv(12|21|16|24|42)|gray8?")
"""Pixel formats whose first plane is nothing but 8-bit luma."""
LUMA_FIRST_DEEP = re.compile(r"(?:yuva?4\d\dp|gray)(\d+)le|(p[024]1[026]le)")
"""Formats whose first plane is luma in 16-bit words; `p010le` and its like fill the upper bits."""
DEEP_OTHER_WAY = re.compile(r"gray\d+be")
"""Deep grey whose upper bytes come first."""
RGB = re.compile(r"(gbr|rgb|bgr|0rgb|0bgr|argb|abgr|pal8|mono|bayer|x2)")
FULL_RANGE = re.compile(r"yuvj|gray|ya8")
"""Formats that are full-range unless the picture says otherwise."""

MPEG_RANGE, JPEG_RANGE = 1, 2
"""FFmpeg's numbers for limited (16 to 235) and full range; 0 is "not said"."""
MOST_ASPECT = 4
"""Pixels longer than this are a broken header, not a lens; they are taken as square."""


@dataclass(frozen=True, slots=True)
class PictureForm:
    """How the pictures of a decoder are stored, and how they are to be shown."""

    stored_size: tuple[int, int]
    format_name: str
    """FFmpeg's name of the pixel format."""
    color_range: int
    """As FFmpeg numbers it; `luma_range` is what it means for this format."""
    luma_range: Literal["limited", "full"]
    orientation: Orientation = UPRIGHT
    aspect: Fraction = Fraction(1)
    """Width over height of a stored pixel."""

    @property
    def squared_size(self) -> tuple[int, int]:
        """Width and height with square pixels, as stored, before turning."""
        width, height = self.stored_size
        return max(1, round(width * self.aspect)), height

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the display picture."""
        width, height = self.squared_size
        return (height, width) if self.orientation.is_sideways else (width, height)

    @property
    def shape(self) -> Shape:
        """What of it must stay the same within an epoch."""
        return Shape(self.size, self.orientation, self.luma_range)


def form_of(
    stored_size: tuple[int, int],
    format_name: str,
    color_range: int,
    orientation: Orientation,
    aspect: Fraction | None,
) -> PictureForm:
    """The form of a decoded picture.

    Parameters
    ----------
    stored_size : (int, int)
        Width and height as stored, in pixels.
    format_name : str
        FFmpeg's name of the pixel format.
    color_range : int
        0 not said, 1 limited, 2 full.
    orientation : Orientation
        How the stored picture is laid on the display.
    aspect : Fraction or None
        Width over height of a stored pixel; None or nonsense is square.
    """
    is_full = color_range == JPEG_RANGE or (
        color_range != MPEG_RANGE and FULL_RANGE.match(format_name) is not None
    )
    if format_name.startswith("yuvj") or RGB.match(format_name):
        is_full = True
    if not aspect or not Fraction(1, MOST_ASPECT) <= aspect <= MOST_ASPECT:
        aspect = Fraction(1)
    return PictureForm(
        stored_size=stored_size,
        format_name=format_name,
        color_range=color_range,
        luma_range="full" if is_full else "limited",
        orientation=orientation,
        aspect=aspect,
    )


class BgrPicture:
    """A picture that is a colour array already. The array is not to be changed afterwards.

    Parameters
    ----------
    bgr : ndarray of uint8, shape (h, w, 3)
        Full range, blue first, upright, square pixels.
    deep : ndarray of uint16, shape (h, w), optional
        Its luma over all of 16 bits, where it was stored with more than 8.
    """

    __slots__ = ("_bgr", "_deep", "_lock", "_lumas")

    def __init__(self, bgr: NDArray[np.uint8], deep: NDArray[np.uint16] | None = None) -> None:
        self._bgr = _read_only(bgr)
        self._deep = deep
        self._lock = threading.Lock()
        self._lumas: dict[int, NDArray[np.uint8]] = {}

    def luma_at(self, level: int) -> NDArray[np.uint8]:
        """Read-only full-range luma, halved `level` times: shape (h, w)."""
        with self._lock:
            if level not in self._lumas:
                if 0 not in self._lumas:
                    self._lumas[0] = _read_only(_grey(self._bgr))
                self._lumas[level] = _read_only(halved(self._lumas[0], level))
            return self._lumas[level]

    def deep_at(self, level: int) -> NDArray[np.uint16] | None:
        """Luma over all of 16 bits, halved `level` times; None where there are only 8."""
        return None if self._deep is None else np.asarray(halved(self._deep, level), np.uint16)

    def bgr(self) -> NDArray[np.uint8]:
        """Read-only colour picture at full size: shape (h, w, 3), blue first."""
        return self._bgr


class AvPicture:
    """A decoder's picture. While it or its luma at level 0 lives, so does the decoder's buffer.

    Parameters
    ----------
    picture : av.VideoFrame
    form : PictureForm
        Its form, as `form_of` gives it.
    """

    __slots__ = ("_bgr", "_form", "_lock", "_lumas", "_picture")

    def __init__(self, picture: av.VideoFrame, form: PictureForm) -> None:
        self._picture = picture
        self._form = form
        self._lock = threading.Lock()
        self._lumas: dict[int, NDArray[np.uint8]] = {}
        self._bgr: NDArray[np.uint8] | None = None

    def luma_at(self, level: int) -> NDArray[np.uint8]:
        """Read-only full-range luma, halved `level` times: shape (h, w)."""
        with self._lock:
            if level not in self._lumas:
                self._lumas[level] = _read_only(self._make_luma(level))
            return self._lumas[level]

    def bgr(self) -> NDArray[np.uint8]:
        """Read-only colour picture at full size: shape (h, w, 3), blue first."""
        with self._lock:
            if self._bgr is None:
                self._bgr = _read_only(self._make_bgr())
            return self._bgr

    def bgr_at(self, level: int) -> NDArray[np.uint8]:
        """Read-only colour picture, halved `level` times: shape (h >> level, w >> level, 3).

        Made anew each time: of 3840x2160, a quarter of the width costs a fifth of the whole.
        """
        form = self._form
        if not level or form.aspect != 1:
            return _read_only(np.asarray(halved(self.bgr(), level), np.uint8))
        width, height = (max(1, side >> level) for side in form.stored_size)
        with self._lock:  # a decoder's picture is read by one at a time
            small = converted(self._picture, "bgr24", (width, height))
        return _read_only(oriented(small, form.orientation))

    def deep_at(self, level: int) -> NDArray[np.uint16] | None:
        """Luma over all of 16 bits, halved `level` times; None where there are only 8."""
        form = self._form
        if luma_depth(form.format_name) <= 8 and not DEEP_OTHER_WAY.match(form.format_name):
            return None
        small, depth, _ = self._small(level)
        if small.dtype != np.uint16:
            return None
        scale = (2**16 - 1) / (2**depth - 1)
        wide = np.asarray(np.minimum(small * np.float32(scale), 65535), np.uint16)
        return oriented(_squared(wide, form, level), form.orientation)

    def _make_luma(self, level: int) -> NDArray[np.uint8]:
        form = self._form
        small, depth, is_full = self._small(level)
        luma = _to_full_range(small, depth, "full" if is_full else form.luma_range)
        return oriented(_squared(luma, form, level), form.orientation)

    def _small(self, level: int) -> tuple[NDArray[np.uint8] | NDArray[np.uint16], int, bool]:
        """Stored luma, halved; its bits, and whether it was brought to full range on the way."""
        form = self._form
        plane, depth, is_full = self._plane()
        # What is cut off is the display picture's last row or column, so that a box found in
        # the small picture lies where it should when scaled by 2 ** level.
        turn = form.orientation.turn
        small = halved(
            plane,
            level,
            cut_first_row=turn in (90, 180),
            cut_first_column=(turn in (180, 270)) != form.orientation.is_mirrored,
        )
        return small, depth, is_full

    def _plane(self) -> tuple[NDArray[np.uint8] | NDArray[np.uint16], int, bool]:
        """Stored luma, its bits, and whether it was brought to full range on the way."""
        width, height = self._form.stored_size
        depth = luma_depth(self._form.format_name)
        if depth:
            # Not to_ndarray('gray'), which converts the whole picture: 10 times the cost.
            plane = self._picture.planes[0]
            word = np.dtype(np.uint8 if depth == 8 else np.uint16)
            if plane.line_size >= width * word.itemsize:  # else stored bottom up
                # A plane is a buffer, though its stubs do not say so; nothing is copied.
                rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
                view = rows[:height, : width * word.itemsize].view(word)
                return view, depth, False
        if RGB.match(self._form.format_name):
            return _grey(self._stored_bgr()), 8, True
        if DEEP_OTHER_WAY.match(self._form.format_name):
            return converted(self._picture, "gray16le"), 16, True
        return converted(self._picture, "gray"), 8, True

    def _make_bgr(self) -> NDArray[np.uint8]:
        form = self._form
        bgr = self._stored_bgr()
        if form.aspect != 1:
            how = cv2.INTER_AREA if form.aspect < 1 else cv2.INTER_LINEAR
            bgr = np.asarray(cv2.resize(bgr, form.squared_size, interpolation=how), np.uint8)
        return oriented(bgr, form.orientation)

    def _stored_bgr(self) -> NDArray[np.uint8]:
        return converted(self._picture, "bgr24")


@functools.lru_cache(maxsize=64)
def luma_depth(format_name: str) -> int:
    """Bits of luma where the first plane can be viewed as it is; 0 where it cannot."""
    if LUMA_FIRST_8_BIT.fullmatch(format_name):
        return 8
    deep = LUMA_FIRST_DEEP.fullmatch(format_name)
    if deep is None:
        return 0
    depth = int(deep[1]) if deep[1] else 16
    return depth if 8 < depth <= 16 else 0


def halved(
    plane: NDArray[np.uint8] | NDArray[np.uint16],
    level: int,
    *,
    cut_first_row: bool = False,
    cut_first_column: bool = False,
) -> NDArray[np.uint8] | NDArray[np.uint16]:
    """The picture halved `level` times, so that one pixel stands for exactly 2 ** level.

    Parameters
    ----------
    plane : ndarray of uint8 or uint16, shape (h, w) or (h, w, channels)
    level : int
        0 gives `plane` itself.
    cut_first_row, cut_first_column : bool
        Of an odd number of rows or columns the first is left out instead of the last.

    Returns
    -------
    ndarray, shape (h >> level, w >> level, ...), never smaller than one pixel

    Notes
    -----
    Halving 1280 to 320 in two steps takes 0.04 ms, one INTER_AREA call 0.31 ms.
    """
    for _ in range(level):
        height, width = plane.shape[:2]
        if height % 2 and height > 1:
            plane = plane[1:] if cut_first_row else plane[:-1]
        if width % 2 and width > 1:
            plane = plane[:, 1:] if cut_first_column else plane[:, :-1]
        half = (max(1, width // 2), max(1, height // 2))
        plane = _pixels(cv2.resize(plane, half, interpolation=cv2.INTER_AREA))
    return plane


@functools.lru_cache(maxsize=16)
def range_table(depth: int, luma_range: Literal["limited", "full"]) -> NDArray[np.uint8]:
    """What each stored value of `depth` bits is in full-range 8 bits: shape (2 ** depth,)."""
    values = np.arange(2**depth, dtype=np.float64)
    if luma_range == "limited":
        full = (values / 2 ** (depth - 8) - 16) * (255 / 219)
    else:
        full = values * (255 / (2**depth - 1))
    table: NDArray[np.uint8] = np.clip(np.rint(full), 0, 255).astype(np.uint8)
    return table


def _to_full_range(
    plane: NDArray[np.uint8] | NDArray[np.uint16],
    depth: int,
    luma_range: Literal["limited", "full"],
) -> NDArray[np.uint8]:
    if plane.dtype == np.uint8:
        if luma_range == "full":
            return np.asarray(plane, np.uint8)
        return np.asarray(cv2.LUT(plane, range_table(8, luma_range)), np.uint8)
    # A damaged picture may hold more bits than it should: those are taken as white.
    full: NDArray[np.uint8] = np.take(range_table(depth, luma_range), plane, mode="clip")
    return full


def _squared(luma: Grey, form: PictureForm, level: int) -> Grey:
    """`luma` at `level` with square pixels, at exactly 1 / 2 ** level of the display's scale."""
    if form.aspect == 1:
        return luma
    full_width, full_height = form.squared_size
    # Widths are rounded to pixels; stretching by the true factor keeps boxes where they are.
    factor = form.stored_size[0] / full_width
    to_stored = np.array([[factor, 0, (factor - 1) / 2], [0, 1, 0]], np.float64)
    size = (max(1, full_width >> level), max(1, full_height >> level))
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    warped = cv2.warpAffine(luma, to_stored, size, flags=how, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, luma.dtype)


def _grey(bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), np.uint8)


def _pixels(array: object) -> NDArray[np.uint8] | NDArray[np.uint16]:
    """OpenCV keeps the type of what it is given, but does not say so."""
    assert isinstance(array, np.ndarray)
    return array


def _read_only(array: NDArray[np.uint8] | NDArray[np.uint16]) -> NDArray[np.uint8]:
    """A view that cannot be written: an in-place operation would spoil the decoder's pictures."""
    assert array.dtype == np.uint8
    view = array.view(np.uint8)
    view.flags.writeable = False
    return view
