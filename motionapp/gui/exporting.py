"""Events as files: what is seen is analysed again by `motionapp batch`, in a process of its own."""

from __future__ import annotations

import json
import tempfile
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QFileDialog, QWidget

from motionapp.core.errors import MotionAppError
from motionapp.gui.action_set import ActionSet
from motionapp.gui.desk import Desk
from motionapp.gui.jobs import Job, Jobs, Ticket
from motionapp.gui.process import run_heard
from motionapp.gui.words import tr
from motionapp.processes import own_command
from motionapp.settings import AnalysisSettings, Settings, settings_text

IN_PART: Final = 3
"""What batch ends with where the recording could be read in part only."""
MOST_SAID: Final = 400
"""Characters of what a process said last."""
PARTS: Final = 1000
"""Progress is told in these parts of the whole."""


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
        self._actions = actions
        actions.on("export", self._ask)
        actions.on("stop export", self.stop)
        self._allow(None)

    def export(self, folder: Path) -> Job:
        """Write into a folder; another export that goes on is given up."""
        self.stop()
        spec, settings = self._desk.source(), self._desk.wish().settings

        def work(ticket: Ticket) -> Path:
            return run_batch(spec, settings, folder, ticket)

        self._desk.say(tr("Exporting to {folder} …").format(folder=folder))
        job = self._jobs.start("export", work)
        job.advanced.connect(self._tell)
        job.done.connect(self._done)
        job.failed.connect(self._failed)
        self._allow(job)
        return job

    def stop(self) -> None:
        """Give it up; what was written stays, and the same export goes on from there."""
        if self._job is not None:
            self._job.cancel()
            self._desk.say(tr("Exporting was stopped"))
        self._allow(None)

    def _allow(self, job: Job | None) -> None:
        """One goes on, or none."""
        self._job = job
        self._actions["stop export"].setEnabled(job is not None)

    def _tell(self, done: int, total: int, _: str) -> None:
        self._desk.say(tr("Exporting: {percent} %").format(percent=100 * done // max(1, total)))

    def _done(self, folder: Path) -> None:
        self._allow(None)
        self._desk.say(tr("Exported to {folder}").format(folder=folder))
        self.exported.emit(folder)

    def _failed(self, sentence: str) -> None:
        self._allow(None)
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
        said: deque[str] = deque(maxlen=1)

        def hear(line: str) -> None:
            told = told_by(line)
            if isinstance(told, str):
                said.append(told)
            else:
                ticket.advance(round(PARTS * told), PARTS)

        code = run_heard(batch_command(spec, folder, file), ticket, hear)
    if code not in (None, 0, IN_PART):
        last = said[-1] if said else f"it ended with {code}"
        raise NotExported(last.removeprefix("motionapp: ")[:MOST_SAID])
    return folder


def batch_command(spec: str, folder: Path, settings: Path) -> Sequence[str]:
    """The line that exports a recording."""
    return own_command(
        "batch", spec, "--out", str(folder), "--settings", str(settings),
        "--report", "--clips", "copy", "--progress", "json",
    )  # fmt: skip


def told_by(line: str) -> float | str:
    """How much of the recording is done, 0 to 1, or what batch says in words."""
    try:
        told = json.loads(line)
    except ValueError:
        return line.strip()
    if not isinstance(told, dict):
        return line.strip()
    if "said" in told:
        return str(told["said"])
    total_s = told.get("total_s")
    return min(1.0, told.get("done_s", 0.0) / total_s) if total_s else 0.0
