"""Copied clips beside their recordings, picture by picture, whatever these are stored in."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import av
import pytest

from motionapp.core.event import Event
from tests.sinks.clips.compared import Shown, check_clip, pictures_of
from tests.sinks.clips.conftest import KEYS, cut, tone_begin_s
from tests.sinks.clips.remade import Stamps, restamped, shifted
from tests.sinks.conftest import WriteRecording, event_at

EVENT: Final = event_at(2.0, 2.4)
NO_B: Final = {**KEYS, "bf": "0"}
X265: Final = {"x265-params": "keyint=20:log-level=none"}
X265_OPEN: Final = {"x265-params": "keyint=20:open-gop=1:log-level=none"}
OPEN: Final = {**KEYS, "x264-params": "open-gop=1:bframes=3"}
REFRESH: Final = {"g": "50", "bf": "0", "x264-params": "intra-refresh=1:scenecut=0:keyint=50"}
MPEG: Final = {"g": "20", "bf": "2"}


def note_of(
    path: Path, folder: Path, event: Event = EVENT, pictures: list[Shown] | None = None
) -> str:
    """Cut the event's clip, hold it against the recording, and give what is said of it.

    `pictures` are the recording's, where somebody has them already.
    """
    sink = cut(path, folder, "copy", event)
    assert sink.problems == ()
    return check_clip(folder, sink, event, pictures_of(path) if pictures is None else pictures)


def first_picture_s(path: Path) -> float:
    with av.open(str(path)) as container:
        return float(next(container.decode(video=0)).time or 0)


COPIED: Final[dict[str, dict[str, Any]]] = {
    "MP4": {"name": "a.mp4"},
    "open groups": {"name": "a.mkv", "options": OPEN},
    "open groups in a transport stream": {"name": "a.ts", "options": OPEN},
    "HEVC with open groups": {"name": "a.ts", "codec": "libx265", "options": X265_OPEN},
    "FLV": {"name": "a.flv"},
    "VP9": {"name": "a.webm", "codec": "libvpx-vp9", "options": {"g": "20"}},
    "MPEG-2": {"name": "a.ts", "codec": "mpeg2video", "sound": "mp2", "options": MPEG},
    "MPEG-4 in AVI": {"name": "a.avi", "codec": "mpeg4", "options": {"g": "20", "bf": "0"}},
    "FFV1": {"name": "a.mkv", "codec": "ffv1", "options": {"bf": "0"}},
    "a bare H.264": {"name": "a.h264"},
    "a bare H.264 with open groups": {"name": "a.264", "options": OPEN},
    "a bare HEVC": {"name": "a.265", "codec": "libx265", "options": X265},
    "a bare HEVC with open groups": {"name": "a.hevc", "codec": "libx265", "options": X265_OPEN},
    "a bare MPEG-4": {"name": "a.m4v", "codec": "mpeg4", "options": {"g": "20"}},
    "bare JPEG pictures": {"name": "a.mjpeg", "codec": "mjpeg", "options": {"bf": "0"}},
}


@pytest.mark.parametrize("kind", COPIED)
def test_a_copy_has_the_pictures_of_the_recording(
    kind: str, write_recording: WriteRecording, folder: Path
) -> None:
    path = write_recording(**{"options": KEYS, **COPIED[kind]})

    assert note_of(path, folder) == ""


SOUNDS: Final = [
    ("a.mov", "pcm_alaw", 8000),
    ("a.avi", "pcm_mulaw", 8000),
    ("a.flv", "pcm_mulaw", 8000),
    ("a.flv", "adpcm_swf", 22050),
    ("a.flv", "nellymoser", 8000),
    ("a.avi", "adpcm_ima_wav", 16000),
    ("a.avi", "adpcm_ms", 16000),
    ("a.asf", "wmav2", 22050),
]


@pytest.mark.parametrize(("name", "sound", "rate_hz"), SOUNDS)
def test_sound_that_no_player_takes_from_an_mp4_is_made_anew_beside_copied_pictures(
    name: str, sound: str, rate_hz: int, write_recording: WriteRecording, folder: Path
) -> None:
    path = write_recording(name, sound=sound, rate_hz=rate_hz, tone_from_s=2.2, options=NO_B)

    note = note_of(path, folder)

    assert note == f"1 clip pictures copied, sound ({sound}) made anew as AAC"
    begins_s, first_s = tone_begin_s(path), first_picture_s(path)
    assert begins_s is not None
    # The key frame before the event's padding is picture 20, at 0.8 s.
    heard_s = tone_begin_s(folder / "clips" / "all@2000.mp4")
    assert heard_s == pytest.approx(begins_s - first_s - 0.8, abs=0.01)


ENCODED: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "AVI with B-frames": (
        {"name": "a.avi", "codec": "mpeg4", "options": MPEG},
        "AVI with B-frames has no time stamps",
    ),
    "Windows Media": (
        {"name": "a.wmv", "codec": "wmv2", "options": {"g": "20", "bf": "0"}, "sound": "wmav2",
         "rate_hz": 22050},
        "its packets cannot be copied ('matroska' format does not support 'wmv2' codec)",
    ),
    "Sorenson in FLV": (
        {"name": "a.flv", "codec": "flv", "options": {"g": "20", "bf": "0"}, "sound": "adpcm_swf",
         "rate_hz": 22050},
        "its packets cannot be copied ('matroska' format does not support 'flv' codec)",
    ),
    "raw pictures": (
        {"name": "a.avi", "codec": "rawvideo", "options": {"bf": "0"}},
        "its packets cannot be copied (invalid argument)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", ENCODED)
def test_what_cannot_be_copied_is_encoded_and_said(
    kind: str, write_recording: WriteRecording, folder: Path
) -> None:
    recording, why = ENCODED[kind]
    path = write_recording(**recording)

    assert note_of(path, folder) == f"1 clip encoded instead of copied, because {why}"
    assert [each.name for each in (folder / "clips").iterdir()] == ["all@2000.mp4"]


@pytest.mark.parametrize("extension", ["mp4", "mkv", "ts", "h264"])
def test_a_clip_of_a_recording_with_intra_refresh_holds_its_event(
    extension: str, write_recording: WriteRecording, folder: Path
) -> None:
    """What is marked as a key frame begins to renew the picture, and is not whole itself."""
    path = write_recording(f"a.{extension}", count=200, options=REFRESH)

    note = note_of(path, folder, event_at(6.0, 6.4))

    assert "s cannot be decoded without what comes before" in note


def every_tenth_as_before(number: int, shown: int, decoded: int) -> Stamps:
    return (shown - 40, decoded - 40) if number % 10 == 7 else (shown, decoded)


def pairs(number: int, shown: int, decoded: int) -> Stamps:
    return max(decoded, shown // 80 * 80), decoded


def twos(number: int, shown: int, decoded: int) -> Stamps:
    return (shown // 128 * 128,) * 2  # a block of AAC lasts 64 ms here


@pytest.mark.parametrize(
    ("name", "options", "stamp"),
    [
        ("b.mkv", NO_B, every_tenth_as_before),
        ("b.flv", NO_B, every_tenth_as_before),
        ("b.mkv", KEYS, pairs),
        ("b.mp4", KEYS, pairs),
        ("b.ts", KEYS, pairs),
    ],
)
def test_no_picture_is_lost_where_two_share_a_stamp(
    name: str, options: dict[str, str], stamp: Any, write_recording: WriteRecording, folder: Path
) -> None:
    plain = write_recording("a.mp4", options=options, sound="aac")
    path = restamped(plain, plain.with_name(name), kind="video", stamp=stamp)

    assert note_of(path, folder) == ""


def test_no_sound_is_lost_where_two_stretches_share_a_stamp(
    write_recording: WriteRecording, folder: Path
) -> None:
    plain = write_recording("a.mp4", options=KEYS, sound="aac", tone_from_s=2.2)
    path = restamped(plain, plain.with_name("b.mkv"), kind="audio", stamp=twos)

    assert note_of(path, folder) == ""
    assert tone_begin_s(folder / "clips" / "all@2000.mp4") == pytest.approx(1.4, abs=0.1)


@pytest.mark.parametrize("name", ["b.mp4", "b.mov"])
def test_pictures_that_an_edit_list_leaves_out_are_not_shown(
    name: str, write_recording: WriteRecording, folder: Path
) -> None:
    """Trimmed without encoding: the file begins with pictures that no player shows."""
    plain = write_recording("a.mp4", options={**KEYS, "g": "50"}, sound="aac")
    path = shifted(plain, plain.with_name(name), by_s=-1.3)

    at_start = note_of(path, folder, event_at(0.3, 0.8))
    later = note_of(path, folder, event_at(1.6, 2.0))

    assert "its edit list leaves out pictures that are stored" in at_start
    assert later == ""


@pytest.mark.real
@pytest.mark.parametrize("name", ["dupstamp.mkv", "alaw.mkv", "raw.h264", "intraref.ts"])
def test_clips_of_recordings_that_went_wrong_hold_their_events(
    name: str, shared_data: Path, folder: Path
) -> None:
    path = shared_data / "cases" / "files" / name
    if not path.exists():
        pytest.skip(f"{path} is not there")

    pictures = pictures_of(path)
    for event in (event_at(4.04, 8.08), event_at(11.04, 14.08)):
        note_of(path, folder, event, pictures)
