"""What the doctor finds, on machines that are made up."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pytest

from motionapp.cli import main
from motionapp.cli.doctor import (
    OPTIONAL,
    imports,
    missing_libraries,
    opencv,
    packages,
    window,
)
from motionapp.gui.display import WINDOW_LIBRARIES


def test_one_opencv_is_right_and_two_are_broken_with_the_line_that_mends_it() -> None:
    one = opencv({"opencv-python": "5.0.0"})
    two = opencv({"opencv-python": "5.0.0", "opencv-python-headless": "5.0.0"})
    none = opencv({})

    assert one.level == "ok"
    assert two.level == "broken"
    assert "pip uninstall -y opencv-python opencv-python-headless" in two.text
    assert none.level == "broken"


def test_the_headless_opencv_is_as_good() -> None:
    assert opencv({"opencv-python-headless": "5.0.0"}).level == "ok"


def test_an_optional_part_is_missing_with_the_line_that_installs_it() -> None:
    installed = dict.fromkeys(("numpy", "av", "onnxruntime", "pydantic", "rich"), "1")

    findings = list(packages(installed))

    assert [finding.level for finding in findings] == ["ok"] * 5 + ["missing"] * 6
    assert 'pip install "motionapp[gui]"' in findings[5].text


@pytest.mark.parametrize(
    ("name", "what", "extra"),
    [
        ("paho-mqtt", "the broker of edge", "edge"),
        ("starlette", "the page of edge", "edge"),
        ("uvicorn", "the page of edge", "edge"),
        ("WSDiscovery", "edge discover", "discover"),
    ],
)
def test_each_optional_part_of_the_edge_is_named(name: str, what: str, extra: str) -> None:
    without = {one.text for one in packages({})}
    with_it = {one.text for one in packages({name.lower(): "2.1"})}

    line = f'pip install "motionapp[{extra}]"'
    assert without - with_it == {f"{name}, needed for {what} only: {line}"}
    assert with_it - without == {f"{name} 2.1 ({what})"}


def test_what_the_edge_and_discover_need_is_what_the_extras_install() -> None:
    root = Path(__file__).resolve().parents[2]
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    for extra in ("edge", "discover"):
        wanted = {re.split("[<>=~!; ]", one)[0] for one in project["optional-dependencies"][extra]}
        assert wanted == {name for name, _, named in OPTIONAL if named == extra}


def test_a_package_that_does_not_start_is_broken_with_its_system_library() -> None:
    def fail(name: str) -> object:
        raise ImportError("libGL.so.1: cannot open shared object file")

    finding = next(iter(imports(fail)))

    assert finding.level == "broken"
    assert "apt-get install -y libgl1" in finding.text


def test_nobody_is_told_to_install_into_a_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    installed = dict.fromkeys(("numpy", "av", "onnxruntime", "pydantic", "rich"), "1")

    (missing, *_) = [one for one in packages(installed) if one.level == "missing"]

    assert "not in a bundle" in missing.text
    assert "pip" not in missing.text


def test_missing_libraries_come_with_their_packages() -> None:
    missing = missing_libraries(lambda name: name != "libxcb-cursor.so.0")

    assert missing == {"libxcb-cursor.so.0": "libxcb-cursor0"}


def test_without_a_screen_it_says_what_needs_none() -> None:
    libraries, screen = window({"pyqt6": "6"}, {}, "linux", can_load=lambda name: True)

    assert libraries.level == "ok"
    assert screen.level == "missing"
    assert "batch and watch need none" in screen.text


def test_a_screen_is_named() -> None:
    *_, screen = window({"pyqt6": "6"}, {"DISPLAY": ":1"}, "linux", can_load=lambda name: True)

    assert screen.text == "a screen (DISPLAY=:1)"


def test_without_the_window_its_libraries_do_not_matter() -> None:
    assert list(window({}, {}, "linux")) == []


@pytest.mark.parametrize("file", ["README.md", ".ci/run"])
def test_the_libraries_are_those_of_the_readme_and_the_server(file: str) -> None:
    text = (Path(__file__).resolve().parents[2] / file).read_text(encoding="utf-8")

    named = set(re.findall(r"\blib[a-z0-9.-]+[a-z0-9]\b", text.partition("libgl1")[2][:500]))

    assert named | {"libgl1"} >= set(WINDOW_LIBRARIES.values())


def test_this_machine_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0

    said = capsys.readouterr().out
    assert "motionapp 0." in said
    assert "ONNX Runtime computes with" in said
