"""Fragments of a recording and the header beside them, as players and recorders leave them."""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from motionapp.core.errors import SourceError
from motionapp.files.boxes import boxes_of
from motionapp.files.fragments import Joint, header_beside, is_fragment, is_header
from motionapp.sources import FileSource, JoinedSource

from .conftest import encoder_or_skip, grey_steps


def parts_of(path: Path) -> tuple[bytes, list[bytes]]:
    """The header of a fragmented MP4, and its fragments."""
    whole, begin, fragments = path.read_bytes(), 0, []
    header = b""
    while begin < len(whole):
        end = begin + int.from_bytes(whole[begin : begin + 4])
        kind = whole[begin + 4 : begin + 8]
        if kind in (b"ftyp", b"moov"):
            header += whole[begin:end]
        elif kind == b"moof":
            fragments.append(whole[begin:end])
        elif kind == b"mdat":
            fragments[-1] += whole[begin:end]
        begin = end
    return header, fragments


@pytest.fixture
def fragments(tmp_path: Path) -> Path:
    """A folder with `init.mp4` and three fragments of 12 pictures, 0.48 s each."""
    import av

    whole = tmp_path / "whole.mp4"
    flags = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
    with av.open(str(whole), "w", options=flags) as container:
        stream = container.add_stream(encoder_or_skip("libx264"), rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.options = {"g": "12", "bf": "0", "sc_threshold": "0"}
        for pixels in grey_steps(36, (64, 48)):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, "bgr24")))
        container.mux(stream.encode(None))
    header, parts = parts_of(whole)
    folder = tmp_path / "dash"
    folder.mkdir()
    (folder / "init.mp4").write_bytes(header)
    for number, part in enumerate(parts[:3], start=1):
        (folder / f"seg{number}.m4s").write_bytes(part)
    return folder


def greys(source: FileSource | JoinedSource) -> list[float]:
    return [float(np.mean(frame.luma_at(0))) for frame in source.frames()]


def test_a_fragment_is_read_behind_the_header_beside_it(fragments: Path) -> None:
    whole = FileSource(fragments.parent / "whole.mp4")

    source = FileSource(fragments / "seg2.m4s")

    assert greys(source) == greys(whole)[12:24]
    assert [frame.pts_s for frame in source.frames()][-1] == pytest.approx(0.44)
    assert source.info.duration_s == pytest.approx(0.48, abs=0.05)
    assert not source.damage.is_partial


def test_joined_fragments_are_the_whole_recording(fragments: Path) -> None:
    paths = [fragments / f"seg{number}.m4s" for number in (1, 2, 3)]

    assert greys(JoinedSource(paths)) == greys(FileSource(fragments.parent / "whole.mp4"))


def test_a_fragment_that_breaks_off_is_read_as_far_as_it_goes(fragments: Path) -> None:
    path = fragments / "seg1.m4s"
    path.write_bytes(path.read_bytes()[:-200])

    assert 1 <= len(greys(FileSource(path))) < 12


def test_a_fragment_without_its_header_is_said_to_need_it(fragments: Path) -> None:
    (fragments / "init.mp4").unlink()

    with pytest.raises(SourceError, match=r"fragment without the header .* init\.mp4"):
        FileSource(fragments / "seg1.m4s")


def test_a_header_alone_is_said_to_be_one(fragments: Path) -> None:
    with pytest.raises(SourceError, match="header of the fragments beside it"):
        FileSource(fragments / "init.mp4")


def test_of_several_headers_the_one_is_taken_whose_name_is_nearest(fragments: Path) -> None:
    names = ("init-stream0.m4s", "init-stream1.m4s", "video_720_init.mp4", "video_1080_init.mp4")
    for name in names:
        shutil.copy(fragments / "init.mp4", fragments / name)
    (fragments / "init-stream1.mp4").write_bytes(b"not a header at all")

    chosen = {
        name: found.name
        for name in ("chunk-stream1-00007.m4s", "video_720_2.m4s", "seg1.m4s")
        if (found := header_beside(fragments / name)) is not None
    }

    assert chosen == {
        "chunk-stream1-00007.m4s": "init-stream1.m4s",
        "video_720_2.m4s": "video_720_init.mp4",
        "seg1.m4s": "init-stream0.m4s",
    }


def test_whole_recordings_are_neither(fragments: Path) -> None:
    whole = fragments.parent / "whole.mp4"
    shutil.copy(whole, fragments / "initial.mp4")

    assert not is_fragment(whole)
    assert not is_header(fragments / "initial.mp4")
    assert boxes_of(fragments.parent) == boxes_of(fragments / "none") == {}


def test_a_joint_reads_as_both_files_after_one_another_would(fragments: Path) -> None:
    header, part = fragments / "init.mp4", fragments / "seg1.m4s"
    joint, both = Joint(header, part), io.BytesIO(header.read_bytes() + part.read_bytes())

    for offset, whence, size in [
        *((0, os.SEEK_SET, 10), (-5, os.SEEK_CUR, 2000), (-7, os.SEEK_END, 100)),
        *((3, os.SEEK_SET, -1), (10**6, os.SEEK_SET, 5), (0, os.SEEK_SET, 0)),
    ]:
        assert joint.seek(offset, whence) == both.seek(offset, whence)
        assert joint.read(size) == both.read(size)
        assert joint.tell() == both.tell()
