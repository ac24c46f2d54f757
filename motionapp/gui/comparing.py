"""A and B on the same stretch: what the dock asks for, what both find, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PyQt6.QtCore import QObject

from motionapp.core.seams import SourceInfo
from motionapp.gui.compare_panel import ComparePanel
from motionapp.gui.desk import Desk
from motionapp.gui.found.differences import differences
from motionapp.gui.found.log import EventLog
from motionapp.gui.letters import Letters
from motionapp.gui.play.driver import Driver
from motionapp.gui.play.listener import Happening
from motionapp.gui.play.wish import Wish
from motionapp.gui.stage import Stage
from motionapp.gui.tuning.tuning import Tuning
from motionapp.gui.words import tr


class Comparing(QObject):
    """Lets other settings see the same frames.

    Parameters
    ----------
    panel : ComparePanel
    stage : Stage
        Shows what B finds beside what A does.
    driver : Driver
    first : EventLog
        What A has found.
    tuning : Tuning
        Makes B the setting.
    desk : Desk
    parent : QObject
    """

    def __init__(
        self,
        panel: ComparePanel,
        stage: Stage,
        driver: Driver,
        first: EventLog,
        tuning: Tuning,
        desk: Desk,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._panel, self._stage, self._driver = panel, stage, driver
        self._first, self._tuning, self._desk = first, tuning, desk
        self.second = EventLog()
        """What B has found."""
        self._from_s = 0.0
        self._letters, self._letters_beside = Letters(), Letters()
        stage.view.lay_over(self._letters)
        stage.beside.lay_over(self._letters_beside)
        panel.switched.connect(self._switch)
        panel.frontend_asked.connect(lambda name: self._change(lambda w: w.with_frontend(name)))
        panel.classifier_asked.connect(lambda name: self._change(lambda w: w.with_classifier(name)))
        panel.sensitivity_asked.connect(lambda x: self._change(lambda w: w.with_sensitivity(x)))
        panel.look_asked.connect(self._look)
        panel.adopted.connect(self._adopt)

    @property
    def is_on(self) -> bool:
        """Whether something is compared."""
        return self._desk.wish().other is not None

    def note(self, happening: Happening) -> None:
        """What B has found."""
        if self.is_on:
            self.second.note(happening.moment, began_s=happening.began_s)

    def show(self) -> None:
        """What is compared, and where both differ; asked for now and then."""
        wish = self._desk.wish()
        self._panel.show_other(wish.other)
        is_side = self._driver.look.compares == "side"
        self._stage.show_beside(wish.other is not None and is_side)
        self._show_letters(is_on=wish.other is not None, is_side=is_side)
        self._stage.show_second(wish.other is not None)
        if wish.other is None:
            return
        first = self._first
        since = [
            one for one in first
            if one.opening == first.opening and one.event.start_s >= self._from_s
        ]  # fmt: skip
        self._panel.show_differences(differences(since, self.second))
        self._stage.second.show_found(self.second)

    def opened(self, wish: Wish, info: SourceInfo) -> None:
        """Played from somewhere else, or anew: a camera's time begins at 0 again."""
        self.second.forget_open()
        if info.is_live:
            self.forget()

    def _show_letters(self, *, is_on: bool, is_side: bool) -> None:
        self._letters_beside.left = "B"
        said = ("A" if is_on else "", "B" if is_on and not is_side else "")
        if (self._letters.left, self._letters.right) != said:
            self._letters.left, self._letters.right = said
            self._stage.view.update()

    def forget(self) -> None:
        """Another source: nothing has been compared."""
        self.second.clear()
        self._from_s = 0.0

    def _switch(self, is_on: bool) -> None:
        wish = self._desk.wish()
        if is_on == (wish.other is not None):
            return
        self.second.clear()
        self._from_s = self._desk.shown_s()
        other = wish.settings if is_on else None
        self._desk.want(wish.beside(other, self._from_s))
        self.show()

    def _change(self, how: Callable[[Wish], Wish]) -> None:
        """B otherwise; what it found by other settings is no part of the comparison."""
        wish = self._desk.wish()
        if wish.other is None:
            return
        other = how(replace(wish, settings=wish.other)).settings
        if other != wish.other:
            self.second.clear()
            self._from_s = self._desk.shown_s()
            self._desk.want(replace(wish, other=other))
            self.show()

    def _look(self, way: str, divider: float) -> None:
        compares = "side" if way == "side" else "divider"
        self._driver.look_otherwise(compares=compares, divider=divider)
        self.show()

    def _adopt(self) -> None:
        """B is the setting from now on, and nothing is compared any more; that can be undone."""
        wish = self._desk.wish()
        if wish.other is not None:
            settings = wish.other
            self._switch(False)
            self._tuning.change(settings, tr("B"))
