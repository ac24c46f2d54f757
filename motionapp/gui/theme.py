"""The window's look: a palette, light or dark as the desktop is, and a sheet for our own parts.

The sheet names panel and stage, and touches nothing else: dialogs of Qt and of the desktop stay as
they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QPalette
from PyQt6.QtWidgets import QApplication

GROUND: Final = "#15181c"
"""Round the picture, by day and by night: a bright frame would drown dark pictures."""
ON_GROUND: Final = "#98a2ad"
"""Words on it."""


@dataclass(frozen=True, slots=True)
class Colours:
    """Of a look; every pair of text and ground that is used reads at 4.5 to 1 at least."""

    panel: str
    base: str
    raised: str
    line: str
    text: str
    quiet: str
    accent: str
    chosen: str
    on_chosen: str
    error: str
    note: str


DARK: Final = Colours(
    panel="#1c2026", base="#15181c", raised="#272d35", line="#3b434d", text="#e8ebee",
    quiet="#9aa4af", accent="#4fa3e0", chosen="#2b4a63", on_chosen="#ffffff",
    error="#5c2a2a", note="#24384a",
)  # fmt: skip
LIGHT: Final = Colours(
    panel="#f3f4f6", base="#ffffff", raised="#e6e9ed", line="#c3c9d0", text="#1b1f24",
    quiet="#545d68", accent="#1769aa", chosen="#cfe3f5", on_chosen="#0d1b28",
    error="#f8d7d7", note="#dcebf8",
)  # fmt: skip


def dress(app: QApplication) -> None:
    """Give the application its look, and change it when the desktop does."""
    app.setStyle("Fusion")
    hints = app.styleHints()
    paint(app, hints.colorScheme() if hints is not None else Qt.ColorScheme.Unknown)
    if hints is not None:
        hints.colorSchemeChanged.connect(lambda scheme: paint(app, scheme))


def colours(scheme: Qt.ColorScheme) -> Colours:
    """Those of the desktop's look; dark where it does not say: this is a window for pictures."""
    return LIGHT if scheme == Qt.ColorScheme.Light else DARK


def label_qcolor(label: str | None) -> QColor:
    """The colour of a label, the same as in annotated videos."""
    from motionapp.overlay import label_colour

    blue, green, red = label_colour(label)
    return QColor(red, green, blue)


def paint(app: QApplication, scheme: Qt.ColorScheme) -> None:
    """Give it the colours of a look."""
    chosen = colours(scheme)
    app.setPalette(palette_of(chosen))
    app.setStyleSheet(sheet_of(chosen))


def palette_of(chosen: Colours) -> QPalette:
    """The colours by their roles: what is painted by hand asks for these."""
    palette = QPalette()
    role = QPalette.ColorRole
    for which, colour in (
        (role.Window, chosen.panel), (role.Base, chosen.base),
        (role.AlternateBase, chosen.raised), (role.Button, chosen.raised),
        (role.Mid, chosen.line), (role.WindowText, chosen.text), (role.Text, chosen.text),
        (role.ButtonText, chosen.text), (role.PlaceholderText, chosen.quiet),
        (role.Highlight, chosen.chosen), (role.HighlightedText, chosen.on_chosen),
        (role.Link, chosen.accent), (role.ToolTipBase, chosen.raised),
        (role.ToolTipText, chosen.text),
    ):  # fmt: skip
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        faint = QColor(chosen.quiet)
        faint.setAlphaF(0.6)
        palette.setColor(QPalette.ColorGroup.Disabled, which, faint)
    return palette


def sheet_of(chosen: Colours) -> str:
    """What a palette cannot say, of our own parts alone."""
    c = chosen
    return f"""
    QToolTip {{
        background: {c.raised}; color: {c.text}; border: 1px solid {c.line}; padding: 4px;
    }}
    QMainWindow > QTabBar::tab {{
        padding: 6px 9px; min-width: 0; border: none; border-top: 2px solid transparent;
        background: {c.panel}; color: {c.quiet};
    }}
    QMainWindow > QTabBar::tab:selected {{ border-top-color: {c.accent}; color: {c.text}; }}
    QMainWindow > QTabBar::tab:hover {{ color: {c.text}; }}
    #heading {{ color: {c.quiet}; font-size: 11px; font-weight: 600; }}
    #title {{ font-size: 16px; font-weight: 600; }}
    #quiet {{ color: {c.quiet}; }}
    #statusline {{ background: {c.panel}; border-top: 1px solid {c.line}; }}
    #panel QPushButton, #panel QToolButton, #panel QComboBox, #stage QToolButton {{
        background: {c.raised}; color: {c.text}; border: 1px solid {c.line}; border-radius: 6px;
        padding: 5px 9px; min-height: 18px;
    }}
    #panel QPushButton:hover, #panel QToolButton:hover, #panel QComboBox:hover,
    #panel QPushButton:focus, #panel QToolButton:focus, #panel QComboBox:focus,
    #stage QToolButton:hover, #stage QToolButton:focus {{ border-color: {c.accent}; }}
    #panel QToolButton:pressed, #stage QToolButton:pressed {{ background: {c.line}; }}
    #panel QToolButton:checked, #stage QToolButton:checked {{
        background: {c.chosen}; color: {c.on_chosen}; border-color: {c.accent};
    }}
    #panel QToolButton:disabled, #stage QToolButton:disabled {{ color: {c.line}; }}
    #panel QPushButton:disabled, #panel QComboBox:disabled {{ color: {_faint(c.quiet)}; }}
    #panel #reset {{ border: none; background: transparent; padding: 2px 4px; }}
    #panel #reset:disabled {{ color: transparent; }}
    #panel QToolButton::menu-indicator {{ image: none; width: 0; }}
    #panel QComboBox::drop-down {{ border: none; width: 22px; }}
    #panel QTreeView {{ background: {c.panel}; border: none; outline: none; }}
    #error {{ background: {c.error}; color: {c.text}; border-radius: 8px; }}
    #error QTextEdit {{ background: transparent; color: {c.text}; border: none; }}
    #error QToolButton {{ background: transparent; border: none; padding: 2px 8px; }}
    """


def _faint(colour: str) -> str:
    """Of what cannot be chosen now: it is read, and seen to be another."""
    red, green, blue, _ = QColor(colour).getRgb()
    return f"rgba({red}, {green}, {blue}, 60%)"
