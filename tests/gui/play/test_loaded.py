"""Models stay loaded, and settings are held to them all the same."""

from __future__ import annotations

import pytest

from motionapp import assembly
from motionapp.core.errors import SettingsError
from motionapp.core.models import Models
from motionapp.gui.play.loaded import MOST_MODELS, Loaded
from motionapp.settings import AnalysisSettings, Settings, apply_changes

USUAL = AnalysisSettings().model_copy(update={"people": "off"})


def changed(**changes: object) -> AnalysisSettings:
    paths = {f"analysis.{path.replace('__', '.')}": value for path, value in changes.items()}
    return apply_changes(Settings(analysis=USUAL), paths).analysis


def test_events_that_close_before_a_name_is_known_are_refused_of_models_that_are_loaded_too() -> (
    None
):
    loaded = Loaded(threads=1)
    models = loaded.of(changed(recognition__classifier="actions"))
    assert models.recogniser is not None

    with pytest.raises(SettingsError, match=r"events\.hold_s is 0\.1 s"):
        loaded.of(changed(recognition__classifier="actions", events__hold_s=0.1))

    assert loaded.of(changed(recognition__classifier="actions", events__hold_s=9.0)) is models


def test_a_network_of_ones_own_for_poses_is_a_model_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def load(settings: AnalysisSettings, *, threads: int) -> Models:
        asked.append(settings.pose.model)
        return Models()

    monkeypatch.setattr(assembly, "load_models", load)
    loaded = Loaded(threads=1)

    for own in ("", "mine.onnx", ""):
        loaded.of(changed(frontend="pose", pose__model=own))

    assert asked == ["", "mine.onnx"]


def test_so_many_are_kept_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembly, "load_models", lambda settings, *, threads: Models())
    loaded = Loaded(threads=1)

    for number in range(MOST_MODELS + 3):
        loaded.of(changed(recognition__threshold=number / 100))

    assert len(loaded) == MOST_MODELS
