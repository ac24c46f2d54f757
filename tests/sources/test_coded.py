"""Vectors of an encoder: whoever writes the pictures knows how fast they go."""

from __future__ import annotations

import gc
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from motionapp.core.errors import SourceError
from motionapp.core.frame import UPRIGHT, Blocks, Epoch, Frame, Orientation, Vectors, blocks_of
from motionapp.sources.file import FileSource
from motionapp.sources.joined import JoinedSource
from motionapp.sources.nal import is_reference_of
from motionapp.sources.picture import BgrPicture, PictureForm
from motionapp.sources.vector_grid import WORDS, grid_of
from tests.coded import CAMERA, coded, written

SIZE = (352, 288)
GOES_PX = (3, 1)
"""Right and down from one picture to the next, of 25 a second."""
GOES_PX_S = np.array(GOES_PX) * 25.0


def moving(count: int = 16, size: tuple[int, int] = SIZE) -> list[Frame]:
    """A patterned wall that goes by."""
    rng = np.random.default_rng(3)
    noise = rng.integers(0, 255, (600, 800)).astype(np.uint8)
    blurred = cv2.GaussianBlur(noise, (0, 0), 3)
    wall = np.asarray(cv2.normalize(blurred, np.empty(0), 0, 255, cv2.NORM_MINMAX), np.uint8)
    epoch = Epoch(0, size, Fraction(1, 25))
    frames = []
    for number in range(count):
        x, y = 200 - GOES_PX[0] * number, 120 - GOES_PX[1] * number
        grey = wall[y : y + size[1], x : x + size[0]]
        bgr = np.repeat(np.ascontiguousarray(grey)[..., None], 3, axis=2)
        frames.append(Frame(number, number, number / 25, 0.04, epoch, BgrPicture(bgr)))
    return frames


def blocks_in(path: Path, **options: object) -> list[Blocks | None]:
    source = FileSource(path, decode_threads=1)
    source.tell_vectors()
    told = [blocks_of(frame.pixels) for frame in source.frames()]
    source.close()
    return told


def middle(blocks: Blocks) -> NDArray[np.float32]:
    """The median away from the borders, where the wall comes in."""
    inner = blocks.velocity_px_s[2:-2, 2:-2].reshape(-1, 2)
    return np.asarray(np.median(inner, axis=0), np.float32)


@pytest.mark.parametrize(
    ("codec", "container", "options"),
    [
        ("libx264", "mp4", CAMERA),
        ("libx264", "mpegts", {"preset": "ultrafast", "threads": "1"}),
        ("mpeg4", "mp4", {"qscale": "3"}),
        ("mpeg2video", "mpegts", {"qscale": "3"}),
        ("mpeg1video", "matroska", {"qscale": "3"}),
        ("msmpeg4", "avi", {"qscale": "3"}),
        ("msmpeg4v2", "avi", {"qscale": "3"}),
        ("wmv1", "asf", {"qscale": "3"}),
        ("wmv2", "asf", {"qscale": "3"}),
        ("flv", "flv", {"qscale": "3"}),
    ],
)
def test_what_goes_by_has_its_speed_in_every_format(
    tmp_path: Path, codec: str, container: str, options: dict[str, str]
) -> None:
    path = tmp_path / "wall"
    written(moving(), path, codec=codec, options=options, container=container)

    told = [blocks for blocks in blocks_in(path) if blocks is not None]

    assert len(told) >= 12
    for blocks in told:
        assert middle(blocks) == pytest.approx(GOES_PX_S, abs=4)


def test_the_wide_pixels_of_h263_count(tmp_path: Path) -> None:
    """At 352 x 288 they are 12/11 as wide as tall."""
    path = tmp_path / "wall"
    written(moving(), path, codec="h263", options={"qscale": "3"}, container="avi")

    told = [blocks for blocks in blocks_in(path) if blocks is not None]

    assert len(told) >= 12
    for blocks in told:
        assert middle(blocks) == pytest.approx(GOES_PX_S * (12 / 11, 1), abs=4)


@pytest.mark.parametrize(
    "options",
    [
        {"preset": "medium", "bf": "3", "threads": "1"},
        {"preset": "slow", "bf": "8", "refs": "4", "threads": "1"},
        {"preset": "medium", "x264-params": "b-pyramid=strict:bframes=5:b-adapt=0:threads=1"},
    ],
)
@pytest.mark.parametrize("container", ["mp4", "mpegts"])
def test_pictures_made_from_both_sides_have_the_same_speed(
    tmp_path: Path, container: str, options: dict[str, str]
) -> None:
    """Some lie between two that lie between others; each tells which are built upon."""
    path = tmp_path / "wall"
    written(moving(32), path, options=options, container=container)

    told = [middle(blocks) for blocks in blocks_in(path) if blocks is not None]

    right = [np.allclose(each, GOES_PX_S, atol=6) for each in told]
    assert len(told) >= 28
    assert np.mean(right) >= 0.9


def test_a_key_picture_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "wall"
    written(moving(), path, options={**CAMERA, "g": "4"}, container="mp4")

    told = blocks_in(path)

    assert [number for number, blocks in enumerate(told) if blocks is None] == [0, 4, 8, 12]


def test_of_mpeg4_what_is_made_from_both_sides_says_nothing(tmp_path: Path) -> None:
    """FFmpeg tells zeros there where the format works the vector out."""
    path = tmp_path / "wall"
    written(moving(), path, codec="mpeg4", options={"bf": "2", "qscale": "3"}, container="mp4")

    told = [blocks for blocks in blocks_in(path) if blocks is not None]

    assert 3 <= len(told) <= 8
    assert all(middle(blocks) == pytest.approx(GOES_PX_S, abs=4) for blocks in told)


def test_after_a_seek_the_speeds_are_the_same(tmp_path: Path) -> None:
    path = tmp_path / "wall"
    written(moving(40), path, options={"preset": "medium", "g": "10", "threads": "1"})
    source = FileSource(path, decode_threads=1)
    source.tell_vectors()

    whole = {frame.pts: blocks_of(frame.pixels) for frame in source.frames()}
    later = {frame.pts: blocks_of(frame.pixels) for frame in source.frames(start_s=1.0)}
    source.close()

    assert len(later) == 15
    for pts, blocks in later.items():
        other = whole[pts]
        assert (blocks is None) == (other is None)
        if blocks is not None and other is not None:
            assert np.array_equal(blocks.velocity_px_s, other.velocity_px_s)


def test_several_threads_tell_what_one_tells(tmp_path: Path) -> None:
    path = tmp_path / "wall"
    written(moving(40), path, options={"preset": "medium", "threads": "1"})
    seen = []
    for threads in (1, 4):
        source = FileSource(path, decode_threads=threads)
        source.tell_vectors()
        seen.append([blocks_of(frame.pixels) for frame in source.frames()])
        source.close()

    for one, four in zip(*seen, strict=True):
        assert (one is None) == (four is None)
        if one is not None and four is not None:
            assert np.array_equal(one.velocity_px_s, four.velocity_px_s)


def test_a_picture_whose_vectors_were_read_goes_when_its_frame_goes(tmp_path: Path) -> None:
    """Else the decoder would take new buffers until Python's collector comes by."""
    path = tmp_path / "wall"
    written(moving(12), path)
    source = FileSource(path, decode_threads=1)
    source.tell_vectors()
    gc.collect()
    gc.disable()
    try:
        read = sum(blocks_of(frame.pixels) is not None for frame in source.frames())
        left = sum(isinstance(each, av.VideoFrame) for each in gc.get_objects())
    finally:
        gc.enable()
    source.close()

    assert read == 11
    assert left <= 2  # the last one, and what the form of the pictures was read from


def test_frames_bring_no_vectors_unless_they_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "wall"
    written(moving(4), path)
    source = FileSource(path, decode_threads=1)

    frame = next(source.frames())
    source.close()

    assert not isinstance(frame.pixels, Vectors)
    with pytest.raises(SourceError, match="flow"):
        blocks_of(frame.pixels)


@pytest.mark.parametrize(
    ("codec", "container", "called"),
    [
        ("libx265", "mp4", "HEVC"),
        ("libvpx-vp9", "webm", "VP9"),
        ("mjpeg", "avi", "MJPEG"),
        ("rawvideo", "avi", "raw pictures"),
        ("libsvtav1", "mp4", "AV1"),
    ],
)
def test_what_has_no_vectors_is_refused_by_name(
    tmp_path: Path, codec: str, container: str, called: str
) -> None:
    path = tmp_path / "wall.mkv"
    options = {"x265-params": "log-level=none"} if codec == "libx265" else {}
    written(moving(3), path, codec=codec, options=options, container=container)
    source = FileSource(path, decode_threads=1)

    with pytest.raises(SourceError, match=rf"wall\.mkv is coded as {called}.*--frontend flow"):
        source.tell_vectors()

    source.close()


def test_of_joined_recordings_one_without_vectors_is_named(tmp_path: Path) -> None:
    good, bad = tmp_path / "a.mp4", tmp_path / "b.avi"
    written(moving(3), good, container="mp4")
    written(moving(3), bad, codec="mjpeg", options={}, container="avi")
    source = JoinedSource([good, bad])

    with pytest.raises(SourceError, match=r"b\.avi is coded as MJPEG"):
        source.tell_vectors()

    source.close()


# -- how the cells lie ------------------------------------------------------------------------


def vector(x: int, y: int, moved: tuple[int, int], *, side: int = 16, later: bool = False) -> bytes:
    """One of FFmpeg's vectors: of the block round (x, y), in quarters of a pixel."""
    words = np.zeros(WORDS, np.int16)
    words.view(np.int32)[0] = 1 if later else -1
    words[2] = side | side << 8
    words[5], words[6] = x, y
    words.view(np.int32)[6], words.view(np.int32)[7] = moved
    words[16] = 4
    return words.tobytes()


def form(
    size: tuple[int, int] = (64, 48),
    orientation: Orientation = UPRIGHT,
    aspect: Fraction = Fraction(1),
) -> PictureForm:
    return PictureForm(size, "yuv420p", 1, "limited", orientation, aspect)


def told(*vectors: bytes, form: PictureForm, away_s: tuple[float, float] = (0.04, 0.0)) -> Blocks:
    blocks = grid_of(np.frombuffer(b"".join(vectors), np.int16), form, away_s)
    assert blocks is not None
    return blocks


def place_of(blocks: Blocks) -> tuple[tuple[float, float], tuple[float, float]]:
    """The middle of what moves, in display pixels, and its velocity."""
    rows, columns = np.nonzero(np.any(blocks.velocity_px_s != 0, axis=2))
    x = blocks.corner_px[0] + (columns.mean() + 0.5) * blocks.cell_px[0]
    y = blocks.corner_px[1] + (rows.mean() + 0.5) * blocks.cell_px[1]
    vx, vy = blocks.velocity_px_s[rows[0], columns[0]].tolist()
    return (float(x), float(y)), (vx, vy)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("is_mirrored", [False, True])
@pytest.mark.parametrize("size", [(64, 48), (60, 44)])
def test_cells_and_their_vectors_are_turned_with_the_picture(
    turn: int, is_mirrored: bool, size: tuple[int, int]
) -> None:
    """A block round (24, 8) that came from 4 pixels to the left and 2 above."""
    way = Orientation(turn, is_mirrored)  # type: ignore[arg-type]  # one of four
    blocks = told(vector(24, 8, (-16, -8)), form=form(size, way))

    x, y, vx, vy = 24.0, 8.0, 100.0, 50.0
    width, height = size
    if is_mirrored:
        x, vx = width - x, -vx
    for _ in range(turn // 90):
        x, y, vx, vy = height - y, x, -vy, vx
        width, height = height, width
    at, velocity = place_of(blocks)
    assert at == pytest.approx((x, y))
    assert velocity == pytest.approx((vx, vy))


def test_wide_pixels_make_wide_cells_and_fast_vectors() -> None:
    blocks = told(vector(24, 8, (-16, -8)), form=form(aspect=Fraction(2)))

    at, velocity = place_of(blocks)

    assert at == pytest.approx((48, 8))
    assert velocity == pytest.approx((200, 50))


def test_what_two_sides_say_is_averaged_by_its_seconds() -> None:
    """4 pixels in 0.04 s from the one before, 12 in 0.08 s to the one after."""
    both = (vector(8, 8, (-16, 0)), vector(8, 8, (48, 0), later=True))

    blocks = told(*both, form=form(), away_s=(0.04, 0.08))

    assert place_of(blocks)[1] == pytest.approx((125, 0))


def test_a_side_that_nobody_knows_is_left_out() -> None:
    both = (vector(8, 8, (-16, 0)), vector(24, 8, (48, 0), later=True))

    blocks = told(*both, form=form())

    assert place_of(blocks) == ((8.0, 8.0), pytest.approx((100, 0)))


def test_what_was_made_from_nothing_is_not_known() -> None:
    blocks = told(vector(8, 8, (0, 0)), form=form())

    assert blocks.is_known is not None
    assert np.argwhere(blocks.is_known).tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]


def test_what_both_sides_tell_of_one_half_is_not_said_of_the_other() -> None:
    left = [(8 + 16 * column, 8 + 16 * row) for row in range(3) for column in range(2)]
    both = [vector(x, y, (4, 0), later=later) for x, y in left for later in (False, True)]

    blocks = told(*both, form=form(), away_s=(0.04, 0.04))

    assert blocks.is_known is not None
    assert blocks.is_known[:, :4].all()
    assert not blocks.is_known[:, 4:].any()


@pytest.mark.parametrize("place", [(9000, -700), (9000, 9000), (-700, 9000), (-8, -8)])
@pytest.mark.parametrize("size", [(64, 48), (640, 480), (7680, 4320)])
def test_any_place_that_a_damaged_picture_tells_is_taken(
    place: tuple[int, int], size: tuple[int, int]
) -> None:
    blocks = told(vector(*place, (-16, 0)), form=form(size))

    cell = 8 if size[0] <= 480 else 16
    assert blocks.velocity_px_s.shape == (size[1] // cell, size[0] // cell, 2)


# -- which picture ----------------------------------------------------------------------------


class Head(bytes):
    """The bytes of a packet; PyAV's can be read like these."""


LENGTHS = b"\x01\x64\x00\x1f\xff"
"""Begins a header after which units are told by lengths of four bytes."""


@pytest.mark.parametrize("header", [b"", LENGTHS])
@pytest.mark.parametrize(("first", "is_reference"), [(0x65, True), (0x41, True), (0x01, False)])
def test_a_packet_says_whether_others_are_built_upon_its_picture(
    header: bytes, first: int, is_reference: bool
) -> None:
    units = [b"\x09\xf0", b"\x06\x05\x01\x80", bytes([first]) + b"slice"]
    marks = [len(u).to_bytes(4, "big") if header else b"\x00\x00\x01" for u in units]
    packet = Head(b"".join(mark + unit for mark, unit in zip(marks, units, strict=True)))

    assert is_reference_of(packet, header) is is_reference  # type: ignore[arg-type]  # a buffer


@pytest.mark.parametrize("content", [b"", b"\x00", b"\x00\x00\x01", b"\xff" * 40, b"\x00" * 5000])
@pytest.mark.parametrize("header", [b"", LENGTHS])
def test_a_broken_packet_counts_as_one_that_others_are_built_upon(
    content: bytes, header: bytes
) -> None:
    assert is_reference_of(Head(content), header)  # type: ignore[arg-type]  # a buffer


def test_frames_that_were_coded_for_tests_bring_what_files_bring() -> None:
    frames = coded(moving(6))

    assert blocks_of(frames[0].pixels) is None
    for frame in frames[1:]:
        blocks = blocks_of(frame.pixels)
        assert blocks is not None
        assert middle(blocks) == pytest.approx(GOES_PX_S, abs=4)
        assert not blocks.velocity_px_s.flags.writeable
    assert isinstance(replace(frames[0], index=9).pixels, Vectors)
