"""Whether a window can be opened here, asked before Qt is: Qt ends the process if it cannot."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from motionapp.core.errors import DisplayError, MissingExtraError

WINDOW_LIBRARIES: Final = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
"""What PyQt6's wheel leaves to the system, and the package of Debian and Ubuntu that has it."""
APT_LINE = f"sudo apt-get install -y {' '.join(WINDOW_LIBRARIES.values())}"

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
    plugins = Path(PyQt6.QtWidgets.__file__).parent / "Qt6" / "plugins" / "platforms"
    asked = environment.get("QT_QPA_PLATFORM", "")
    require_platform(asked, plugins)
    needs_x11 = asked.startswith("xcb") or (not asked and not wayland_answers(environment))
    if needs_x11:
        require_loadable(plugins / "libqxcb.so")
        require_x_server(environment.get("DISPLAY", ""))


def require_platform(asked: str, plugins: Path) -> None:
    """Make sure that Qt has what ``QT_QPA_PLATFORM`` asks for.

    Parameters
    ----------
    asked : str
        Names with options, the first that works is taken: ``xcb``, ``offscreen``,
        ``wayland;xcb``. Empty: Qt chooses.
    plugins : Path
        Where Qt's platforms lie, one file each.

    Raises
    ------
    DisplayError
        It has none of them.
    """
    known = {file.stem.removeprefix("libq") for file in plugins.glob("libq*.so")}
    names = [name.partition(":")[0] for name in asked.split(";")]
    # The files of Wayland are called otherwise than what is asked for.
    if asked and known and not any(n in known or n.startswith("wayland") for n in names):
        raise DisplayError(
            f"QT_QPA_PLATFORM is {asked!r}, which Qt does not have: unset it, or use one of "
            f"{', '.join(sorted(known))}"
        )


def wayland_answers(environment: Mapping[str, str]) -> bool:
    """Whether there is a Wayland server where the variables say. If not, Qt tries X11."""
    name = environment.get("WAYLAND_DISPLAY", "")
    if not name:
        return False
    path = os.path.join(environment.get("XDG_RUNTIME_DIR", ""), name)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.settimeout(1.0)
        try:
            server.connect(path)
        except OSError:
            return False
    return True


def require_x_server(display: str) -> None:
    """Make sure that an X server answers.

    Parameters
    ----------
    display : str
        As ``DISPLAY`` names it.

    Raises
    ------
    DisplayError
        None does, or it does not let us in.
    """
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:  # then Qt's own plugin was not loaded either: nothing to ask with
        return
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    has_failed = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    if has_failed:
        raise DisplayError(
            f"the screen that DISPLAY names ({display or 'none'}) does not answer: is there an X "
            "server, and may you use it? motionapp watch and motionapp batch need none"
        )


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
