"""Recordings whose start cannot be decoded, and where their second 0 is."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from motionapp.sources.beginning import SeenPackets
from motionapp.sources.file import FileSource
from motionapp.sources.joined import JoinedSource
from tests.sources.conftest import WriteClip

GROUP = {"g": "25", "bf": "0", "sc_threshold": "0"}
OPEN = {"g": "27", "x264-params": "open-gop=1:bframes=3:b-adapt=0:scenecut=0"}


def behind(
    path: Path, name: str, dropped: int, *, shift_s: float = 0.0, sound: float | None = None
) -> Path:
    """The recording without its first packets, all times moved, with sound from a second on."""
    out = path.with_name(name)
    with av.open(str(path)) as source, av.open(str(out), "w") as target:
        video = source.streams.video[0]
        stream: Any = target.add_stream_from_template(video, opaque=True)
        audio: Any = (
            target.add_stream("aac", rate=16000, layout="mono") if sound is not None else None
        )
        if sound is not None:
            for at in range(0, 32_000, 1024):
                heard = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.int16), "s16", "mono")
                heard.sample_rate, heard.pts = 16_000, round(sound * 16_000) + at
                target.mux(audio.encode(heard))
            target.mux(audio.encode(None))
        assert video.time_base is not None
        shift = round(Fraction(shift_s) / video.time_base)
        for number, packet in enumerate(each for each in source.demux(video) if each.size):
            if number >= dropped:
                packet.stream = stream
                assert packet.pts is not None
                packet.pts += shift
                if packet.dts is not None:
                    packet.dts += shift
                target.mux(packet)
    return out


def times_of(source: FileSource | JoinedSource, start_s: float = 0.0) -> list[float]:
    return [round(frame.pts_s, 3) for frame in source.frames(start_s)]


@pytest.mark.parametrize("threads", [1, 4])
@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("b.ts", "libx264"),
        ("b.ts", "libx265"),
        ("b.ts", "mpeg2video"),
        ("b.mkv", "mpeg2video"),
        ("b.mkv", "libx265"),
    ],
)
def test_every_coding_and_any_number_of_threads_give_the_same_beginning(
    write_clip: WriteClip, name: str, codec: str, threads: int
) -> None:
    """With B-frames, and hidden pictures, where the coding has them; a key frame every 12."""
    whole = write_clip(f"whole{Path(name).suffix}", count=60, codec=codec, is_grouped=True)
    shown = times_of(FileSource(whole))

    source = FileSource(behind(whole, name, 5), decode_threads=threads)
    times = times_of(source)

    assert 30 <= len(times) <= 48
    # Up to three pictures before the first one left are shown after it.
    assert 0.20 <= times[0] <= 0.36
    assert times[-1] - times[0] == pytest.approx(shown[-1] - shown[-len(times)], abs=0.002)


def test_pictures_that_lean_over_the_cut_of_an_open_group_have_their_time(
    write_clip: WriteClip,
) -> None:
    """Three pictures before the key frame need the group before: too few to be called a loss."""
    path = write_clip("a.ts", count=75, options=OPEN)
    with av.open(str(path)) as container:
        packets = [each for each in container.demux(video=0) if each.size]
    key = next(number for number, each in enumerate(packets) if number and each.is_keyframe)
    leading = [each.pts for each in packets[key:] if (each.pts or 0) < (packets[key].pts or 0)]
    assert leading

    source = FileSource(behind(path, "b.ts", key))
    times = times_of(source)

    assert times[0] == pytest.approx(len(leading) / 25, abs=0.002)
    assert source.damage.lost == ()


@pytest.mark.parametrize(("name", "shift_s"), [("b.mkv", 3.0), ("b.ts", 3.0), ("b.mp4", -0.4)])
def test_stamps_that_begin_elsewhere_begin_at_second_0(
    write_clip: WriteClip, name: str, shift_s: float
) -> None:
    source = FileSource(behind(write_clip(count=30, options=GROUP), name, 0, shift_s=shift_s))

    times = times_of(source)

    assert times[0] == 0.0
    assert source.damage.lost == ()


@pytest.mark.parametrize("options", [GROUP, {**GROUP, "bf": "2"}])
def test_an_avi_that_knows_no_times_of_showing_begins_with_its_first_packet(
    write_clip: WriteClip, options: dict[str, str]
) -> None:
    whole = write_clip("a.ts", count=60, options=options)

    source = FileSource(behind(whole, "b.avi", 5))

    # FFmpeg puts the first packet at 0, as far before the others as there were packets before it.
    assert times_of(source)[0] == pytest.approx(0.9, abs=0.102)
    assert len(source.damage.lost) == 1


def test_what_a_recorder_left_over_of_an_hour_before_is_no_lost_hour(write_clip: WriteClip) -> None:
    whole = write_clip("a.ts", count=50, options=GROUP)
    left = behind(whole, "left.ts", 45)
    new = behind(whole, "new.ts", 0, shift_s=3600.0)
    path = whole.with_name("b.ts")
    path.write_bytes(left.read_bytes() + new.read_bytes())

    source = FileSource(path)

    assert times_of(source)[0] == 0.0
    assert source.damage.lost == ()


def test_where_the_start_is_lost_the_sound_says_how_much(write_clip: WriteClip) -> None:
    """Dropped packets leave no trace in an MP4; its sound began with them."""
    path = behind(write_clip(count=60, options=GROUP), "b.mp4", 3, sound=0.0)
    source = FileSource(path)

    assert times_of(source)[0] == pytest.approx(1.0, abs=0.07)
    assert source.damage.lost == ((0.0, pytest.approx(1.0, abs=0.07)),)


class Packet:
    """What is looked at of one, as AVI gives it: no word of when it is shown."""

    def __init__(self, dts: int, *, is_key: bool = False, is_left_out: bool = False) -> None:
        self.stream_index, self.size, self.duration = 0, 100, 1
        self.pts, self.dts = None, dts
        self.is_keyframe, self.is_discard = is_key, is_left_out


def lost(packets: Sequence[Packet], first: int, *, is_shown: bool) -> int:
    seen = SeenPackets(0, Fraction(1, 25))
    for packet in packets:
        seen.see(packet)  # type: ignore[arg-type]  # a stand-in
    return seen.lost_before(first, is_shown=is_shown)


def test_where_only_times_of_decoding_are_known_the_last_key_frame_is_the_first_picture() -> None:
    packets = [Packet(number, is_key=number == 7) for number in range(10)]

    assert lost(packets, first=9, is_shown=False) == 7
    assert lost(packets[7:], first=9, is_shown=False) == 0
    assert lost(packets[:7], first=6, is_shown=False) == 0


def test_stamps_that_jump_before_the_first_picture_are_another_recording() -> None:
    packets = [Packet(dts) for dts in (-5000, 90, 92, 91, 93)]

    assert lost(packets, first=93, is_shown=True) == 3


def test_what_an_edit_list_leaves_out_is_no_loss() -> None:
    packets = [Packet(number, is_left_out=number < 5) for number in range(6)]

    assert lost(packets, first=5, is_shown=True) == 0
