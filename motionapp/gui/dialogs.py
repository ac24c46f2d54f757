"""What the window asks for and tells in windows of its own; none of them holds up the picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from PyQt6.QtCore import QMimeData, QSize, Qt
from PyQt6.QtGui import QImage, QKeySequence
from PyQt6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFrame,
    QInputDialog,
    QMessageBox,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from motionapp.gui.about import about_html
from motionapp.gui.actions import key_sheet
from motionapp.gui.play.canvas import Shown
from motionapp.gui.words import tr
from motionapp.sources import VIDEO_EXTENSIONS

ABOUT_SIZE = QSize(720, 560)
"""A row of the list on a line; what is longer is scrolled."""
KEYS_SIZE = QSize(560, 640)


def dropped(data: QMimeData | None) -> str:
    """What was dropped, as a source; empty where it is none."""
    if data is None:
        return ""
    for url in data.urls():
        return url.toLocalFile() if url.isLocalFile() else url.toString()
    return ""


def ask_for_recording(parent: QWidget) -> str:
    """A recording; empty where the dialogue was left."""
    patterns = " ".join(f"*{extension}" for extension in sorted(VIDEO_EXTENSIONS))
    kinds = f"{tr('Recordings')} ({patterns});;{tr('All files')} (*)"
    return QFileDialog.getOpenFileName(parent, tr("Open a recording"), "", kinds)[0]


def ask_for_folder(parent: QWidget) -> str:
    """A folder of numbered pictures; empty where the dialogue was left."""
    return QFileDialog.getExistingDirectory(parent, tr("Open a folder of pictures"))


def ask_for_address(parent: QWidget, then: Callable[[str], None]) -> None:
    """Hand an address on, once it has been typed."""
    dialog = QInputDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(tr("Open an address"))
    dialog.setLabelText(tr("Address of a stream (rtsp://, http://, …)"))
    dialog.resize(520, dialog.sizeHint().height())
    dialog.textValueSelected.connect(lambda text: then(text.strip()))
    dialog.open()


def save_picture(parent: QWidget, picture: Shown | None) -> None:
    """Save what is seen, with what is drawn on it."""
    if picture is None:
        return
    kept = picture.bgra.copy()  # another is shown while the dialogue is open
    usual = f"motionapp-{picture.pts_s:.3f}s.png"
    path, _ = QFileDialog.getSaveFileName(
        parent, tr("Save the picture"), usual, f"{tr('Pictures')} (*.png *.jpg)"
    )
    if not path:
        return
    height, width = kept.shape[:2]
    image = QImage(  # type: ignore[call-overload]  # any buffer will do, not bytes alone
        kept.data, width, height, 4 * width, QImage.Format.Format_RGB32
    )
    target = path if Path(path).suffix else f"{path}.png"
    if not image.save(target):
        QMessageBox.warning(
            parent, tr("Save the picture"),
            tr("{file} cannot be written: choose another folder.").format(file=target),
        )  # fmt: skip


def show_keys(parent: QWidget) -> None:
    """List the keys."""
    _show_page(parent, tr("Keys"), keys_html(), KEYS_SIZE)


def keys_html() -> str:
    """The list of keys, a table for each menu."""
    parts = []
    for menu, rows in key_sheet():
        title = tr(menu).replace("&", "") if menu else tr("Elsewhere")
        lines = "".join(
            f"<tr><td width='170' style='padding: 2px 16px 2px 0'><b>{escape(key_text(keys))}</b>"
            f"</td><td style='padding: 2px 0'>{escape(tr(what))}</td></tr>"
            for keys, what in rows
        )
        parts.append(f"<h4>{escape(title)}</h4><table>{lines}</table>")
    return "".join(parts)


def key_text(keys: Sequence[str]) -> str:
    """Keys as this language and desktop write them."""
    native = QKeySequence.SequenceFormat.NativeText
    return ", ".join(QKeySequence(key).toString(native) for key in keys)


def show_about(parent: QWidget) -> None:
    """What this is, and on what terms."""
    _show_page(parent, tr("About motionapp"), about_html(), ABOUT_SIZE)


def _show_page(parent: QWidget, title: str, html: str, size: QSize) -> None:
    """A page to be read, scrolled where the screen is small."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    page = QTextBrowser()
    page.setFrameShape(QFrame.Shape.NoFrame)
    page.setHtml(html)
    page.setAccessibleName(title)
    buttons = QDialogButtonBox()
    buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
    buttons.rejected.connect(dialog.reject)
    layout = QVBoxLayout(dialog)
    layout.addWidget(page)
    layout.addWidget(buttons)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.resize(size.boundedTo(parent.size()))
    dialog.open()
