"""The settings describe themselves: every one that a person may change can be changed."""

from __future__ import annotations

import pytest

from motionapp.gui.tuning.fields import (
    ELSEWHERE,
    MANY,
    Field,
    called,
    changed,
    fields,
    value_of,
    why_not,
    with_value,
)
from motionapp.settings import AnalysisSettings

USUAL = AnalysisSettings()


def leaves(model: type, path: tuple[str, ...] = ()) -> set[str]:
    """The paths of all settings."""
    found = set()
    for name, info in model.model_fields.items():  # type: ignore[attr-defined]  # pydantic's
        below = info.annotation
        if hasattr(below, "model_fields"):
            found |= leaves(below, (*path, name))
        else:
            found.add(".".join((*path, name)))
    return found


def test_every_setting_is_there_or_has_a_place_of_its_own() -> None:
    assert {one.path for one in fields()} | ELSEWHERE == leaves(AnalysisSettings)


@pytest.mark.parametrize("field", fields(), ids=lambda one: one.path)
def test_each_says_what_it_is_and_has_its_default_within_its_bounds(field: Field) -> None:
    assert field.about
    assert field.words
    assert value_of(USUAL, field) == field.default
    assert with_value(USUAL, field.path, field.default) == USUAL
    if field.kind in ("whole", "number") and field.default is not None:
        assert field.low <= field.default <= field.high
        assert field.high < MANY or field.path == ""


@pytest.mark.parametrize("field", fields(), ids=lambda one: one.path)
def test_each_can_be_changed_to_something_else(field: Field) -> None:
    others = {
        "switch": [not field.default],
        "choice": [one for one in field.choices if one != field.default],
        "text": ["another"],
    }.get(field.kind, [field.low, field.high, (field.low + field.high) // 2 or 1])
    fits = [value for value in others if not why_not(USUAL, field.path, value)]

    assert fits
    settings = with_value(USUAL, field.path, fits[0])
    assert [one.path for one in changed(settings)] in ([field.path], [])


def test_what_does_not_fit_is_told_and_changes_nothing() -> None:
    assert "absdiff.lag_s" in why_not(USUAL, "absdiff.lag_s", 7.0)
    assert why_not(USUAL, "absdiff.lag_s", 0.2) == ""


def test_units_stand_beside_names_and_a_search_finds_by_any_word() -> None:
    by_path = {one.path: one for one in fields()}

    assert by_path["absdiff.lag_s"].words == "lag, seconds"
    assert by_path["people_searches_hz"].words == "people searches, per second"
    assert by_path["people_searches_hz"].room == "general"
    assert by_path["absdiff.ignore_stirring"].matches("rain leaves")
    assert not by_path["absdiff.ignore_stirring"].matches("rain flow")


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("analysis.events.travel", "events: travel"),
        ("analysis.absdiff.lag_s", "absdiff: lag, seconds"),
        ("analysis.zones", "zones"),
    ],
)
def test_a_setting_is_called_as_its_dock_calls_it(key: str, name: str) -> None:
    assert called(key) == name
