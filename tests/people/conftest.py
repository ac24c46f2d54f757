"""Shared by the tests of the person networks: the networks, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from motionapp.people.networks import Lightning, MultiPose


@pytest.fixture(scope="session")
def models() -> Path:
    """The folder of the shipped networks."""
    return Path(__file__).parents[2] / "models"


@pytest.fixture(scope="session")
def multipose(models: Path) -> MultiPose:
    """The network that finds people, on one thread."""
    return MultiPose(models)


@pytest.fixture(scope="session")
def lightning(models: Path) -> Lightning:
    """The network that finds points, on one thread."""
    return Lightning(models)
