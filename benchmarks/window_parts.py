"""The window's parts as somebody finds them who walks through it, and what is waited for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PyQt6.QtCore import QModelIndex, QPoint
from PyQt6.QtWidgets import QApplication, QDialog, QPushButton, QWidget
from window_hands import Failed, Hands

from motionapp.gui.event_model import FOUND_ROLE
from motionapp.gui.found.log import Found
from motionapp.gui.window import MainWindow
from motionapp.settings import AnalysisSettings

Kind = TypeVar("Kind", bound=QWidget)


@dataclass
class Parts:
    """Finds them.

    Parameters
    ----------
    window : MainWindow
    hands : Hands
    folder : Path
        Where the recordings are, and whatever is written.
    """

    window: MainWindow
    hands: Hands
    folder: Path

    def leave(self) -> None:
        """Whatever dialog or menu a step that failed has left open."""
        for _ in range(4):
            is_open = self.hands.ask(
                lambda: (
                    QApplication.activePopupWidget() is not None
                    or any(
                        isinstance(one, QDialog) and one.isVisible()
                        for one in QApplication.topLevelWidgets()
                    )
                )
            )
            if not is_open:
                return
            self.hands.key("Escape")

    def open(self, path: Path) -> None:
        """By the dialog of Ctrl+O."""

        self.hands.key("ctrl+o")
        self.hands.until(lambda: QApplication.activeModalWidget() is not None, "a dialog opens", 5)
        self.hands.wait(0.5)
        self.hands.write(str(path))
        self.hands.picture(self.folder / "dialog.png")
        self.hands.key("Return")
        self.is_seen(path.name)

    def is_seen(self, name: str) -> None:
        """Wait until a source is seen."""

        def holds() -> bool:
            window = self.window
            return name in window.windowTitle() and window.view.picture is not None

        self.hands.until(holds, f"{name} is seen")

    def shown_s(self) -> float:
        """The time of the picture that is seen."""

        picture = self.window.view.picture
        return -1.0 if picture is None else picture.pts_s

    def force(self) -> AnalysisSettings:
        """What the newest picture was analysed with."""
        force = self.window.player.driver.in_force
        return self.window.wish.settings if force is None else force

    def in_force(self, name: str, value: object) -> float:
        """Wait until something is analysed so; seconds that it took."""

        return self.hands.until(
            lambda: getattr(self.window.player.driver.in_force, name, None) == value,
            f"{name} {value} is in force",
        )

    def in_picture(self, shares: tuple[float, float]) -> QPoint:
        """Where a place of the picture is in the view."""

        def find() -> QPoint:
            sight = self.window.view.sight
            if sight is None:
                raise Failed("there is no picture")
            x, y = sight.of_shares(shares)
            return QPoint(round(x), round(y))

        return self.hands.ask(find)

    def named(self, kind: type[Kind], name: str) -> Kind:
        """What a screen reader would call so, and is seen."""

        def find() -> Kind:
            there = [
                one
                for one in self.window.findChildren(kind)
                if one.accessibleName() == name and one.isVisible()
                and not one.visibleRegion().isEmpty()
            ]  # fmt: skip
            if not there:
                raise Failed(f"nothing is called {name}")
            return there[0]

        return self.hands.ask(find)

    def button(self, text: str) -> QPushButton:
        """One that says this, and is seen."""

        def find() -> QPushButton:
            for one in self.window.findChildren(QPushButton):
                if one.text() == text and not one.visibleRegion().isEmpty():
                    return one
            raise Failed(f"there is no button {text}")

        return self.hands.ask(find)

    def whole_event(self) -> QModelIndex | None:
        """The index of the newest that is over and whole, of those that are listed."""
        listed = self.window.panels.events.list
        model = listed.model()
        for row in range(model.rowCount()):
            index = model.index(row, 0)
            found = index.data(FOUND_ROLE)
            if isinstance(found, Found) and not found.is_open and not found.is_cut:
                return index
        return None

    def films(self) -> list[Path]:
        """What has been recorded."""

        films = self.hands.ask(lambda: self.window.crew.recording.plan.folder)
        return sorted(films.glob("[!.]*.mp4")) if films.is_dir() else []

    def choose_movement(self, row: int) -> None:
        """Click it in the list of the dock that teaches."""

        listed = self.window.panels.teach.takes.movements
        viewport = self.hands.ask(listed.viewport)
        assert viewport is not None  # Qt makes one
        rect = self.hands.ask(lambda: listed.visualItemRect(listed.item(row)))
        self.hands.click(viewport, rect)
