"""What it stands on and comes with is told with versions and terms; it has an icon."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import cv2
import pytest
from PyQt6.QtGui import QIcon
from PyQt6.QtWidgets import QApplication, QDialog, QTextBrowser, QWidget

import motionapp
from motionapp.gui import terms
from motionapp.gui.about import about_html
from motionapp.gui.dialogs import show_about
from motionapp.gui.start import ICON
from motionapp.gui.terms import STANDS_ON, comes_with, inside, libraries
from motionapp.resources import assets_dir, models_dir


def test_everything_that_is_installed_is_listed_with_its_terms() -> None:
    listed = {one.name: one for one in libraries()}

    assert {"numpy", "onnxruntime", "av", "PyQt6"} <= set(listed)
    for one in listed.values():
        assert one.terms, one.name
        assert one.version, one.name
    assert listed["PyQt6"].terms.startswith("GPL-3.0")
    assert "numpy" in about_html()


def test_what_libraries_need_in_their_turn_is_listed_once() -> None:
    names = [one.name.casefold() for one in libraries()]

    assert {"pydantic_core", "markupsafe", "protobuf"} <= set(names)
    assert len(names) == len(set(names))


def test_a_library_that_is_not_there_is_left_out() -> None:
    assert libraries(("numpy", "no-such-library")) == libraries(("numpy",))


def test_no_dependency_is_forgotten() -> None:
    project = Path(motionapp.__file__).parent.parent / "pyproject.toml"
    if not project.exists():
        return  # an installed wheel
    document = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
    extras = document["optional-dependencies"]
    needed = [*document["dependencies"]]
    for extra in ("gui", "parquet", "cameras", "train", "search", "tensorboard"):
        needed += extras[extra]
    names = {re.split(r"[<>=!~; \[]", one)[0].casefold() for one in needed}

    assert names <= {name.casefold() for name in STANDS_ON}


def test_ffmpeg_with_x264_is_told_to_be_under_the_gpl(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terms, "encoders_under_gpl", lambda: ("libx264",))
    assert next(one for one in inside() if one.name == "FFmpeg (av)").terms.startswith("GPL")

    monkeypatch.setattr(terms, "encoders_under_gpl", lambda: ())
    assert next(one for one in inside() if one.name == "FFmpeg (av)").terms.startswith("LGPL")


def test_what_opencv_was_built_with_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    build = "  QT:   YES (ver 5.15.19 )\n  avcodec:  YES (62.28.101)\n"
    monkeypatch.setattr(cv2, "getBuildInformation", lambda: build)
    listed = {one.name: one for one in inside()}
    assert listed["Qt (OpenCV)"].version == "5.15.19"
    assert listed["FFmpeg (OpenCV)"].version == "libavcodec 62.28.101"

    monkeypatch.setattr(cv2, "getBuildInformation", lambda: "  GUI:  NONE\n")
    assert not {one.name for one in inside()} & {"Qt (OpenCV)", "FFmpeg (OpenCV)"}


def test_a_bundle_tells_of_its_loader(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not any("loader" in one.name for one in inside())
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert any("loader" in one.name for one in inside())


def test_every_model_and_asset_that_ships_is_listed_with_its_terms() -> None:
    listed = {one.name: one for one in comes_with()}
    files = [path.stem for path in models_dir().glob("*.onnx")]

    for stem in files:
        assert any(stem.startswith(name) for name in listed), stem
    for path in assets_dir().glob("*.*"):
        if path.suffix in (".mp4", ".svg"):
            assert path.name in listed
    assert all(one.terms and one.version for one in listed.values())
    assert "research" in listed["actions"].terms
    assert "CC BY-NC-SA" in listed["safety"].terms
    assert "learnt from" not in listed["actions-rendered"].terms


def test_about_fits_a_small_window_and_is_left_by_a_button(app: QApplication) -> None:
    parent = QWidget()
    parent.resize(640, 400)
    show_about(parent)
    dialog = parent.findChild(QDialog)
    assert dialog is not None
    page = dialog.findChild(QTextBrowser)
    assert page is not None

    assert dialog.height() <= 400
    assert "PyQt6" in page.toPlainText()
    dialog.reject()
    assert not dialog.isVisible()
    parent.deleteLater()


def test_the_icon_can_be_drawn_at_any_size(app: QApplication) -> None:
    icon = QIcon(str(assets_dir() / ICON))

    for size in (16, 48, 256):
        picture = icon.pixmap(size, size).toImage()
        assert picture.width() == size
        assert len({picture.pixel(x, size // 2) for x in range(size)}) > 2
