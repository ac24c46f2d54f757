"""Draws assets/motionapp.svg at the sizes that desktops ask for, into packaging/linux/icons.

    QT_QPA_PLATFORM=offscreen python packaging/render_icons.py

Menus take the drawing itself where they can; these are for those that cannot, and for bundles.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from PyQt6.QtGui import QGuiApplication, QIcon

HERE: Final = Path(__file__).resolve().parent
DRAWING: Final = HERE.parent / "assets" / "motionapp.svg"
SIZES: Final = (16, 24, 32, 48, 64, 128, 256)
"""As the icon theme specification of freedesktop.org lists them for applications."""


def main() -> int:
    """Write a PNG for each size."""
    app = QGuiApplication(sys.argv[:1])
    icon = QIcon(str(DRAWING))
    for size in SIZES:
        path = HERE / "linux" / "icons" / f"{size}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not icon.pixmap(size, size).save(str(path)):
            print(f"{path} cannot be written", file=sys.stderr)
            return 1
        print(path)
    del app
    return 0


if __name__ == "__main__":
    sys.exit(main())
