"""Recordings of every kind that cameras, phones and recorders make: forms, stamps and sound."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from av.codec.hwaccel import HWAccel
from av.container import InputContainer

from motionapp.core.frame import Frame
from motionapp.sources import FileSource, file
from motionapp.sources.decoding import Decoder
from motionapp.sources.header import open_recording

WriteClip = Callable[..., Path]

TS_HZ = 90_000
TS_WRAP = 2**33
"""Where the stamps of MPEG-TS begin again: every 26.5 hours."""
NO_B_FRAMES = {"g": "10", "bf": "0"}


def times(frames: list[Frame]) -> list[float]:
    return [frame.pts_s for frame in frames]


def numbers(frames: list[Frame]) -> list[int]:
    """Which picture each frame is: `grey_steps` gives each of 40 its own grey."""
    return [round((float(np.median(frame.luma_at(0))) - 40) / 5) for frame in frames]


def restamped(path: Path, stamp: Callable[[int], int]) -> Path:
    """The same packets as a transport stream with other stamps, in ticks from the first."""
    out_path = path.with_name(f"restamped-{path.name}")
    with (
        av.open(str(path)) as stored,
        av.open(str(out_path), "w", options={"mpegts_copyts": "1"}) as out,
    ):
        stream = out.add_stream_from_template(stored.streams.video[0])
        packets = [packet for packet in stored.demux(video=0) if packet.dts is not None]
        first = packets[0].dts
        for packet in packets:
            packet.stream = stream
            packet.time_base = Fraction(1, TS_HZ)
            packet.pts, packet.dts = stamp(packet.pts - first), stamp(packet.dts - first)
            out.mux(packet)
    return out_path


@pytest.mark.parametrize("start_s", [0.0, 0.5, 1.9, 2.1, 3.0])
def test_stamps_that_wrap_at_33_bits_go_on(write_clip: WriteClip, start_s: float) -> None:
    clip = write_clip("clip.ts", count=100, is_grouped=True)
    path = restamped(clip, lambda ticks: TS_WRAP - 2 * TS_HZ + ticks)

    frames = list(FileSource(path).frames(start_s))

    expected = [0.04 * n for n in range(100) if 0.04 * n >= start_s - 0.0005]
    assert times(frames) == pytest.approx(expected)
    assert {frame.epoch.number for frame in frames} == {0}


def test_stamps_that_jump_forward_keep_the_gap_and_begin_an_epoch(write_clip: WriteClip) -> None:
    clip = write_clip("clip.ts", count=40, options=NO_B_FRAMES)
    path = restamped(clip, lambda ticks: ticks + (3600 * TS_HZ if ticks >= 0.8 * TS_HZ else 0))

    frames = list(FileSource(path).frames())

    assert times(frames)[19:21] == pytest.approx([0.76, 3600.8])
    assert [frame.epoch.number for frame in frames] == [0] * 20 + [1] * 20


@pytest.mark.parametrize("codec", ["libx264", "mpeg2video"])
def test_interlaced_pictures_come_as_woven_frames(write_clip: WriteClip, codec: str) -> None:
    fields = {"libx264": {"x264-params": "tff=1"}, "mpeg2video": {"flags": "+ildct+ilme"}}
    path = write_clip("clip.ts", codec=codec, count=30, options=fields[codec])

    frames = list(FileSource(path).frames())

    assert numbers(frames) == list(range(30))
    assert times(frames) == pytest.approx([0.04 * n for n in range(30)])


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt"),
    [
        ("clip.avi", "mjpeg", "yuvj420p"),
        ("clip.webm", "libvpx-vp9", "yuv420p"),
        ("clip.mkv", "ffv1", "yuv420p"),
        ("clip.mp4", "libx264", "yuv444p"),
    ],
)
@pytest.mark.parametrize("size", [(101, 75), (33, 64), (64, 33)])
def test_odd_sizes_are_whole_and_rows_are_not_skewed(
    write_clip: WriteClip, name: str, codec: str, pix_fmt: str, size: tuple[int, int]
) -> None:
    width, height = size
    picture = np.full((height, width, 3), 60, np.uint8)
    picture[:, width // 2 :] = 200  # an upright edge: skewed rows would lean

    source = FileSource(write_clip(name, codec=codec, pix_fmt=pix_fmt, pictures=[picture] * 3))
    frame = next(source.frames())

    assert source.info.size == frame.epoch.size == size
    assert frame.bgr().shape == (height, width, 3)
    assert np.abs(frame.bgr()[:, :, 0].astype(int) - picture[:, :, 0]).mean() < 6
    assert frame.luma_at(1).shape == (height >> 1, width >> 1)
    left, right = frame.luma_at(1)[:, : width // 4 - 2], frame.luma_at(1)[:, width // 4 + 2 :]
    assert left.max() < 100 < 160 < right.min()


@pytest.mark.parametrize("name", ["clip.ts", "clip.h264", "clip.mpg"])
def test_a_size_change_in_mid_file_begins_an_epoch(
    write_clip: WriteClip, tmp_path: Path, name: str
) -> None:
    codec = "mpeg2video" if name.endswith("mpg") else "libx264"
    small = write_clip(f"a-{name}", codec=codec, size=(64, 48), count=25)
    large = write_clip(f"b-{name}", codec=codec, size=(96, 64), count=25)
    path = tmp_path / name
    path.write_bytes(small.read_bytes() + large.read_bytes())

    frames = list(FileSource(path).frames())

    sizes = [frame.epoch.size for frame in frames]
    assert sizes == sorted(sizes)
    assert 24 <= sizes.count((64, 48)) <= 25
    assert 24 <= sizes.count((96, 64)) <= 25
    assert all(frame.bgr().shape[1::-1] == frame.epoch.size for frame in frames)
    assert all(a < b for a, b in pairwise(times(frames)))
    assert {frame.epoch.number for frame in frames} == {0, 1}


def test_pictures_that_repeat_are_frames_of_their_own(write_clip: WriteClip) -> None:
    pictures = [np.full((48, 64, 3), 40 + 5 * (n // 3), np.uint8) for n in range(30)]

    frames = list(FileSource(write_clip(pictures=pictures)).frames())

    assert numbers(frames) == [n // 3 for n in range(30)]
    assert times(frames) == pytest.approx([0.04 * n for n in range(30)])


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv", "clip.ts", "clip.avi"])
@pytest.mark.parametrize("delay_s", [0.0, 0.5])
def test_sound_changes_neither_frames_nor_times(
    write_clip: WriteClip, name: str, delay_s: float
) -> None:
    silent = write_clip(name, count=50, options=NO_B_FRAMES)
    path = _with_sound(silent, delay_s=delay_s)
    expected = [(f.pts_s, f.luma_at(0).tobytes()) for f in FileSource(silent).frames()]

    source = FileSource(path)

    assert [(f.pts_s, f.luma_at(0).tobytes()) for f in source.frames()] == expected
    assert [(f.pts_s, f.luma_at(0).tobytes()) for f in source.frames(1.0)] == expected[25:]
    assert not source.damage.is_partial


def test_sound_that_begins_in_mid_file_is_passed_over(
    write_clip: WriteClip, tmp_path: Path
) -> None:
    """The beginning must be longer than what FFmpeg reads ahead to find the streams."""
    random = np.random.default_rng(1)
    pictures = [random.integers(0, 255, (240, 320, 3), np.uint8) for _ in range(150)]
    silent = write_clip("silent.ts", pictures=pictures, options=NO_B_FRAMES)
    heard = _with_sound(write_clip("short.ts", count=50, size=(320, 240)), delay_s=0.0)
    path = tmp_path / "both.ts"
    path.write_bytes(silent.read_bytes() + heard.read_bytes())
    source = FileSource(path)

    frames = list(source.frames())

    assert len(frames) == 200
    assert not source.damage.first_error


def _with_sound(path: Path, *, delay_s: float) -> Path:
    """The same pictures, `delay_s` after sound has begun."""
    heard = path.with_name(f"heard-{path.name}")
    with av.open(str(path)) as stored, av.open(str(heard), "w") as out:
        video = out.add_stream_from_template(stored.streams.video[0])
        codec = "mp2" if path.suffix in (".avi", ".ts") else "aac"
        sound = out.add_stream(codec, rate=32_000, layout="mono")
        out.start_encoding()
        shown = []
        for packet in stored.demux(video=0):
            if packet.dts is not None:
                ticks = round(delay_s / packet.time_base)
                packet.stream, packet.pts, packet.dts = (
                    video,
                    packet.pts + ticks,
                    packet.dts + ticks,
                )
                shown.append(packet)
        size = sound.codec_context.frame_size or 1152
        form = sound.codec_context.format.name
        heard_packets = []
        for number in range(int((2 + delay_s) * 32_000 / size)):
            samples = np.zeros((1, size), np.float32 if form == "fltp" else np.int16)
            silence = av.AudioFrame.from_ndarray(samples, format=form, layout="mono")
            silence.sample_rate, silence.pts = 32_000, number * size
            silence.time_base = Fraction(1, 32_000)
            heard_packets += sound.encode(silence)
        heard_packets += sound.encode(None)
        for packet in sorted(
            [*shown, *heard_packets], key=lambda packet: packet.dts * packet.time_base
        ):
            out.mux(packet)
    return heard


def test_deblocking_is_left_out_only_where_nothing_is_built_upon_it(write_clip: WriteClip) -> None:
    random = np.random.default_rng(3)
    ground = random.integers(60, 180, (12, 16, 3), np.uint8).repeat(8, 0).repeat(8, 1)
    options = {"bf": "2", "b-adapt": "0", "g": "24", "b-pyramid": "none", "crf": "36"}
    path = write_clip(
        pictures=[np.roll(ground, 3 * n, axis=1) for n in range(24)],
        color_range=2,  # luma as it is stored
        options=options,
    )
    with av.open(str(path)) as container:
        whole = [
            (picture.pict_type == av.video.frame.PictureType.B, picture.to_ndarray()[:96])
            for picture in container.decode(video=0)
        ]

    frames = list(FileSource(path).frames())

    spared = []
    for frame, (is_b, expected) in zip(frames, whole, strict=True):
        difference = np.abs(frame.luma_at(0).astype(int) - expected)
        assert is_b or difference.max() == 0
        spared += [float(difference.mean())] if is_b else []
    assert 0 < max(spared) < 4


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts"])
def test_a_later_start_is_found_with_intra_refresh_as_well(
    name: str, write_clip: WriteClip
) -> None:
    """What is marked as a key frame begins to renew the picture, and is not whole itself."""
    refresh = {"bf": "0", "x264-params": "intra-refresh=1:keyint=50:scenecut=0"}
    path = write_clip(name, count=200, size=(320, 48), options=refresh)
    whole = list(FileSource(path, decode_threads=1).frames())

    later = list(FileSource(path, decode_threads=1).frames(6.1))

    assert later[0].pts_s == pytest.approx(6.12)
    assert [frame.pts_s for frame in later] == [frame.pts_s for frame in whole[153:]]
    assert np.array_equal(later[0].bgr(), whole[153].bgr())


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts", "a.avi"])
def test_a_place_behind_a_whole_key_frame_is_reached_by_one_opening(
    name: str, write_clip: WriteClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = FileSource(write_clip(name, count=100, options={"g": "25", "bf": "0"}))
    opened: list[Path] = []

    def counted(path: Path, accelerator: HWAccel | None) -> InputContainer:
        opened.append(path)
        return open_recording(path, accelerator)

    monkeypatch.setattr(file, "open_recording", counted)

    assert next(source.frames(2.2)).pts_s == pytest.approx(2.2)
    source.close()
    assert len(opened) == 1


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.ts"])
@pytest.mark.parametrize("threads", [1, None])
@pytest.mark.parametrize("bframes", ["b-pyramid=normal:bframes=5", "b-pyramid=none:bframes=3"])
def test_on_the_way_to_a_place_only_what_others_build_upon_is_decoded(
    name: str,
    threads: int | None,
    bframes: str,
    write_clip: WriteClip,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options = {"g": "250", "x264-params": f"{bframes}:b-adapt=0:scenecut=0"}
    path = write_clip(name, count=150, size=(96, 64), options=options)
    source = FileSource(path, decode_threads=threads)
    whole = [(frame.pts_s, frame.luma_at(0).tobytes()) for frame in source.frames()]
    decoded: list[av.VideoFrame] = []
    pictures = Decoder.pictures

    def counted(decoder: Decoder) -> Iterator[av.VideoFrame]:
        for picture in pictures(decoder):
            decoded.append(picture)
            yield picture

    monkeypatch.setattr(Decoder, "pictures", counted)

    later = [(frame.pts_s, frame.luma_at(0).tobytes()) for frame in source.frames(4.98)]

    assert later == [one for one in whole if one[0] > 4.97]
    assert len(later) == 25
    assert len(decoded) < 25 + 25 + 0.8 * 100  # those asked for, a second before them, the way
    assert not source.damage.is_partial
