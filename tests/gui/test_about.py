"""What it stands on is told with versions and terms; it has an icon."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from PyQt6.QtGui import QIcon
from PyQt6.QtWidgets import QApplication

import motionapp
from motionapp.gui.about import BROUGHT, STANDS_ON, about_html, parts
from motionapp.gui.start import ICON
from motionapp.resources import assets_dir


def test_everything_that_is_installed_is_listed_with_its_terms() -> None:
    listed = {one.name: one for one in parts()}

    assert {"numpy", "opencv-python", "onnxruntime", "av", "PyQt6"} <= set(listed)
    for one in listed.values():
        assert one.terms, one.name
        assert one.version or one.name in dict(BROUGHT)
    assert "numpy" in about_html()


def test_no_dependency_is_forgotten() -> None:
    project = Path(motionapp.__file__).parent.parent / "pyproject.toml"
    if not project.exists():
        return  # an installed wheel
    document = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
    needed = [*document["dependencies"], *document["optional-dependencies"]["gui"]]
    names = {re.split(r"[<>=!~; \[]", one)[0].casefold() for one in needed}

    assert names <= {name.casefold() for name in STANDS_ON}


def test_the_icon_can_be_drawn_at_any_size(app: QApplication) -> None:
    icon = QIcon(str(assets_dir() / ICON))

    for size in (16, 48, 256):
        picture = icon.pixmap(size, size).toImage()
        assert picture.width() == size
        assert len({picture.pixel(x, size // 2) for x in range(size)}) > 2
