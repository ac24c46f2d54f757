"""What came of a training: kept under a number, read again, copied whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from motionapp.core.errors import OutputError, SettingsError
from motionapp.gui.teaching.results import copy_model, keep_trained, newest_model, read_trained
from motionapp.gui.teaching.takes import Take, TakeSet

CLIPS = [
    {"path": "a.mp4", "label": "wave", "predicted": "wave", "score": 0.9},
    {"path": "b.mp4", "label": "wave", "predicted": "clap", "score": 0.6},
    {"path": "c.mp4", "label": "clap", "predicted": None, "score": None},
]
CURVE = {
    "points": [
        {"groups": 1.0, "window_accuracy": 0.5, "clip_accuracy": 0.6, "window_deviation": None},
        {"groups": 4.0, "window_accuracy": 0.9, "clip_accuracy": None, "window_deviation": 0.1},
        {"groups": 5.0, "window_accuracy": 0.8, "clip_accuracy": 1.0, "window_deviation": 0.1},
    ],
    "gain": {"per_doubling": 0.2, "standard_error": 0.01, "groups": 5, "verdict": "more"},
}


def trained_in(folder: Path, content: bytes = b"a network", **more: object) -> None:
    """As `motionapp train` leaves it."""
    (folder / "model.onnx").write_bytes(content)
    (folder / "model.md").write_text("a card")
    figures = {
        "labels": ["clap", "wave"], "confusion": [[0, 0, 1], [1, 1, 0]], "clips": CLIPS,
        "learning_curve": None, "how": {"frontend": "flow", "seed": 1}, **more,
    }  # fmt: skip
    (folder / "figures.json").write_text(json.dumps(figures))


def test_each_model_is_kept_under_a_number_of_its_own(tmp_path: Path) -> None:
    trained_in(tmp_path, b"one")
    first = keep_trained(tmp_path)
    again = keep_trained(tmp_path)
    trained_in(tmp_path, b"two")
    second = keep_trained(tmp_path)

    assert first.model == again.model == tmp_path / "taught-1.onnx"
    assert first.model.read_bytes() == b"one"
    assert second.model.read_bytes() == b"two"
    assert newest_model(tmp_path) == second.model == tmp_path / "taught-2.onnx"
    assert second.frontend == "flow"


def test_what_was_trained_before_is_read_again(tmp_path: Path) -> None:
    assert read_trained(tmp_path) is None
    trained_in(tmp_path, learning_curve=CURVE)
    keep_trained(tmp_path)

    trained = read_trained(tmp_path)

    assert trained is not None
    figures = trained.figures
    assert figures.rights == (1, 3)
    assert figures.named_wrongly == {"b.mp4": "clap", "c.mp4": ""}
    assert figures.verdict == "more"
    assert figures.curve() == [(1.0, 0.5, 0.6), (5.0, 0.8, 1.0)]


def test_figures_that_are_damaged_are_not_shown(tmp_path: Path) -> None:
    trained_in(tmp_path)
    keep_trained(tmp_path)
    (tmp_path / "figures.json").write_text('{"clips": 3}')

    assert read_trained(tmp_path) is None
    with pytest.raises(SettingsError, match=r"figures\.json"):
        keep_trained(tmp_path)


def test_takes_are_counted_by_who_was_named(tmp_path: Path) -> None:
    trained_in(tmp_path)
    people = {"a.mp4": "eva", "b.mp4": "eva", "c.mp4": ""}
    takes = TakeSet(tmp_path, tuple(Take(f, "wave", who, 1.0) for f, who in people.items()))

    assert keep_trained(tmp_path).figures.by_person(takes) == {"eva": (1, 2)}


def test_a_model_is_copied_with_its_card(tmp_path: Path) -> None:
    trained_in(tmp_path)
    trained = keep_trained(tmp_path)
    place = tmp_path / "elsewhere"
    place.mkdir()

    copy_model(trained, place / "mine")

    assert (place / "mine.onnx").read_bytes() == b"a network"
    assert (place / "mine.md").read_text() == "a card"
    trained.model.unlink()
    with pytest.raises(OutputError, match="taught-1"):
        copy_model(trained, place / "other.onnx")
    assert not (place / "other.md").exists()
