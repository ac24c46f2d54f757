"""The window's own words, in the language of the desktop.

A language is a file of its own beside this one: English texts, and what they are in it. Sentences
from below, what went wrong above all, stay as they are written: English.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from PyQt6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator
from PyQt6.QtWidgets import QApplication

CONTEXT = "motionapp"
LANGUAGES = "motionapp.gui.languages"
OWN = "en"
"""The language that the texts are written in."""


def tr(text: str) -> str:
    """A text of the window as it is said in the chosen language."""
    return QCoreApplication.translate(CONTEXT, text)


class Translator(QTranslator):
    """Gives Qt the texts of a language.

    Parameters
    ----------
    texts : mapping of str to str
        By their English.
    """

    def __init__(self, texts: Mapping[str, str], parent: QApplication) -> None:
        super().__init__(parent)
        self._texts = texts

    def isEmpty(self) -> bool:
        """Qt leaves out translators that are."""
        return not self._texts

    def translate(
        self,
        context: str | None,
        source: str | None,
        disambiguation: str | None = None,
        n: int = -1,
    ) -> str:
        """Empty where there is none: then Qt shows the English."""
        return self._texts.get(source or "", "") if context == CONTEXT else ""


def speak(app: QApplication, languages: Sequence[str] | None = None) -> str:
    """Let an application say its texts, and Qt its own, in a language that there is; what is made
    from then on says them so.

    Parameters
    ----------
    app : QApplication
    languages : sequence of str, optional
        Those that a person reads, the best first: ``de-DE``, ``en``; the desktop's if None.

    Returns
    -------
    str
        The one that was chosen: ``de``.
    """
    wanted = QLocale.system().uiLanguages() if languages is None else languages
    known = {OWN, *known_languages()}
    chosen = next((one[:2] for one in wanted if one[:2] in known), OWN)
    for before in app.findChildren(QTranslator):
        app.removeTranslator(before)
        before.setParent(None)
    if chosen != OWN:
        app.installTranslator(Translator(texts_of(chosen), app))
        of_qt = QTranslator(app)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if of_qt.load(f"qtbase_{chosen}", folder):
            app.installTranslator(of_qt)
    return chosen


def known_languages() -> tuple[str, ...]:
    """Those that there are texts in, beside English."""
    listed = (one.name for one in files(LANGUAGES).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in listed if name.endswith(".toml")))


@cache
def texts_of(language: str) -> Mapping[str, str]:
    """The texts of a language by their English."""
    text = files(LANGUAGES).joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return dict(tomllib.loads(text))
