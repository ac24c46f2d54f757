"""The two networks load, answer in their shapes, and refuse other files by name."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from motionapp.core.errors import ModelError
from motionapp.frontends.pose.networks import DETECTOR_FILE, LANDMARK_FILE, PoseNetworks


def test_the_detector_answers_for_each_anchor(networks: PoseNetworks) -> None:
    rows, logits = networks.detect(np.zeros((224, 224, 3), np.uint8))

    assert rows.shape == (2254, 12)
    assert logits.shape == (2254,)


def test_a_black_crop_holds_nobody(networks: PoseNetworks) -> None:
    output = networks.landmarks(np.zeros((256, 256, 3), np.uint8))

    assert output.landmarks.shape == (39, 5)
    assert output.heatmaps.shape == (64, 64, 39)
    assert 0 <= output.flag < 0.5


def test_the_answer_does_not_depend_on_threads_or_spinning(
    models: Path, networks: PoseNetworks
) -> None:
    crop = np.random.default_rng(0).integers(0, 256, (256, 256, 3), np.uint8)
    two = PoseNetworks(models, threads=2, is_spinning=True)

    np.testing.assert_allclose(
        two.landmarks(crop).landmarks, networks.landmarks(crop).landmarks, rtol=1e-4, atol=1e-2
    )


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=DETECTOR_FILE):
        PoseNetworks(tmp_path)


def test_a_broken_file_is_named(tmp_path: Path, models: Path) -> None:
    shutil.copy(models / DETECTOR_FILE, tmp_path)
    (tmp_path / LANDMARK_FILE).write_bytes(b"no network")

    with pytest.raises(ModelError, match=rf"{LANDMARK_FILE} cannot be read"):
        PoseNetworks(tmp_path)


def test_another_network_is_refused(tmp_path: Path, models: Path) -> None:
    shutil.copy(models / LANDMARK_FILE, tmp_path / DETECTOR_FILE)

    with pytest.raises(ModelError, match=rf"{DETECTOR_FILE} is not the pose network"):
        PoseNetworks(tmp_path)
