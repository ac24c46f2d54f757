"""The example of a configuration: whole, and read as it stands and with all options."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic_core import PydanticUndefined

from motionapp.settings.base import SettingsModel
from motionapp.settings.edge import EdgeSettings, read_edge

EXAMPLE = Path(__file__).resolve().parents[2] / "packaging" / "edge" / "motionapp-edge.example.toml"
OPTIONAL = re.compile(r"#(?=\[|[a-z_]+ = )")
"""Prose has a space behind its #."""


def text() -> str:
    return EXAMPLE.read_text(encoding="utf-8")


def whole_text() -> str:
    """With everything optional taken in."""
    return "\n".join(OPTIONAL.sub("", line, count=1) for line in text().splitlines())


def tables(model: type[SettingsModel]) -> Iterator[tuple[str, type[SettingsModel]]]:
    """The tables of a configuration and what may stand in each."""
    for name, field in model.model_fields.items():
        kinds = [field.annotation, *get_args(field.annotation)]
        for kind in kinds:
            if isinstance(kind, type) and issubclass(kind, SettingsModel):
                yield name, kind


def read(folder: Path, content: str) -> EdgeSettings:
    path = folder / "edge.toml"
    path.write_text(content, encoding="utf-8")
    return read_edge(path, environment={})


def test_it_is_read_as_it_stands_and_changes_no_default(tmp_path: Path) -> None:
    settings = read(tmp_path, text())

    plain = read(
        tmp_path,
        '[[camera]]\nname = "door"\nurl = "rtsp://camera.example/stream2"\n'
        '[store]\ndir = "/var/lib/motionapp"\n',
    )
    assert settings == plain


def test_it_is_read_with_all_that_is_optional(tmp_path: Path) -> None:
    settings = read(tmp_path, whole_text())

    assert [camera.name for camera in settings.camera] == ["door", "desk"]
    assert settings.camera[0].privacy_zones
    assert settings.mqtt is not None
    assert settings.mqtt.password_file == tmp_path / "mqtt-password"
    assert settings.web is not None
    assert settings.web.certificate is not None
    assert len(settings.webhook) == 1


def test_no_key_is_forgotten_and_each_table_is_one_of_the_configuration() -> None:
    tree: dict[str, Any] = tomllib.loads(whole_text())
    known = dict(tables(EdgeSettings))

    assert set(tree) == set(known) == set(EdgeSettings.model_fields)
    for name, model in known.items():
        table = tree[name][0] if isinstance(tree[name], list) else tree[name]
        assert set(table) == set(model.model_fields), name


def test_what_is_left_out_by_a_mark_shows_its_default(tmp_path: Path) -> None:
    """Where there is one; else the text says that it is unset."""
    settings = read(tmp_path, whole_text())
    compared = 0
    for name, model in tables(EdgeSettings):
        value = getattr(settings, name)
        table = value[0] if isinstance(value, tuple) else value
        for key, field in model.model_fields.items():
            if field.default not in (None, (), PydanticUndefined):
                assert getattr(table, key) == field.default, f"{name}.{key}"
                compared += 1
    assert compared >= 15


@pytest.mark.parametrize("name", [name for name, _ in tables(EdgeSettings)])
def test_a_key_without_a_default_says_so(name: str) -> None:
    model = dict(tables(EdgeSettings))[name]
    paragraphs = text().split("\n\n")
    for key, field in model.model_fields.items():
        if field.default is None or field.default == ():
            (own,) = [one for one in paragraphs if re.search(rf"^#{key} = ", one, re.MULTILINE)]
            assert re.search(r"[Uu]nset|unless set|both or none|same", own), f"{name}.{key}"


def test_it_names_no_place_that_exists() -> None:
    """Addresses end in .example, which nobody can own; the unit waits while one is there."""
    addresses = re.findall(r'^#?(?:url|main_url) = "([^"]+)"', text(), re.MULTILINE)

    assert len(addresses) >= 3
    for address in addresses:
        assert re.search(r"://[a-z]+\.example/", address) or address == "camera:0"
