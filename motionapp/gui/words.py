"""The window's own words, in the language of the desktop.

Sentences from below, what went wrong above all, stay as they are written: English.
"""

from __future__ import annotations

from PyQt6.QtCore import QCoreApplication

CONTEXT = "motionapp"


def tr(text: str) -> str:
    """A text of the window as it is said in the chosen language."""
    return QCoreApplication.translate(CONTEXT, text)
