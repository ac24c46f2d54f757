"""What the packets alone tell of a recording."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from motionapp.core.errors import SourceError
from motionapp.sources import packet_index
from motionapp.sources.file import FileSource
from motionapp.sources.packet_index import never_steps_back, read_packet_index


def recording(
    path: Path, ticks: list[int], *, codec: str = "libx264", **options: str
) -> Path:  # each picture with a stamp in hundredths of a second
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25, options=options)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 100)
        rng = np.random.default_rng(20)
        for tick in ticks:
            picture = av.VideoFrame.from_ndarray(
                rng.integers(0, 255, (48, 64, 3), np.uint8), "bgr24"
            )
            picture.pts, picture.time_base = tick, Fraction(1, 100)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def evenly(count: int, step: int = 4) -> list[int]:
    return [k * step for k in range(count)]


def test_every_picture_is_known_by_its_time_and_size(tmp_path: Path) -> None:
    path = recording(tmp_path / "a.mp4", evenly(50), g="10", keyint_min="10", sc_threshold="0")

    index = read_packet_index(path)

    times_s = [frame.pts_s for frame in FileSource(path).frames()]
    assert np.sort(index.pts_s).tolist() == pytest.approx(times_s)
    assert index.codec == "h264"
    assert index.can_seek
    assert index.is_sound
    assert index.keys_s.tolist() == pytest.approx([0.0, 0.4, 0.8, 1.2, 1.6])
    assert index.duration_s == pytest.approx(1.96)
    assert index.sizes.min() > 0
    assert index.sizes.sum() < path.stat().st_size


def test_pictures_that_are_shown_in_another_order_count_from_the_first(tmp_path: Path) -> None:
    path = recording(tmp_path / "b.mp4", evenly(40), bf="3", b_strategy="0", sc_threshold="0")

    index = read_packet_index(path)

    assert not (np.diff(index.pts_s) > 0).all()
    assert index.pts_s.min() == 0.0
    assert index.is_sound


def test_a_recording_with_a_long_hole_is_not_sound(tmp_path: Path) -> None:
    ticks = evenly(20) + [tick + 1000 for tick in evenly(20)]

    assert not read_packet_index(recording(tmp_path / "hole.mkv", ticks)).is_sound


def test_a_recording_of_seldom_pictures_is_not_sound(tmp_path: Path) -> None:
    assert not read_packet_index(recording(tmp_path / "slow.mkv", evenly(12, 100))).is_sound


def test_a_recording_that_stumbles_now_and_then_is_sound(tmp_path: Path) -> None:
    ticks = evenly(20) + [tick + 150 for tick in evenly(20)]

    assert read_packet_index(recording(tmp_path / "late.mkv", ticks)).is_sound


def test_a_damaged_recording_is_not_sound(tmp_path: Path) -> None:
    whole = recording(tmp_path / "whole.ts", evenly(60)).read_bytes()
    cut = tmp_path / "cut.ts"
    cut.write_bytes(whole[: len(whole) // 3] + whole[len(whole) // 2 :])

    assert not read_packet_index(cut).is_sound


def test_what_is_no_recording_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "note.mp4"
    path.write_text("nothing to see")

    with pytest.raises(SourceError, match=r"note\.mp4"):
        read_packet_index(path)


def test_a_recording_whose_stamps_step_back_between_others_is_not_sound(tmp_path: Path) -> None:
    halves = [
        recording(tmp_path / f"{shift}.ts", [tick + shift for tick in evenly(40)], bf="0")
        for shift in (0, 2)
    ]
    path = tmp_path / "both.ts"
    path.write_bytes(b"".join(half.read_bytes() for half in halves))

    index = read_packet_index(path)

    gaps_s = np.diff(np.sort(index.pts_s))
    assert len(index) > 70
    assert gaps_s.min() > 0
    assert not index.is_sound


@pytest.mark.parametrize(
    ("stamps", "keys", "is_so"),
    [
        ([0, 3, 1, 2, 4, 7, 5, 6], [0, 4], True),  # closed groups
        ([0, 3, 1, 2, 6, 4, 5, 9, 7, 8], [0, 4], True),  # pictures before a key one, sent behind it
        ([0, 4, 8, 12, 2, 6, 10, 14], [0, 4], False),  # another recording's, between these
        ([0, 1, 2, 3], [0, 1, 2, 3], True),
        ([0, 1, 3, 2], [0, 1, 2, 3], False),
        ([], [], True),
    ],
)
def test_what_is_decoded_before_a_key_picture_is_shown_before_it(
    stamps: list[int], keys: list[int], *, is_so: bool
) -> None:
    is_key = np.isin(np.arange(len(stamps)), keys)

    assert never_steps_back(np.array(stamps, np.int64), is_key) == is_so


def test_whoever_watches_over_the_reading_sees_that_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packet_index, "TOLD_EVERY", 20)
    told = []

    read_packet_index(recording(tmp_path / "a.mp4", evenly(50)), on_read=lambda: told.append(1))

    assert len(told) == 2
