"""Training on takes in a process of its own: it tells how far it is, and ends when asked to."""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from pathlib import Path

import pytest

from motionapp.cli import train
from motionapp.gui import process
from motionapp.gui.jobs import Ticket
from motionapp.gui.teaching import training
from motionapp.gui.teaching.takes import Take, TakeSet
from motionapp.gui.teaching.training import NotTrained, Step, told_by, train_takes

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def takes(tmp_path: Path) -> TakeSet:
    takes = TakeSet(tmp_path)
    for label in ("wave", "clap"):
        for _ in range(2):
            name = takes.free_file(label)
            (tmp_path / name).write_bytes(b"a film")
            takes = takes.with_take(Take(name, label, "", 2.0))
    return takes


def acting(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """A process that acts as a training."""

    def command(labels: Path, folder: Path, frontend: str, **_: object) -> list[str]:
        return [sys.executable, "-u", "-c", code, str(folder)]

    monkeypatch.setattr(training, "train_command", command)


def a_ticket() -> Ticket:
    return Ticket(lambda *_: None)


DONE = """
import json, sys
from pathlib import Path
print(json.dumps({"said": "warning: few takes"}), file=sys.stderr)
for done in (1, 2):
    about = f"loss {1 / done:.2f}, {50 * done}% right"
    told = {"stage": "training", "done": done, "total": 2, "about": about}
    print(json.dumps(told), file=sys.stderr)
folder = Path(sys.argv[1])
(folder / "model.onnx").write_bytes(b"a network")
(folder / "model.md").write_text("a card")
clips = [{"path": "wave-001.mp4", "label": "wave", "predicted": "clap", "score": 0.8}]
figures = {"labels": ["clap", "wave"], "confusion": [[2, 0, 0], [1, 1, 0]], "clips": clips}
(folder / "figures.json").write_text(json.dumps(figures))
"""


def test_it_tells_how_far_it_is_and_what_came_of_it(
    takes: TakeSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    acting(monkeypatch, DONE)
    told: list[Step] = []

    trained = train_takes(takes, "absdiff", a_ticket(), told.append)

    assert trained is not None
    assert trained.figures.rights == (0, 1)
    assert trained.model == takes.folder / "taught-1.onnx"
    assert trained.model.read_bytes() == b"a network"
    assert told == [Step("training", 1, 2, 1.0, 0.5), Step("training", 2, 2, 0.5, 1.0)]
    assert (takes.folder / "labels.csv").exists()


def test_what_it_said_last_is_why_it_failed(
    takes: TakeSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    acting(
        monkeypatch, 'import sys; print("motionapp: no such thing", file=sys.stderr); sys.exit(2)'
    )

    with pytest.raises(NotTrained, match=r"^no such thing$"):
        train_takes(takes, "absdiff", a_ticket(), lambda step: None)


def test_a_training_that_nobody_wants_is_ended_as_by_ctrl_c(
    takes: TakeSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = """
import sys, time
try:
    print('{"stage": "training", "done": 1, "total": 9, "about": ""}', file=sys.stderr)
    time.sleep(600)
except KeyboardInterrupt:
    open(sys.argv[1] + "/ended", "w").close()
"""
    acting(monkeypatch, code)
    ticket = a_ticket()
    began_s = time.monotonic()

    assert train_takes(takes, "absdiff", ticket, lambda step: ticket.cancel()) is None

    assert (takes.folder / "ended").exists()
    assert time.monotonic() - began_s < 30


def test_a_training_that_says_nothing_and_hears_nothing_is_ended_within_a_second_or_so(
    takes: TakeSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
print('{"stage": "training", "done": 1, "total": 9, "about": ""}', file=sys.stderr)
time.sleep(600)
"""
    acting(monkeypatch, code)
    ticket = a_ticket()
    began: list[float] = []

    def tell(step: Step) -> None:
        began.append(time.monotonic())
        ticket.cancel()

    assert train_takes(takes, "absdiff", ticket, tell) is None

    assert time.monotonic() - began[0] < 2.0


def test_nothing_that_a_training_has_begun_is_left_behind(
    takes: TakeSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of its processes outlives it, and could go on speaking: nobody waits for that."""
    code = """
import signal, subprocess, sys, time
other = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(600)"
with open(sys.argv[1] + "/other", "w") as file:
    file.write(str(subprocess.Popen([sys.executable, "-c", other]).pid))
print('{"stage": "training", "done": 1, "total": 9, "about": ""}', file=sys.stderr)
time.sleep(600)
"""
    acting(monkeypatch, code)
    monkeypatch.setattr(process, "GRACE_S", 30.0)
    ticket = a_ticket()

    assert train_takes(takes, "absdiff", ticket, lambda step: ticket.cancel()) is None

    # It has ended once nobody holds the stream any more that all of them speak on.
    assert not any(one.name == "said" for one in threading.enumerate())


def test_without_the_extra_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "find_spec", lambda name: None)

    assert 'pip install "motionapp[train]"' in training.missing()


def test_with_too_little_nothing_is_begun(tmp_path: Path) -> None:
    with pytest.raises(NotTrained, match="two movements"):
        train_takes(TakeSet(tmp_path), "absdiff", a_ticket(), lambda step: None)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("plain words\n", "plain words"),
        ('{"said": "a sentence"}', "a sentence"),
        ("[1, 2]", "[1, 2]"),
        (
            json.dumps({"stage": "rendering", "done": 3, "total": 9, "about": ""}),
            Step("rendering", 3, 9),
        ),
    ],
)
def test_a_line_is_a_step_or_a_sentence(line: str, told: object) -> None:
    assert told_by(line) == told


def test_the_line_is_one_that_train_takes(tmp_path: Path) -> None:
    words = training.train_command(
        tmp_path / "labels.csv", tmp_path, "flow", protocol="kfold:2", with_curve=True
    )
    parser = argparse.ArgumentParser()
    train.add_arguments(parser)

    asked = parser.parse_args(words[4:])

    assert words[2:4] == ["motionapp", "train"]
    assert (asked.progress, asked.frontend) == ("json", "flow")
    assert (asked.protocol, asked.learning_curve) == ("kfold:2", True)
    assert (asked.beginning, asked.steps) == ("actions-rendered", training.STEPS)


def test_a_front_end_that_nothing_was_trained_for_begins_with_nothing(tmp_path: Path) -> None:
    words = training.train_command(tmp_path / "labels.csv", tmp_path, "background")

    assert "--from" not in words
