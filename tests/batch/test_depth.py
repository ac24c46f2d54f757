"""The way from a batch to the analysis is short enough to be read."""

from __future__ import annotations

import io
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from motionapp.analysis import Analysis
from motionapp.batch.run import run_batch
from motionapp.core.frame import Frame
from motionapp.core.moment import Moment
from motionapp.settings import Settings, apply_changes

MOST_CALLS = 5


@pytest.mark.parametrize("report", [False, True])
def test_there_are_few_calls_between_a_batch_and_a_step(
    recording: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, report: bool
) -> None:
    ways: set[tuple[str, ...]] = set()
    step = Analysis.step

    def noted(analysis: Analysis, frame: Frame) -> Moment:
        names = [call.name for call in traceback.extract_stack()]
        ways.add(tuple(names[names.index("run_batch") + 1 : -1]))
        return step(analysis, frame)

    monkeypatch.setattr(Analysis, "step", noted)
    settings = apply_changes(
        Settings(), {"analysis.recognition.classifier": "none", "run.report": report}
    )

    told = run_batch([str(recording())], tmp_path / "out", settings, messages=io.StringIO())

    assert told.exit_code == 0
    (way,) = ways
    assert len(way) <= MOST_CALLS, way
