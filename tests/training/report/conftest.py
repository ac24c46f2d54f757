"""Figures of a made-up measurement, and windows of it that were named wrongly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from motionapp.core.representation import Representation
from motionapp.recognition.dataset import Sample
from motionapp.training.album import Album
from motionapp.training.breakdown import How
from motionapp.training.named import Named
from motionapp.training.readable import Unreadable
from motionapp.training.scores import document

LABELS = ("run", "skip", "walk")
SHAPE = Representation("absdiff", side_px=8, steps=3)
FOLDS = (frozenset({"ann", "bob"}), frozenset({"cyn"}))


def sample(label: str, group: str, name: str = "") -> Sample:
    name = name or f"{group}_{label}.mp4"
    return Sample(Path(name), name, label, group)


def windows_of(one: Sample, *rights: float) -> Named:
    """Windows in which the right label has so much; the next one has the rest."""
    truth, count = LABELS.index(one.label), len(LABELS)
    rows = np.zeros((len(rights), count), np.float32)
    rows[:, truth] = rights
    rows[:, (truth + 1) % count] = 1 - np.array(rights)
    starts_s = 0.5 * np.arange(len(rights))
    return Named(one, rows, np.stack([starts_s, starts_s + 1], axis=1))


def measured() -> list[Named]:
    return [
        windows_of(sample(label, group), *rights)
        for group, rights in {"ann": (0.9, 0.8, 0.7), "bob": (0.6, 0.9), "cyn": (0.2, 0.4)}.items()
        for label in LABELS
    ]


@pytest.fixture
def figures() -> dict[str, Any]:
    how = How("kfold:2", "people", "alexnet", "absdiff", seed=1, folds=FOLDS, temperature=1.5)
    left_out = Unreadable(sample("run", "dan"), "dan_run.mp4 cannot be opened")
    return document(LABELS, measured(), threshold=0.5, unreadable=[left_out], how=how)


@pytest.fixture
def album() -> Album:
    found = Album()
    for one in measured():
        maps = np.full((len(one.probabilities), 8, 8, 3), 90, np.uint8)
        found.add(one, LABELS, 0.5, maps)
    return found
