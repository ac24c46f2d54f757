"""Makes docs/images/window.png: the window on rendered material, after some seconds.

QT_QPA_PLATFORM=offscreen python docs/images/window.py [--classifier actions] [--at 14]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from PyQt6.QtCore import QSettings, QTimer
from PyQt6.QtWidgets import QApplication

from motionapp.gui.play.wish import Wish
from motionapp.gui.start import DEMO, make_window
from motionapp.gui.theme import dress
from motionapp.resources import assets_dir
from motionapp.settings import load_settings

HERE = Path(__file__).resolve().parent


def main() -> int:
    """Play, wait, and save what is seen."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", default=str(assets_dir() / DEMO))
    parser.add_argument("--classifier")
    parser.add_argument("--frontend")
    parser.add_argument("--at", type=float, default=17.0, help="seconds from the first picture")
    parser.add_argument("--out", type=Path, default=HERE / "window.png")
    options = parser.parse_args()
    settings = load_settings(
        changes={
            "analysis.frontend": options.frontend,
            "analysis.recognition.classifier": options.classifier,
        }
    )
    app = QApplication(sys.argv[:1])
    QSettings.setPath(
        QSettings.Format.NativeFormat, QSettings.Scope.UserScope, tempfile.mkdtemp()
    )  # it is laid out as a new user sees it
    dress(app)
    window = make_window(Wish(options.source, settings.analysis))
    window.resize(1280, 800)
    window.show()

    def look() -> None:
        moment = window.player.driver.newest_moment
        if moment is None or moment.frame is None or moment.frame.pts_s < options.at:
            return
        timer.stop()
        window.grab().save(str(options.out))
        window.close()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(20)
    app.exec()
    return 0


if __name__ == "__main__":
    sys.exit(main())
