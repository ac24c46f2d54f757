"""The window's look: one dark palette, and a style sheet made from it."""

from __future__ import annotations

from PyQt6.QtGui import QColor, QPalette
from PyQt6.QtWidgets import QApplication

GROUND = "#15181c"
PANEL = "#1c2026"
RAISED = "#272d35"
LINE = "#323942"
TEXT = "#e8ebee"
QUIET = "#98a2ad"
ACCENT = "#4fa3e0"
WARNING = "#5c2a2a"
NOTE = "#24384a"

SHEET = f"""
* {{ font-size: 13px; }}
QMainWindow, QDialog, QMessageBox {{ background: {GROUND}; }}
QWidget {{ color: {TEXT}; }}
QToolTip {{ background: {RAISED}; color: {TEXT}; border: 1px solid {LINE}; padding: 4px; }}
#panel {{ background: {PANEL}; border-left: 1px solid {LINE}; }}
#heading {{ color: {QUIET}; font-size: 11px; font-weight: 600; }}
#title {{ font-size: 16px; font-weight: 600; }}
#quiet {{ color: {QUIET}; }}
#statusline {{ background: {PANEL}; border-top: 1px solid {LINE}; }}
QPushButton, QToolButton, QComboBox {{
    background: {RAISED}; border: 1px solid {LINE}; border-radius: 6px;
    padding: 6px 9px; min-height: 18px;
}}
QPushButton:hover, QToolButton:hover, QComboBox:hover {{ border-color: {ACCENT}; }}
QPushButton:focus, QToolButton:focus, QComboBox:focus {{ border-color: {ACCENT}; }}
QPushButton:pressed, QToolButton:pressed {{ background: {LINE}; }}
QToolButton:checked {{ background: #2b4a63; border-color: {ACCENT}; }}
QToolButton::menu-indicator {{ image: none; width: 0; }}
QComboBox::drop-down {{ border: none; width: 22px; }}
QComboBox QAbstractItemView {{
    background: {RAISED}; border: 1px solid {LINE}; padding: 4px; outline: none;
    selection-background-color: #2b4a63;
}}
QMenu {{ background: {RAISED}; border: 1px solid {LINE}; padding: 6px; }}
QMenu::item {{ padding: 6px 18px; border-radius: 4px; }}
QMenu::item:selected {{ background: #2b4a63; }}
QMenu::item:disabled {{ color: {QUIET}; }}
QMenu::separator {{ height: 1px; background: {LINE}; margin: 4px 8px; }}
QSlider::groove:horizontal {{ height: 4px; background: {LINE}; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {ACCENT}; border-radius: 2px; }}
QSlider::handle:horizontal {{
    background: {TEXT}; width: 14px; height: 14px; margin: -5px 0; border-radius: 7px;
}}
QListView, QTreeView {{ background: transparent; border: none; outline: none; }}
QScrollBar:vertical {{ background: transparent; width: 8px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {LINE}; border-radius: 4px; min-height: 24px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
#error {{ background: {WARNING}; border-radius: 8px; }}
#note {{ background: {NOTE}; border-radius: 8px; }}
#close {{ background: transparent; border: none; padding: 2px 8px; font-size: 15px; }}
#close:hover {{ background: rgba(255, 255, 255, 30); }}
"""


def dress(app: QApplication) -> None:
    """Give the application its look, whatever the desktop's own is."""
    app.setStyle("Fusion")
    palette = QPalette()
    for role, colour in (
        (QPalette.ColorRole.Window, GROUND),
        (QPalette.ColorRole.Base, PANEL),
        (QPalette.ColorRole.AlternateBase, RAISED),
        (QPalette.ColorRole.Button, RAISED),
        (QPalette.ColorRole.WindowText, TEXT),
        (QPalette.ColorRole.Text, TEXT),
        (QPalette.ColorRole.ButtonText, TEXT),
        (QPalette.ColorRole.PlaceholderText, QUIET),
        (QPalette.ColorRole.Highlight, ACCENT),
        (QPalette.ColorRole.HighlightedText, GROUND),
        (QPalette.ColorRole.ToolTipBase, RAISED),
        (QPalette.ColorRole.ToolTipText, TEXT),
    ):
        palette.setColor(role, QColor(colour))
    app.setPalette(palette)
    app.setStyleSheet(SHEET)


def label_qcolor(label: str | None) -> QColor:
    """The colour of a label, the same as in annotated videos."""
    from motionapp.overlay import label_colour

    blue, green, red = label_colour(label)
    return QColor(red, green, blue)
