"""Whether a worker has what a batch needs."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from motionapp.batch.cluster.needs import (
    check_names,
    needs_of,
    needs_text,
    own_needs,
    what_differs,
    why_unfit,
)
from motionapp.core.errors import SettingsError
from motionapp.settings import Settings, apply_changes
from motionapp.settings.tree import AnalysisSettings


def naming(classifier: str) -> AnalysisSettings:
    return apply_changes(Settings(), {"analysis.recognition.classifier": classifier}).analysis


def test_a_worker_that_has_the_same_is_fit(tmp_path: Path) -> None:
    settings = Settings().analysis
    wanted = needs_of(needs_text(own_needs(settings)))

    assert wanted.models
    assert why_unfit(wanted, settings, str(tmp_path)) == ""
    assert what_differs(wanted, own_needs(settings)) == ""


def test_another_version_is_named(tmp_path: Path) -> None:
    wanted = replace(own_needs(naming("none")), version="0.0.1")

    assert "the batch has 0.0.1" in why_unfit(wanted, naming("none"), "")


def test_another_model_under_the_same_name_is_named() -> None:
    settings = Settings().analysis
    wanted = own_needs(settings)
    (name,) = wanted.models
    other = replace(wanted, models={name: "0" * 64})

    assert f"has another {name}" in why_unfit(other, settings, "")


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    wanted = own_needs(naming("none"))

    said = why_unfit(wanted, naming(str(tmp_path / "mine.onnx")), "")

    assert said.startswith("cannot use the model: ")
    assert "mine.onnx" in said


def test_a_worker_that_does_not_see_the_folder_of_results_is_told_what_to_do(
    tmp_path: Path,
) -> None:
    marker = tmp_path / "found" / ".cluster" / "token"

    said = why_unfit(own_needs(naming("none")), naming("none"), str(marker))

    assert f"does not see the folder {tmp_path / 'found'}: " in said


def test_a_worker_that_does_not_see_the_catalogue_is_told_what_to_do(tmp_path: Path) -> None:
    """It would make one of its own, and the events in it would be found by nobody."""
    pytest.importorskip("pyarrow")
    wanted, catalog = own_needs(naming("none")), tmp_path / "catalogue"

    said = why_unfit(wanted, naming("none"), "", str(catalog))

    assert f"does not see the catalogue {catalog}: " in said
    catalog.mkdir()
    assert why_unfit(wanted, naming("none"), "", str(catalog)) == ""


def test_a_worker_without_pyarrow_cannot_write_to_a_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    said = why_unfit(own_needs(naming("none")), naming("none"), "", str(tmp_path))

    assert r'pip install "motionapp[find]"' in said


def test_other_libraries_are_told_and_forbid_nothing() -> None:
    wanted = own_needs(naming("none"))
    other = replace(wanted, libraries={**wanted.libraries, "numpy": "1.0"})

    assert what_differs(wanted, other) == f"it has numpy 1.0 (here {wanted.libraries['numpy']})"
    assert "processor" in what_differs(wanted, replace(wanted, processor="riscv"))


def test_a_model_by_a_relative_path_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.onnx").write_bytes(b"")

    with pytest.raises(SettingsError, match="whole path"):
        check_names(naming("mine.onnx"))
    check_names(naming(os.path.abspath("mine.onnx")))
    check_names(naming("actions"))
