"""What the program leaves behind and whom it contacts: nothing, and nobody."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

NETWORK = r"(?:connect|sendto|sendmsg|sendmmsg)\("
LOOPBACK = ('inet_addr("127.', 'inet_pton(AF_INET6, "::1"')
STRACE = ("strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=%network,openat,open,creat")
"""With the filter only the calls named here stop, which is several times as fast."""
SWITCHES = ("ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")

WINDOW = """
import sys
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication
from motionapp import ort
from motionapp.gui import start as room
from motionapp.settings import Settings

def look():
    if ort.onnxruntime.cache_info().currsize:  # it names what moves
        timer.stop()
        QApplication.instance().closeAllWindows()

made = room.make_window
def make_window(*args, **kwargs):
    window = made(*args, **kwargs)
    timer.timeout.connect(look)
    timer.start(20)
    return window

timer = QTimer()
room.make_window = make_window
sys.exit(room.start(sys.argv[1], Settings()))
"""


TRAINING = """
import os, sys
from torch import nn
from dataclasses import replace
from pathlib import Path
from motionapp.cli import main, train
from motionapp.training import fitting, train as course
from motionapp.training.architectures import ClipNetwork
from motionapp.training.architectures.network import going_of

chosen = train.recipe_of
train.recipe_of = lambda *a, **k: replace(chosen(*a, **k), fewest_steps=1)

class Small(ClipNetwork):
    def __init__(self, shape, generator):
        super().__init__(shape, generator)
        maps = nn.Conv2d(shape.channels, 4, 3), nn.ReLU(), nn.MaxPool2d(16), nn.Flatten()
        self.features = nn.Sequential(*maps)
        self.going, beside = going_of(shape)
        self.fc = nn.Linear(4 * 3 * 3 + beside, shape.outputs)

    head = property(lambda self: self.fc)

    def row(self, maps):
        return self.features(maps)

fitting.build = lambda name, shape, generator, initialiser: Small(shape, generator)
exported = {}

def export(network, task, **how):
    if not exported:
        exported["once"] = written(network, task, **how)
    return exported["once"]

written, course.export = course.export, export
assert main([*sys.argv[1:], "--no-cache"]) == 0
assert list(Path(os.environ["HOME"]).rglob("*")) == []
sys.exit(main(sys.argv[1:]))
"""
"""A network of two layers: whom torch, its exporter and the quantiser contact is asked, no more.
Without the cache, which leaves nothing at home, and with it; the network is exported once."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home folder."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def spoken(tmp_path: Path, home: Path) -> Callable[..., list[str]]:
    """Runs Python with an empty home, under strace where there is one.

    Gives what was contacted, and what was opened for writing outside the test's own folder.
    """

    def run(*arguments: str) -> list[str]:
        trace = tmp_path / "trace.txt"
        spy = [*STRACE, "-o", str(trace)]
        environment = {k: v for k, v in os.environ.items() if k not in SWITCHES}
        environment |= {
            "HOME": str(home),
            "TMPDIR": str(tmp_path),
            "PYTHONDONTWRITEBYTECODE": "1",
            "QT_QPA_PLATFORM": "offscreen",
        }
        done = subprocess.run(
            [*(spy if can_trace() else []), sys.executable, *arguments],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=230,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        lines = trace.read_text(errors="replace").splitlines() if can_trace() else []
        return [*contacts(lines), *written_elsewhere(lines, tmp_path)]

    return run


@functools.cache
def can_trace() -> bool:
    """Whether strace is there and may look into a process (containers often forbid it)."""
    if shutil.which("strace") is None:
        return False
    tried = subprocess.run([*STRACE, "-o", os.devnull, "true"], capture_output=True, check=False)
    return tried.returncode == 0


def contacts(lines: list[str]) -> Iterator[str]:
    """Calls that go beyond this machine, or ask for a name's address."""
    for line in lines:
        is_internet = re.search(NETWORK, line) and "sa_family=AF_INET" in line
        if is_internet and ("htons(53)" in line or not any(own in line for own in LOOPBACK)):
            yield line


def written_elsewhere(lines: list[str], folder: Path) -> Iterator[str]:
    """Files opened for writing that do not lie in `folder`."""
    for line in lines:
        opened = re.search(r'(?:open|openat|creat)\((?:[^,"]*, )?"([^"]*)".*= \d+', line)
        if opened is None or not re.search(r"O_WRONLY|O_RDWR|O_CREAT|creat\(", line):
            continue
        path = opened[1]
        if path.startswith("/") and not path.startswith((f"{folder}/", "/dev/", "/proc/")):
            yield line


def test_what_would_be_a_contact_is_seen() -> None:
    beyond = [
        '7 connect(5, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("20.1.2.3")}',
        '7 sendto(5, "..", 2, 0, {sa_family=AF_INET, sin_port=htons(53), '
        'sin_addr=inet_addr("127.0.0.53")}, 16) = 2',
        '7 openat(AT_FDCWD, "/home/ann/.cache/id", O_WRONLY|O_CREAT, 0600) = 7',
    ]
    own = [
        '7 connect(5, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}',
        '7 connect(5, {sa_family=AF_UNIX, sun_path="/run/x"}, 110) = -1 ENOENT',
        '7 openat(AT_FDCWD, "/tmp/here/events.json.part", O_WRONLY|O_CREAT, 0600) = 7',
        '7 openat(AT_FDCWD, "/usr/lib/libz.so", O_RDONLY|O_CLOEXEC) = 7',
    ]

    found = [*contacts(beyond + own), *written_elsewhere(beyond + own, Path("/tmp/here"))]

    assert found == beyond


@pytest.mark.timeout(240)
def test_a_batch_with_names_in_two_workers_contacts_nobody_and_leaves_the_home_empty(
    recording: Callable[..., Path], spoken: Callable[..., list[str]], tmp_path: Path, home: Path
) -> None:
    inputs = [str(recording("one.mp4")), str(recording("two.mp4", seed=1))]
    everything = ["--annotated", "--clips", "encode", "--report", "--frames", "parquet"]
    out = tmp_path / "out"

    found = spoken(
        *["-m", "motionapp", "batch", *inputs, "--out", str(out), "--workers", "2", *everything]
    )

    assert (out / "summary.json").is_file()
    assert found == []
    assert list(home.rglob("*")) == []


@pytest.mark.timeout(240)
@pytest.mark.parametrize("frontend", ["flow", "pose"])
def test_watching_with_another_front_end_contacts_nobody(
    recording: Callable[..., Path], spoken: Callable[..., list[str]], home: Path, frontend: str
) -> None:
    found = spoken("-m", "motionapp", "watch", str(recording()), "--frontend", frontend)

    assert found == []
    assert list(home.rglob("*")) == []


def test_the_doctor_contacts_nobody(spoken: Callable[..., list[str]], home: Path) -> None:
    assert spoken("-m", "motionapp", "doctor") == []
    assert list(home.rglob("*")) == []


@pytest.mark.gui
@pytest.mark.timeout(240)
def test_the_window_contacts_nobody_and_leaves_what_it_remembers(
    spoken: Callable[..., list[str]], home: Path
) -> None:
    assert spoken("-c", WINDOW, "synthetic:wave2") == []

    if sys.platform == "linux":  # other systems keep settings elsewhere
        left = [file for file in home.rglob("*") if file.is_file()]
        assert left == [home / ".config" / "motionapp" / "motionapp.conf"]


@pytest.mark.train
@pytest.mark.timeout(240)
def test_training_exporting_and_quantising_contact_nobody_and_leave_windows_and_nothing_else(
    recording: Callable[..., Path], spoken: Callable[..., list[str]], tmp_path: Path, home: Path
) -> None:
    """Which are arrays, one file a recording and tempo, where nobody else may look."""
    for label, seed in (("one", 0), ("two", 1)):
        recording(f"data/{label}/{label}.mp4", duration_s=2.0, seed=seed)
    model = tmp_path / "m.onnx"
    short = ["--rendered", "0", "--clutter", "0", "--epochs", "1", "--width", "2"]
    kind = ["--arch", "alexnet", "--protocol", "none", "--out", str(model)]

    found = spoken("-c", TRAINING, "train", str(tmp_path / "data"), *kind, *short)

    assert model.is_file()
    assert found == []
    if sys.platform != "linux":  # other systems keep windows elsewhere
        return
    windows = home / ".cache" / "motionapp" / "windows"
    files = [file for file in home.rglob("*") if file.is_file()]
    assert {file.parent for file in files} == {windows}
    assert {file.suffix for file in files} == {".npz"}
    assert len(files) == 6
    assert {file.stat().st_mode & 0o077 for file in [*files, windows]} == {0}
