"""`motionapp edge` as a whole: its verbs, signals, reload and exit codes."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from motionapp.cli import main

REPOSITORY = Path(__file__).resolve().parents[2]

pytestmark = [
    pytest.mark.timeout(60),
    pytest.mark.skipif(sys.platform == "win32", reason="the edge is for Linux and its like"),
]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def configured(folder: Path, *, port: int, names: tuple[str, ...] = ("door",)) -> Path:
    """Cameras of which none answers, and a page."""
    cameras = "".join(
        f'[[camera]]\nname = "{name}"\nurl = "rtsp://me:s3cret@127.0.0.1:9/{name}"\n'
        for name in names
    )
    path = folder / "edge.toml"
    path.write_text(f'{cameras}[store]\ndir = "kept"\n[web]\nport = {port}\n')
    path.chmod(0o600)
    return path


@contextmanager
def running(config: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "motionapp", "edge", "run", str(config)],
        cwd=REPOSITORY,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        with process:
            yield process
    finally:
        process.kill()


def said_until(process: subprocess.Popen[str], part: str) -> list[str]:
    """What it says, up to a line with this in it."""
    assert process.stderr is not None
    lines: list[str] = []
    for line in process.stderr:
        lines.append(line)
        if part in line:
            return lines
    raise AssertionError(f"it never said {part!r}: {lines}")


def names_on_page(port: int) -> list[str]:
    with urlopen(f"http://127.0.0.1:{port}/api/v1/cameras", timeout=5) as answer:
        return [camera["name"] for camera in json.load(answer)["cameras"]]


def test_check_tells_what_it_means_without_a_secret(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = configured(tmp_path, port=8480)

    assert main(["edge", "check", str(config)]) == 0

    said = capsys.readouterr()
    assert "camera door: rtsp://127.0.0.1:9/door" in said.out
    assert "s3cret" not in said.out + said.err
    assert said.err == ""


def test_check_warns_of_a_file_that_others_can_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = configured(tmp_path, port=8480)
    config.chmod(0o644)

    assert main(["edge", "check", str(config)]) == 0

    assert "can be read by others: chmod 600" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('zones = "nowhere.toml"', "camera door: the zones file"),
        ('settings = "nowhere.toml"', "camera door: the settings file"),
        ("threads = 0", "threads"),
    ],
)
def test_check_refuses_what_cannot_be_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, complaint: str
) -> None:
    config = configured(tmp_path, port=8480)
    config.write_text(config.read_text().replace("[store]", f"{line}\n[store]"))

    assert main(["edge", "check", str(config)]) == 2

    said = capsys.readouterr().err
    assert complaint in said
    assert "Traceback" not in said


def test_a_token_and_its_line_are_made(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["edge", "token", "viewer"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("line for web.token_file: viewer ")
    assert lines[0].split()[-1] not in lines[1]


def test_a_service_reads_its_configuration_again_and_keeps_the_old_one_if_it_is_bad(
    tmp_path: Path,
) -> None:
    port = free_port()
    config = configured(tmp_path, port=port)
    with running(config) as process:
        said = said_until(process, "the page is at")
        config.write_text("[[camera]]\nname = 3\n")
        process.send_signal(signal.SIGHUP)
        said += said_until(process, "the old configuration stays in force")
        before = names_on_page(port)
        configured(tmp_path, port=port, names=("door", "yard"))
        process.send_signal(signal.SIGHUP)
        said += said_until(process, "was read again")
        after = names_on_page(port)
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        said += process.stderr.readlines()
        assert process.wait() == 0

    assert (before, after) == (["door"], ["door", "yard"])
    assert "s3cret" not in "".join(said)
    assert "Traceback" not in "".join(said)


def test_a_port_that_is_taken_holds_up_nobody_and_is_tried_again(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
        with running(configured(tmp_path, port=port)) as process:
            said = said_until(process, "it is tried again each")
            said += said_until(process, "door is lost")
            taken.close()
            said += said_until(process, "the page is at")
            assert names_on_page(port) == ["door"]
            process.send_signal(signal.SIGTERM)
            assert process.stderr is not None
            process.stderr.read()
            assert process.wait() == 0


def test_two_services_do_not_share_a_store(tmp_path: Path) -> None:
    config = configured(tmp_path, port=free_port())
    with running(config) as first:
        said_until(first, "the page is at")
        second = subprocess.run(
            [sys.executable, "-m", "motionapp", "edge", "run", str(config)],
            cwd=REPOSITORY,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        first.send_signal(signal.SIGTERM)
        assert first.stderr is not None
        first.stderr.read()

    assert second.returncode == 5
    assert "Traceback" not in second.stderr


def test_a_store_is_repaired_while_no_service_has_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = configured(tmp_path, port=8480)
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "motionapp.sqlite3").write_bytes(b"this is no database" * 100)

    assert main(["edge", "repair", str(config)]) == 0

    assert "events: 0" in capsys.readouterr().out
    assert list((tmp_path / "kept").glob("motionapp.sqlite3.damaged-*"))
