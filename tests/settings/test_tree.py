"""The tree itself: frozen, checked across its branches, and with a digest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic import BaseModel, ValidationError

from motionapp.core.errors import SettingsError
from motionapp.frontends import registry
from motionapp.settings import AnalysisSettings, Settings, analysis_digest, apply_changes


def leaves(model: BaseModel, path: str = "") -> Iterator[tuple[str, object]]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from leaves(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


def other(key: str, value: object) -> object:
    """Another value that the same setting may have."""
    if key == "run.start_utc":
        return "2026-03-01T12:00:00+01:00"
    if key in ("run.catalog", "run.camera"):
        return "door"
    if key == "analysis.recognition.prior":
        return "street"
    if value is None:
        return 1  # fits a threshold and a number of threads
    if value == ():
        return [{"name": "door", "polygon": [(0, 0), (1, 0), (1, 1)]}]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):
        return value * 1.01 or 0.1
    return {
        "analysis.frontend": "flow",
        "analysis.flow.preset": "best",
        "analysis.people": "off",
        "analysis.steady": "off",
        "analysis.pose.model": "own.onnx",
        "analysis.recognition.classifier": "none",
        "run.hwaccel": "auto",
        "run.pace": "max",
        "run.clips": "copy",
        "run.draw_flow": "arrows",
        "run.frames": "jsonl",
        "run.time_zone": "Europe/Zurich",
        "run.scan": "fast",
    }[key]


LEAVES = dict(leaves(Settings()))


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        Settings().run.workers = 2  # type: ignore[misc]


@pytest.mark.parametrize("key", LEAVES)
def test_every_setting_says_what_it_is(key: str) -> None:
    model: type[BaseModel] = Settings
    *tables, name = key.split(".")
    for table in tables:
        model = type(getattr(model(), table))

    assert (model.model_fields[name].description or "").endswith(".")


@pytest.mark.parametrize("key", [key for key in LEAVES if key.startswith("analysis.")])
def test_whatever_decides_events_changes_the_digest(key: str) -> None:
    changed = apply_changes(Settings(), {key: other(key, LEAVES[key])})

    assert analysis_digest(changed.analysis) != analysis_digest(Settings().analysis)


@pytest.mark.parametrize("key", [key for key in LEAVES if key.startswith("run.")])
def test_what_only_carries_out_a_run_leaves_the_digest(key: str) -> None:
    changed = apply_changes(Settings(), {key: other(key, LEAVES[key])})

    assert changed != Settings()
    assert analysis_digest(changed.analysis) == analysis_digest(Settings().analysis)


def test_the_digest_is_the_same_for_the_same_values_and_knows_the_model() -> None:
    whole = AnalysisSettings.model_validate({"absdiff": {"floor_levels": 9}})

    assert analysis_digest(whole) == analysis_digest(AnalysisSettings())
    assert analysis_digest(whole, "ab") != analysis_digest(whole)
    assert len(analysis_digest(whole)) == 64


def test_a_refusal_across_branches_is_one_clean_sentence() -> None:
    twice = [{"name": "door", "polygon": [[0, 0], [1, 0], [1, 1]]}] * 2

    with pytest.raises(SettingsError) as caught:
        apply_changes(Settings(), {"analysis.zones": twice})

    assert "Value error" not in str(caught.value)
    assert "{" not in str(caught.value)


@pytest.mark.parametrize("name", registry.names())
def test_every_front_end_has_its_settings_under_its_name(name: str) -> None:
    own = getattr(AnalysisSettings(), name)

    assert registry.make(name, AnalysisSettings()).name == name
    assert "sensitivity" in type(own).model_fields


def test_an_unknown_front_end_is_refused_with_those_there_are() -> None:
    with pytest.raises(SettingsError, match=r"'optical'.*absdiff, flow, pose"):
        registry.make("optical", AnalysisSettings())


def test_a_zone_without_area_is_refused() -> None:
    line = [{"name": "door", "polygon": [(0, 0), (0.5, 0.5), (1, 1)]}]

    with pytest.raises(SettingsError, match="zone door covers nothing"):
        apply_changes(Settings(), {"analysis.zones": line})


def test_two_zones_of_one_name_are_refused() -> None:
    zone = {"name": "door", "polygon": [(0, 0), (1, 0), (1, 1)]}

    with pytest.raises(SettingsError, match="two zones have the name door"):
        apply_changes(Settings(), {"analysis.zones": [zone, zone]})


def test_two_zones_whose_names_differ_in_case_alone_are_refused() -> None:
    """Their clips would be one file where a disk does not tell Door from door."""
    zones = [{"name": name, "polygon": [(0, 0), (1, 0), (1, 1)]} for name in ("Door", "door")]

    with pytest.raises(SettingsError, match="two zones have the name door"):
        apply_changes(Settings(), {"analysis.zones": zones})


@pytest.mark.parametrize(
    "start", ["0001-01-01T00:00:00+14:00", "1899-12-31T12:00:00Z", "9999-12-31T23:59:59Z"]
)
def test_a_start_at_an_end_of_the_calendar_is_refused(start: str) -> None:
    """It failed every input: "date value out of range"."""
    with pytest.raises(SettingsError, match=r"run\.start_utc is in the year"):
        apply_changes(Settings(), {"run.start_utc": start})


def test_a_stretch_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"run\.end_s is 3 s"):
        apply_changes(Settings(), {"run.start_s": 5.0, "run.end_s": 3.0})
