"""Options that several verbs share."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from motionapp.cli.options import add_analysis_options, settings_from
from motionapp.core.errors import SettingsError
from motionapp.settings import Settings


def parsed(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_analysis_options(parser)
    return parser.parse_args(arguments)


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MOTIONAPP_ANALYSIS__FRONTEND", raising=False)


def test_without_options_the_defaults_hold() -> None:
    assert settings_from(parsed()) == Settings()


def test_options_become_settings() -> None:
    settings = settings_from(
        parsed("--frontend", "flow", "--classifier", "none", "--sensitivity", "2"),
        run__workers=3,
        run__threads=None,
    )

    assert settings.analysis.frontend == "flow"
    assert settings.analysis.recognition.classifier == "none"
    assert settings.analysis.absdiff.sensitivity == 2.0
    assert settings.analysis.flow.sensitivity == 2.0
    assert settings.analysis.pose.sensitivity == 2.0
    assert settings.run.workers == 3
    assert settings.run.threads is None


def test_options_beat_the_environment_and_that_beats_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("[analysis]\nfrontend = 'pose'\n", encoding="utf-8")

    named = settings_from(parsed("--settings", str(path)))
    monkeypatch.setenv("MOTIONAPP_ANALYSIS__FRONTEND", "absdiff")
    varied = settings_from(parsed("--settings", str(path)))
    asked = settings_from(parsed("--settings", str(path), "--frontend", "flow"))

    assert named.analysis.frontend == "pose"
    assert varied.analysis.frontend == "absdiff"
    assert asked.analysis.frontend == "flow"


@pytest.mark.parametrize("value", ["0", "-1", "1e9", "nan", "inf"])
def test_a_sensitivity_that_makes_no_sense_is_refused(value: str) -> None:
    with pytest.raises(SettingsError, match="sensitivity"):
        settings_from(parsed("--sensitivity", value))
