"""Training on takes in the window: apart, told as it goes, and its model used at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PyQt6.QtCore import QObject, QUrl, pyqtSignal
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWidgets import QFileDialog

from motionapp.core.errors import MotionAppError
from motionapp.frontends import registry
from motionapp.gui.desk import Desk
from motionapp.gui.jobs import Job, Jobs, Ticket
from motionapp.gui.teaching.needs import need_of
from motionapp.gui.teaching.panel import TeachPanel
from motionapp.gui.teaching.results import Trained, copy_model, read_trained
from motionapp.gui.teaching.splitting import can_hold_out_people
from motionapp.gui.teaching.taking import Taking
from motionapp.gui.teaching.training import Step, is_unfinished, missing, train_takes
from motionapp.gui.teaching.wording import need_text
from motionapp.gui.tuning.tuning import Tuning
from motionapp.gui.words import tr

KIND = "ONNX (*.onnx)"


class Teaching(QObject):
    """Does what the dock asks for once there are takes.

    Parameters
    ----------
    panel : TeachPanel
    taking : Taking
    jobs : Jobs
    tuning : Tuning
        Lets a model name from now on, in a way that can be undone.
    desk : Desk
    parent : QObject
    """

    _stepped = pyqtSignal(object)  # Step; from the training's thread

    def __init__(
        self,
        panel: TeachPanel,
        taking: Taking,
        jobs: Jobs,
        tuning: Tuning,
        desk: Desk,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._panel, self._taking, self._jobs = panel, taking, jobs
        self._tuning, self._desk = tuning, desk
        self._job: Job | None = None
        self._is_training = False
        self._trained: Trained | None = None
        self._missing = missing()
        self._stepped.connect(self._show_step)
        box, result = panel.training, panel.result
        box.asked.connect(self.train)
        box.cancelled.connect(self.cancel)
        box.held_out.activated.connect(self.show)
        result.used.connect(self.use)
        result.exported.connect(self._ask_where)
        result.report_asked.connect(self._open_report)
        taking.changed.connect(self._changed)
        self._changed()
        if self._missing:
            box.show_idle(self._missing)

    @property
    def trained(self) -> Trained | None:
        """What came of the last training on these takes."""
        return self._trained

    def train(self, with_curve: bool = False) -> None:
        """Train on the takes that there are."""
        takes = self._taking.takes
        if takes is None or self._why_not():
            return
        frontend, held_out = self._desk.wish().settings.frontend, self._panel.training.chosen

        def work(ticket: Ticket) -> Trained | None:
            return train_takes(
                takes, frontend, ticket, self._stepped.emit, held_out=held_out,
                with_curve=with_curve,
            )  # fmt: skip

        self._is_training = True
        self._panel.training.begin()
        self._job = self._jobs.start("training", work)
        self._job.done.connect(self._done)
        self._job.failed.connect(self._failed)
        self.show()

    def cancel(self) -> None:
        """End the training; it goes on from here when it is asked for again."""
        if self._is_training and self._job is not None:
            self._job.cancel()
            self._rest(tr("Cancelled: it goes on from here as long as the takes stay the same"))

    def use(self) -> None:
        """Let the model name what is seen from now on."""
        trained = self._trained
        if trained is None:
            return
        wish = self._desk.wish()
        if trained.frontend and trained.frontend != wish.settings.frontend:
            wish = replace(wish, settings=registry.chosen(wish.settings, trained.frontend))
        settings = wish.with_classifier(str(trained.model)).settings
        self._tuning.change(settings, tr("the taught model"))

    def export(self, path: Path) -> None:
        """Copy the model and its card."""
        if self._trained is None:
            return
        try:
            copy_model(self._trained, path)
        except MotionAppError as error:
            self._desk.failed(str(error))
            return
        self._desk.say(tr("Exported to {folder}").format(folder=path.with_suffix(".onnx")))

    def show(self) -> None:
        """What can be done now; asked for now and then."""
        takes = self._taking.takes
        people = takes is not None and can_hold_out_people(takes)
        goes_on = takes is not None and not self._is_training and is_unfinished(takes.folder)
        self._panel.training.allow(self._why_not(), people=people, goes_on=goes_on)

    def _why_not(self) -> str:
        """Why nothing can be trained now, in words; empty where something can."""
        takes, held_out = self._taking.takes, self._panel.training.chosen
        if takes is None:
            return self._taking.trouble
        if self._missing:
            return self._missing
        if self._is_training:
            return tr("A training is going on")
        if self._job is not None and self._job.is_going_on:
            return tr("The last training is ending")
        if need_of(takes, held_out).is_in_the_way:
            return need_text(takes, held_out)
        return ""

    def _show_step(self, step: Step) -> None:
        if self._is_training:
            self._panel.training.show_step(step)

    def _done(self, trained: Trained | None) -> None:
        self._rest(tr("Trained"))
        if trained is not None:
            self._show_trained(trained)

    def _failed(self, sentence: str) -> None:
        self._rest(sentence)

    def _rest(self, said: str) -> None:
        self._is_training = False
        self._panel.training.show_idle(said)
        self.show()

    def _changed(self) -> None:
        """The takes, or their folder."""
        takes = self._taking.takes
        folder = None if takes is None else takes.folder
        if self._trained is None or folder != self._trained.model.parent:
            self._show_trained(None if folder is None else read_trained(folder))
        self.show()

    def _show_trained(self, trained: Trained | None) -> None:
        self._trained = trained
        self._taking.mark({} if trained is None else trained.figures.named_wrongly)
        self._panel.result.show_trained(trained, self._taking.takes)

    def _ask_where(self) -> None:
        if self._trained is not None:
            usual = self._trained.model.name
            path, _ = QFileDialog.getSaveFileName(
                self._panel.window(), tr("Export the model"), usual, KIND
            )
            if path:
                self.export(Path(path))

    def _open_report(self) -> None:
        if self._trained is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._trained.report)))
