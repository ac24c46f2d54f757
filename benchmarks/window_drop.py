"""A small window that a recording can be dragged out of: another program, as a file manager is.

python benchmarks/window_drop.py FILE X Y
"""

from __future__ import annotations

import sys

from PyQt6.QtCore import QMimeData, Qt, QUrl
from PyQt6.QtGui import QDrag, QMouseEvent
from PyQt6.QtWidgets import QApplication, QLabel

SIZE = (180, 60)


class Source(QLabel):
    """Begins a drag when it is pressed."""

    def __init__(self, path: str) -> None:
        super().__init__("Drag me")
        self._path = path
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedSize(*SIZE)
        self.setWindowFlags(Qt.WindowType.WindowStaysOnTopHint | Qt.WindowType.FramelessWindowHint)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802  Qt's name
        """Take hold of the file."""
        data, drag = QMimeData(), QDrag(self)
        data.setUrls([QUrl.fromLocalFile(self._path)])
        drag.setMimeData(data)
        print("taken", drag.exec(Qt.DropAction.CopyAction).name, flush=True)


def main() -> int:
    """Show it until the process is ended."""
    app = QApplication(sys.argv[:1])
    source = Source(sys.argv[1])
    source.move(int(sys.argv[2]), int(sys.argv[3]))
    source.show()
    print("there", flush=True)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
