"""`motionapp batch` from the command line: results, and one sentence for every bad input."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from motionapp.cli import main
from motionapp.core.moment import Moment
from motionapp.overlay import Style
from motionapp.sinks.video import AnnotatedVideoSink
from motionapp.testing import frames_from

NO_NAMES = ("--classifier", "none", "--people", "off")
NOTHING_DRAWN = Style(groups=False, tracks=False, poses=False, events=False, status=False)


@pytest.fixture
def bad(tmp_path: Path, recording: Callable[..., Path]) -> Callable[[str], Path]:
    """Makes a bad input by its name."""

    def make(kind: str) -> Path:
        path = tmp_path / f"{kind}.mp4"
        if kind == "text":
            path.write_text("Dear reader, this is no video.\n" * 50)
        elif kind == "empty":
            path.touch()
        elif kind == "cut-short":  # its index stands at the end, and is gone
            whole = recording("whole.mp4").read_bytes()
            path.write_bytes(b"\0\0\0\x1cftypisom" + whole[2000:6000])
        elif kind == "sound":
            with av.open(str(path), "w") as container:
                stream = container.add_stream("aac", rate=16000)
                sound = av.AudioFrame.from_ndarray(
                    np.zeros((1, 16000), np.float32), format="fltp", layout="mono"
                )
                sound.sample_rate = 16000
                container.mux(stream.encode(sound))
                container.mux(stream.encode(None))
        elif kind == "folder":
            path.mkdir()
        else:
            assert kind == "missing"
        return path

    return make


def summary_of(out: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((out / "summary.json").read_text())["inputs"]
    return found


def left_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def only_line(capsys: pytest.CaptureFixture[str]) -> str:
    (line,) = capsys.readouterr().err.splitlines()
    return line


def test_a_recording_becomes_its_files(
    recording: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"

    code = main(["batch", str(recording()), "--out", str(out), *NO_NAMES, "--annotated"])

    assert code == 0
    assert left_in(out) == [
        *(
            f"door/{name}"
            for name in ("annotated.mp4", "events.csv", "events.json", "segments.csv")
        ),
        "events.csv",
        "journal.jsonl",
        "summary.json",
    ]
    (entry,) = summary_of(out)
    assert (entry["status"], entry["frames"], entry["events"]) == ("ok", 100, 1)
    assert (entry["width"], entry["height"], entry["duration_s"]) == (192, 144, 4.0)
    said = capsys.readouterr()
    assert said.out.strip() == str(out / "summary.json")
    assert "door.mp4: 1 event" in said.err


@pytest.mark.parametrize("kind", ["missing", "text", "empty", "cut-short", "sound", "folder"])
def test_a_bad_input_alone_gives_one_sentence_and_exit_code_4(
    bad: Callable[[str], Path], kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    path = bad(kind)

    code = main(["batch", str(path), "--out", str(out), *NO_NAMES])

    assert code == 4
    assert path.name in only_line(capsys)
    (entry,) = summary_of(out)
    assert (entry["status"], entry["out_dir"]) == ("failed", None)
    assert path.name in str(entry["error"])
    assert sorted(os.listdir(out)) == ["events.csv", "journal.jsonl", "summary.json"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are always text")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_name_that_is_no_text_is_a_name_like_any_other(
    recording: Callable[..., Path], tmp_path: Path, workers: str
) -> None:
    """Names from an old camera's disk: they ended the batch, and its summary with it."""
    inputs = [recording("good.mp4"), recording(os.fsdecode(b"caf\xe9.mp4"))]
    out = tmp_path / "out"

    code = main(["batch", *map(str, inputs), "--out", str(out), *NO_NAMES, "--workers", workers])

    assert code == 0
    assert [entry["input"] for entry in summary_of(out)] == [str(path) for path in inputs]
    assert (out / os.fsdecode(b"caf\xe9") / "events.json").is_file()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_bad_inputs_never_stop_the_good_ones(
    bad: Callable[[str], Path], recording: Callable[..., Path], tmp_path: Path, workers: str
) -> None:
    out = tmp_path / "out"
    inputs = [bad("text"), recording("one.mp4"), bad("empty"), recording("two.mp4"), bad("missing")]

    code = main(["batch", *map(str, inputs), "--out", str(out), *NO_NAMES, "--workers", workers])

    assert code == 3
    assert [entry["status"] for entry in summary_of(out)] == [
        "failed",
        "ok",
        "failed",
        "ok",
        "failed",
    ]
    assert sorted(set(os.listdir(out)) - {"events.parquet"}) == [
        *("events.csv", "journal.jsonl", "one", "summary.json", "two"),
    ]


def test_a_truncated_recording_is_partial_and_says_what_is_lost(
    recording: Callable[..., Path], tmp_path: Path
) -> None:
    whole = recording("whole.mp4").read_bytes()  # its index stands in front
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole[: len(whole) * 7 // 10])
    outs = [tmp_path / "a", tmp_path / "b"]

    codes = [main(["batch", str(path), "--out", str(out), *NO_NAMES]) for out in outs]

    assert codes == [3, 3]
    (entry,) = summary_of(outs[0])
    assert entry["status"] == "partial"
    assert "lost" in str(entry["error"])
    one, two = ((out / "cut" / "events.json").read_bytes() for out in outs)
    assert one == two


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--frontend", "radar"], "radar"),
        (["--classifier", "no-such-model"], "no-such-model"),
        (["--sensitivity", "99"], "sensitivity"),
        (["--workers", "0"], "workers"),
        (["--settings", "gone.toml"], "gone.toml"),
    ],
)
def test_options_that_cannot_be_used_write_nothing(
    recording: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    said: str,
) -> None:
    out = tmp_path / "out"

    code = main(["batch", str(recording()), "--out", str(out), *options])

    assert code == 2
    assert said in only_line(capsys)
    assert not out.exists()


def test_an_unknown_settings_key_is_named(
    recording: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "mine.toml"
    settings.write_text("[analysis.absdiff]\nsensitivty = 2\n")

    code = main(
        ["batch", str(recording()), "--out", str(tmp_path / "out"), "--settings", str(settings)]
    )

    assert code == 2
    line = only_line(capsys)
    assert "mine.toml" in line
    assert "analysis.absdiff.sensitivty" in line
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kind", ["cut in half", "without a contract", "text"])
def test_a_model_that_cannot_be_used_is_refused_by_name(
    recording: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    from motionapp.resources import models_dir

    bare = models_dir() / "pose-movenet-lightning.onnx"
    model = tmp_path / "model.onnx"
    if kind == "text":
        model.write_text("no model")
    else:
        content = bare.read_bytes()
        model.write_bytes(content if kind == "without a contract" else content[: len(content) // 2])

    code = main(
        ["batch", str(recording()), "--out", str(tmp_path / "out"), "--classifier", str(model)]
    )

    assert code == 2
    assert "model.onnx" in only_line(capsys)
    assert not (tmp_path / "out").exists()


def test_a_place_that_cannot_be_written_gives_exit_code_5(
    recording: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    out = tmp_path / "file" / "out"

    code = main(["batch", str(recording()), "--out", str(out), *NO_NAMES])

    assert code == 5
    assert str(out) in only_line(capsys)


def test_a_page_for_all_that_cannot_be_written_leaves_the_summary(
    recording: Callable[..., Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    (out / "report.html").mkdir(parents=True)
    inputs = [str(recording("one.mp4")), str(recording("two.mp4"))]

    code = main(["batch", *inputs, "--out", str(out), "--report", *NO_NAMES])

    assert code == 5
    assert [entry["status"] for entry in summary_of(out)] == ["ok", "ok"]


def test_an_input_whose_folder_is_taken_gives_5_and_the_others_go_on(
    recording: Callable[..., Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "one").write_text("in the way")

    code = main(
        [
            "batch",
            str(recording("one.mp4")),
            str(recording("two.mp4")),
            "--out",
            str(out),
            *NO_NAMES,
        ]
    )

    assert code == 5
    assert [entry["status"] for entry in summary_of(out)] == ["failed", "ok"]
    assert (out / "one").read_text() == "in the way"


def test_a_camera_is_refused_with_a_word_about_watch(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["batch", "camera:99", "--out", str(tmp_path / "out"), *NO_NAMES])

    assert code == 4
    assert "camera:99" in only_line(capsys)


def parts_of(path: Path, folder: Path) -> list[Path]:
    """A recording as two files that follow one another, with the border amid what passes."""
    folder.mkdir()
    parts = [folder / "cam-1.mp4", folder / "cam-2.mp4"]
    with av.open(str(path)) as whole:
        pictures = [frame.to_ndarray(format="gray") for frame in whole.decode(video=0)]
    for part, stretch in zip(parts, (pictures[:37], pictures[37:]), strict=True):
        sink = AnnotatedVideoSink(part, style=NOTHING_DRAWN)
        for frame in frames_from(stretch):
            sink.accept(Moment("part", frame))
        sink.close()
    return parts


def events_of(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "events.json").read_text())["events"]
    return found


def test_joined_recordings_have_events_over_their_border(
    recording: Callable[..., Path], tmp_path: Path
) -> None:
    parts_of(recording(), tmp_path / "in")
    out = tmp_path / "out"
    pattern = str(tmp_path / "in" / "*.mp4")

    code = main(["batch", pattern, "--join", "--clips", "encode", "--out", str(out), *NO_NAMES])

    assert code == 0
    (entry,) = summary_of(out)
    assert entry["input"] == f"{tmp_path / 'in' / 'cam-1.mp4'} and 1 more"
    assert (entry["out_dir"], entry["frames"], entry["duration_s"]) == ("cam-1-joined", 100, 4.0)
    (event,) = events_of(out / "cam-1-joined")
    assert event["start_s"] == pytest.approx(1.0, abs=0.2)
    assert event["end_s"] == pytest.approx(2.0, abs=0.3)
    assert (out / "cam-1-joined" / event["clip"]).is_file()


def test_joined_recordings_with_a_missing_one_are_partial(
    recording: Callable[..., Path], tmp_path: Path
) -> None:
    parts = [str(recording()), str(tmp_path / "gone.mp4")]
    out = tmp_path / "out"

    code = main(["batch", *parts, "--join", "--out", str(out), *NO_NAMES])

    assert code == 3
    (entry,) = summary_of(out)
    assert entry["status"] == "partial"
    assert "gone.mp4" in str(entry["error"])


def test_a_stretch_keeps_the_times_of_the_recording(
    recording: Callable[..., Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    stretch = ["--start", "0:01.4", "--end", "1.8"]

    code = main(["batch", str(recording()), *stretch, "--out", str(out), *NO_NAMES])

    assert code == 0
    (event,) = events_of(out / "door")
    assert event["start_s"] == pytest.approx(1.4, abs=0.05)
    assert event["end_s"] == pytest.approx(1.8, abs=0.05)
    (entry,) = summary_of(out)
    assert (entry["frames"], entry["duration_s"]) == (10, 0.4)


def test_a_second_run_says_what_is_done_and_how_it_all_went(
    recording: Callable[..., Path], bad: Callable[[str], Path], tmp_path: Path, capsys: Any
) -> None:
    command = ["batch", str(recording()), str(bad("text")), "--out", str(tmp_path / "out")]

    codes = [main([*command, *NO_NAMES]) for _ in range(2)]

    said = capsys.readouterr().err.splitlines()
    assert codes == [3, 3]
    assert "motionapp: 1 done, 1 failed: see" in said[2]
    assert said[3] == "motionapp: 1 of 2 were done by an earlier run"
    assert said[4].startswith("[2/2] failed: ")
    assert "1 done, 1 failed (1 of them by an earlier run): see" in said[5]


def test_fresh_reads_again_what_is_done(recording: Callable[..., Path], tmp_path: Path) -> None:
    command = ["batch", str(recording()), "--out", str(tmp_path / "out"), *NO_NAMES]
    main(command)

    assert main([*command, "--fresh"]) == 0
    assert summary_of(tmp_path / "out")[0]["status"] == "ok"


def test_the_start_of_a_recording_gives_its_events_a_clock_time(
    recording: Callable[..., Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    start = ["--start-time", "2026-05-01T18:00:00+02:00"]

    code = main(["batch", str(recording()), *start, "--out", str(out), *NO_NAMES])

    assert code == 0
    event = events_of(out / "door")[0]
    assert 1.0 <= event["start_s"] <= 1.08  # he walks in after a second; at rest, one look a lag
    assert event["start_utc"] == f"2026-05-01T16:00:0{event['start_s']:.3f}Z"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--start", "1:75"], "1:75"),
        (["--start", "-3"], "start"),
        (["--start", "soon"], "soon"),
        (["--end", "nan"], "nan"),
        (["--start-time", "2026-05-01T18:00:00"], "offset"),
        (["--start-time", "today"], "today"),
    ],
)
def test_times_that_are_none_are_told_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["batch", "a.mp4", *options, "--out", str(tmp_path / "out")])

    assert ended.value.code == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--start", "5", "--end", "4"], "run.end_s"),
        (["--time-zone", "Mars/Olympus"], "Mars/Olympus"),
        (["--start-time", "2026-05-01T18:00:00Z"], "run.start_utc"),
    ],
)
def test_settings_that_do_not_go_together_write_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    command = ["batch", "a.mp4", "b.mp4", "--out", str(tmp_path / "out"), *NO_NAMES]

    assert main([*command, *options]) == 2
    assert said in only_line(capsys)
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to write to")
def test_a_journal_on_a_full_disk_gives_exit_code_5(
    recording: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "journal.jsonl").symlink_to("/dev/full")

    assert main(["batch", str(recording()), "--out", str(out), *NO_NAMES]) == 5
    assert "journal.jsonl cannot be written: No space left" in only_line(capsys)
    assert "no room for the results" in str(summary_of(out)[0]["error"])


@pytest.mark.parametrize("kind", ["absent", "text", "of another kind"])
def test_a_pose_network_that_cannot_be_used_is_refused_before_the_first_frame(
    recording: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    from motionapp.resources import models_dir

    model = tmp_path / "own.onnx"
    if kind == "text":
        model.write_text("no network")
    elif kind == "of another kind":
        model.write_bytes((models_dir() / "actions-absdiff-alexnet.onnx").read_bytes())
    settings = tmp_path / "mine.toml"
    settings.write_text(f"[analysis]\nfrontend = 'pose'\npose.model = '{model.as_posix()}'\n")

    code = main(
        ["batch", str(recording()), "--out", str(tmp_path / "out"), "--settings", str(settings)]
    )

    assert code == 2
    assert "own.onnx" in only_line(capsys)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("out", ["memory://found", "file:///data/found", "https://host/found"])
def test_an_address_that_takes_no_results_is_refused(
    out: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And no folder of that name is made."""
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SystemExit, match="2"):
        main(["batch", "a.mp4", "--out", out])

    assert "takes no results: give a folder" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
