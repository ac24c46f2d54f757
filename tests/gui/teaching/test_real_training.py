"""Takes are taught by the very process that the window begins: left, and gone on with."""

from __future__ import annotations

from pathlib import Path

import pytest

from motionapp.gui import process
from motionapp.gui.jobs import Ticket
from motionapp.gui.teaching import training
from motionapp.gui.teaching.takes import Take, TakeSet
from motionapp.gui.teaching.training import Step, is_unfinished, train_takes
from motionapp.recognition.onnx import read_contract
from motionapp.sinks.film import Film
from motionapp.sources.synthetic import SyntheticSource
from motionapp.training.rendered_scenes import training_clip

pytestmark = [pytest.mark.train, pytest.mark.timeout(300)]
FEW = ["--clutter", "0", "--rates", "none", "--batch", "4", "--epochs", "1", "--no-cache"]


@pytest.fixture
def takes(tmp_path: Path) -> TakeSet:
    takes = TakeSet(tmp_path)
    for label in ("wave2", "crouch"):
        for seed in (1, 2):
            scene = training_clip(label, 7, seed, size=(120, 96), duration_s=1.5, framing="fixed")
            film = Film(tmp_path, "film")
            for frame in SyntheticSource(scene).frames():
                assert not film.write(frame.bgr(), frame.pts_s, frame.duration_s)
            file = takes.free_file(label)
            written, _ = film.finish()
            Path(written).rename(tmp_path / file)
            takes = takes.with_take(Take(file, label, "eva", 1.5))
    return takes


def test_a_training_is_left_and_gone_on_with(
    takes: TakeSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = training.train_command
    monkeypatch.setattr(training, "STEPS", 6)
    monkeypatch.setattr(process, "LOW_PRIORITY", 0)
    monkeypatch.setattr(process, "GRACE_S", 120.0)  # however slow this machine is
    monkeypatch.setattr(
        training, "train_command", lambda *args, **kwargs: [*whole(*args, **kwargs), *FEW]
    )
    ticket = Ticket(lambda *_: None)

    def leave(step: Step) -> None:
        if step.loss is not None:
            ticket.cancel()

    assert train_takes(takes, "absdiff", ticket, leave) is None
    assert is_unfinished(takes.folder)

    trained = train_takes(takes, "absdiff", Ticket(lambda *_: None), lambda step: None)

    assert trained is not None
    assert not is_unfinished(takes.folder)
    assert read_contract(trained.model).labels == ("crouch", "wave2")
    assert trained.figures.rights[1] == 4
    assert trained.frontend == "absdiff"
    assert trained.report.is_file()
    assert all(trained.picture(number).is_file() for number in range(len(trained.figures.worst)))
