"""Recordings whose beginning cannot be decoded: times stay those that a player shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import pytest

from motionapp.sources import FileSource
from motionapp.sources.joined import JoinedSource

WriteClip = Callable[..., Path]

GROUPS = {"g": "10", "keyint_min": "10", "bf": "2", "sc_threshold": "0"}
OPEN_GROUPS = {**GROUPS, "x264-params": "open-gop=1:keyint=10:min-keyint=10:scenecut=0"}


def without_first(path: Path, name: str, count: int) -> Path:
    """The recording without its first packets, as they are stored."""
    made = path.with_name(name)
    with av.open(str(path)) as given, av.open(str(made), "w") as output:
        stream = output.add_stream_from_template(given.streams.video[0])
        packets = [packet for packet in given.demux(video=0) if packet.size]
        for packet in packets[count:]:
            packet.stream = stream
            output.mux(packet)
    return made


@pytest.mark.parametrize("name", ["cut.mp4", "cut.mkv", "cut.ts"])
@pytest.mark.parametrize(("options", "count"), [(GROUPS, 1), (GROUPS, 4), (OPEN_GROUPS, 5)])
def test_times_begin_with_the_first_picture_decodable_or_not(
    write_clip: WriteClip, name: str, options: dict[str, str], count: int
) -> None:
    whole = write_clip(f"whole{Path(name).suffix}", count=40, rate=10, options=options)
    path = without_first(whole, name, count)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.time_base is not None
        packets = [packet for packet in container.demux(stream) if not packet.is_discard]
        stamps = [packet.pts for packet in packets if packet.pts is not None]
        first_s, last_s = (float(pts * stream.time_base) for pts in (min(stamps), max(stamps)))

    source = FileSource(path)
    frames = list(source.frames())

    first = frames[0]
    shown_s = first.pts * float(first.epoch.time_base) - first_s
    assert first.pts_s == pytest.approx(shown_s, abs=0.0005)
    assert first.pts_s > 0.05
    assert frames[-1].pts_s == pytest.approx(last_s - first_s)
    lost = source.damage.lost
    assert lost == (((0.0, first.pts_s),) if first.pts_s > 0.5 else ())


def test_several_missing_key_frames_are_told_at_the_start(write_clip: WriteClip) -> None:
    whole = write_clip(count=40, rate=10, options=GROUPS)
    with av.open(str(whole)) as given, av.open(str(whole.with_name("b.mp4")), "w") as output:
        stream = output.add_stream_from_template(given.streams.video[0])
        for number, packet in enumerate(given.demux(video=0)):
            if packet.size and not (packet.is_keyframe and number < 20):
                packet.stream = stream
                output.mux(packet)

    source = FileSource(whole.with_name("b.mp4"))
    list(source.frames())

    ((from_s, to_s),) = source.damage.lost
    assert (from_s, to_s) == (0.0, pytest.approx(2.0, abs=0.21))
    assert "first key frame" in source.damage.first_error


def test_a_later_start_tells_only_what_is_lost_of_it(write_clip: WriteClip) -> None:
    source = FileSource(without_first(write_clip(count=40, rate=10, options=GROUPS), "b.mp4", 1))
    first_s = next(source.frames()).pts_s

    list(source.frames(0.3))
    within = source.damage.lost
    list(source.frames(2.0))

    assert within == ((0.3, first_s),)
    assert source.damage.lost == ()


def test_what_follows_in_a_joined_recording_is_not_shifted(write_clip: WriteClip) -> None:
    whole = write_clip("a.mp4", count=40, rate=10, options={"g": "10", "bf": "0"})
    late = without_first(whole, "b.mp4", 1)

    joined = JoinedSource([late, whole])
    frames = list(joined.frames())

    assert len(frames) == 70
    assert frames[30].pts_s == pytest.approx(3.9)
    assert joined.damage.lost == ((0.0, pytest.approx(0.9)),)


def test_what_an_edit_list_hides_does_not_count(write_clip: WriteClip) -> None:
    """The muxer writes an edit that begins at time 0 for packets with negative stamps."""
    whole = write_clip(count=40, rate=10, options={"g": "10", "bf": "0"})
    made = whole.with_name("edited.mp4")
    with av.open(str(whole)) as given, av.open(str(made), "w") as output:
        stream = output.add_stream_from_template(given.streams.video[0])
        for packet in given.demux(video=0):
            if packet.size and packet.pts is not None and packet.dts is not None:
                ticks = round(0.5 / packet.time_base)
                packet.stream, packet.pts, packet.dts = (
                    stream,
                    packet.pts - ticks,
                    packet.dts - ticks,
                )
                output.mux(packet)

    frames = list(FileSource(made).frames())

    assert frames[0].pts_s == 0.0
    assert FileSource(made).damage.lost == ()
