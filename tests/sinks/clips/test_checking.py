"""What a copied clip is refused for: each fault alone, in a clip that is otherwise right."""

from __future__ import annotations

from pathlib import Path

import pytest

from motionapp.sinks.clips.checking import check_copy
from motionapp.sinks.clips.cutter import CannotCut
from tests.sinks.conftest import WriteRecording

GROUPS = {"g": "20", "bf": "0", "sc_threshold": "0"}
SHOWN_S = [0.04 * number for number in range(100)]


def why_refused(
    clip: Path, recording: Path, *, shown_s: list[float] = SHOWN_S, key: int = 0
) -> str:
    """The reason; empty where the clip is taken."""
    try:
        check_copy(clip, shown_s, recording, key=key, place_s=float("-inf"), order=None)
    except CannotCut as error:
        return str(error)
    return ""


def test_a_clip_with_the_recordings_pictures_is_taken(write_recording: WriteRecording) -> None:
    recording = write_recording("a.mkv", options=GROUPS)

    assert why_refused(write_recording("b.mkv", options=GROUPS), recording) == ""


def test_a_missing_picture_is_seen(write_recording: WriteRecording) -> None:
    clip = write_recording("a.mkv", options=GROUPS, count=99)

    assert "does not hold all its pictures" in why_refused(clip, clip)


def test_a_picture_at_another_time_is_seen(write_recording: WriteRecording) -> None:
    clip = write_recording("a.mkv", options=GROUPS, stamps_ms=[*range(0, 3960, 40), 3990])

    assert "at their times" in why_refused(clip, clip)


@pytest.mark.parametrize("other", [{"first": 1}, {"size": (128, 80)}])
def test_pictures_of_something_else_are_seen(
    other: dict[str, object], write_recording: WriteRecording
) -> None:
    recording = write_recording("a.mkv", options=GROUPS)
    clip = write_recording("b.mkv", options=GROUPS, **other)

    assert "are not those of the recording" in why_refused(clip, recording)


def test_a_clip_that_nothing_can_play_is_told_without_a_trace(
    write_recording: WriteRecording, tmp_path: Path
) -> None:
    recording = write_recording("a.mkv", options=GROUPS)
    clip = tmp_path / "b.mp4"
    clip.write_bytes(b"nothing")

    assert "cannot be opened again" in why_refused(clip, recording)


@pytest.mark.parametrize("codec", ["mpeg4", "libx264", "libx265"])
def test_a_first_picture_that_leans_on_others_is_seen(
    codec: str, write_recording: WriteRecording, tmp_path: Path
) -> None:
    """Cameras are known to mark every picture as a key frame."""
    from tests.sinks.clips.remade import without_first

    options = {"x265-params": "keyint=50:bframes=0:log-level=none"} if codec == "libx265" else {}
    whole = write_recording("a.mp4", codec=codec, options={"g": "50", "bf": "0", **options})
    clip = without_first(whole, tmp_path / "b.mp4", leave_out=10)

    assert why_refused(clip, clip, shown_s=SHOWN_S[:90]) != ""
