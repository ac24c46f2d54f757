"""Opens the window and runs Qt until it is closed."""

from __future__ import annotations

import gc
import os
import signal
import sys

from PyQt6 import sip
from PyQt6.QtGui import QIcon
from PyQt6.QtWidgets import QApplication

from motionapp.frontends import registry
from motionapp.gui.manners import install as install_manners
from motionapp.gui.offers import Offers
from motionapp.gui.play.wish import EXAMPLE, Wish, first_wish
from motionapp.gui.presenter import source_title
from motionapp.gui.theme import dress
from motionapp.gui.window import MainWindow
from motionapp.gui.words import speak, tr
from motionapp.processes import clean_environment
from motionapp.recognition import catalogue
from motionapp.resources import assets_dir
from motionapp.runtime.arenas import few_arenas
from motionapp.settings import Settings

DEMO = "demo.mp4"
ICON = "motionapp.svg"
DESKTOP_ID = "app.motionapp.Motionapp"
"""By this a desktop finds our entry in its menu, and so our icon: see packaging/linux."""
EXAMPLES = (EXAMPLE, "synthetic:wave2", "synthetic:jack", "synthetic:run", "synthetic:crossing")


def start(spec: str | None, settings: Settings) -> int:
    """Open the window on a source (None: the demo) and return when it has been closed.

    Returns
    -------
    int
        The exit code.

    Raises
    ------
    SettingsError
        There is no such front-end. A source or model that cannot be used is said in the window.
    """
    for name in set(os.environ) - set(clean_environment(os.environ)):
        del os.environ[name]  # cv2's Qt 5 is not ours, which finds its plug-ins without
    registry.check(settings.analysis.frontend)
    few_arenas()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("motionapp")
    app.setDesktopFileName(DESKTOP_ID)
    speak(app)
    app.setWindowIcon(QIcon(str(assets_dir() / ICON)))
    dress(app)
    install_manners(app)
    wish = first_wish(spec, settings.analysis, assets_dir() / DEMO)
    window = make_window(wish, threads=settings.run.threads)
    window.show()
    # Python runs its handlers when the window's timer calls into it, a few times a second.
    before = {
        number: signal.signal(number, lambda *_: window.close())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        return int(app.exec())
    finally:
        window.player.close()
        for number, handler in before.items():  # there is no window to be closed any more
            signal.signal(number, handler)
        take_down(window)


def take_down(window: MainWindow) -> None:
    """Delete a window that has been closed, with all that is in it.

    At the end of Python, PyQt walks a list of what is left and deletes it, and crashes where one
    object takes others with it, as pyqtgraph's do: in 7 ends of 10 with the instruments open.
    """
    sip.delete(window)
    gc.collect()  # what only pyqtgraph's circles hold


def make_window(wish: Wish, *, threads: int | None = None) -> MainWindow:
    """The window with everything that can be chosen here."""
    demo = assets_dir() / DEMO
    examples = [(source_title(spec), spec) for spec in EXAMPLES]
    if demo.is_file():
        examples.insert(0, (tr("Demo: ten movements"), str(demo)))
    offers = Offers(
        frontends=tuple((name, registry.about_choice(name)) for name in registry.choices()),
        classifiers=tuple(catalogue.names()),
        examples=tuple(examples),
    )
    return MainWindow(wish, offers, threads=threads)
