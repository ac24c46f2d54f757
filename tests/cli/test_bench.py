"""The timings: that all is measured, and by ratio."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from motionapp.cli import main
from motionapp.cli.bench import Timed, ratio_table, stage_table


def test_every_stage_is_measured_beside_decoding(
    recording: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--rounds", "2", "--seconds", "2", "--classifier", "none"]

    assert main(["bench", str(recording()), *options]) == 0

    said = capsys.readouterr().out
    assert "2 interleaved rounds over 50 frames" in said
    for line in ("decode only", "absdiff, tracking, events", "gate", "tracking", "events"):
        assert line in said


@pytest.mark.parametrize("option", ["--rounds=0", "--seconds=0", "--seconds=-1", "--seconds=nan"])
def test_nothing_to_time_is_a_wrong_option(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "synthetic:still", option]) == 2

    assert "is needed" in capsys.readouterr().err


def test_ratios_are_taken_round_by_round() -> None:
    """A machine that is twice as slow in the second round changes no ratio."""
    decode = Timed("decode only", lambda: 0, [1.0, 2.0, 1.0], frames=100)
    whole = Timed("whole", lambda: 0, [2.0, 4.0, 2.0], frames=100)

    lines = ratio_table([decode, whole])

    assert lines[2].split() == ["whole", "20.00", "50", "0.50"]


def test_stages_share_the_time() -> None:
    assert stage_table({"gate": 0.3, "events": 0.1}, 100)[1].split() == ["gate", "3.000", "75%"]


def test_no_rounds_are_refused(
    recording: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", str(recording()), "--rounds", "0"]) == 2
    assert "--rounds 0" in capsys.readouterr().err


def test_decoding_alone_is_timed_by_ways_of_sharing_the_cores(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["bench", "synthetic:jack", "--decoding", "--rounds", "1", "--seconds", "0.2"]) == 0

    table = capsys.readouterr().out
    assert "one file at a time, one thread each" in table
    assert "It changes no result" in table
