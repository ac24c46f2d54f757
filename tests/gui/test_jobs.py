"""Long work: it comes back, fails in words, tells how far it is, and ends when nobody wants it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from PyQt6.QtWidgets import QApplication

from motionapp.core.errors import SourceError
from motionapp.gui.jobs import Jobs, Ticket

Until = Callable[[Callable[[], object]], None]


@pytest.fixture
def jobs(app: QApplication) -> Jobs:
    return Jobs(app)


def test_what_comes_of_it_is_told_on_the_window_s_thread(jobs: Jobs, until: Until) -> None:
    told: list[tuple[str, object, bool]] = []
    here = threading.current_thread()

    def work(ticket: Ticket) -> str:
        ticket.advance(1, 2, "half")
        return "done"

    job = jobs.start("test", work)
    for name in ("done", "failed", "advanced"):
        getattr(job, name).connect(
            lambda *value, name=name: told.append((name, value, threading.current_thread() is here))
        )

    until(lambda: any(name == "done" for name, _, _ in told))
    assert told[-1] == ("done", ("done",), True)
    jobs.end()


@pytest.mark.parametrize(
    ("error", "said"),
    [(SourceError("it is gone"), "it is gone"), (ZeroDivisionError("oops"), "ZeroDivisionError")],
)
def test_what_went_wrong_is_told_in_words(
    jobs: Jobs, until: Until, error: Exception, said: str
) -> None:
    told: list[str] = []

    def work(ticket: Ticket) -> None:
        raise error

    jobs.start("test", work).failed.connect(told.append)

    until(lambda: told)
    assert said in told[0]
    jobs.end()


def test_a_job_that_nobody_wants_ends_and_tells_nothing(jobs: Jobs, app: QApplication) -> None:
    begun = threading.Event()
    told: list[object] = []

    def work(ticket: Ticket) -> str:
        begun.set()
        while ticket.is_wanted:
            threading.Event().wait(0.001)
        raise RuntimeError("ended")

    job = jobs.start("test", work)
    job.done.connect(told.append)
    job.failed.connect(told.append)
    assert begun.wait(5)

    jobs.end()
    app.processEvents()

    assert not job.is_going_on
    assert told == []
