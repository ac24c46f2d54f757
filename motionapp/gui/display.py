"""Whether a window can be opened here, asked before Qt is: Qt ends the process if it cannot."""

from __future__ import annotations

import ctypes
import importlib.util
from collections.abc import Mapping
from pathlib import Path

from motionapp.core.errors import DisplayError, MissingExtraError

APT_LINE = (
    "sudo apt-get install -y libgl1 libegl1 libglib2.0-0 libdbus-1-3 libfontconfig1 "
    "libxkbcommon-x11-0 libx11-xcb1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 "
    "libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-xfixes0 "
    "libxcb-xkb1"
)
"""The system packages that PyQt6's wheels need on bare Debian and Ubuntu, as in the README."""

SCREEN_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def require_window(environment: Mapping[str, str], platform: str) -> None:
    """Make sure that a window can be opened.

    Parameters
    ----------
    environment : mapping of str to str
        The process's variables.
    platform : str
        As `sys.platform` names it.

    Raises
    ------
    MissingExtraError
        PyQt6 is not installed.
    DisplayError
        There is no screen, or a system library is missing; with what helps.
    """
    if importlib.util.find_spec("PyQt6") is None:
        raise MissingExtraError("the window", "gui")
    if not platform.startswith("linux"):
        return
    if not any(environment.get(name) for name in SCREEN_VARIABLES):
        raise DisplayError(
            "there is no screen to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set): "
            "use motionapp watch or motionapp batch, which need none"
        )
    _require_libraries(environment)


def _require_libraries(environment: Mapping[str, str]) -> None:
    try:
        import PyQt6.QtWidgets
    except ImportError as error:
        raise missing_library(str(error)) from error
    asked = environment.get("QT_QPA_PLATFORM", "")
    is_x11 = asked.startswith("xcb") or (not asked and not environment.get("WAYLAND_DISPLAY"))
    if is_x11:
        plugins = Path(PyQt6.QtWidgets.__file__).parent / "Qt6" / "plugins" / "platforms"
        require_loadable(plugins / "libqxcb.so")


def require_loadable(plugin: Path) -> None:
    """Load a plugin of Qt as Qt would, which aborts the process where that fails.

    Raises
    ------
    DisplayError
        A system library that it needs is missing.
    """
    if not plugin.is_file():  # Qt from the distribution: its packages depend on what they need
        return
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        raise missing_library(str(error)) from error


def missing_library(said: str) -> DisplayError:
    """The sentence for what the dynamic linker said: ``libEGL.so.1: cannot open ...``."""
    library = said.partition(":")[0]
    return DisplayError(
        f"the window needs a system library that is missing ({library}); "
        f"on Debian and Ubuntu: {APT_LINE}"
    )
