"""What is shown of an address, however it is spelt."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from motionapp.cli import main
from motionapp.core.addresses import shown, without_password, without_passwords

MALFORMED = [
    "rtsp:/user:secret@host/door",
    "user:secret@host:554/door",
    "secret@host",
    " rtsp://user:secret@host/door",
    "rtsp//user:secret@host/door",
    "rtps://user:secret@host/door",
    "rtsp:\\\\user:secret@host\\door",
    "//user:secret@host/door",
    "http:/host/live?token=secret",
    "host/live?token=secret",
    "host:554/user=admin_password=secret_channel=1.sdp",
    "camera:user:secret@host",
    "synthetic:user:secret@host",
    "file://user:secret@host/door",
    "rtsp://user:secret",
    "rtsp://user:secret/x",
    "http://127.0.0.1:9/live?token=a@secret",
    "http://127.0.0.1:9/live?a=x@y&token=secret",
    "user:secret%40host/door",
    "rtsp://user:secret%40127.0.0.1:9/door",
    "rtsp\uff1a//user:secret\uff20host/door",
    "rtsp:/host/psw=secret",
]


@pytest.mark.parametrize("spec", MALFORMED)
@pytest.mark.parametrize(
    "verb", [("watch",), ("why", "--at", "1"), ("bench",), ("batch", "--out", "out")]
)
def test_no_error_tells_the_password(
    spec: str,
    verb: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)

    code = main([*verb, spec, "--classifier", "none"])

    said = capsys.readouterr()
    assert code in (2, 4)
    assert said.err
    assert "secret" not in said.err + said.out
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not any("secret" in path.read_text(encoding="utf-8") for path in files)


def test_a_blank_too_many_tells_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["watch", "door.mp4", "rtsp://user:secret@host/door"])

    said = capsys.readouterr().err
    assert "rtsp://host/door" in said
    assert "secret" not in said


@pytest.mark.parametrize("option", ["--settings", "--classifier", "--zones", "--json", "--pace"])
def test_an_address_in_the_place_of_something_else_tells_no_secret(
    option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with contextlib.suppress(SystemExit):
        assert main(["watch", "synthetic:demo", option, "rtsp://user:secret@host/door"])

    said = capsys.readouterr().err
    assert "host/door" in said
    assert "secret" not in said


def test_an_address_in_the_place_of_the_verb_tells_no_secret(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["rtsp://user:sec ret@host/door"])

    said = capsys.readouterr().err
    assert "host/door" in said
    assert "sec" not in said


def test_a_file_in_a_sentence_keeps_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a:b@c.mp4"
    path.touch()

    assert without_passwords(f"{path} is empty", [str(path)]) == f"{path} is empty"


@pytest.mark.parametrize(
    "path",
    ["door.mp4", "/data/what?.mp4", "C:\\clips\\door.mp4", "\\\\nas\\clips\\a.mp4", "#1 & #2.avi"],
)
def test_a_path_is_shown_as_it_is(path: str) -> None:
    assert shown(path) == path


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("rtsp:/user:secret@host/door", "rtsp://host/door"),
        ("user:secret@host/door", "...@host/door"),
        ("rtsp://host:554/door", "rtsp://host:554/door"),
        ("http://[::1]:80/door", "http://[::1]:80/door"),
        ("http://host/live?a=x@y", "http://..."),
        ("rtsp://user:secret", "rtsp://user:..."),
    ],
)
def test_of_an_address_host_and_path_are_shown(address: str, seen: str) -> None:
    assert shown(address) == seen
    if "://" in address:
        assert without_password(address) == seen
