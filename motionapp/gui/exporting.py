"""Events as files: what is seen is analysed again by `motionapp batch`, in a process of its own."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QFileDialog, QWidget

from motionapp.core.errors import MotionAppError
from motionapp.gui.action_set import ActionSet
from motionapp.gui.desk import Desk
from motionapp.gui.jobs import Job, Jobs, Ticket
from motionapp.gui.words import tr
from motionapp.runtime.command import own_command
from motionapp.settings import AnalysisSettings, Settings, settings_text

LOOK_EACH_S: Final = 0.1
"""So often it is asked whether it is still wanted."""
IN_PART: Final = 3
"""What batch ends with where the recording could be read in part only."""
MOST_SAID: Final = 400
"""Characters of what a process said last."""


class NotExported(MotionAppError):
    """The process ended otherwise than it should."""


class Exporting(QObject):
    """Writes events, clips and a report of what is seen.

    Parameters
    ----------
    actions : ActionSet
    jobs : Jobs
    desk : Desk
    parent : QWidget
    """

    exported = pyqtSignal(object)  # Path of the folder

    def __init__(self, actions: ActionSet, jobs: Jobs, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._jobs, self._desk, self._window = jobs, desk, parent
        self._job: Job | None = None
        actions.on("export", self._ask)

    def export(self, folder: Path) -> Job:
        """Write into a folder; another export that goes on is given up."""
        if self._job is not None:
            self._job.cancel()
        spec, settings = self._desk.source(), self._desk.wish().settings

        def work(ticket: Ticket) -> Path:
            return run_batch(spec, settings, folder, ticket)

        self._desk.say(tr("Exporting to {folder} …").format(folder=folder))
        self._job = self._jobs.start("export", work)
        self._job.done.connect(self._done)
        self._job.failed.connect(self._failed)
        return self._job

    def _done(self, folder: Path) -> None:
        self._desk.say(tr("Exported to {folder}").format(folder=folder))
        self.exported.emit(folder)

    def _failed(self, sentence: str) -> None:
        self._desk.say("")
        self._desk.failed(sentence)

    def _ask(self) -> None:
        title = tr("Export into a folder")
        path = QFileDialog.getExistingDirectory(self._window, title)
        if path:
            self.export(Path(path))


def run_batch(spec: str, settings: AnalysisSettings, folder: Path, ticket: Ticket) -> Path:
    """Analyse a recording by `motionapp batch`.

    Parameters
    ----------
    spec : str
    settings : AnalysisSettings
    folder : Path
        Results are written there.
    ticket : Ticket
        Once it is not wanted any more, the process is ended.

    Raises
    ------
    NotExported
        It ended with an error; with what it said.
    """
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "settings.toml"
        file.write_text(settings_text(Settings(analysis=settings)), encoding="utf-8")
        command = batch_command(spec, folder, file)
        said = Path(place) / "said.txt"
        with (
            said.open("wb") as stream,
            subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=stream) as process,
        ):
            while process.poll() is None:
                if not ticket.is_wanted:
                    process.terminate()
                try:
                    process.wait(LOOK_EACH_S)
                except subprocess.TimeoutExpired:
                    continue
        if process.returncode not in (0, IN_PART) and ticket.is_wanted:
            lines = said.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            last = lines[-1] if lines else f"it ended with {process.returncode}"
            raise NotExported(last.removeprefix("motionapp: ")[:MOST_SAID])
    return folder


def batch_command(spec: str, folder: Path, settings: Path) -> Sequence[str]:
    """The line that exports a recording."""
    return own_command(
        "batch", spec, "--out", str(folder), "--settings", str(settings),
        "--report", "--clips", "copy",
    )  # fmt: skip
