"""Files whose names say nothing."""

from __future__ import annotations

import os
import shutil
import wave
from pathlib import Path

import cv2
import numpy as np
import pytest

from motionapp.sources.extensions import IMAGE_EXTENSIONS, OTHER_EXTENSIONS, VIDEO_EXTENSIONS
from motionapp.sources.probing import holds_recording

from .conftest import WriteClip


@pytest.mark.parametrize("name", ["cam1.xyz", "recording", "a.dat", "b.mp4.old"])
@pytest.mark.parametrize("kind", ["clip.mp4", "clip.ts", "clip.avi", "clip.mkv"])
def test_a_recording_is_one_whatever_it_is_called(
    write_clip: WriteClip, tmp_path: Path, name: str, kind: str
) -> None:
    shutil.move(write_clip(kind), tmp_path / name)

    assert holds_recording(tmp_path / name)


def test_a_recording_that_breaks_off_is_one(write_clip: WriteClip, tmp_path: Path) -> None:
    whole = write_clip("clip.ts", count=100, size=(320, 240)).read_bytes()
    (tmp_path / "part").write_bytes(whole[: len(whole) // 2])

    assert holds_recording(tmp_path / "part")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 5000,
        b"\xff" * 5000,
        b"#EXTM3U\n#EXTINF:1,\na.ts\n" * 100,
        b"plain text\n" * 999,
    ],
    ids=["empty", "zeros", "ones", "playlist", "text"],
)
def test_anything_else_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)

    assert not holds_recording(tmp_path / "file")


@pytest.mark.parametrize("seed", range(20))
def test_noise_is_no_recording(tmp_path: Path, seed: int) -> None:
    (tmp_path / "file").write_bytes(np.random.default_rng(seed).bytes(50_000))

    assert not holds_recording(tmp_path / "file")


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".bmp", ".tiff", ".webp", ".ppm"])
def test_a_single_picture_is_no_recording(tmp_path: Path, suffix: str) -> None:
    rows = np.random.default_rng(0).integers(0, 255, (90, 120, 3), np.uint8)
    cv2.imwrite(str(tmp_path / f"a{suffix}"), rows)
    (tmp_path / f"a{suffix}").rename(tmp_path / "picture")

    assert not holds_recording(tmp_path / "picture")


def test_sound_alone_is_no_recording(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "sound"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\1\0" * 16000)

    assert not holds_recording(tmp_path / "sound")


@pytest.mark.skipif(os.name != "posix", reason="pipes as POSIX has them")
def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert not holds_recording(tmp_path / "pipe")


def test_every_extension_is_of_one_kind() -> None:
    kinds = [VIDEO_EXTENSIONS, IMAGE_EXTENSIONS, OTHER_EXTENSIONS]

    assert len(frozenset().union(*kinds)) == sum(map(len, kinds))
    assert all(each == each.lower() and each[0] == "." for kind in kinds for each in kind)
