"""The window speaks: every text of it has its German, and nothing else is in the file."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QCoreApplication
from PyQt6.QtWidgets import QApplication

import motionapp.gui
from motionapp.gui import compare_panel
from motionapp.gui.actions import ACTIONS, ELSEWHERE, MENUS
from motionapp.gui.controls import LAYERS
from motionapp.gui.presenter import status_items
from motionapp.gui.storing import NOT_OF_IT, OTHERWISE
from motionapp.gui.teaching import result_box, train_box
from motionapp.gui.window import WARMING
from motionapp.gui.words import known_languages, speak, texts_of, tr
from motionapp.gui.zoning.panel import KINDS
from motionapp.runtime import Snapshot

PACKAGE = Path(motionapp.gui.__file__).parent


def literals() -> set[str]:
    """What stands in `tr(...)` anywhere in the window."""
    found = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                said = node.args[0] if node.func.id == "tr" else None
                if isinstance(said, ast.Constant):
                    found.add(str(said.value))
    return found


def texts() -> set[str]:
    """All that the window says."""
    tables = (
        {one.words for one in ACTIONS}
        | set(MENUS)
        | {words for _, words in ELSEWHERE}
        | {title for _, title in LAYERS}
        | {WARMING, NOT_OF_IT, OTHERWISE}
        | {words for _, words in KINDS}
        | set(compare_panel.KINDS)
        | {w for _, w in compare_panel.SHOWN}
        | {words for _, words in train_box.HELD_OUT}
        | set(result_box.VERDICTS.values())
    )
    return literals() | tables | {name for name, _ in status_items(Snapshot(), 0.0, None)}


@pytest.mark.parametrize("language", known_languages())
def test_a_language_has_every_text_and_no_other(language: str) -> None:
    known = texts_of(language)

    assert set(known) == texts()
    assert all(known.values())


@pytest.mark.parametrize("language", known_languages())
def test_places_for_values_and_menu_letters_are_kept(language: str) -> None:
    for english, other in texts_of(language).items():
        assert _places(english) == _places(other), other
        assert ("&" in english) == ("&" in other), other
        assert english.endswith("…") == other.endswith("…"), other


def test_no_two_menus_share_a_letter() -> None:
    for language in known_languages():
        names = [texts_of(language)[name] for name in MENUS]
        letters = [name[name.index("&") + 1].casefold() for name in names]

        assert len(set(letters)) == len(letters)


@pytest.fixture
def german(app: QApplication) -> Iterator[str]:
    yield speak(app, ("de-DE", "en"))
    speak(app, ("en",))


def test_texts_and_qt_s_own_are_said_in_the_language_of_the_desktop(german: str) -> None:
    assert german == "de"
    assert tr("Quit") == "Beenden"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Abbrechen"


def test_a_language_that_there_is_not_is_english(app: QApplication) -> None:
    assert speak(app, ("xx-YY",)) == "en"
    assert tr("Quit") == "Quit"


def _places(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)
