"""A fast scan of a recording: the exact scan's events, and what was skipped is told."""

from __future__ import annotations

import functools
import io
import json
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from motionapp.batch import fast
from motionapp.batch.run import BatchReport, run_batch
from motionapp.core.errors import SettingsError
from motionapp.settings import Settings, apply_changes


@pytest.fixture(autouse=True)
def _shorter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two minutes are enough to skip some of."""
    monkeypatch.setattr(fast, "SHORTEST_S", 60.0)


RATE_HZ, SIZE, LENGTH_S = 10, (128, 96), 165.0
Position = Callable[[float], tuple[float, float, int] | None]
"""Where a square is at a second: its corner and its side; None: it is not there."""


def visitors(t_s: float) -> tuple[float, float, int] | None:
    """One large, one small and one at his own pace, far apart."""
    if 30 <= t_s < 33:
        return 10 + 30 * (t_s - 30), 40.0, 24
    if 80 <= t_s < 83:
        return 30 + 20 * (t_s - 80), 70.0, 12
    if 130 <= t_s < 134:
        return 3 + 25 * (t_s - 130), 50.0, 20
    return None


def always(t_s: float) -> tuple[float, float, int]:
    return 50 + 40 * float(np.sin(t_s)), 40.0, 24


def nobody(t_s: float) -> None:
    return None


def recorded(path: Path, where: Position, *, seconds: float, group: int) -> Path:
    """A grainy scene with a square that moves, as H.264 with key pictures at a distance."""
    rng = np.random.default_rng(7)
    scene = cv2.GaussianBlur(rng.uniform(40, 200, SIZE[::-1]), (0, 0), 6)
    grain = rng.normal(0, 1.0, (50, *scene.shape))
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libx264", rate=RATE_HZ)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        stream.options = {
            "preset": "veryfast",
            "x264-params": f"keyint={group}:min-keyint={group}:scenecut=0",
        }
        for n in range(round(seconds * RATE_HZ)):
            picture = scene + rng.choice(grain)
            if (at := where(n / RATE_HZ)) is not None:
                x, y, side = round(at[0]), round(at[1]), at[2]
                picture[y : y + side, x : x + side] += 60
            grey = np.clip(picture, 0, 255).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(grey, format="gray").reformat(format="yuv420p")
            frame.pts, frame.time_base = n, Fraction(1, RATE_HZ)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """The visitors' day, with its key pictures so many pictures apart; each is encoded once."""
    folder = tmp_path_factory.mktemp("days")

    @functools.cache
    def made(group: int) -> Path:
        return recorded(folder / str(group) / "day.mp4", visitors, seconds=LENGTH_S, group=group)

    return made


def batch(path: Path, out: Path, **changes: object) -> BatchReport:
    settings = apply_changes(
        Settings(),
        {
            "analysis.recognition.classifier": "none",
            "analysis.people": "off",
            **{key.replace("__", "."): value for key, value in changes.items()},
        },
    )
    return run_batch([str(path)], out, settings, messages=io.StringIO())


def events_of(out: Path) -> dict[str, Any]:
    (path,) = out.glob("*/events.json")
    document: dict[str, Any] = json.loads(path.read_bytes())
    return document


@pytest.mark.parametrize("group", [25, 100])
def test_a_fast_scan_finds_what_the_exact_one_does(
    tmp_path: Path, day: Callable[[int], Path], group: int
) -> None:
    path = day(group)

    batch(path, tmp_path / "exact")
    report = batch(path, tmp_path / "fast", run__scan="fast")

    exact, scanned = events_of(tmp_path / "exact"), events_of(tmp_path / "fast")
    assert [round(event["start_s"]) for event in exact["events"]] == [30, 80, 130]
    assert scanned["events"] == exact["events"]
    (record,) = report.records
    skipped = scanned["skipped"]
    assert record.skipped_s == pytest.approx(sum(b - a for a, b in skipped), abs=0.01)
    assert record.skipped_s > 40
    assert all(not any(a < e["end_s"] and e["start_s"] < b for a, b in skipped)
               for e in scanned["events"])  # fmt: skip
    assert "fast scan" in (record.note or "")
    assert "skipped" not in exact


def test_clips_and_the_report_are_those_of_the_exact_scan(
    tmp_path: Path, day: Callable[[int], Path]
) -> None:
    path = day(25)
    asked: dict[str, object] = {"run__clips": "encode", "run__report": True}

    batch(path, tmp_path / "exact", **asked)
    report = batch(path, tmp_path / "fast", run__scan="fast", **asked)

    exact, scanned = events_of(tmp_path / "exact"), events_of(tmp_path / "fast")
    assert report.exit_code == 0
    assert scanned["events"] == exact["events"]
    assert len(scanned["events"]) == 3
    folder = next((tmp_path / "fast").glob("*/events.json")).parent
    for event in scanned["events"]:
        assert (folder / event["clip"]).is_file()
        assert (folder / event["thumbnail"]).is_file()


def test_busy_footage_is_read_as_the_exact_scan_does(tmp_path: Path) -> None:
    path = recorded(tmp_path / "street.mp4", always, seconds=80, group=25)

    batch(path, tmp_path / "exact")
    (record,) = batch(path, tmp_path / "fast", run__scan="fast").records

    assert events_of(tmp_path / "fast")["events"] == events_of(tmp_path / "exact")["events"]
    assert record.skipped_s == 0
    assert "scanned exactly, since something moves all the time" in (record.note or "")


def test_a_short_recording_is_read_whole_without_a_word(tmp_path: Path) -> None:
    path = recorded(tmp_path / "short.mp4", nobody, seconds=8, group=25)

    (record,) = batch(path, tmp_path / "fast", run__scan="fast").records

    assert (record.skipped_s, record.note) == (0, None)
    assert events_of(tmp_path / "fast")["skipped"] == []


def test_damage_in_what_is_read_ends_in_an_exact_scan(
    tmp_path: Path, day: Callable[[int], Path]
) -> None:
    path = Path(shutil.copy(day(25), tmp_path / "torn.mp4"))
    with av.open(str(path)) as container:
        hit = next(p for p in container.demux(video=0) if p.pts is not None and
                   p.is_keyframe and float(p.pts * p.time_base) > 30)  # fmt: skip
    data = bytearray(path.read_bytes())
    assert hit.pos is not None
    data[hit.pos + 8 : hit.pos + hit.size] = bytes(hit.size - 8)
    path.write_bytes(data)

    (exact,) = batch(path, tmp_path / "exact").records
    (record,) = batch(path, tmp_path / "fast", run__scan="fast").records

    assert "scanned exactly, since a part of it is damaged" in (record.note or "")
    assert events_of(tmp_path / "fast")["events"] == events_of(tmp_path / "exact")["events"]
    assert record.status == exact.status == "partial"


def test_pictures_in_a_folder_are_read_whole_with_a_word(tmp_path: Path) -> None:
    (record,) = run_batch(
        ["synthetic:jack"],
        tmp_path / "out",
        apply_changes(Settings(), {"run.scan": "fast", "analysis.recognition.classifier": "none"}),
        messages=io.StringIO(),
    ).records

    assert record.status == "ok"
    assert "scanned exactly, since it is no recording with packets" in (record.note or "")


def test_another_kind_of_scan_is_another_piece_of_work(tmp_path: Path) -> None:
    path = recorded(tmp_path / "hour.mp4", visitors, seconds=70, group=25)
    out = tmp_path / "out"

    first = batch(path, out, run__scan="fast")
    again = batch(path, out, run__scan="fast")
    exact = batch(path, out)

    assert [report.records[0].status for report in (first, again, exact)] == ["ok", "skipped", "ok"]
    assert first.records[0].skipped_s
    assert again.records[0].skipped_s == pytest.approx(first.records[0].skipped_s)
    assert exact.records[0].skipped_s is None


@pytest.mark.parametrize(
    "changes",
    [
        {"run__annotated": True},
        {"run__masks": True},
        {"run__frames": "jsonl"},
        {"run__start_s": 3.0},
        {"run__join": True},
        {"analysis__frontend": "background"},
    ],
)
def test_what_needs_every_picture_is_refused_by_name(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    path = recorded(tmp_path / "short.mp4", nobody, seconds=2, group=10)

    with pytest.raises(SettingsError, match=r"run\.scan is fast") as refused:
        batch(path, tmp_path / "out", run__scan="fast", **changes)

    name = next(iter(changes)).replace("__", ".")
    assert name in str(refused.value) or "background" in str(refused.value)
    assert not (tmp_path / "out").exists()
