"""Consecutive recordings as one: time, epochs, seeking, damage, and events over their borders."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from motionapp.assembly import make_analysis, open_joined
from motionapp.core.errors import SourceError
from motionapp.core.event import Event
from motionapp.core.frame import Frame
from motionapp.core.models import Models
from motionapp.core.seams import Source
from motionapp.settings.tree import AnalysisSettings
from motionapp.sources import JoinedSource
from motionapp.sources.joined import names_apart

WriteClip = Callable[..., Path]

GROUPS = {"g": "10", "keyint_min": "10", "bf": "0", "sc_threshold": "0"}


def times(frames: Iterable[Frame]) -> list[float]:
    return [frame.pts_s for frame in frames]


def told(frame: Frame) -> tuple[float, bytes]:
    return frame.pts_s, frame.luma_at(1).tobytes()


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts", "avi", "h264"])
def test_each_begins_where_the_former_ends(write_clip: WriteClip, suffix: str) -> None:
    counts = (30, 1, 50)
    paths = [
        write_clip(f"{n}.{suffix}", count=count, options=GROUPS) for n, count in enumerate(counts)
    ]
    source = JoinedSource(paths)

    frames = list(source.frames())

    assert times(frames) == pytest.approx([0.04 * n for n in range(81)], abs=2e-3)
    assert [frame.index for frame in frames] == list(range(81))
    assert {frame.epoch.number for frame in frames} == {0}
    assert not source.damage.is_partial
    assert [source.path_at(pts_s) for pts_s in (0.0, 1.19, 1.2, 1.24, 9.0)] == [
        paths[0], paths[0], paths[1], paths[2], paths[2]
    ]  # fmt: skip
    assert source.path_at(-1.0) is None


def test_files_of_one_name_are_told_apart_by_their_folders(write_clip: WriteClip) -> None:
    """As cameras name them that begin anew each day."""
    paths = [write_clip(f"{day}.mp4", count=5) for day in ("monday", "tuesday", "b")]
    for path in paths[:2]:
        path.with_suffix("").mkdir()
    moved = [path.rename(path.with_suffix("") / "a.mp4") for path in paths[:2]]
    source = JoinedSource([*moved, paths[2]])

    list(source.frames())

    assert [name for name, _ in source.begins] == ["monday/a.mp4", "tuesday/a.mp4", "b.mp4"]


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=4), max_size=6))
def test_names_apart_are_different_ends_of_their_paths(folders: list[list[str]]) -> None:
    paths = {Path("/", *parts) for parts in folders}

    names = names_apart(paths)

    assert len(set(names.values())) == len(paths)
    assert all(path.as_posix().endswith(names[path]) for path in paths)


def test_what_is_known_before_reading(write_clip: WriteClip) -> None:
    paths = [write_clip(f"cam_20260301_12000{n}.mp4", count=25) for n in (0, 1, 2)]

    info = open_joined(paths, time_zone="Europe/Zurich").info

    assert (info.name, info.size, info.rate_hz) == (
        "cam_20260301_120000.mp4 and 2 more",
        (64, 48),
        25.0,
    )
    assert info.duration_s == pytest.approx(3.0)
    assert info.start_utc == datetime(2026, 3, 1, 11, tzinfo=UTC)
    assert info.is_seekable
    assert JoinedSource(paths[:1]).info.name == paths[0].name


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts", "h264"])
def test_reading_from_a_later_time_gives_the_same_frames(
    write_clip: WriteClip, suffix: str
) -> None:
    paths = [write_clip(f"{n}.{suffix}", count=110, options=GROUPS) for n in range(3)]
    whole = [told(frame) for frame in JoinedSource(paths).frames()]

    for start_s in (0.01, 1.0, 4.36, 4.4, 6.0, 8.79, 8.8, 13.16, 99.0):
        part = [told(frame) for frame in JoinedSource(paths).frames(start_s)]

        assert part == [frame for frame in whole if frame[0] >= start_s - 0.0005], start_s


def test_a_pause_by_the_names_is_kept_and_begins_an_epoch(write_clip: WriteClip) -> None:
    names = ["20260301_120000.mp4", "20260301_120002.mp4", "20260301_120104.mp4"]
    source = JoinedSource([write_clip(name, count=25) for name in names])

    frames = list(source.frames())

    assert times(frames)[24:26] == pytest.approx([0.96, 1.0])  # a second is closed
    assert times(frames)[49:51] == pytest.approx([1.96, 64.0])
    assert [frame.epoch.number for frame in frames] == [0] * 50 + [1] * 25
    assert frames[50].epoch.origin_s == pytest.approx(64.0)
    assert times(source.frames(64.5))[0] == pytest.approx(64.52)
    assert source.info.duration_s == pytest.approx(65.0)


def test_one_name_without_a_time_and_no_pause_is_believed(write_clip: WriteClip) -> None:
    paths = [write_clip(name, count=25) for name in ("20260301_120000.mp4", "next.mp4")]

    assert times(JoinedSource(paths).frames()) == pytest.approx([0.04 * n for n in range(50)])


def test_a_recording_of_another_size_begins_an_epoch(write_clip: WriteClip) -> None:
    paths = [write_clip("a.mp4"), write_clip("b.mp4", size=(96, 64)), write_clip("c.mp4")]

    frames = list(JoinedSource(paths).frames())

    assert [frame.epoch.number for frame in frames] == [0] * 10 + [1] * 10 + [2] * 10
    assert frames[15].epoch.size == (96, 64)
    assert times(frames) == pytest.approx([0.04 * n for n in range(30)])


def test_what_cannot_be_read_is_passed_over_and_named(write_clip: WriteClip) -> None:
    paths = [write_clip(f"{name}.mp4", count=25) for name in "abcd"]
    paths[1].write_bytes(b"")
    header_only = _with_index_first(paths[2])
    source = JoinedSource([paths[0], paths[1], header_only, paths[3]])

    frames = list(source.frames())

    assert times(frames) == pytest.approx([0.04 * n for n in (*range(25), *range(50, 75))])
    assert source.damage.lost == (pytest.approx((1.0, 2.0)),)
    assert not source.is_damaged  # a second reading would not change it
    sentence = source.damage.sentence("all")
    assert "2 of 4 recordings cannot be read" in sentence
    assert f"{paths[1]} is empty" in sentence
    assert "no picture in it can be decoded" in sentence
    assert "1.00 to 2.00 s" in sentence


def _with_index_first(path: Path) -> Path:
    """A file whose header says how long it is, but whose pictures are zeros."""
    moved = path.with_name(f"zeros-{path.name}")
    with (
        av.open(str(path)) as stored,
        av.open(str(moved), "w", options={"movflags": "faststart"}) as out,
    ):
        stream = out.add_stream_from_template(stored.streams.video[0])
        for packet in stored.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    content = bytearray(moved.read_bytes())
    begin = content.index(b"mdat") + 4
    content[begin:] = bytes(len(content) - begin)
    moved.write_bytes(content)
    return moved


def test_between_known_starts_a_lost_recording_leaves_its_time(write_clip: WriteClip) -> None:
    paths = [write_clip(f"20260301_12000{n}.mp4", count=50) for n in (0, 2, 4)]
    paths[1].write_bytes(b"This is no recording." * 9)
    source = JoinedSource(paths)

    frames = list(source.frames())

    # Two seconds without a recording would be closed, but this one is known to have been there.
    assert times(frames)[49:51] == pytest.approx([1.96, 4.0])
    assert source.damage.lost == (pytest.approx((2.0, 4.0)),)


def test_a_damaged_recording_keeps_its_length_and_its_damage_has_the_joined_time(
    write_clip: WriteClip,
) -> None:
    random = np.random.default_rng(7)
    noise = [random.integers(90, 150, (120, 160, 3), np.uint8) for _ in range(50)]
    paths = [write_clip(f"{n}.mkv", pictures=noise, options=GROUPS) for n in range(3)]
    content = paths[1].read_bytes()
    paths[1].write_bytes(content[: len(content) // 2])
    source = JoinedSource(paths, decode_threads=1)

    frames = list(source.frames())

    (lost,) = source.damage.lost
    assert lost[1] == pytest.approx(4.0)
    assert 2.5 < lost[0] < 3.2
    assert source.damage.first_error.startswith("1.mkv: ")
    assert times(frames)[-50:] == pytest.approx([4 + 0.04 * n for n in range(50)])
    assert times(JoinedSource(paths).frames(4.5))[0] == pytest.approx(4.52)


def test_damage_shows_while_the_damaged_recording_is_read(write_clip: WriteClip) -> None:
    random = np.random.default_rng(7)
    noise = [random.integers(90, 150, (120, 160, 3), np.uint8) for _ in range(50)]
    paths = [write_clip(f"{n}.mp4", pictures=noise, options=GROUPS) for n in range(2)]
    content = bytearray(paths[1].read_bytes())
    content[len(content) // 2 : len(content) // 2 + 20_000] = bytes(20_000)
    paths[1].write_bytes(content)
    source = JoinedSource(paths, decode_threads=1)

    seen_at = next(frame.pts_s for frame in source.frames() if source.is_damaged)
    early = source.damage

    assert 2.5 < seen_at < 3.5
    assert early.first_error.startswith("1.mp4: ")


def test_without_one_that_can_be_read_there_is_nothing_to_join(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()

    with pytest.raises(SourceError, match=r"a\.mp4 is empty"):
        JoinedSource([tmp_path / "a.mp4", tmp_path / "b.mp4"])
    with pytest.raises(SourceError, match="no recording to be joined"):
        JoinedSource([])


def events_of(source: Source) -> list[Event]:
    settings = AnalysisSettings.model_validate({"recognition": {"classifier": "none"}})
    analysis = make_analysis(settings, Models(), source_name="scene")
    found = [event for frame in source.frames() for event in analysis.step(frame).closed]
    return [*found, *analysis.finish().closed]


def scene() -> list[NDArray[np.uint8]]:
    """A dark square that walks over a textured ground from second 2 to 7, of 10."""
    random = np.random.default_rng(5)
    ground = random.integers(110, 150, (48, 64, 3), np.uint8).repeat(4, 0).repeat(4, 1)
    pictures = []
    for number in range(250):
        picture = ground.copy()
        if 50 <= number < 175:
            x = (number - 50) * 208 // 125
            picture[70:130, x : x + 36] = 30
        pictures.append(picture)
    return pictures


@pytest.mark.parametrize("cuts", [(60, 130), (50, 175), (100, 101)])
def test_events_run_over_borders(write_clip: WriteClip, cuts: tuple[int, int]) -> None:
    pictures = scene()
    first, second = cuts
    whole = write_clip("whole.mp4", pictures=pictures, options=GROUPS)
    stretches = [pictures[:first], pictures[first:second], pictures[second:]]
    paths = [
        write_clip(f"{n}.mp4", pictures=stretch, options=GROUPS)
        for n, stretch in enumerate(stretches)
    ]

    (expected,) = events_of(JoinedSource([whole]))
    (found,) = events_of(JoinedSource(paths))

    assert found.start_s == pytest.approx(expected.start_s, abs=0.041)
    assert found.end_s == pytest.approx(expected.end_s, abs=0.041)
    assert found.ended_by == expected.ended_by
