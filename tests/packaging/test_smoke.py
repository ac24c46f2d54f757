"""The trial of what was installed fails where any part of it does."""

from __future__ import annotations

import importlib.util
import shutil
import struct
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "smoke.py"

WELL = """\
import json, pathlib, sys
verb = sys.argv[1]
out = pathlib.Path([*sys.argv, "--out", "nowhere"][[*sys.argv, "--out"].index("--out") + 1])
if verb == "--version":
    print("motionapp 9.9")
if verb == "demo":
    out.mkdir()
    (out / "events.json").touch()
    (out / "report.html").touch()
    print("10 of 10 movements named rightly")
if verb == "batch":
    out.mkdir()
    one = {"status": "ok", "events": 1}
    (out / "summary.json").write_text(json.dumps({"inputs": [one, one]}))
"""


@pytest.fixture
def smoke(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("smoke", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tried(smoke: ModuleType, monkeypatch: pytest.MonkeyPatch, folder: Path, program: str) -> int:
    script = folder / "fake.py"
    script.write_text(program, encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["smoke.py", sys.executable, str(script)])
    return int(smoke.main())


@pytest.fixture
def no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)


@pytest.mark.usefixtures("no_screen")
def test_what_works_passes_and_a_window_that_is_not_tried_is_told(
    smoke: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert tried(smoke, monkeypatch, tmp_path, WELL) == 0

    said = capsys.readouterr().out
    assert "motionapp 9.9" in said
    assert "10 of 10" in said
    assert "not tried: there is no Xvfb" in said


@pytest.mark.usefixtures("no_screen")
@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('print("motionapp 9.9")', "sys.exit('no')", "help"),
        ('(out / "report.html").touch()', "", "demo"),
        ('"ok"', '"failed"', "batch"),
    ],
)
def test_whatever_goes_wrong_is_named(
    smoke: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    old: str,
    new: str,
    what: str,
) -> None:
    assert old in WELL

    assert tried(smoke, monkeypatch, tmp_path, WELL.replace(old, new)) == 1

    assert f"{what:7}FAILED" in capsys.readouterr().err


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="no screen: there is no Xvfb here")
def test_a_window_that_ends_by_itself_fails_with_what_it_said(
    smoke: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    program = WELL + 'if verb == "gui":\n    sys.exit("no colours here")\n'

    assert tried(smoke, monkeypatch, tmp_path, program) == 1

    said = capsys.readouterr().err
    assert "ended by itself, with 1" in said
    assert "no colours here" in said


def test_the_pixels_of_a_dump_begin_behind_its_head_and_its_colours(
    smoke: ModuleType, tmp_path: Path
) -> None:
    head = [0] * 25
    head[0], head[19] = 104, 2  # its length, with a name in it; and two colours
    path = tmp_path / "screen"
    path.write_bytes(struct.pack(">25I", *head) + b"name" + bytes(24) + b"pixels")

    assert smoke._pixels(path) == b"pixels"


def test_the_share_that_differs_is_that_of_pixels(smoke: ModuleType) -> None:
    before = bytes(4 * 1600)
    now = bytes(4 * 1200) + b"\1" * (4 * 400)

    assert smoke._differ(before, before) == 0
    assert smoke._differ(before, now) == pytest.approx(0.25)
