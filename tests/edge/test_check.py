"""What is said of a configuration: what is wrong with it, and never a secret that is in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from motionapp.core.errors import SettingsError
from motionapp.edge.check import checked_settings, lines_of
from motionapp.edge.web.access import make_token

SECRET = "s3cret77"
ADDRESS = f"rtsp://u:{SECRET}@h/x"
STORE = '[store]\ndir = "kept"\n'
CAMERA = f'[[camera]]\nname = "door"\nurl = "{ADDRESS}"\n'
HOOK = f'{CAMERA}{STORE}[[webhook]]\nurl = "%s"\n'


@pytest.mark.parametrize(
    "text",
    [
        CAMERA,
        f'[[camera]]\nurl = "{ADDRESS}"\n{STORE}',
        f'[camera]\nname = "door"\nurl = "{ADDRESS}"\n{STORE}',
        f'[[camera]]\nname = "door"\nurl = ["{ADDRESS}"]\n{STORE}',
        f'[[camera]]\nname = "door"\nurl = "x"\nmain_url = {{ a = "{ADDRESS}" }}\n{STORE}',
        f'camera = "{ADDRESS}"\n{STORE}',
        f'camera = ["u:{SECRET}@h/x"]\n{STORE}',
        f'[[camera]]\nname = "{ADDRESS}"\nurl = "x"\n{STORE}',
        f'[[camera]]\nname = "door"\nurl = "x"\n"{ADDRESS}" = 1\n{STORE}',
        f'[[camera]]\nname = "door"\nurl = "x"\nsettings = "{ADDRESS}"\n{STORE}',
        f'[[camera]]\nname = "door"\nurl = "x"\nzones = "{ADDRESS}"\n{STORE}',
        f'{CAMERA}{STORE}[webhook]\nurl = "https://h/{SECRET}"\n',
        f'{CAMERA}{STORE}[mqtt]\nhost = "mqtt://u:{SECRET}@h"\n',
        f'{CAMERA}{STORE}[mqtt]\nhost = "u:{SECRET}@h"\n',
        HOOK % f"u:{SECRET}@h/x",
        HOOK % f"htps://h/{SECRET}",
    ],
)
def test_what_is_wrong_is_said_without_the_secret_in_it(text: str, tmp_path: Path) -> None:
    path = tmp_path / "edge.toml"
    path.write_text(text)

    with pytest.raises(SettingsError) as refused:
        checked_settings(path)

    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("url", [ADDRESS, f"u:{SECRET}@h/x", f"rtsp:u:{SECRET}@h/x"])
def test_what_was_understood_is_said_without_a_secret(url: str, tmp_path: Path) -> None:
    path = tmp_path / "edge.toml"
    path.write_text(
        f'[[camera]]\nname = "door"\nurl = "{url}"\nmain_url = "{url}"\n{STORE}'
        f'[[webhook]]\nurl = "https://u:{SECRET}@hooks.example/{SECRET}?key={SECRET}"\n'
    )

    said = "\n".join(lines_of(checked_settings(path)))

    assert SECRET not in said
    assert "webhook: https://hooks.example:443" in said


def test_every_file_that_is_named_is_looked_into(tmp_path: Path) -> None:
    path, tokens = tmp_path / "edge.toml", tmp_path / "tokens"
    text = f'{CAMERA}{STORE}[web]\ntoken_file = "tokens"\n'
    path.write_text(text)
    with pytest.raises(SettingsError, match="tokens is not there"):
        checked_settings(path)
    tokens.write_text("admin swordfish\n")
    with pytest.raises(SettingsError, match="line 1"):
        checked_settings(path)
    tokens.write_text(make_token("admin")[1])
    checked_settings(path)
    path.write_text(f'{text}[mqtt]\nhost = "h"\nuser = "u"\npassword_file = "tokens/within"\n')
    with pytest.raises(SettingsError, match="cannot be read: Not a directory"):
        checked_settings(path)
