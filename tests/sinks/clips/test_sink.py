"""Event clips: which pictures they hold, when these are shown, and what happens when they cannot
be cut."""

from __future__ import annotations

import shutil
from pathlib import Path

import av
import numpy as np
import pytest

from motionapp.core.moment import Moment
from motionapp.settings.tree import RunSettings
from motionapp.sinks.clips.sink import clips_sink
from motionapp.sources.file import FileSource
from motionapp.sources.synthetic import SyntheticSource
from motionapp.testing import frame_at
from tests.sinks.clips.conftest import KEYS, cut, read_clip, tone_begin_s
from tests.sinks.conftest import WriteRecording, event_at

RECORDINGS = {
    "mp4": {"name": "a.mp4", "sound": "aac"},
    "mkv": {"name": "a.mkv", "sound": "aac"},
    "ts": {"name": "a.ts", "sound": "aac"},
    "avi": {"name": "a.avi", "codec": "mpeg4", "options": {**KEYS, "bf": "0"}},
    "open gop": {"name": "a.mp4", "options": {**KEYS, "x264-params": "open-gop=1:bframes=3"}},
    "late start": {"name": "a.ts", "stamps_ms": range(5000, 9000, 40), "sound": "aac"},
    "hevc": {"name": "a.mp4", "codec": "libx265", "options": {"x265-params": "keyint=20"}},
}


@pytest.mark.parametrize("kind", RECORDINGS)
def test_a_copied_clip_begins_with_the_picture_of_its_start(
    kind: str, write_recording: WriteRecording, folder: Path
) -> None:
    path = write_recording(**{"options": KEYS, **RECORDINGS[kind]})

    sink = cut(path, folder, "copy", event_at(2.0, 2.4))

    fields = sink.fields_of(event_at(2.0, 2.4))
    assert sink.problems == ()
    start_s = fields["clip_start_s"]
    assert isinstance(start_s, float)
    clip = read_clip(folder / str(fields["clip"]))
    assert 0.65 < start_s <= 1.5 + 0.001  # the last key frame before the wanted 1.5 s
    assert clip.codes == list(range(clip.codes[0], clip.codes[-1] + 1))
    assert clip.codes[0] == round(start_s * 25)
    assert 72 <= clip.codes[-1] <= 76  # up to 2.9 s, and to the end of what it refers to
    assert clip.times_s == pytest.approx([0.04 * n for n in range(len(clip.codes))], abs=0.002)


@pytest.mark.parametrize("kind", [kind for kind in RECORDINGS if kind != "hevc"])
def test_an_encoded_clip_has_exactly_the_pictures_that_are_wanted(
    kind: str, write_recording: WriteRecording, folder: Path
) -> None:
    path = write_recording(**{"options": KEYS, **RECORDINGS[kind]})

    sink = cut(path, folder, "encode", event_at(2.0, 2.4))

    fields = sink.fields_of(event_at(2.0, 2.4))
    clip = read_clip(folder / str(fields["clip"]))
    assert fields == {"clip": "clips/all@2000.mp4", "clip_start_s": pytest.approx(1.52, abs=0.001)}
    assert clip.codes == list(range(38, 73))
    assert clip.times_s == pytest.approx([0.04 * n for n in range(35)], abs=0.001)


@pytest.mark.parametrize("mode", ["copy", "encode"])
@pytest.mark.parametrize(
    ("name", "sound", "rate_hz"),
    [("a.mp4", "aac", 16000), ("a.ts", "aac", 48000), ("a.mkv", "pcm_s16le", 8000)],
)
def test_sound_stays_with_its_pictures(
    mode: str, name: str, sound: str, rate_hz: int, write_recording: WriteRecording, folder: Path
) -> None:
    path = write_recording(name, sound=sound, rate_hz=rate_hz, tone_from_s=2.2, options=KEYS)
    in_recording_s = tone_begin_s(path)
    assert in_recording_s is not None

    fields = cut(path, folder, mode, event_at(2.0, 2.4)).fields_of(event_at(2.0, 2.4))

    with av.open(str(path)) as container:
        zero_s = float(next(container.decode(video=0)).time or 0)
    clip = read_clip(folder / str(fields["clip"]))
    start_s = fields["clip_start_s"]
    assert isinstance(start_s, float)
    assert clip.tone_from_s == pytest.approx(in_recording_s - zero_s - start_s, abs=0.03)


@pytest.mark.parametrize("mode", ["copy", "encode"])
def test_uneven_times_stay_as_they_are(
    mode: str, write_recording: WriteRecording, folder: Path
) -> None:
    gaps_ms = [40, 80, 40, 300, 20, 40] * 10
    stamps_ms = np.concatenate([[0], np.cumsum(gaps_ms)]).tolist()
    path = write_recording(stamps_ms=stamps_ms, options=KEYS)

    fields = cut(path, folder, mode, event_at(2.5, 3.0)).fields_of(event_at(2.5, 3.0))

    clip = read_clip(folder / str(fields["clip"]))
    start_s = fields["clip_start_s"]
    assert isinstance(start_s, float)
    shown_s = [start_s + time_s for time_s in clip.times_s]
    assert shown_s == pytest.approx([stamps_ms[code] / 1000 for code in clip.codes], abs=0.001)


@pytest.mark.parametrize("mode", ["copy", "encode"])
def test_padding_ends_where_the_recording_does(
    mode: str, write_recording: WriteRecording, folder: Path
) -> None:
    path = write_recording(count=40)

    fields = cut(path, folder, mode, event_at(0.1, 1.6), clip_before_s=9, clip_after_s=9).fields_of(
        event_at(0.1, 1.6)
    )

    assert fields["clip_start_s"] == 0.0
    assert read_clip(folder / str(fields["clip"])).codes == list(range(40))


@pytest.mark.parametrize("mode", ["copy", "encode"])
def test_clips_that_overlap_are_both_whole(
    mode: str, write_recording: WriteRecording, folder: Path
) -> None:
    path = write_recording(sound="aac", options=KEYS)
    events = (event_at(1.0, 1.8), event_at(2.0, 2.4))

    sink = cut(path, folder, mode, *events)

    first, second = (read_clip(folder / str(sink.fields_of(each)["clip"])) for each in events)
    assert set(range(13, 57)) <= set(first.codes)
    assert set(range(38, 72)) <= set(second.codes)


def test_what_mp4_cannot_hold_is_copied_into_matroska(
    write_recording: WriteRecording, folder: Path
) -> None:
    path = write_recording("a.webm", codec="libvpx", options={"g": "20", "bf": "0"})

    sink = cut(path, folder, "copy", event_at(2.0, 2.4))

    assert sink.fields_of(event_at(2.0, 2.4))["clip"] == "clips/all@2000.mkv"
    clip = read_clip(folder / "clips" / "all@2000.mkv")
    assert clip.codes[0] == 20
    assert clip.times_s[0] == 0.0


def test_av1_is_copied_though_its_decoder_has_no_encoder(
    write_recording: WriteRecording, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SVT_LOG", "1")  # the encoder prints on its own
    path = write_recording("a.mp4", codec="libsvtav1", options={"g": "20"})

    sink = cut(path, folder, "copy", event_at(2.0, 2.4))

    assert sink.problems == ()
    clip = read_clip(folder / str(sink.fields_of(event_at(2.0, 2.4))["clip"]))
    assert set(range(40, 72)) <= set(clip.codes)


def test_a_turned_recording_stays_turned(write_recording: WriteRecording, folder: Path) -> None:
    """Copied, the note to turn it is kept; encoded, the pictures are upright themselves."""
    path = write_recording(turn=90, options=KEYS)

    cut(path, folder, "copy", event_at(2.0, 2.4))
    copied = read_clip(folder / "clips" / "all@2000.mp4")
    cut(path, folder, "encode", event_at(2.0, 2.4))
    encoded = read_clip(folder / "clips" / "all@2000.mp4")

    assert (copied.size, copied.rotation) == ((128, 64), 90)
    assert (encoded.size, encoded.rotation) == ((64, 128), 0)


@pytest.mark.parametrize("mode", ["copy", "encode"])
def test_a_rendered_scene_is_encoded_in_any_case(mode: str, folder: Path) -> None:
    sink = clips_sink(
        folder,
        RunSettings.model_validate({"clips": mode}),
        reopen=lambda: SyntheticSource.named("walk"),
    )
    sink.accept(Moment("a", frame_at(0), closed=(event_at(0.2, 0.6),)))
    sink.close()

    fields = sink.fields_of(event_at(0.2, 0.6))
    assert fields["clip_start_s"] == 0.0
    assert len(read_clip(folder / str(fields["clip"])).codes) > 50
    assert sink.problems == ()
    why = "1 clip encoded instead of copied, because there are no packets to copy"
    assert sink.notes == ((why,) if mode == "copy" else ())


@pytest.mark.parametrize("mode", ["copy", "encode"])
def test_a_recording_that_is_gone_costs_the_clips_only(
    mode: str, write_recording: WriteRecording, folder: Path, tmp_path: Path
) -> None:
    path = write_recording()
    run = RunSettings.model_validate({"clips": mode})
    sink = clips_sink(folder, run, reopen=lambda: FileSource(path), path_at=lambda pts_s: path)
    for frame in FileSource(path).frames():
        sink.accept(Moment("a", frame))
    sink.accept(Moment("a", None, closed=tuple(event_at(0.1 * n, 3) for n in range(7))))
    path.unlink()

    sink.close()

    assert len(sink.problems) == 6
    assert "door.mp4" in sink.problems[0]
    assert sink.problems[-1] == "2 more clips are missing"


@pytest.mark.parametrize("mode", ["copy", "encode"])
def test_a_hole_in_the_recording_leaves_the_rest_of_the_clip(
    mode: str, write_recording: WriteRecording, folder: Path
) -> None:
    path = write_recording("a.ts", count=200, options=KEYS)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2 // 188 * 188
    content[middle : middle + 3 * 188] = bytes(3 * 188)
    path.write_bytes(content)

    sink = cut(path, folder, mode, event_at(2.0, 6.0))

    fields = sink.fields_of(event_at(2.0, 6.0))
    clip = read_clip(folder / str(fields["clip"]))
    assert len(clip.codes) > 80
    assert np.all(np.diff(clip.times_s) > 0)


@pytest.mark.parametrize("name", ["a.mp4", "a.ts", "a.mkv"])
@pytest.mark.parametrize("mode", ["copy", "encode"])
def test_flipped_bits_give_a_clip_or_a_sentence(
    mode: str, name: str, write_recording: WriteRecording, folder: Path
) -> None:
    path = write_recording(name, sound="aac", options=KEYS)
    content = np.frombuffer(path.read_bytes(), np.uint8).copy()
    for seed in range(3):
        chance = np.random.default_rng(seed)
        places = chance.integers(len(content) // 4, len(content) * 3 // 4, 40)
        flipped = content.copy()
        flipped[places] ^= (1 << chance.integers(0, 8, 40)).astype(np.uint8)
        path.write_bytes(flipped.tobytes())

        sink = cut(path, folder, mode, event_at(1.0, 1.4), event_at(2.0, 2.4))

        cuts = [sink.fields_of(event_at(start_s, 2.4)) for start_s in (1.0, 2.0)]
        assert sum(map(bool, cuts)) + len(sink.problems) == 2
        for fields in filter(None, cuts):  # copied damage is still damage, and read past
            assert list(FileSource(folder / str(fields["clip"]), decode_threads=1).frames())


@pytest.mark.parametrize("mode", ["copy", "encode"])
def test_stamps_that_begin_again_are_never_sought(
    mode: str, write_recording: WriteRecording, folder: Path
) -> None:
    """Two transport streams one behind the other: each stamp stands in the file twice."""
    one = write_recording("one.ts", count=80, options=KEYS)
    two = write_recording("two.ts", count=80, first=80, options=KEYS)
    with one.open("ab") as whole:
        whole.write(two.read_bytes())
    event = event_at(4.0, 4.4)

    sink = cut(one, folder, mode, event)

    clip = read_clip(folder / str(sink.fields_of(event)["clip"]))
    assert clip.codes == list(range(88, 123))
    why = "1 clip encoded instead of copied, because the recording's time stamps begin again"
    assert sink.notes == ((why,) if mode == "copy" else ())


def test_ctrl_c_while_clips_are_cut_leaves_nothing(
    write_recording: WriteRecording, folder: Path
) -> None:
    path = write_recording()
    calls = iter(range(100))

    def interrupted() -> None:
        if next(calls) == 30:
            raise KeyboardInterrupt

    sink = clips_sink(
        folder,
        RunSettings(clips="encode"),
        reopen=lambda: FileSource(path),
        path_at=lambda pts_s: path,
        on_progress=interrupted,
    )
    for frame in FileSource(path).frames():
        sink.accept(Moment("a", frame))
    sink.accept(Moment("a", None, closed=(event_at(1, 3),)))

    with pytest.raises(KeyboardInterrupt):
        sink.close()
    sink.abandon()

    assert list(folder.iterdir()) == []


@pytest.mark.real
@pytest.mark.parametrize("mode", ["copy", "encode"])
def test_a_clip_of_a_real_recording_shows_its_start_first(
    mode: str, shared_data: Path, folder: Path
) -> None:
    path = shared_data / "events" / "traffic_camera.mp4"
    event = event_at(14.32, 14.4)

    sink = cut(path, folder, mode, event)

    fields = sink.fields_of(event)
    start_s = fields["clip_start_s"]
    assert start_s == pytest.approx(10.24 if mode == "copy" else 13.84)
    assert isinstance(start_s, float)
    with av.open(str(folder / str(fields["clip"]))) as container:
        first = next(container.decode(video=0)).to_ndarray(format="bgr24").astype(int)
        assert container.streams.audio
    wanted = next(FileSource(path).frames(start_s)).bgr().astype(int)
    later = next(FileSource(path).frames(start_s + 0.2)).bgr().astype(int)
    assert np.abs(first - wanted).mean() < np.abs(first - later).mean() / 2
    shutil.rmtree(folder)
