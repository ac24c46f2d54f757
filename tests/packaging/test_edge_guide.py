"""The guide to the edge: what it shows can be typed, and what it names is there."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from motionapp.settings.base import SettingsModel
from motionapp.settings.edge import CameraSettings, EdgeSettings, read_edge

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "edge.md"
EDGE = ROOT / "packaging" / "edge"
STORE = '[store]\ndir = "store"\n'
CAMERA = '[[camera]]\nname = "c"\nurl = "camera:0"\n'


def text() -> str:
    return GUIDE.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """What stands between fences, less the indentation of a list."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```$", text(), re.MULTILINE | re.DOTALL)
    return [re.sub(f"^{indent}", "", body, flags=re.MULTILINE) for indent, body in found]


def models() -> Iterator[tuple[str, type[SettingsModel]]]:
    for name, field in EdgeSettings.model_fields.items():
        for kind in (field.annotation, *get_args(field.annotation)):
            if isinstance(kind, type) and issubclass(kind, SettingsModel):
                yield name, kind


@pytest.mark.parametrize("block", blocks("toml"))
def test_each_piece_of_configuration_is_one(block: str, tmp_path: Path) -> None:
    """Put into a whole file, it is read."""
    tree: dict[str, Any] = tomllib.loads(block)
    if set(tree) <= set(CameraSettings.model_fields):
        whole = CAMERA + block + STORE
    else:
        whole = block + ("" if "camera" in tree else CAMERA) + STORE
    path = tmp_path / "edge.toml"
    path.write_text(whole, encoding="utf-8")

    read_edge(path, environment={"DOOR_PASSWORD": "p", "HOOK_KEY": "k"})


def test_there_are_pieces_of_all_that_is_written_there() -> None:
    assert len(blocks("toml")) >= 6
    assert len(blocks("sh")) >= 10


def test_every_link_leads_somewhere() -> None:
    headings = re.findall(r"^#+ (.+)$", text(), re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}
    links = re.findall(r"\]\(([^)]+)\)", text())

    assert len(links) > 20
    for link in links:
        path, _, anchor = link.partition("#")
        assert (GUIDE.parent / path).exists(), link
        assert path or anchor in anchors, link


@pytest.mark.parametrize("page", ["README.md", "docs/watch.md"])
def test_others_lead_to_it(page: str) -> None:
    assert re.search(r"\]\((docs/)?edge\.md\)", (ROOT / page).read_text(encoding="utf-8"))


def test_places_are_those_of_the_unit_and_of_the_package() -> None:
    unit = (EDGE / "motionapp-edge.service").read_text(encoding="utf-8")
    postinst = (EDGE / "debian" / "postinst").read_text(encoding="utf-8")

    for place in ("/etc/motionapp/edge.env", "/etc/motionapp/edge.toml", "/opt/motionapp"):
        assert place in text()
        assert place in unit
    for place in ("/etc/motionapp/edge.toml", "/var/lib/motionapp"):
        assert place in postinst
    (watchdog,) = re.findall(r"^WatchdogSec=(\d+)$", unit, re.MULTILINE)
    assert f"watchdog, {watchdog} s" in text()


def test_no_address_in_it_is_somebodys() -> None:
    hosts = set(re.findall(r"https?://([\w.-]+)", text()))

    assert hosts <= {"127.0.0.1", "example.org"}


def test_every_table_of_a_configuration_is_spoken_of() -> None:
    for name, _ in models():
        assert f"[{name}]" in text(), name
