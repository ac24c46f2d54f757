"""Shared by the tests of the pose front-end: the networks, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from motionapp.frontends.pose.networks import PoseNetworks


@pytest.fixture(scope="session")
def models() -> Path:
    """The folder of the shipped networks."""
    return Path(__file__).parents[3] / "models"


@pytest.fixture(scope="session")
def networks(models: Path) -> PoseNetworks:
    """Both networks on one thread."""
    return PoseNetworks(models)
