"""Recordings on disk: forms, stamps, seeking, damage, and what is no recording."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from motionapp.core.errors import SourceError
from motionapp.core.frame import Frame
from motionapp.sources import FileSource, header

WriteClip = Callable[..., Path]

SHORT_GROUPS = {"g": "10", "keyint_min": "10", "bf": "0", "sc_threshold": "0"}


def times(frames: list[Frame]) -> list[float]:
    return [frame.pts_s for frame in frames]


def numbers(frames: list[Frame]) -> list[int]:
    """Which picture each frame is: `grey_steps` gives each of 40 its own grey."""
    return [round((float(np.median(frame.luma_at(0))) - 40) / 5) for frame in frames]


def noise(count: int, size: tuple[int, int], grain: int = 60) -> list[np.ndarray]:
    """Pictures that do not compress, so that packets are large enough to be hit."""
    random = np.random.default_rng(7)
    height, width = size[1], size[0]
    return [random.integers(0, grain, (height, width, 3), np.uint8) + 90 for _ in range(count)]


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt"),
    [
        ("clip.mp4", "libx264", "yuv420p"),
        ("clip.mov", "libx264", "yuv420p"),
        ("clip.mkv", "libx264", "yuv420p"),
        ("clip.ts", "libx264", "yuv420p"),
        ("clip.avi", "libx264", "yuv420p"),
        ("clip.avi", "mjpeg", "yuvj420p"),
        ("clip.avi", "mpeg4", "yuv420p"),
        ("clip.h264", "libx264", "yuv420p"),
        ("clip.mp4", "libx265", "yuv420p"),
        ("clip.mkv", "libx265", "yuv420p"),
        ("clip.ts", "libx265", "yuv420p"),
        ("clip.mov", "mjpeg", "yuvj420p"),
        ("clip.mp4", "mpeg4", "yuv420p"),
        ("clip.webm", "libvpx", "yuv420p"),
        ("clip.webm", "libvpx-vp9", "yuv420p"),
        ("clip.mp4", "libsvtav1", "yuv420p"),
        ("clip.mkv", "libsvtav1", "yuv420p"),
        ("clip.gif", "gif", "rgb8"),
        ("clip.mpg", "mpeg2video", "yuv420p"),
        ("clip.flv", "flv", "yuv420p"),
    ],
)
@pytest.mark.parametrize("threads", [None, 1])
def test_every_container_gives_each_picture_once_and_in_order(
    write_clip: WriteClip, name: str, codec: str, pix_fmt: str, threads: int | None
) -> None:
    path = write_clip(name, codec=codec, pix_fmt=pix_fmt, count=30, size=(64, 64), is_grouped=True)

    source = FileSource(path, decode_threads=threads)
    frames = list(source.frames())

    # GIF's palette is coarse, so its greys are not told apart.
    assert len(frames) == 30
    assert codec == "gif" or numbers(frames) == list(range(30))
    assert times(frames) == pytest.approx([0.04 * number for number in range(30)], abs=2e-3)
    assert [frame.index for frame in frames] == list(range(30))
    assert not source.damage.first_error
    assert source.info.rate_hz == pytest.approx(25, abs=0.1)


def test_what_is_known_before_reading(write_clip: WriteClip) -> None:
    path = write_clip(metadata={"creation_time": "2024-05-06T07:08:09.000000Z"}, count=50)

    info = FileSource(path).info

    assert (info.name, info.size, info.rate_hz, info.is_live) == ("clip.mp4", (64, 48), 25.0, False)
    assert info.duration_s == pytest.approx(2.0)
    assert info.start_utc == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


def test_the_start_is_that_of_the_option_or_else_of_the_name_in_its_zone(
    write_clip: WriteClip,
) -> None:
    path = write_clip(
        "cam_20240506_090000.mp4", metadata={"creation_time": "2024-05-06T07:10:00.000000Z"}
    )
    said = datetime(2024, 5, 6, tzinfo=UTC)

    by_name = FileSource(path, time_zone="Europe/Zurich")
    by_option = FileSource(path, time_zone="Europe/Zurich", start_utc=said)

    assert by_name.info.start_utc == datetime(2024, 5, 6, 7, tzinfo=UTC)
    assert next(by_name.frames()).epoch.start_utc == by_name.info.start_utc
    assert by_option.info.start_utc == said


@pytest.mark.parametrize("turn", [90, 180, -90])
def test_a_turned_recording_is_shown_upright(write_clip: WriteClip, turn: int) -> None:
    picture = np.zeros((48, 64, 3), np.uint8)
    picture[:24, :32] = 220
    upright = np.rot90(picture, turn // 90)

    source = FileSource(write_clip(pictures=[picture] * 3, turn=turn))
    frame = next(source.frames())

    assert source.info.size == frame.epoch.size == (upright.shape[1], upright.shape[0])
    assert frame.epoch.orientation.turn == -turn % 360
    assert np.abs(frame.bgr().astype(int) - upright).max() < 30
    assert np.abs(frame.luma_at(1).astype(int) - upright[::2, ::2, 0]).max() < 30


def test_non_square_pixels_are_made_square(write_clip: WriteClip) -> None:
    source = FileSource(write_clip(aspect=Fraction(2)))
    frame = next(source.frames())

    assert source.info.size == frame.epoch.size == (128, 48)
    assert frame.bgr().shape == (48, 128, 3)
    assert frame.luma_at(1).shape == (24, 64)


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_ten_bits_give_the_luma_of_eight(write_clip: WriteClip, codec: str) -> None:
    options = {"crf": "1", "x265-params": "log-level=none"}
    eight = next(FileSource(write_clip("8.mp4", options=options)).frames())
    path = write_clip("10.mp4", codec=codec, pix_fmt="yuv420p10le", options=options)

    ten = next(FileSource(path).frames())

    assert np.abs(ten.luma_at(1).astype(int) - eight.luma_at(1)).max() <= 3


def test_full_range_and_limited_range_recordings_look_the_same(write_clip: WriteClip) -> None:
    lumas = []
    for color_range in (1, 2):
        path = write_clip(f"{color_range}.mp4", color_range=color_range, options={"crf": "1"})
        frame = next(FileSource(path).frames())
        assert frame.epoch.luma_range == ("limited", "full")[color_range - 1]
        lumas.append(frame.luma_at(0).astype(int))

    assert np.abs(lumas[0] - lumas[1]).max() <= 3


def test_a_variable_rate_keeps_its_times_and_a_long_gap_begins_an_epoch(
    write_clip: WriteClip,
) -> None:
    stamps = [0, 40, 120, 130, 1000, 4000, 4040]
    path = write_clip("clip.mkv", stamps=stamps, count=7)

    frames = list(FileSource(path).frames())

    assert times(frames) == pytest.approx([stamp / 1000 for stamp in stamps])
    assert [frame.epoch.number for frame in frames] == [0, 0, 0, 0, 0, 1, 1]


def test_frames_with_an_equal_stamp_are_dropped_and_counted(write_clip: WriteClip) -> None:
    path = write_clip("clip.mkv", codec="mjpeg", pix_fmt="yuvj420p", count=7)
    source = FileSource(_with_stamps(path, [0, 40, 40, 40, 80, 120, 120]))

    frames = list(source.frames())

    assert times(frames) == pytest.approx([0.0, 0.04, 0.08, 0.12])
    assert numbers(frames) == [0, 1, 4, 5]
    assert source.damage.dropped_stamps == 3
    assert not source.is_damaged


def _with_stamps(path: Path, stamps: list[int]) -> Path:
    """The same packets with other stamps, in ms; an encoder would refuse to repeat one."""
    stamped = path.with_name(f"stamped{path.suffix}")
    with av.open(str(path)) as stored, av.open(str(stamped), "w") as out:
        stream = out.add_stream_from_template(stored.streams.video[0])
        packets = [packet for packet in stored.demux(video=0) if packet.dts is not None]
        for packet, stamp in zip(packets, stamps, strict=True):
            packet.stream = stream
            packet.time_base = Fraction(1, 1000)
            packet.pts = packet.dts = stamp
            out.mux(packet)
    return stamped


def test_time_begins_at_the_first_frame_of_a_file_that_starts_late(write_clip: WriteClip) -> None:
    stamps = [5000 + 40 * number for number in range(20)]
    path = write_clip("clip.mkv", stamps=stamps, count=20)

    source = FileSource(path)

    assert times(list(source.frames())) == pytest.approx([0.04 * n for n in range(20)])
    assert times(list(source.frames(0.4)))[0] == pytest.approx(0.4)
    assert not source.damage.first_error


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("clip.mp4", "libx264"),
        ("clip.mkv", "libx264"),
        ("clip.ts", "libx264"),
        ("clip.avi", "libx264"),
        ("clip.h264", "libx264"),
        ("clip.mp4", "libx265"),
        ("clip.ts", "libx265"),
        ("clip.webm", "libvpx-vp9"),
        ("clip.mp4", "libsvtav1"),
        ("clip.avi", "mpeg4"),
        ("clip.mpg", "mpeg2video"),
    ],
)
def test_reading_from_a_later_time_gives_the_same_frames(
    write_clip: WriteClip, name: str, codec: str
) -> None:
    path = write_clip(name, count=80, size=(64, 64), codec=codec, is_grouped=True)
    source = FileSource(path)
    whole = [(frame.pts_s, frame.luma_at(1).tobytes()) for frame in source.frames()]

    for start_s in (0.01, 0.48, 0.52, 1.0, 1.96, 3.16, 99.0):
        part = [(frame.pts_s, frame.luma_at(1).tobytes()) for frame in source.frames(start_s)]

        assert part == [told for told in whole if told[0] >= start_s - 0.0005], start_s


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv", "clip.ts", "clip.avi"])
def test_a_file_that_is_kept_open_gives_the_same_frames(write_clip: WriteClip, name: str) -> None:
    """Back and forth, from behind its end, and after an iteration that was left early."""
    path = write_clip(name, count=80, size=(64, 64), is_grouped=True)
    kept = FileSource(path, decode_threads=1)
    kept.keep_open()

    for start_s in (0.8, 2.4, 0.2, 0.0, 99.0, 1.9):
        seen = [(f.pts_s, f.luma_at(1).tobytes()) for f in kept.frames(start_s)]
        fresh = FileSource(path, decode_threads=1).frames(start_s)
        assert seen == [(f.pts_s, f.luma_at(1).tobytes()) for f in fresh], start_s
        assert not kept.is_damaged
        next(kept.frames(0.4))
    kept.close()
    kept.close()


def test_a_start_rounded_to_milliseconds_finds_its_frame(write_clip: WriteClip) -> None:
    source = FileSource(write_clip(rate=30, count=30))

    assert next(source.frames(0.667)).pts_s == pytest.approx(20 / 30)


def test_a_size_change_begins_an_epoch(write_clip: WriteClip, tmp_path: Path) -> None:
    small, large = write_clip("a.h264", size=(64, 48)), write_clip("b.h264", size=(96, 64))
    path = tmp_path / "both.h264"
    path.write_bytes(small.read_bytes() + large.read_bytes())

    frames = list(FileSource(path).frames())

    assert [frame.epoch.size for frame in frames] == [(64, 48)] * 10 + [(96, 64)] * 10
    assert [frame.epoch.number for frame in frames] == [0] * 10 + [1] * 10
    assert times(frames) == pytest.approx([0.04 * number for number in range(20)])
    assert frames[-1].luma_at(1).shape == (32, 48)


def test_stamps_that_begin_again_continue_in_a_new_epoch(
    write_clip: WriteClip, tmp_path: Path
) -> None:
    one = write_clip("a.ts", options=SHORT_GROUPS)
    path = tmp_path / "both.ts"
    path.write_bytes(one.read_bytes() * 2)
    source = FileSource(path)

    frames = list(source.frames())

    assert all(a < b for a, b in pairwise(times(frames)))
    assert frames[-1].epoch.number == 1
    assert times(list(source.frames(0.5)))[0] == pytest.approx(0.52, abs=0.021)


def test_the_decoders_picture_stays_whole_while_decoding_goes_on(write_clip: WriteClip) -> None:
    path = write_clip(color_range=2, count=40)
    kept = [frame.luma_at(0) for frame in FileSource(path).frames()]

    again = [frame.luma_at(0) for frame in FileSource(path).frames()]

    for a, b in zip(kept, again, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_hole_is_read_past_and_told(write_clip: WriteClip) -> None:
    """The shipped form of zero bytes in the middle of a recording."""
    pictures = noise(100, (160, 120))
    path = write_clip(pictures=pictures, options={**SHORT_GROUPS, "x264-params": "slices=1"})
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    hole = len(content) // 40
    content[middle : middle + hole] = bytes(hole)
    path.write_bytes(content)
    source = FileSource(path, decode_threads=1)

    frames = list(source.frames())

    damage = source.damage
    assert 85 <= len(frames) < 100
    assert times(frames)[-1] == pytest.approx(3.96)
    assert source.is_damaged
    assert damage.first_error
    assert damage.lost
    assert all(1.5 < start_s < end_s < 3 for start_s, end_s in damage.lost)
    lost_s = sum(end_s - start_s for start_s, end_s in damage.lost)
    assert lost_s == pytest.approx(0.04 * (100 - len(frames)))
    assert all(a < b for a, b in pairwise(times(frames)))


def test_damage_is_seen_while_reading_and_one_thread_repeats(write_clip: WriteClip) -> None:
    path = write_clip(pictures=noise(60, (160, 120)), options=SHORT_GROUPS)
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 3000] = bytes(3000)
    path.write_bytes(content)
    source = FileSource(path)

    seen_at = next(frame.pts_s for frame in source.frames() if source.is_damaged)
    one, two = (
        [(f.pts_s, f.is_flagged, f.bgr().tobytes()) for f in again.frames()]
        for again in (FileSource(path, decode_threads=1), FileSource(path, decode_threads=1))
    )

    assert seen_at < 2.3
    assert one == two


@pytest.mark.parametrize("name", ["clip.mkv", "clip.avi", "clip.mp4", "clip.ts"])
def test_a_recording_that_was_cut_off_is_read_to_its_end(write_clip: WriteClip, name: str) -> None:
    options = dict(SHORT_GROUPS)
    path = write_clip(name, pictures=noise(100, (160, 120)), options=options)
    if name == "clip.mp4":  # its index stands at the end: bring it to the front
        path = _with_index_first(path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    source = FileSource(path, decode_threads=1)

    frames = list(source.frames())

    assert 40 <= len(frames) <= 55
    assert times(frames) == pytest.approx([0.04 * n for n in range(len(frames))])
    if name != "clip.ts":  # nothing in it says how long it was to be
        assert source.damage.first_error
    if name in ("clip.mkv", "clip.mp4"):  # FFmpeg corrects AVI's length by the size of the file
        assert source.damage.lost[-1][1] == pytest.approx(4.0, abs=0.05)


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mov"])
def test_a_recording_without_its_index_is_refused_with_what_helps(
    write_clip: WriteClip, name: str
) -> None:
    path = write_clip(name, pictures=noise(30, (64, 48)))
    content = path.read_bytes()
    index = content.index(b"moov") - 4
    sentences = {
        len(content) // 2: "was cut off before its index was written, .*: try a repair tool",
        index: "was cut off before its index was written",
        index + 100: "has no video: it was cut off within its index",
        24: "ends after its header: no picture of it was written",
        4: "invalid data found",
    }

    for size, sentence in sentences.items():
        path.write_bytes(content[:size])

        with pytest.raises(SourceError, match=sentence) as raised:
            FileSource(path)
        assert str(raised.value).startswith(str(path))


def _with_index_first(path: Path) -> Path:
    moved = path.with_name("moved.mp4")
    with (
        av.open(str(path)) as stored,
        av.open(str(moved), "w", options={"movflags": "faststart"}) as out,
    ):
        stream = out.add_stream_from_template(stored.streams.video[0])
        for packet in stored.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    return moved


def test_a_recording_with_longer_sound_is_not_called_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    _write_sound(path, seconds=4, pictures=25)

    source = FileSource(path)

    assert len(list(source.frames())) == 25
    assert not source.damage.first_error


def _write_sound(path: Path, *, seconds: int, pictures: int) -> None:
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=25) if pictures else None
        sound = container.add_stream("aac", rate=16_000, layout="mono")
        if video is not None:
            video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        for _ in range(pictures):
            assert video is not None
            container.mux(
                video.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), "rgb24"))
            )
        if video is not None:
            container.mux(video.encode(None))
        for number in range(seconds * 16):
            silence = av.AudioFrame.from_ndarray(
                np.zeros((1, 1000), np.float32), format="fltp", layout="mono"
            )
            silence.sample_rate, silence.pts = 16_000, number * 1000
            silence.time_base = Fraction(1, 16_000)
            container.mux(sound.encode(silence))
        container.mux(sound.encode(None))


def test_what_is_no_recording_gets_one_plain_sentence(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("This is not a recording.\n" * 100)
    (tmp_path / "notes.txt").write_text("This is not a recording.\n" * 100)
    (tmp_path / "list.m3u8").write_text("#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:1,\nother.ts\n")
    (tmp_path / "empty.mp4").touch()
    _write_sound(tmp_path / "sound.mp4", seconds=1, pictures=0)
    sentences = {
        "missing.mp4": "there is no file",
        ".": "is a folder",
        "text.mp4": "is not a recording that can be read",
        "notes.txt": "is text or a playlist",
        "list.m3u8": "is",
        "empty.mp4": "is empty",
        "sound.mp4": "has no video",
    }

    for name, sentence in sentences.items():
        with pytest.raises(SourceError, match=sentence) as raised:
            FileSource(tmp_path / name)
        assert "Errno" not in str(raised.value)


def test_a_recording_in_an_unknown_code_is_refused(write_clip: WriteClip) -> None:
    path = write_clip("clip.mkv")
    path.write_bytes(path.read_bytes().replace(b"V_MPEG4/ISO/AVC", b"V_MPEG5/ISO/XXX"))

    with pytest.raises(SourceError, match="coded in a way that is not known"):
        FileSource(path)


def test_a_recording_without_one_good_picture_is_refused(write_clip: WriteClip) -> None:
    path = _with_index_first(write_clip(pictures=noise(20, (64, 48))))
    content = bytearray(path.read_bytes())
    begin = content.index(b"mdat") + 4
    content[begin:] = bytes(len(content) - begin)
    path.write_bytes(content)

    with pytest.raises(SourceError, match="no picture in it can be decoded"):
        FileSource(path)


def test_a_cover_picture_is_not_video(tmp_path: Path) -> None:
    path = tmp_path / "song.mp4"
    _write_sound(tmp_path / "plain.mp4", seconds=1, pictures=0)
    with (
        av.open(str(tmp_path / "plain.mp4")) as stored,
        av.open(str(path), "w") as container,
    ):
        sound = container.add_stream_from_template(stored.streams.audio[0])
        cover = container.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 48, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        grey = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), "rgb24")
        for packet in stored.demux(audio=0):
            if packet.dts is not None:
                packet.stream = sound
                container.mux(packet)
        container.mux(cover.encode(grey))
        container.mux(cover.encode(None))

    with pytest.raises(SourceError, match="has no video"):
        FileSource(path)


def test_ffmpeg_says_nothing_of_its_own(write_clip: WriteClip) -> None:
    path = write_clip(pictures=noise(30, (64, 48)), options=SHORT_GROUPS)
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 2000] = bytes(2000)
    path.write_bytes(content)
    script = (
        "import sys; from motionapp.sources import FileSource\n"
        "print(len([frame.bgr() for frame in FileSource(sys.argv[1]).frames()]))"
    )

    ran = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )

    assert int(ran.stdout) > 10
    assert ran.stderr == ""


@pytest.mark.real
@pytest.mark.parametrize("hole_kb", [10, 20, 40, 60])
def test_a_real_recording_with_a_hole_is_read_past_it(
    shared_data: Path, tmp_path: Path, hole_kb: int
) -> None:
    content = bytearray((shared_data / "events" / "traffic_camera.mp4").read_bytes())
    middle = len(content) // 2
    content[middle : middle + 1000 * hole_kb] = bytes(1000 * hole_kb)
    path = tmp_path / "hole.mp4"
    path.write_bytes(content)
    source = FileSource(path)

    frames = [(frame.pts_s, frame.is_flagged) for frame in source.frames()]

    assert len(frames) >= 550
    assert frames[-1][0] == pytest.approx(23.0)  # what lies behind the hole is not shifted
    assert source.is_damaged
    assert 0 < sum(to_s - from_s for from_s, to_s in source.damage.lost) < 1.2


def test_a_file_is_looked_into_again_only_when_it_has_changed(
    write_clip: WriteClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Path] = []
    look_into = header._look_into

    def counted(path: Path, number: int | None) -> object:
        looked.append(path)
        return look_into(path, number)

    monkeypatch.setattr(header, "_look_into", counted)
    path = write_clip(count=10)
    first = FileSource(path).info

    assert FileSource(path).info == first
    assert len(looked) == 1

    write_clip(count=20)

    assert FileSource(path).info.duration_s != first.duration_s
    assert len(looked) == 2
