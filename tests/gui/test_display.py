"""Whether a window can be opened, said before Qt ends the process."""

from __future__ import annotations

import importlib.util
import socket
import sys
from pathlib import Path

import pytest

from motionapp.core.errors import DisplayError, MissingExtraError
from motionapp.gui.display import (
    missing_library,
    require_loadable,
    require_platform,
    require_window,
    require_x_server,
    wayland_answers,
)


def test_without_pyqt6_the_install_line_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(MissingExtraError, match=r'pip install "motionapp\[gui\]"'):
        require_window({"DISPLAY": ":0"}, "linux")


def test_without_a_screen_it_says_what_needs_none() -> None:
    with pytest.raises(DisplayError, match="motionapp watch") as caught:
        require_window({}, "linux")

    assert caught.value.exit_code == 2


def test_other_systems_have_a_screen_without_a_variable() -> None:
    require_window({}, "darwin")


def test_painting_without_a_screen_can_be_asked_for() -> None:
    require_window({"QT_QPA_PLATFORM": "offscreen"}, "linux")


def test_a_library_that_cannot_be_loaded_is_named_with_what_installs_it(tmp_path: Path) -> None:
    broken = tmp_path / "libqxcb.so"
    broken.write_bytes(b"no library")

    with pytest.raises(DisplayError, match="apt-get install"):
        require_loadable(broken)
    assert "libxcb-cursor.so.0" in str(missing_library("libxcb-cursor.so.0: cannot open"))


def test_a_qt_of_the_distribution_is_left_to_its_packages(tmp_path: Path) -> None:
    require_loadable(tmp_path / "libqxcb.so")


@pytest.mark.skipif(sys.platform != "linux", reason="X11 and Wayland are Linux's")
@pytest.mark.parametrize(
    "environment",
    [
        {"DISPLAY": ":9977"},
        {"QT_QPA_PLATFORM": "xcb"},
        {"WAYLAND_DISPLAY": "wayland-9977", "XDG_RUNTIME_DIR": "/nowhere"},
    ],
)
def test_a_screen_that_does_not_answer_is_a_sentence(environment: dict[str, str]) -> None:
    """Qt would end the process with a dozen lines of its own."""
    with pytest.raises(DisplayError, match="does not answer"):
        require_window(environment, "linux")


def test_a_platform_that_qt_does_not_have_is_named(tmp_path: Path) -> None:
    for name in ("xcb", "offscreen"):
        (tmp_path / f"libq{name}.so").touch()

    require_platform("", tmp_path)
    require_platform("wayland;xcb", tmp_path)
    require_platform("offscreen:size=10x10", tmp_path)
    with pytest.raises(DisplayError, match="use one of offscreen, xcb"):
        require_platform("windows", tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="X11 and Wayland are Linux's")
def test_a_wayland_server_that_listens_answers(tmp_path: Path) -> None:
    variables = {"WAYLAND_DISPLAY": "w", "XDG_RUNTIME_DIR": str(tmp_path)}
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "w"))
        server.listen()

        assert wayland_answers(variables)

    assert not wayland_answers(variables)
    with pytest.raises(DisplayError):
        require_x_server(":9977")
