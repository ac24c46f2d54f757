"""Front-ends and their presets, as a person chooses them."""

from __future__ import annotations

import pytest

from motionapp.core.errors import SettingsError
from motionapp.frontends import registry
from motionapp.settings import AnalysisSettings


@pytest.mark.parametrize("choice", registry.choices())
def test_what_is_chosen_is_what_the_settings_stand_for(choice: str) -> None:
    settings = registry.chosen(AnalysisSettings(), choice)

    assert registry.choice_of(settings) == choice
    assert settings == AnalysisSettings.model_validate({"frontend": choice})
    assert registry.about_choice(choice).startswith(registry.about(settings.frontend))


def test_a_name_alone_is_its_default_preset_whatever_was_before() -> None:
    best = registry.chosen(AnalysisSettings(), "flow:best")

    assert registry.choice_of(registry.chosen(best, "flow")) == "flow"


def test_everything_else_stays() -> None:
    given = AnalysisSettings.model_validate({"flow": {"sensitivity": 2.0}, "steady": "off"})

    settings = registry.chosen(given, "flow:best")

    assert (settings.flow.sensitivity, settings.steady) == (2.0, "off")


def test_presets_say_how_they_differ() -> None:
    told = {registry.about_choice(choice) for choice in registry.choices()}

    assert len(told) == len(registry.choices())


@pytest.mark.parametrize("choice", ["flow:medium", "absdiff:best", "flow:", "nothing", "", ":best"])
def test_what_there_is_not_is_refused_in_a_sentence(choice: str) -> None:
    with pytest.raises(SettingsError):
        registry.chosen(AnalysisSettings(), choice)
