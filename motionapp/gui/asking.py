"""Why, asked about the picture that is seen: answered apart, and remedied by a button."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QDockWidget

from motionapp.explain.asking import Reply, ask_why
from motionapp.explain.place import Place
from motionapp.gui.action_set import ActionSet
from motionapp.gui.desk import Desk
from motionapp.gui.jobs import Job, Jobs, Ticket
from motionapp.gui.picture import PictureView
from motionapp.gui.pin import Pin
from motionapp.gui.sight import Point
from motionapp.gui.tuning.tuning import BELOW, Tuning
from motionapp.gui.why_panel import WhyPanel
from motionapp.gui.words import tr
from motionapp.settings import Settings


class Asking(QObject):
    """Lets the panel's question be answered, one at a time: a new one takes the place of the last.

    Parameters
    ----------
    actions : ActionSet
    panel : WhyPanel
    dock : QDockWidget
        What the panel lies in.
    view : PictureView
        Shows the place that was asked about.
    jobs : Jobs
    tuning : Tuning
        Makes the remedy so, in a way that can be undone.
    desk : Desk
    parent : QObject
    """

    def __init__(
        self,
        actions: ActionSet,
        panel: WhyPanel,
        dock: QDockWidget,
        view: PictureView,
        *,
        jobs: Jobs,
        tuning: Tuning,
        desk: Desk,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._panel, self._jobs, self._tuning = panel, jobs, tuning
        self._dock, self._desk = dock, desk
        self.pin = Pin(view)
        self._job: Job | None = None
        panel.asked.connect(self.ask)
        actions.on("why", self._ask_and_show)
        panel.remedy_asked.connect(self._remedy)

    def ask(self) -> None:
        """About the picture that is seen now."""
        self._ask(self._desk.shown_s(), None)

    def ask_here(self, at: Point, at_s: float) -> None:
        """About a place, in shares of the frame, of the picture of a time; it is shown."""
        self._show()
        self._ask(at_s, Place(*at))

    def _ask_and_show(self) -> None:
        self._show()
        self.ask()

    def _show(self) -> None:
        self._dock.show()
        self._dock.raise_()

    def _ask(self, at_s: float, place: Place | None) -> None:
        spec, wish = self._desk.source(), self._desk.wish()
        self.forget()
        self.pin.put(place, at_s)

        def work(ticket: Ticket) -> Reply:
            settings = Settings(analysis=wish.settings)
            return ask_why(spec, at_s, settings, place=place, is_wanted=lambda: ticket.is_wanted)

        self._panel.wait(at_s)
        self._job = self._jobs.start("why", work)
        self._job.done.connect(self._panel.show_reply)
        self._job.failed.connect(self._panel.fail)

    def forget(self) -> None:
        """It is not wanted any more: another source is seen, say."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self.pin.put(None)
        self._panel.clear()

    def _remedy(self, changes: Mapping[str, object]) -> None:
        values = {path.removeprefix(BELOW): value for path, value in changes.items()}
        self._tuning.try_values(tr("the remedy"), values)
