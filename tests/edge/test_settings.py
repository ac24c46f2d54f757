"""The configuration: what is read, what is refused, and that no secret is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from motionapp.core.errors import SettingsError
from motionapp.settings.edge import EdgeSettings, is_private, read_edge

SMALL = """
[[camera]]
name = "door"
url = "rtsp://me:${DOOR_PASSWORD}@10.0.0.5/sub"
zones = "door.toml"
privacy = [[[0.0, 0.0], [0.3, 0.0], [0.3, 1.0]]]
schedule = ["mon-fri 18:00-07:00", "sat,sun 00:00-24:00"]

[store]
dir = "kept"
"""


def read(folder: Path, text: str, **variables: str) -> EdgeSettings:
    path = folder / "edge.toml"
    path.write_text(text)
    return read_edge(path, environment=variables)


def test_variables_are_put_in_and_paths_are_seen_from_the_file(tmp_path: Path) -> None:
    settings = read(tmp_path, SMALL, DOOR_PASSWORD="s3cret")

    camera = settings.camera[0]
    assert camera.url.get_secret_value() == "rtsp://me:s3cret@10.0.0.5/sub"
    assert camera.zones == tmp_path / "door.toml"
    assert settings.store.dir == tmp_path / "kept"
    assert [zone.kind for zone in camera.privacy_zones] == ["privacy"]


def test_no_secret_is_in_what_is_printed(tmp_path: Path) -> None:
    settings = read(tmp_path, SMALL, DOOR_PASSWORD="s3cret")

    assert "s3cret" not in f"{settings!r} {settings}"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("${DOOR_PASSWORD}", "${NOBODY}"), "asks for the variable NOBODY, which is not set"),
        (('name = "door"', 'name = "Front door"'), "name"),
        (("mon-fri 18:00-07:00", "weekdays"), "is no schedule: write days and times"),
        (("mon-fri 18:00-07:00", "mon-fri 18:00-24:30"), "is no schedule"),
        (("[0.3, 1.0]", "[1.3, 1.0]"), "beyond 1"),
        (('dir = "kept"', 'dir = "kept"\nmax_gbs = 3'), "unknown key store.max_gbs"),
        (("[store]", '[web]\nbind = "0.0.0.0"\n[store]'), "give web.token_file"),
        (("[store]", '[web]\nkey = "k.pem"\n[store]'), "belong together"),
        (("[store]", '[web]\nnames = ["cam.example"]\n[store]'), "others ask for the page"),
        (
            ("[store]", '[mqtt]\nhost = "b"\npassword_file = "p"\n[store]'),
            "mqtt.password_file is given, but no mqtt.user",
        ),
        (
            ("[store]", '[[camera]]\nname = "door"\nurl = "camera:0"\n[store]'),
            "two cameras are called door",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(
    tmp_path: Path, change: tuple[str, str], complaint: str
) -> None:
    with pytest.raises(SettingsError, match=complaint) as caught:
        read(tmp_path, SMALL.replace(*change), DOOR_PASSWORD="s3cret")

    assert "edge.toml" in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_a_file_that_others_may_read_is_not_private(tmp_path: Path) -> None:
    path = tmp_path / "edge.toml"
    path.write_text(SMALL)
    path.chmod(0o640)
    before = is_private(path)
    path.chmod(0o600)

    assert (before, is_private(path)) == (False, True)
