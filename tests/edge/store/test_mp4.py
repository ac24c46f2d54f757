"""How long recordings are, in whatever way they were written, cut or made up."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import av
import numpy as np
import pytest

from motionapp.edge.store.mp4 import MOST_INDEX_BYTES, duration_s

RATE_HZ = 10
IN_FRAGMENTS = "frag_keyframe+empty_moov+default_base_moof"


def write(path: Path, *, movflags: str, frames: int = 55, first: int = 0) -> Path:
    """A recording of key frames each second; a fragment is a second."""
    with av.open(str(path), "w", format="mp4", options={"movflags": movflags}) as container:
        stream = container.add_stream("libx264", rate=RATE_HZ)
        stream.width, stream.height = 64, 48
        stream.options = {"g": str(RATE_HZ), "preset": "ultrafast"}
        for number in range(frames):
            picture = np.full((48, 64, 3), number * 3 % 255, np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = first + number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


@pytest.fixture(scope="module")
def fragmented(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write(tmp_path_factory.mktemp("mp4") / "a.mp4", movflags=IN_FRAGMENTS).read_bytes()


@pytest.mark.parametrize(
    "movflags",
    [
        IN_FRAGMENTS,
        "frag_keyframe+empty_moov",
        "frag_keyframe",
        "frag_every_frame+empty_moov+default_base_moof",
        "faststart",
        "use_metadata_tags",
    ],
)
def test_a_recording_plays_as_long_as_its_pictures(tmp_path: Path, movflags: str) -> None:
    assert duration_s(write(tmp_path / "a.mp4", movflags=movflags)) == pytest.approx(5.5)


def test_a_recording_that_was_begun_late_is_not_longer_for_it(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", movflags=IN_FRAGMENTS, first=36_000)

    assert duration_s(path) == pytest.approx(5.5)


def test_of_one_that_was_cut_off_whole_fragments_count(tmp_path: Path, fragmented: bytes) -> None:
    path, found = tmp_path / "a.mp4", []
    for size in range(0, len(fragmented) + 1, 29):
        path.write_bytes(fragmented[:size])
        found.append(duration_s(path) or 0.0)

    assert found == sorted(found)
    assert set(found) == {0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 5.5}


def test_what_is_no_recording_has_no_length(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    assert duration_s(path) is None
    assert duration_s(tmp_path) is None
    for content in (b"", b"\0" * 100, b"a page of text", box(b"ftyp", b"isom")):
        path.write_bytes(content)
        assert duration_s(path) is None


def test_damage_anywhere_is_borne(tmp_path: Path, fragmented: bytes) -> None:
    path, dice = tmp_path / "a.mp4", random.Random(19)
    for _ in range(500):
        content = bytearray(fragmented)
        for _ in range(dice.randint(1, 9)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        path.write_bytes(content)

        length_s = duration_s(path)

        assert length_s is None or length_s > 0


@pytest.mark.parametrize(
    "trun",
    [
        struct.pack(">II", 0x100, 0xFFFFFFFF),
        struct.pack(">IIi", 0xF01, 1 << 28, 0),
        struct.pack(">I", 0x100),
    ],
)
def test_a_fragment_that_says_more_than_it_has_does_not_count(
    tmp_path: Path, fragmented: bytes, trun: bytes
) -> None:
    moof = box(b"moof", box(b"traf", box(b"tfhd", struct.pack(">II", 0, 1)) + box(b"trun", trun)))
    path = tmp_path / "a.mp4"
    path.write_bytes(fragmented + moof + box(b"mdat", b""))

    assert duration_s(path) == pytest.approx(5.5)


def test_no_more_index_is_read_than_a_recording_has(tmp_path: Path, fragmented: bytes) -> None:
    """A hole in the file: it takes no room, and would take memory."""
    path = tmp_path / "a.mp4"
    path.write_bytes(fragmented)
    with path.open("r+b") as file:
        file.seek(0, 2)
        file.write(struct.pack(">I4s", MOST_INDEX_BYTES + 1, b"moof"))
        file.truncate(len(fragmented) + MOST_INDEX_BYTES + 1)

    assert duration_s(path) == pytest.approx(5.5)


def test_boxes_within_boxes_without_end_are_borne(tmp_path: Path) -> None:
    inner = b""
    for _ in range(5000):
        inner = box(b"traf", inner)
    path = tmp_path / "a.mp4"
    path.write_bytes(box(b"ftyp", b"isom") + box(b"moof", inner) + box(b"mdat", b""))

    assert duration_s(path) is None
