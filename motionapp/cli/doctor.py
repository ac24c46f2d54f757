"""`motionapp doctor`: says what this machine has and lacks, and the line that mends it."""

from __future__ import annotations

import argparse
import ctypes
import importlib
import importlib.metadata
import os
import platform
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from motionapp.core.bundle import is_bundle
from motionapp.core.version import __version__
from motionapp.gui.display import WINDOW_LIBRARIES
from motionapp.ort import onnxruntime

NEEDED: Final = ("numpy", "av", "onnxruntime", "pydantic", "rich")
OPTIONAL: Final = (
    ("PyQt6", "the window", "gui"),
    ("torch", "training", "train"),
    ("paho-mqtt", "the broker of edge", "edge"),
    ("starlette", "the page of edge", "edge"),
    ("uvicorn", "the page of edge", "edge"),
    ("WSDiscovery", "edge discover", "discover"),
)
IMPORTED: Final = ("numpy", "cv2", "av", "onnxruntime", "pydantic")
"""What can be installed and yet not start: their libraries are tried."""
OPENCV: Final = (
    "opencv-python",
    "opencv-python-headless",
    "opencv-contrib-python",
    "opencv-contrib-python-headless",
)
"""They all install into the same folder, and whoever is uninstalled takes it away from the rest."""

Level = Literal["ok", "missing", "broken"]
MARKS: Final[dict[Level, str]] = {"ok": "ok     ", "missing": "missing", "broken": "BROKEN "}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `missing` concerns an optional part, `broken` the program itself."""

    level: Level
    text: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """There are none."""


def run(arguments: argparse.Namespace) -> int:
    """Print the report; 1 if the program itself cannot work here."""
    findings = list(examine())
    for finding in findings:
        print(f"{MARKS[finding.level]}  {finding.text}")
    return 1 if any(finding.level == "broken" for finding in findings) else 0


def examine() -> Iterator[Finding]:
    """All that there is to say, in the order in which it is read."""
    installed = installed_versions()
    yield Finding(
        "ok",
        f"motionapp {__version__}, Python {platform.python_version()}, {platform.platform()}",
    )
    yield from packages(installed)
    yield opencv(installed)
    yield from imports(_start)
    yield from window(installed, os.environ, sys.platform)
    yield from cameras()
    yield from models()


def installed_versions() -> dict[str, str]:
    """Name (small letters, dashes) and version of every installed distribution."""
    versions = {}
    for distribution in importlib.metadata.distributions():
        name = distribution.metadata["Name"]
        if name:
            versions[name.lower().replace("_", "-")] = distribution.version
    return versions


def packages(installed: Mapping[str, str]) -> Iterator[Finding]:
    """The packages that the program needs, and the optional ones."""
    for name in NEEDED:
        if name in installed:
            yield Finding("ok", f"{name} {installed[name]}")
        else:
            yield Finding("broken", f"{name} is not installed: pip install motionapp")
    for name, what, extra in OPTIONAL:
        version = installed.get(name.lower())
        if version is not None:
            yield Finding("ok", f"{name} {version} ({what})")
        else:
            line = "not in a bundle" if is_bundle() else f'pip install "motionapp[{extra}]"'
            yield Finding("missing", f"{name}, needed for {what} only: {line}")


def opencv(installed: Mapping[str, str]) -> Finding:
    """Exactly one of OpenCV's distributions may be installed."""
    present = [name for name in OPENCV if name in installed]
    if len(present) == 1:
        return Finding("ok", f"{present[0]} {installed[present[0]]}")
    if not present:
        return Finding("broken", 'OpenCV is not installed: pip install "opencv-python>=5,<6"')
    mend = f'pip uninstall -y {" ".join(present)} && pip install "opencv-python>=5,<6"'
    return Finding(
        "broken", f"{' and '.join(present)} are installed over each other; keep one: {mend}"
    )


def imports(import_module: Callable[[str], object]) -> Iterator[Finding]:
    """Whether the compiled packages start, and what ONNX Runtime computes with."""
    for name in IMPORTED:
        try:
            module = import_module(name)
        except Exception as error:  # noqa: BLE001  whatever a broken package raises is its report
            yield Finding("broken", f"{name} does not start: {error}{_hint(str(error))}")
            continue
        if name == "onnxruntime":
            providers = ", ".join(module.get_available_providers())  # type: ignore[attr-defined]
            yield Finding("ok", f"ONNX Runtime computes with {providers}")


def _start(name: str) -> object:
    """A package, imported; ONNX Runtime by its door, as it would phone home otherwise."""
    return onnxruntime() if name == "onnxruntime" else importlib.import_module(name)


def window(
    installed: Mapping[str, str],
    environment: Mapping[str, str],
    system: str,
    can_load: Callable[[str], bool] | None = None,
) -> Iterator[Finding]:
    """Whether there is a screen, and what the window needs of the system."""
    if "pyqt6" not in installed:
        return
    if system != "linux":
        yield Finding("ok", "the window needs nothing else here")
        return
    missing = missing_libraries(can_load or loads)
    if missing:
        line = f"sudo apt-get install -y {' '.join(missing.values())}"
        names = ", ".join(missing)
        yield Finding("missing", f"system libraries of the window ({names}): {line}")
    else:
        yield Finding("ok", "the system libraries of the window")
    screen = next((name for name in ("WAYLAND_DISPLAY", "DISPLAY") if environment.get(name)), "")
    if screen:
        yield Finding("ok", f"a screen ({screen}={environment[screen]})")
    else:
        what = "neither DISPLAY nor WAYLAND_DISPLAY is set; batch and watch need none"
        yield Finding("missing", f"a screen for the window: {what}")


def missing_libraries(can_load: Callable[[str], bool]) -> dict[str, str]:
    """Those of `WINDOW_LIBRARIES` that the system does not have, with their packages."""
    return {name: package for name, package in WINDOW_LIBRARIES.items() if not can_load(name)}


def loads(library: str) -> bool:
    """Whether the dynamic linker finds a library: surer than asking a cache of names."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def cameras() -> Iterator[Finding]:
    """The cameras of this machine."""
    try:
        from motionapp.sources.camera import list_cameras
    except ImportError:  # said already by `imports`
        return
    found = list_cameras()
    for camera in found:
        yield Finding("ok", f"camera:{camera.index} {camera.name}")
    if not found:
        yield Finding("missing", "a camera: recordings, streams and synthetic:demo need none")


def models() -> Iterator[Finding]:
    """The model files that came with the program."""
    from motionapp.resources import models_dir

    folder = models_dir()
    files = sorted(folder.glob("*.onnx")) if folder.is_dir() else []
    for path in files:
        yield Finding("ok", f"model {path.name}, {path.stat().st_size / 1e6:.1f} MB")
    if not files:
        yield Finding("missing", f"models in {folder}: movements are found, but not named")


def _hint(said: str) -> str:
    """The package of a system library that the linker did not find."""
    packages_: Iterable[str] = (
        package for name, package in WINDOW_LIBRARIES.items() if said.startswith(name)
    )
    line = " ".join(packages_)
    return f" (sudo apt-get install -y {line})" if line else ""
