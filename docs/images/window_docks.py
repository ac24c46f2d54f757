"""Makes the guide's pictures of the window's docks, on rendered material.

    QT_QPA_PLATFORM=offscreen python docs/images/window_docks.py            # docs/images/window/
    QT_SCALE_FACTOR=2 QT_QPA_PLATFORM=offscreen python docs/images/window_docks.py --out DIR \
        --sizes 1280x800,1366x768,1920x1080 --looks light,dark              # all, to be looked at
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QEventLoop, QSettings, Qt, QTimer
from PyQt6.QtWidgets import QApplication

from motionapp.gui import theme
from motionapp.gui.jobs import Ticket
from motionapp.gui.manners import install
from motionapp.gui.play.wish import Wish
from motionapp.gui.remembered import Remembered
from motionapp.gui.start import DEMO, make_window, take_down
from motionapp.gui.teaching.films import cut_take
from motionapp.gui.teaching.takes import Take, TakeSet
from motionapp.gui.window import MainWindow
from motionapp.gui.words import speak
from motionapp.resources import assets_dir
from motionapp.settings import load_settings
from motionapp.settings.zones import ZoneSettings

HERE = Path(__file__).resolve().parent
LOOKS = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
BEGINS_S = 12.0
"""Of the demo: some movements have been named by then."""
EACH_S, CURVES_S = 3.0, 12.0
"""So long a dock is played to before its picture is taken, and the one with curves."""
TAKES, TAKE_S = 3, 2.0
DEMO_FILE = str(assets_dir() / DEMO)
QUALITY = 85
"""Of the pictures that are kept: WebP, a tenth of what PNG takes."""


def wait(holds: Callable[[], bool]) -> None:
    """Let the window work until something holds."""
    loop, timer = QEventLoop(), QTimer()
    timer.timeout.connect(lambda: loop.quit() if holds() else None)
    timer.start(20)
    loop.exec()
    timer.stop()


def played_s(window: MainWindow) -> float:
    """The time of the picture that is seen."""
    picture = window.view.picture
    return 0.0 if picture is None else picture.pts_s


def draw_zones(window: MainWindow) -> None:
    """One of each kind."""
    drawn = (
        ("floor", "include", ((0.05, 0.35), (0.95, 0.35), (0.95, 0.97), (0.05, 0.97))),
        ("window", "exclude", ((0.7, 0.05), (0.93, 0.05), (0.93, 0.28), (0.7, 0.28))),
        ("stranger", "privacy", ((0.1, 0.4), (0.24, 0.4), (0.24, 0.9), (0.1, 0.9))),
        ("way", "line", ((0.38, 0.95), (0.38, 0.5))),
    )
    zones = tuple(
        ZoneSettings(name=name, kind=kind, polygon=points) for name, kind, points in drawn
    )
    change(window, zones=zones)


def no_zones(window: MainWindow) -> None:
    """As before."""
    change(window, zones=())


def change(window: MainWindow, **settings: object) -> None:
    """Analyse otherwise from now on."""
    window.crew.tuning.change(window.wish.settings.model_copy(update=settings), "settings")


def lay_takes(folder: Path) -> None:
    """Takes of three movements of the demo, as a person would have recorded them."""
    truth = json.loads((assets_dir() / "demo-truth.json").read_text())["events"]
    takes = TakeSet(folder)
    for one in truth[:3]:
        for number in range(TAKES):
            start_s = one["start_s"] + 0.3 * number
            film = cut_take(DEMO_FILE, start_s, start_s + TAKE_S, folder, Ticket(lambda *_: None))
            assert film is not None  # nobody cancels it
            takes = takes.with_take(Take(film.name, one["label"], "Ann", TAKE_S))
    takes.write()


def ask_why(window: MainWindow) -> None:
    """And wait for the answer."""
    window.panels.why.asked.emit()
    wait(lambda: not window.panels.why.is_waiting)


def compare(window: MainWindow) -> None:
    """With flow."""
    window.panels.compare.press(True)
    window.panels.compare.frontend_asked.emit("flow")


def compare_no_more(window: MainWindow) -> None:
    """As before."""
    window.panels.compare.press(False)


def nothing(window: MainWindow) -> None:
    """It is seen as it is."""


PREPARED = {
    "zones": (draw_zones, no_zones),
    "why": (ask_why, nothing),
    "compare": (compare, compare_no_more),
}
"""What is done for a dock before its picture, and after it."""


def main() -> int:
    """Play, and save what is seen of each dock."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=HERE / "window")
    parser.add_argument("--docks", help="by their names, with commas; all by default")
    parser.add_argument("--looks", default="light,dark")
    parser.add_argument("--sizes", default="1366x768")
    parser.add_argument("--language", default="en")
    options = parser.parse_args()
    sizes = [tuple(int(part) for part in size.split("x")) for size in options.sizes.split(",")]
    options.out.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    QSettings.setPath(
        QSettings.Format.NativeFormat, QSettings.Scope.UserScope, tempfile.mkdtemp()
    )  # it is laid out as a new user sees it
    takes = Path(tempfile.mkdtemp()) / "takes"
    lay_takes(takes)
    Remembered().keep_takes(takes)
    theme.dress(app)
    install(app)
    speak(app, (options.language,))
    window = make_window(Wish(DEMO_FILE, load_settings().analysis))
    window.show()
    window.actions_["synced"].trigger()  # boxes lie where they belong, however busy the machine is
    wait(lambda: played_s(window) >= BEGINS_S)
    for name in options.docks.split(",") if options.docks else window.docks:
        window.docks[name].raise_()
        prepare, undo = PREPARED.get(name, (nothing, nothing))
        prepare(window)
        until_s = played_s(window) + (CURVES_S if name == "instruments" else EACH_S)
        wait(lambda until_s=until_s: played_s(window) >= until_s)
        for look in options.looks.split(","):
            theme.paint(app, LOOKS[look])
            for width, height in sizes:
                take(window, options.out / f"{name}-{look}-{width}x{height}.webp", width, height)
        undo(window)
    window.close()
    take_down(window)
    return 0


def take(window: MainWindow, path: Path, width: int, height: int) -> None:
    """Save a picture of the window in a size, once what it plays has been made for that size."""
    window.resize(width, height)
    painted = window.view.painted.count
    wait(lambda: window.view.painted.count >= painted + 3)
    window.grab().save(str(path), quality=QUALITY)
    print(path)


if __name__ == "__main__":
    sys.exit(main())
