"""The whole road over a damaged recording, as the command line walks it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from motionapp.cli import main
from motionapp.core.frame import Frame
from motionapp.sources import FileSource

SIZE = (1280, 720)


@pytest.mark.real
@pytest.mark.parametrize("hole_kb", [20])
def test_a_hole_costs_its_own_second_and_no_event(
    shared_data: Path, tmp_path: Path, hole_kb: int
) -> None:
    reference = json.loads((shared_data / "events" / "traffic_camera.json").read_text())
    content = bytearray((shared_data / "events" / "traffic_camera.mp4").read_bytes())
    middle = len(content) // 2
    content[middle : middle + 1000 * hole_kb] = bytes(1000 * hole_kb)
    path = tmp_path / "hole.mp4"
    path.write_bytes(content)
    x, y, width, height = reference["roi"]
    share = f"{x / SIZE[0]},{y / SIZE[1]},{width / SIZE[0]},{height / SIZE[1]}"
    out = tmp_path / "out"

    code = main(["batch", str(path), "--out", str(out), "--classifier", "none", "--roi", share])

    (told,) = json.loads((out / "summary.json").read_text())["inputs"]
    events = json.loads((out / "hole" / "events.json").read_text())["events"]
    assert (code, told["status"]) == (3, "partial")
    assert told["frames"] >= 550
    assert "are lost (12." in told["error"]
    assert len(events) == 3
    for event, expected in zip(events, reference["events"], strict=True):
        # The reference keeps two seconds after the last motion, and ends with the recording.
        found = (event["start_s"], min(event["end_s"] + 2.0, 23.04))
        wanted = (expected["start_s"], expected["end_s"])
        shared_s = min(found[1], wanted[1]) - max(found[0], wanted[0])
        assert shared_s / (max(found[1], wanted[1]) - min(found[0], wanted[0])) >= 0.6


@pytest.mark.real
@pytest.mark.parametrize("hole_kb", [10, 60])
def test_frames_behind_a_hole_keep_their_time(
    shared_data: Path, tmp_path: Path, hole_kb: int
) -> None:
    stored = shared_data / "events" / "traffic_camera.mp4"
    content = bytearray(stored.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 1000 * hole_kb] = bytes(1000 * hole_kb)
    path = tmp_path / "hole.mp4"
    path.write_bytes(content)

    def last(source: FileSource) -> list[Frame]:
        return [frame for frame in source.frames() if frame.pts_s >= 22.0]

    whole, behind = last(FileSource(stored)), last(FileSource(path, decode_threads=1))

    assert [frame.pts_s for frame in behind] == [frame.pts_s for frame in whole]
    assert behind[-1].bgr().tobytes() == whole[-1].bgr().tobytes()
