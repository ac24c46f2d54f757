"""Why, asked about the picture that is seen: answered apart, and remedied by a button."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtCore import QObject

from motionapp.explain.asking import Reply, ask_why
from motionapp.gui.desk import Desk
from motionapp.gui.jobs import Job, Jobs, Ticket
from motionapp.gui.tuning.tuning import BELOW, Tuning
from motionapp.gui.why_panel import WhyPanel
from motionapp.gui.words import tr
from motionapp.settings import Settings


class Asking(QObject):
    """Lets the panel's question be answered, one at a time: a new one takes the place of the last.

    Parameters
    ----------
    panel : WhyPanel
    jobs : Jobs
    tuning : Tuning
        Makes the remedy so, in a way that can be undone.
    desk : Desk
    parent : QObject
    """

    def __init__(
        self, panel: WhyPanel, jobs: Jobs, tuning: Tuning, desk: Desk, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._panel, self._jobs, self._tuning = panel, jobs, tuning
        self._desk = desk
        self._job: Job | None = None
        panel.asked.connect(self.ask)
        panel.remedy_asked.connect(self._remedy)

    def ask(self) -> None:
        """About the picture that is seen now."""
        wish, at_s = self._desk.wish(), self._desk.shown_s()
        self.forget()

        def work(ticket: Ticket) -> Reply:
            settings = Settings(analysis=wish.settings)
            return ask_why(wish.spec, at_s, settings, is_wanted=lambda: ticket.is_wanted)

        self._panel.wait(at_s)
        self._job = self._jobs.start("why", work)
        self._job.done.connect(self._panel.show_reply)
        self._job.failed.connect(self._panel.fail)

    def forget(self) -> None:
        """It is not wanted any more: another source is seen, say."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._panel.clear()

    def _remedy(self, changes: Mapping[str, object]) -> None:
        values = {path.removeprefix(BELOW): value for path, value in changes.items()}
        self._tuning.try_values(tr("the remedy"), values)
