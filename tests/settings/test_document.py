"""Settings written down and read again."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motionapp.settings import PRESETS, Settings, apply_changes, load_settings, settings_text

DOOR = {"name": "front door", "kind": "exclude", "polygon": [(0, 0), (0.5, 0), (0.5, 1)]}
CHANGES = {
    "analysis.frontend": st.sampled_from(["absdiff", "flow", "pose", "background"]),
    "analysis.absdiff.lag_s": st.floats(0.01, 1.0),
    "analysis.recognition.threshold": st.none() | st.floats(0, 1),
    "analysis.recognition.classifier": st.text(max_size=12),
    "analysis.zones": st.sampled_from([[], [DOOR], [DOOR, DOOR | {"name": "lawn"}]]),
    "run.workers": st.integers(1, 64),
    "run.start_s": st.none() | st.floats(0, 1e6),
    "run.start_utc": st.none() | st.just("2026-03-01T12:00:00.250+01:00"),
}


@pytest.mark.parametrize("with_comments", [False, True])
@given(changes=st.fixed_dictionaries(CHANGES))
def test_what_is_written_is_read_as_the_same_settings(
    tmp_path_factory: pytest.TempPathFactory, with_comments: bool, changes: dict[str, object]
) -> None:
    settings = apply_changes(Settings(), changes)
    file = tmp_path_factory.getbasetemp() / f"written-{with_comments}.toml"

    file.write_text(settings_text(settings, with_comments=with_comments), encoding="utf-8")

    assert load_settings(file) == settings


def test_every_key_stands_in_the_file_with_what_it_is() -> None:
    text = settings_text(Settings())

    assert "# It closes after so long.\nmax_event_s = 600" in text
    assert "# threshold =" in text  # a value that is not set has no form in TOML


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_changes_what_it_names_and_nothing_else(name: str) -> None:
    usual = tomllib.loads(settings_text(Settings()))
    preset = tomllib.loads(settings_text(load_settings(preset=name)))

    changed = {key for key, value in _leaves(preset).items() if _leaves(usual)[key] != value}

    assert changed == set(PRESETS[name])


def _leaves(tree: dict[str, object], path: str = "") -> dict[str, object]:
    leaves: dict[str, object] = {}
    for key, value in tree.items():
        below = _leaves(value, f"{path}{key}.") if isinstance(value, dict) else None
        leaves |= {f"{path}{key}": value} if below is None else below
    return leaves


def test_a_file_beats_a_preset(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("[analysis.events]\ntravel = 0.2\n", encoding="utf-8")

    events = load_settings(file, preset="outdoor").analysis.events

    assert (events.travel, events.persist_s) == (0.2, 0.5)
