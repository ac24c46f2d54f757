"""What makes motionapp an entry of a desktop's menu: the entry, its description, its icons."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import struct
import subprocess
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from motionapp.core.version import __version__

ROOT = Path(__file__).resolve().parents[2]
LINUX = ROOT / "packaging" / "linux"
ID = "app.motionapp.Motionapp"
ENTRY = LINUX / f"{ID}.desktop"
METAINFO = LINUX / f"{ID}.metainfo.xml"


def entry_of(path: Path) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # keys keep their case
    parser.read(path, encoding="utf-8")
    return parser["Desktop Entry"]


def test_the_entry_opens_the_window_on_a_file() -> None:
    entry = entry_of(ENTRY)

    assert entry["Type"] == "Application"
    assert entry["Exec"] == "motionapp gui %f"
    assert entry["Icon"] == ID
    assert entry["Terminal"] == "false"
    assert "Comment[de]" in entry


def test_the_window_bears_the_name_of_the_entry() -> None:
    """Else a desktop on Wayland shows it without an icon."""
    source = (ROOT / "motionapp" / "gui" / "start.py").read_text(encoding="utf-8")

    assert re.search(rf'^DESKTOP_ID = "{re.escape(ID)}"$', source, re.MULTILINE)


def test_the_description_speaks_of_this_entry_and_this_version() -> None:
    root = ElementTree.parse(METAINFO).getroot()

    assert root.findtext("id") == ID
    assert root.findtext("launchable") == ENTRY.name
    assert root.findtext("project_license") == "Apache-2.0"
    releases = [one.get("version") for one in root.iter("release")]
    assert releases[0] == __version__


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("desktop-file-validate", [str(ENTRY)]),
        ("appstreamcli", ["validate", "--no-net", str(METAINFO)]),
    ],
)
def test_the_tools_of_freedesktop_find_no_fault(tool: str, arguments: list[str]) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    done = subprocess.run(
        [tool, *arguments], capture_output=True, text=True, timeout=50, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_icon_has_the_size_in_its_name() -> None:
    pictures = sorted(LINUX.glob("icons/*.png"))

    assert {"48.png", "256.png"} <= {path.name for path in pictures}
    for path in pictures:
        head = path.read_bytes()[:24]
        assert head[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">2I", head[16:]) == (int(path.stem), int(path.stem))


def test_a_wheel_puts_them_where_desktops_look() -> None:
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shared = document["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]

    assert all((ROOT / path).is_file() for path in shared)
    assert f"share/applications/{ID}.desktop" in shared.values()
    assert f"share/metainfo/{ID}.metainfo.xml" in shared.values()
    assert f"share/icons/hicolor/scalable/apps/{ID}.svg" in shared.values()


@pytest.mark.skipif(os.name != "posix", reason="a script for Linux")
def test_a_bundle_anywhere_is_put_into_the_menu_and_taken_out_again(tmp_path: Path) -> None:
    program = tmp_path / 'my "$apps" 100%' / "motionapp"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "share")}
    script = str(LINUX / "menu.sh")

    subprocess.run([script, "add", str(program)], env=environment, timeout=50, check=True)

    entry = tmp_path / "share" / "applications" / ENTRY.name
    quoted = str(program).replace('"', '\\\\"').replace("$", "\\\\$").replace("%", "%%")
    assert entry_of(entry)["Exec"] == f'"{quoted}" gui %f'
    assert "TryExec" not in entry_of(entry)
    assert len(list((tmp_path / "share").rglob("*.png"))) == len(list(LINUX.glob("icons/*.png")))

    subprocess.run([script, "remove"], env=environment, timeout=50, check=True)

    assert not [path for path in (tmp_path / "share").rglob("*") if path.is_file()]


@pytest.mark.skipif(os.name != "posix", reason="a script for Linux")
def test_what_is_no_program_is_not_put_into_the_menu(tmp_path: Path) -> None:
    done = subprocess.run(
        [str(LINUX / "menu.sh"), "add", str(tmp_path)],
        env={**os.environ, "XDG_DATA_HOME": str(tmp_path / "share")},
        capture_output=True, text=True, timeout=50, check=False,
    )  # fmt: skip

    assert done.returncode == 2
    assert not (tmp_path / "share").exists()
