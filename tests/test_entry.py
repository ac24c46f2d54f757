"""The Python entry: light to import, and the same events as the batch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import motionapp
from motionapp.core.errors import SettingsError, SourceError
from motionapp.core.moment import Moment
from motionapp.overlay import Style
from motionapp.settings import AnalysisSettings
from motionapp.sinks.video import AnnotatedVideoSink
from motionapp.testing import Mover, Stage


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "door.mp4"
    mover = Mover(lambda t_s: (20 + 120 * (t_s - 1), 60) if 1 <= t_s < 2 else None)
    off = Style(groups=False, tracks=False, poses=False, events=False, status=False)
    sink = AnnotatedVideoSink(path, style=off)
    for frame in Stage(movers=(mover,), size=(192, 144), sigma=1.0).frames(4.0):
        sink.accept(Moment("stage", frame))
    sink.close()
    return path


def test_importing_it_brings_neither_qt_nor_torch_nor_anything_heavy() -> None:
    code = (
        "import sys, motionapp\n"
        "heavy = {'PyQt6', 'torch', 'onnx', 'cv2', 'av', 'onnxruntime', 'pydantic', 'numpy'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"


def test_its_public_names_are_those_that_are_documented() -> None:
    assert set(motionapp.__all__) == {"__version__", "analyse", "open_source"}
    assert all(hasattr(motionapp, name) for name in motionapp.__all__)


def test_the_events_are_those_of_the_batch(clip: Path, tmp_path: Path) -> None:
    import json

    from motionapp.cli import main
    from motionapp.sinks import events_document

    found = motionapp.analyse(clip, classifier="none")

    assert main(["batch", str(clip), "--out", str(tmp_path / "out"), "--classifier", "none"]) == 0
    written = json.loads((tmp_path / "out" / "door" / "events.json").read_text())
    assert events_document("door.mp4", found)["events"] == written["events"]
    assert len(found) == 1


def test_settings_may_be_given_as_a_value_or_a_file(clip: Path, tmp_path: Path) -> None:
    file = tmp_path / "late.toml"
    file.write_text(
        '[analysis.events]\npersist_s = 5\n[analysis.recognition]\nclassifier = "none"\n'
    )
    value = AnalysisSettings.model_validate(
        {"events": {"persist_s": 5}, "recognition": {"classifier": "none"}}
    )

    assert motionapp.analyse(clip, settings=file) == ()
    assert motionapp.analyse(str(clip), settings=value) == ()


def test_the_stretch_of_the_settings_holds_here_too(clip: Path, tmp_path: Path) -> None:
    toml = tmp_path / "late.toml"
    toml.write_text("[run]\nstart_s = 3.0\n")

    assert motionapp.analyse(clip, classifier="none")
    assert motionapp.analyse(clip, classifier="none", settings=toml) == ()


def test_what_is_wrong_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"gone\.mp4"):
        motionapp.analyse(tmp_path / "gone.mp4", classifier="none")
    with pytest.raises(SettingsError, match="radar"):
        motionapp.analyse(tmp_path / "gone.mp4", frontend="radar")


def test_a_source_gives_its_frames(clip: Path) -> None:
    source = motionapp.open_source(clip)

    assert sum(1 for _ in source.frames()) == 100
    source.close()
