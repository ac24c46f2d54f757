"""The unit for systemd: what it promises, what holds it in, and when it declines to start."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

EDGE = Path(__file__).resolve().parents[2] / "packaging" / "edge"
UNIT = EDGE / "motionapp-edge.service"
EXAMPLE = EDGE / "motionapp-edge.example.toml"
NEWER_KEYS = {"RestartSteps", "RestartMaxDelaySec"}
"""Of systemd 254; an older one names them and goes on."""
MOST_EXPOSED = 2.0
"""By systemd's own measure, 0 to 10; 1.8 when it was written, and below 2 counts as good."""


def directives() -> dict[str, list[str]]:
    """Every key with its values, in order; sections do not share keys here."""
    found: dict[str, list[str]] = {}
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        if line and line[0] not in "#[":
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def test_it_is_watched_started_again_for_ever_and_ends_in_time() -> None:
    unit = directives()

    assert unit["Type"] == ["notify"]
    assert unit["ExecReload"] == ["/bin/kill -HUP $MAINPID"]
    assert int(unit["WatchdogSec"][0]) > 0
    assert unit["Restart"] == ["always"]
    assert unit["StartLimitIntervalSec"] == ["0"]
    assert unit["KillMode"] == ["mixed"]
    assert 2 < int(unit["TimeoutStopSec"][0]) <= 10


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("User", "motionapp"),
        ("UMask", "0077"),
        ("StateDirectory", "motionapp"),
        ("StateDirectoryMode", "0700"),
        ("EnvironmentFile", "-/etc/motionapp/edge.env"),
        ("Environment", "ORT_DISABLE_TELEMETRY=1"),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("PrivateTmp", "yes"),
        ("NoNewPrivileges", "yes"),
        ("DeviceAllow", "char-video4linux rw"),
        ("SupplementaryGroups", "video"),
        ("CapabilityBoundingSet", ""),
        ("RestrictAddressFamilies", "AF_UNIX AF_INET AF_INET6 AF_NETLINK"),
    ],
)
def test_it_is_held_in(key: str, value: str) -> None:
    assert directives()[key] == [value]


def test_its_use_of_the_machine_has_bounds() -> None:
    unit = directives()

    assert int(unit["MemoryHigh"][0].rstrip("%")) < int(unit["MemoryMax"][0].rstrip("%")) < 100
    assert unit["CPUQuota"][0].endswith("%")
    assert int(unit["TasksMax"][0]) > 0


def declines(tmp_path: Path, content: str | None) -> bool:
    """Whether its condition, run as systemd would, lets it not start."""
    path = tmp_path / "edge.toml"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    (line,) = directives()["ExecCondition"]
    found = re.fullmatch(r"/bin/sh -c '([^'\\%$]*)'", line)
    assert found, "more quoting than this test takes apart"
    script = found[1].replace("/etc/motionapp/edge.toml", str(path))
    done = subprocess.run(
        ["sh", "-c", script], capture_output=True, text=True, timeout=20, check=False
    )
    assert done.returncode in (0, 1)
    assert ("describe your own" in done.stdout) == (done.returncode == 1)
    return done.returncode == 1


@pytest.mark.skipif(os.name != "posix", reason="a script for Linux")
def test_it_declines_while_the_configuration_is_the_example(tmp_path: Path) -> None:
    example = EXAMPLE.read_text(encoding="utf-8")

    assert declines(tmp_path, example)
    assert declines(tmp_path, example.replace('"door"', '"hall"'))
    assert not declines(tmp_path, example.replace("camera.example", "192.168.1.20", 1))


@pytest.mark.skipif(os.name != "posix", reason="a script for Linux")
def test_a_configuration_that_is_not_there_is_left_to_the_service_to_complain_of(
    tmp_path: Path,
) -> None:
    assert not declines(tmp_path, None)


@pytest.fixture
def stand_in(tmp_path: Path) -> Path:
    """The unit with a program that is there, for tools that look."""
    path = tmp_path / UNIT.name
    text = UNIT.read_text(encoding="utf-8").replace("/opt/motionapp/bin/motionapp", "/bin/true")
    path.write_text(text, encoding="utf-8")
    return path


def analysed(*words: str) -> subprocess.CompletedProcess[str]:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    return subprocess.run(
        ["systemd-analyze", *words], capture_output=True, text=True, timeout=50, check=False
    )


def test_systemd_finds_no_fault(stand_in: Path) -> None:
    done = analysed("verify", "--man=no", str(stand_in))

    said = [line for line in done.stderr.splitlines() if UNIT.name in line]
    unknown = {
        found[1] for line in said if (found := re.search(r"Unknown key(?: name)? '(\w+)'", line))
    }
    assert unknown <= NEWER_KEYS
    assert [line for line in said if "Unknown key" not in line] == []
    assert done.returncode == 0


def test_systemd_finds_it_hardly_exposed(stand_in: Path) -> None:
    done = analysed(
        "security", "--offline=true", "--no-pager", f"--threshold={MOST_EXPOSED * 10:.0f}",
        str(stand_in),
    )  # fmt: skip

    if "unrecognized option" in done.stderr:
        pytest.skip("this systemd looks at running units only")
    assert done.returncode == 0, done.stdout
    assert "Overall exposure level" in done.stdout
