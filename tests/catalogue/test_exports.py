"""Hits for other programs: what is written can be read back."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from motionapp.catalogue.exports import chapters_text, csv_text, export, json_text
from motionapp.catalogue.hit import Hit
from motionapp.catalogue.timeline import pieces_of
from motionapp.core.errors import SettingsError

HIT = Hit(
    event="3f9a1c07b2aa", id="all@1500", camera="door", recording="door/a;b.mp4",
    recording_path="/archive/door/a;b.mp4", recording_relative=None,
    recording_key="0123456789abcdef",
    recording_bytes=7, video_stream=None, joined=None, parts=None,
    part_starts_s=None, zone="all", label="walk",
    labels=["walk", "wave1"], score=0.91, start_s=1.5, end_s=4.0, peak_s=2.0,
    start_ms=1_777_636_801_500, time_zone="Europe/Zurich", width=1280, height=720, rate_hz=29.97,
    x0=1, y0=2, x1=30, y1=40, size=0.01, clip=None, clip_start_s=None, thumbnail=None,
    results=None, results_relative=None, cover=None, analysis=None, model="actions-vgg16",
    ended_by="motion",
)  # fmt: skip
LATER = replace(HIT, event="b" * 12, start_s=3.0, end_s=5.0, rate_hz=None)
OTHER = replace(
    HIT, recording="yard/c.mp4", recording_path="/archive/yard/c.mp4", recording_key="f" * 16,
    start_ms=None,
)  # fmt: skip


def test_csv_has_a_row_an_event() -> None:
    rows = list(csv.DictReader(io.StringIO(csv_text([HIT, OTHER]))))

    assert rows[0]["labels"] == "walk wave1"
    assert (rows[0]["start_s"], rows[0]["duration_s"]) == ("1.500", "2.500")
    assert (rows[0]["start_utc"], rows[0]["end_utc"]) == (
        "2026-05-01T12:00:01.500Z",
        "2026-05-01T12:00:04.000Z",
    )
    assert (rows[1]["start_utc"], rows[1]["distance"]) == ("", "")


def test_json_says_its_version_and_all_that_is_known() -> None:
    document = json.loads(json_text([HIT, replace(HIT, distance=0.12345)]))

    assert document["schema"] == 1
    assert document["events"][0]["box"] == [1, 2, 30, 40]
    assert [one["distance"] for one in document["events"]] == [None, 0.1235]


def test_chapters_do_not_overlap_and_their_signs_are_escaped() -> None:
    text = chapters_text([LATER, replace(HIT, camera="a=b;c#d")])

    assert text.startswith(";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=1500\nEND=3000\n")
    assert r"a\=b\;c\#d · 2026-05-01 14:00:01.5" in text
    assert "START=3000\nEND=5000" in text


def test_ffmpeg_reads_the_chapters(tmp_path: Path) -> None:
    import av

    path = tmp_path / "a.ffmeta"
    export(path, [HIT, LATER], "chapters")

    with av.open(str(path), format="ffmetadata") as container:
        chapters = container.chapters()

    assert [(one["start"], one["end"]) for one in chapters] == [(1500, 3000), (3000, 5000)]
    assert chapters[0]["metadata"]["title"].startswith("walk 0.91 + wave1 · door")


def test_chapters_of_several_recordings_are_refused() -> None:
    with pytest.raises(SettingsError, match="of 2: choose one with --recording"):
        chapters_text([HIT, OTHER])


def test_a_cut_for_editing_programs_can_be_read_back(tmp_path: Path) -> None:
    otio = pytest.importorskip("opentimelineio", reason='no cuts: pip install "motionapp[find]"')
    path = tmp_path / "a.otio"

    export(path, [HIT, OTHER], "otio")

    clips = list(otio.adapters.read_from_file(str(path)).find_clips())
    assert [clip.media_reference.target_url for clip in clips] == [
        "file:///archive/door/a%3Bb.mp4",
        "file:///archive/yard/c.mp4",
    ]
    spans = [clip.source_range for clip in clips]
    assert [(s.start_time.value, s.duration.value, s.start_time.rate) for s in spans] == [
        (45, 75, 30),
        (45, 75, 30),
    ]
    assert clips[0].metadata["motionapp"]["event"] == HIT.event
    assert clips[0].markers[0].name == "walk 0.91 + wave1 door 2026-05-01 14:00:01.5"


def reel(hit: Hit) -> str:
    return hashlib.sha256(hit.recording_path.encode()).hexdigest()[:8]


def test_an_event_over_a_border_is_a_piece_of_each_file() -> None:
    hit = replace(
        HIT, start_s=58.0, end_s=61.5, joined=["/c/a.mp4", "/c/b.mp4"], parts=["a.mp4", "b.mp4"],
        part_starts_s=[10.0, 60.0],
    )  # fmt: skip

    assert pieces_of(hit) == [("/c/a.mp4", 48.0, 50.0), ("/c/b.mp4", 0.0, 1.5)]
    assert pieces_of(HIT) == [("/archive/door/a;b.mp4", 1.5, 4.0)]
    with pytest.raises(SettingsError, match=r"joined recordings: write \.otio"):
        chapters_text([hit])


def test_files_of_one_name_are_told_apart_by_their_folders() -> None:
    hit = replace(
        HIT, start_s=58.0, end_s=61.5, joined=["/c/mon/a.mp4", "/c/tue/a.mp4"],
        parts=["mon/a.mp4", "tue/a.mp4"], part_starts_s=[10.0, 60.0],
    )  # fmt: skip

    assert pieces_of(hit) == [("/c/mon/a.mp4", 48.0, 50.0), ("/c/tue/a.mp4", 0.0, 1.5)]


def test_an_edl_names_source_and_place_of_each(tmp_path: Path) -> None:
    otio = pytest.importorskip("opentimelineio", reason='no cuts: pip install "motionapp[find]"')
    path = tmp_path / "a.edl"

    export(path, [HIT, replace(OTHER, start_s=10.0, end_s=12.0)], "edl")

    text = path.read_text()
    assert (
        f"001  {reel(HIT)} V     C        00:00:01:15 00:00:04:00 00:00:00:00 00:00:02:15" in text
    )
    assert (
        f"002  {reel(OTHER)} V     C        00:00:10:00 00:00:12:00 00:00:02:15 00:00:04:15" in text
    )
    assert "* FROM CLIP NAME:  c.mp4" in text
    again = otio.adapters.read_from_string(text, "cmx_3600", rate=30)
    assert len(list(again.find_clips())) == 2


def test_the_same_hits_give_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("opentimelineio", reason='no cuts: pip install "motionapp[find]"')
    for form in ("csv", "json", "edl", "otio"):
        contents = []
        for name in ("one", "two"):
            export(tmp_path / name, [HIT, LATER], form)
            contents.append((tmp_path / name).read_bytes())
        assert contents[0] == contents[1]
