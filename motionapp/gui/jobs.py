"""Work that takes long and that nobody waits for: on a thread of its own, with a way to end it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal

from motionapp.core.errors import MotionAppError

log = logging.getLogger(__name__)


class Ticket:
    """What a job is given: whether it is still wanted, and whom to tell how far it is."""

    def __init__(self, tell: Callable[[int, int, str], None]) -> None:
        self._is_over = threading.Event()
        self._tell = tell

    @property
    def is_wanted(self) -> bool:
        """False once it was cancelled: then it ends soon, and nobody asks what came of it."""
        return not self._is_over.is_set()

    def advance(self, done: int, total: int, said: str = "") -> None:
        """So much is done."""
        if self.is_wanted:
            self._tell(done, total, said)

    def cancel(self) -> None:
        """It is not wanted any more."""
        self._is_over.set()


class Job(QObject):
    """One piece of work; its signals arrive on Qt's thread, and none after it was cancelled.

    Parameters
    ----------
    name : str
        Of its thread.
    work : callable
        Given a ticket; what it returns is handed on, what it raises is told in words.
    parent : QObject
    """

    done = pyqtSignal(object)
    failed = pyqtSignal(str)
    advanced = pyqtSignal(int, int, str)

    _came = pyqtSignal(object, str)

    def __init__(self, name: str, work: Callable[[Ticket], Any], parent: QObject) -> None:
        super().__init__(parent)
        self._work = work
        self._ticket = Ticket(self.advanced.emit)
        self._came.connect(self._tell)
        self._thread = threading.Thread(target=self._run, name=name)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def is_going_on(self) -> bool:
        """Whether it has begun and not ended."""
        return self._thread.is_alive()

    def cancel(self) -> None:
        """Let it end soon. Does not wait; safe to call twice."""
        self._ticket.cancel()

    def end(self) -> None:
        """Cancel it and wait."""
        self.cancel()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            result, trouble = self._work(self._ticket), ""
        except MotionAppError as error:
            result, trouble = None, str(error)
        except Exception as error:
            if not self._ticket.is_wanted:  # a job may end itself so
                return
            log.exception("a job of the window failed")
            result = None
            trouble = f"an error of the program itself: {type(error).__name__}: {error}"
        self._came.emit(result, trouble)

    def _tell(self, result: object, trouble: str) -> None:
        if not self._ticket.is_wanted:
            return
        if trouble:
            self.failed.emit(trouble)
        else:
            self.done.emit(result)


class Jobs(QObject):
    """The jobs of a window; all end when it closes."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs: list[Job] = []
        self._is_over = False

    def start(self, name: str, work: Callable[[Ticket], Any]) -> Job:
        """Begin another one; once they have ended, it is made and does nothing."""
        self._forget_ended()
        job = Job(name, work, self)
        if not self._is_over:  # a timer may ask for one while the window goes
            self._jobs.append(job)
            job.start()
        return job

    def end(self) -> None:
        """Cancel all of them for good, and wait."""
        self._is_over = True
        for job in self._jobs:
            job.cancel()
        for job in self._jobs:
            job.end()
        self._jobs.clear()

    def _forget_ended(self) -> None:
        for job in [one for one in self._jobs if not one.is_going_on]:
            self._jobs.remove(job)
            job.deleteLater()
