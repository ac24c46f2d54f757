"""`motionapp gui` where no window can be opened."""

from __future__ import annotations

import pytest

from motionapp.cli import main
from motionapp.gui.display import SCREEN_VARIABLES


def test_an_unknown_front_end_is_refused_before_a_window_opens(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["gui", "--frontend", "nope"]) == 2

    assert "choose from absdiff, flow, pose" in capsys.readouterr().err


def test_without_a_screen_it_says_so_instead_of_ending_the_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in SCREEN_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")

    assert main(["gui"]) == 2

    assert "no screen" in capsys.readouterr().err
