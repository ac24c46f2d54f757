"""Events as files, from the window: by batch, in a process that ends when nobody wants it."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from motionapp.gui import exporting
from motionapp.gui.exporting import NotExported, run_batch, told_by
from motionapp.gui.jobs import Ticket
from motionapp.gui.play.wish import Wish
from motionapp.gui.window import MainWindow
from motionapp.settings import AnalysisSettings
from motionapp.sinks.h264 import H264Writer
from motionapp.testing import Mover, Stage

pytestmark = pytest.mark.timeout(60)
Until = Callable[[Callable[[], object]], None]
SETTINGS = Wish("", AnalysisSettings()).with_classifier("none").settings
SETTINGS = SETTINGS.model_copy(update={"people": "off"})


def walking(t_s: float) -> tuple[float, float] | None:
    """Somebody comes by for three seconds."""
    return (10 + 60 * (t_s - 2), 60) if 2 <= t_s < 5 else None


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds with an event in them."""
    path = tmp_path_factory.mktemp("export") / "street.mp4"
    writer = H264Writer(path)
    for frame in Stage((Mover(walking),)).frames(10.0, rate_hz=12.5):
        grey = frame.pixels.luma_at(0)
        writer.write(np.dstack([grey] * 3), frame.pts_s, frame.duration_s)
    writer.finish()
    return path


def test_what_is_exported_is_what_batch_writes(tmp_path: Path, recording: Path) -> None:
    folder = run_batch(str(recording), SETTINGS, tmp_path / "out", Ticket(lambda *_: None))

    summary = json.loads((folder / "summary.json").read_text())
    place = folder / summary["inputs"][0]["out_dir"]
    events = json.loads((place / "events.json").read_text())["events"]
    assert events
    assert (place / "events.csv").exists()
    assert list(place.rglob("*.html"))


def test_it_tells_how_far_it_is(tmp_path: Path, recording: Path) -> None:
    told: list[tuple[int, int, str]] = []

    run_batch(str(recording), SETTINGS, tmp_path / "out", Ticket(lambda *far: told.append(far)))

    assert told
    assert all(0 <= done <= total for done, total, _ in told)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"input": 0, "done_s": 2.5, "total_s": 10.0}', 0.25),
        ('{"input": 0, "done_s": 12.0, "total_s": 10.0}', 1.0),
        ('{"input": 0, "done_s": 2.5, "total_s": null}', 0.0),
        ('{"said": "a.mp4: 2 events"}', "a.mp4: 2 events"),
        ("motionapp: it is not there\n", "motionapp: it is not there"),
        ("17\n", "17"),
    ],
)
def test_a_line_says_how_much_is_done_or_something_in_words(line: str, told: float | str) -> None:
    assert told_by(line) == told


def test_what_batch_says_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotExported, match=r"gone\.mp4"):
        run_batch(str(tmp_path / "gone.mp4"), SETTINGS, tmp_path / "out", Ticket(lambda *_: None))


def test_a_process_that_nobody_wants_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = [sys.executable, "-c", "import time; time.sleep(600)"]
    monkeypatch.setattr(exporting, "batch_command", lambda *_: endless)
    ticket = Ticket(lambda *_: None)
    ticket.cancel()
    began_s = time.monotonic()

    run_batch("a.mp4", SETTINGS, tmp_path, ticket)

    assert time.monotonic() - began_s < 10


@pytest.fixture
def window(shown_window: Callable[..., MainWindow], recording: Path) -> MainWindow:
    return shown_window(Wish(str(recording), SETTINGS).held(), threads=1)


def test_the_window_says_where_it_was_exported_to_and_why_not(
    window: MainWindow, until: Until, tmp_path: Path
) -> None:
    window.crew.exporting.export(tmp_path / "out")
    assert "Exporting to" in window.stage.line()
    until(lambda: "Exported to" in window.stage.line())
    log, gallery = window.panels.events.log, window.panels.events.model.gallery
    until(lambda: len(log) and all(one.is_stored for one in log))  # what batch found, at once
    until(lambda: gallery.of(log[0].event))  # from the report's thumbnails
    (tmp_path / "taken").write_text("a file is in the way")

    window.crew.exporting.export(tmp_path / "taken")

    until(lambda: "taken" in window.stage.messages.text())


def test_an_export_is_stopped_by_the_menu_while_it_goes_on(
    window: MainWindow, until: Until, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = [sys.executable, "-c", "import time; time.sleep(600)"]
    monkeypatch.setattr(exporting, "batch_command", lambda *_: endless)
    stop = window.actions_["stop export"]
    assert not stop.isEnabled()

    window.crew.exporting.export(tmp_path / "out")
    assert stop.isEnabled()
    stop.trigger()

    assert not stop.isEnabled()
    assert "stopped" in window.stage.line()
    until(lambda: not any(thread.name == "export" for thread in threading.enumerate()))
