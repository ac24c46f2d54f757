"""Makes the guide's pictures of the window's docks, on rendered material.

    QT_QPA_PLATFORM=offscreen python docs/images/window_docks.py            # docs/images/window/
    QT_SCALE_FACTOR=2 QT_QPA_PLATFORM=offscreen python docs/images/window_docks.py --out DIR \
        --sizes 1280x800,1366x768,1920x1080 --looks light,dark              # all, to be looked at
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QEventLoop, QSettings, Qt, QTimer
from PyQt6.QtWidgets import QApplication

from motionapp.gui import theme
from motionapp.gui.manners import install
from motionapp.gui.play.wish import Wish
from motionapp.gui.start import DEMO, make_window
from motionapp.gui.window import MainWindow
from motionapp.gui.words import speak
from motionapp.resources import assets_dir
from motionapp.settings import load_settings
from motionapp.settings.zones import ZoneSettings

HERE = Path(__file__).resolve().parent
LOOKS = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
BEGINS_S = 12.0
"""Of the demo: some movements have been named by then."""
EACH_S = 3.0
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
    """The time of the newest picture that was analysed."""
    moment = window.player.driver.newest_moment
    return 0.0 if moment is None or moment.frame is None else moment.frame.pts_s


def draw_zones(window: MainWindow) -> None:
    """One that is watched and one that is left out."""
    window.crew.tuning.change(
        window.wish.settings.model_copy(
            update={
                "zones": (
                    ZoneSettings(
                        name="floor",
                        polygon=((0.05, 0.35), (0.95, 0.35), (0.95, 0.97), (0.05, 0.97)),
                    ),
                    ZoneSettings(
                        name="window",
                        kind="exclude",
                        polygon=((0.7, 0.05), (0.93, 0.05), (0.93, 0.28), (0.7, 0.28)),
                    ),
                )
            }
        ),
        "zones",
    )


def ask_why(window: MainWindow) -> None:
    """And wait for the answer."""
    window.panels.why.asked.emit()
    wait(lambda: not window.panels.why.is_waiting)


def compare(window: MainWindow) -> None:
    """With flow."""
    window.panels.compare.press(True)
    window.panels.compare.frontend_asked.emit("flow")


PREPARED: dict[str, Callable[[MainWindow], None]] = {
    "zones": draw_zones,
    "why": ask_why,
    "compare": compare,
}
"""What is done for a dock before its picture."""


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
    theme.dress(app)
    install(app)
    speak(app, (options.language,))
    window = make_window(Wish(str(assets_dir() / DEMO), load_settings().analysis))
    window.show()
    wait(lambda: played_s(window) >= BEGINS_S)
    for name in options.docks.split(",") if options.docks else window.docks:
        window.docks[name].raise_()
        PREPARED.get(name, lambda _: None)(window)
        until_s = played_s(window) + EACH_S
        wait(lambda until_s=until_s: played_s(window) >= until_s)
        for look in options.looks.split(","):
            theme.paint(app, LOOKS[look])
            for width, height in sizes:
                take(window, options.out / f"{name}-{look}-{width}x{height}.webp", width, height)
        if name == "compare":
            window.panels.compare.press(False)
    window.close()
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
