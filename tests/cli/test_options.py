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


def test_zones_come_from_a_file_or_from_one_rectangle(tmp_path: Path) -> None:
    path = tmp_path / "zones.toml"
    path.write_text(
        "[[zone]]\nname = 'door'\npolygon = [[0, 0], [0.5, 0], [0.5, 1]]\n", encoding="utf-8"
    )

    (door,) = settings_from(parsed("--zones", str(path))).analysis.zones
    (roi,) = settings_from(parsed("--roi", "0.25,0,0.5,1")).analysis.zones

    assert (door.name, door.polygon[1]) == ("door", (0.5, 0.0))
    assert (roi.name, roi.polygon[2]) == ("roi", (0.75, 1.0))


def test_zones_of_a_flag_replace_those_of_a_settings_file(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(
        "[[analysis.zones]]\nname = 'door'\npolygon = [[0, 0], [0.5, 0], [0.5, 1]]\n",
        encoding="utf-8",
    )

    zones = settings_from(parsed("--settings", str(path), "--roi", "0,0,1,0.5")).analysis.zones

    assert [zone.name for zone in zones] == ["roi"]


def test_a_zones_file_and_a_rectangle_exclude_each_other(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        parsed("--roi", "0,0,1,1", "--zones", "zones.toml")

    assert "not allowed with" in capsys.readouterr().err


def test_a_preset_lies_beneath_everything_that_is_given(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("[analysis.events]\npersist_s = 0.7\n", encoding="utf-8")

    settings = settings_from(parsed("--preset", "outdoor", "--settings", str(path)))

    assert settings.analysis.events.persist_s == 0.7
    assert settings.analysis.events.travel > 0
    with pytest.raises(SettingsError, match="no preset"):
        settings_from(parsed("--preset", "underwater"))


@pytest.mark.parametrize("value", ["0", "-1", "1e9", "nan", "inf"])
def test_a_sensitivity_that_makes_no_sense_is_refused(value: str) -> None:
    with pytest.raises(SettingsError, match="sensitivity"):
        settings_from(parsed("--sensitivity", value))
