"""`motionapp watch` as a whole: lines, signals, exit codes."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import jsonschema  # type: ignore[import-untyped]  # ships no types
import pytest
from referencing import Registry, Resource

from motionapp.cli import main
from motionapp.core.errors import SourceError
from motionapp.core.frame import Frame
from motionapp.runtime.channel import Channel
from motionapp.sinks.appending import LineOut
from motionapp.sources import FileSource
from motionapp.sources.passes import DamageLedger

REPOSITORY = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "motionapp", "watch")


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def run(*arguments: str | Path) -> int:
    return main(["watch", *(str(argument) for argument in arguments), "--classifier", "none"])


def test_json_lines_keep_their_schema_and_end_with_the_figures(
    recording: Path, tmp_path: Path
) -> None:
    schemas = [
        json.loads((REPOSITORY / "docs" / "schemas" / f"{name}.schema.json").read_text())
        for name in ("events", "watch")
    ]
    registry: Registry = Registry().with_resources(
        (schema["$id"], Resource.from_contents(schema)) for schema in schemas
    )
    out = tmp_path / "lines.jsonl"

    assert run(recording, "--pace", "max", "--json", out) == 0

    lines = read_lines(out)
    validator = jsonschema.Draft202012Validator(schemas[1], registry=registry)
    for line in lines:
        validator.validate(line)
    kinds = [line["type"] for line in lines if line["type"] != "changed"]
    assert kinds == ["opened", "closed", "opened", "closed", "ended"]
    assert (lines[-1]["frames"], lines[-1]["drops"]) == (300, 0)


def test_at_pace_max_the_events_are_those_of_the_bare_loop(recording: Path, tmp_path: Path) -> None:
    from motionapp.assembly import load_models, make_analysis, open_source
    from motionapp.settings import load_settings
    from motionapp.sinks import event_document

    settings = load_settings(changes={"analysis.recognition.classifier": "none"}).analysis
    source = open_source(recording, decode_threads=1)
    analysis = make_analysis(settings, load_models(settings), source_name="block.mp4")
    moments = [*(analysis.step(frame) for frame in source.frames()), analysis.finish()]
    source.close()
    expected = [event_document(event) for moment in moments for event in moment.closed]
    out = tmp_path / "lines.jsonl"

    run(recording, "--pace", "max", "--json", out)

    closed = [line["event"] for line in read_lines(out) if line["type"] == "closed"]
    assert closed == expected
    assert expected


def test_without_json_there_are_plain_lines(
    recording: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(recording, "--pace", "max") == 0

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert lines[0].endswith("motion ...")
    assert "the recording ended" in lines[-1]


def test_a_source_that_is_not_there_is_a_sentence_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "lines.jsonl"

    assert run(tmp_path / "gone.mp4", "--json", out) == 4

    assert "gone.mp4" in capsys.readouterr().err
    assert not out.exists()


def test_a_camera_that_is_not_there_leaves_the_lines_of_another_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A camera is opened after its output: by then nothing may have been written."""
    new, earlier = tmp_path / "new.jsonl", tmp_path / "earlier.jsonl"
    earlier.write_text("lines of another day\n")

    assert [run("camera:63", "--json", path) for path in (new, earlier)] == [4, 4]

    assert "camera 63" in capsys.readouterr().err
    assert not new.exists()
    assert earlier.read_text() == "lines of another day\n"


class Lost(FileSource):
    """A recording that passes for a live source and is lost where its pictures end."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.info = replace(self.info, name="rtsp://door/live", is_live=True, duration_s=None)

    def _read(self, start_s: float, ledger: DamageLedger) -> Generator[Frame, None, None]:
        yield from super()._read(start_s, ledger)
        raise SourceError("rtsp://door/live has ended: was its server stopped or restarted?")


T = TypeVar("T")


class Patient(Channel[T]):
    """In place of a mailbox: a source that nobody paces would overrun it."""

    def __init__(self) -> None:
        super().__init__(2)


def test_a_live_source_that_is_lost_ends_with_a_sentence_and_open_events_say_so(
    recording: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("motionapp.assembly.open_source", lambda *args, **kwargs: Lost(recording))
    monkeypatch.setattr("motionapp.runtime.pipeline.Mailbox", Patient)
    out = tmp_path / "lines.jsonl"

    assert run("rtsp://door/live", "--json", out) == 4

    lines = read_lines(out)
    closed = [line["event"] for line in lines if line["type"] == "closed"]
    assert [event["ended_by"] for event in closed] == ["motion", "lost"]
    assert lines[-1]["type"] == "ended"
    assert capsys.readouterr().err.strip() == (
        "motionapp: rtsp://door/live has ended: was its server stopped or restarted?"
    )


def test_lines_that_cannot_be_written_are_a_sentence(
    recording: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = threading.active_count()

    assert run(recording, "--json", tmp_path / "no" / "lines.jsonl") == 5

    assert "lines.jsonl" in capsys.readouterr().err
    assert threading.active_count() == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.timeout(60)
@pytest.mark.parametrize("options", [("--json", "/dev/full"), ("--json", "-"), ()])
def test_a_full_disk_does_not_end_the_watch(recording: Path, options: tuple[str, ...]) -> None:
    arguments = (*COMMAND, str(recording), "--pace", "max", *options, "--classifier", "none")
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            arguments, cwd=REPOSITORY, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )

    first, last = done.stderr.splitlines()
    assert done.returncode == 5
    assert "Watching goes on" in first
    lines = 5 if options else 4  # both events were followed to their end
    assert last.endswith(f"No space left on device; {lines} lines are lost")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.timeout(60)
def test_a_disk_too_full_to_say_so_still_ends_with_the_right_code(recording: Path) -> None:
    """A service whose lines and complaints go to one log."""
    arguments = (*COMMAND, str(recording), "--pace", "max", "--json", "-", "--classifier", "none")
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(arguments, cwd=REPOSITORY, stdout=full, stderr=full, check=False)

    assert done.returncode == 5


@pytest.mark.timeout(60)
def test_two_runs_one_after_the_other_share_a_file_and_two_at_once_do_not(
    recording: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "lines.jsonl"
    assert [run(recording, "--pace", "max", "--json", out) for _ in range(2)] == [0, 0]
    before = out.read_text()
    held = LineOut(out)

    assert run(recording, "--pace", "max", "--json", out) == 5

    held.close()
    assert "another motionapp writes into" in capsys.readouterr().err
    assert out.read_text() == before
    assert [line["type"] for line in read_lines(out)].count("ended") == 2


def test_events_of_a_live_source_are_cut_at_their_own_length(
    recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("motionapp.assembly.open_source", lambda *args, **kwargs: Lost(recording))
    monkeypatch.setattr("motionapp.runtime.pipeline.Mailbox", Patient)
    monkeypatch.setenv("MOTIONAPP_RUN__LIVE_MAX_S", "2")
    out = tmp_path / "lines.jsonl"

    run("rtsp://door/live", "--json", out)

    closed = [line["event"] for line in read_lines(out) if line["type"] == "closed"]
    assert closed[0]["ended_by"] == "length"
    assert max(event["end_s"] - event["start_s"] for event in closed) < 2.2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send")
@pytest.mark.timeout(60)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_well_with_events_closed(recording: Path, number: int) -> None:
    """Sent as soon as an event is open, in the middle of a recording played at its own pace."""
    arguments = (*COMMAND, str(recording), "--json", "-", "--classifier", "none")
    with subprocess.Popen(
        arguments, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first = json.loads(process.stdout.readline())
        process.send_signal(number)
        rest = [json.loads(line) for line in process.stdout]
        said = process.stderr.read()

    assert (process.returncode, said) == (0, "")
    assert first["type"] == "opened"
    closed = [line for line in rest if line["type"] == "closed"]
    assert [line["event"]["ended_by"] for line in closed] == ["interrupted"]
    assert rest[-1]["type"] == "ended"
    assert 0 < rest[-1]["frames"] < 300


@pytest.mark.timeout(60)
def test_a_reader_that_leaves_early_ends_it_quietly(recording: Path) -> None:
    arguments = (*COMMAND, str(recording), "--pace", "max", "--json", "-", "--classifier", "none")
    with subprocess.Popen(
        arguments, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()

    assert (process.returncode, said) == (0, "")


@pytest.mark.timeout(60)
def test_neither_qt_nor_torch_is_imported(recording: Path) -> None:
    program = (
        "import sys; from motionapp.cli import main; "
        f"main(['watch', {str(recording)!r}, '--pace', 'max', '--classifier', 'none']); "
        "print([name for name in ('PyQt6', 'torch') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == "[]"
