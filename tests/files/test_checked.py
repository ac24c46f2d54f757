"""JSON that a person may have changed is read whole, or refused by a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from motionapp.core.errors import SettingsError
from motionapp.files.checked import read_checked


class Names(BaseModel):
    model_config = ConfigDict(extra="forbid")

    names: list[str]


def test_what_is_right_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"names": ["eva"]}')

    assert read_checked(tmp_path / "a.json", Names, what="a list of names").names == ["eva"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"names": [1]}', "names.0"),
        ("{", "the file"),
        ('{"names": [], "more": 1}', "more"),
        ('{"names": ["' + "x" * 2000 + '"]}', "not a list of names"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)

    with pytest.raises(SettingsError, match=said) as caught:
        read_checked(path, Names, what="a list of names", most_bytes=1000)

    assert str(path) in str(caught.value)
    assert path.read_text() == text


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_checked(tmp_path / "none.json", Names, what="a list of names")
