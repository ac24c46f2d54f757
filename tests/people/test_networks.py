"""The networks load, answer in their shapes, and refuse other files by name."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest

from motionapp.core.errors import ModelError
from motionapp.people.networks import LIGHTNING_FILE, MULTIPOSE_FILE, SUMS, Lightning, MultiPose


@pytest.mark.parametrize("size", [(192, 192), (32, 64), (256, 160)])
def test_multipose_takes_any_sides_that_are_multiples_of_32(
    multipose: MultiPose, size: tuple[int, int]
) -> None:
    rows = multipose.persons(np.zeros((*size, 3), np.uint8))

    assert rows.shape == (6, 56)
    assert rows.dtype == np.float32
    assert rows[:, 55].max() < 0.1


def test_lightning_gives_17_points_within_the_square(lightning: Lightning) -> None:
    square = np.random.default_rng(0).integers(0, 256, (192, 192, 3), np.uint8)

    points = lightning.points(square)

    assert points.shape == (17, 3)
    assert ((points[:, 2] >= 0) & (points[:, 2] <= 1)).all()


def test_the_answer_does_not_depend_on_threads(models: Path, multipose: MultiPose) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (96, 96, 3), np.uint8)
    two = MultiPose(models, threads=2)

    np.testing.assert_allclose(two.persons(picture), multipose.persons(picture), atol=1e-4)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=rf"{MULTIPOSE_FILE} is missing"):
        MultiPose(tmp_path)
    with pytest.raises(ModelError, match=rf"{LIGHTNING_FILE} is missing"):
        Lightning(tmp_path)


@pytest.mark.parametrize("kept", [0, 10, 2_000_000])
def test_a_damaged_file_is_named_in_one_line(tmp_path: Path, models: Path, kept: int) -> None:
    (tmp_path / LIGHTNING_FILE).write_bytes((models / LIGHTNING_FILE).read_bytes()[:kept])

    with pytest.raises(ModelError, match=rf"{LIGHTNING_FILE} is damaged") as caught:
        Lightning(tmp_path)

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("place", [100, 40_000, 5_000_000, -40_000, -1])
def test_one_bit_that_has_turned_over_is_damage(tmp_path: Path, models: Path, place: int) -> None:
    """Most such files load: they fail with the first person, or find others."""
    content = bytearray((models / MULTIPOSE_FILE).read_bytes())
    content[place] ^= 0x40
    (tmp_path / MULTIPOSE_FILE).write_bytes(content)

    with pytest.raises(ModelError, match=rf"{MULTIPOSE_FILE} is damaged"):
        MultiPose(tmp_path)


def test_another_network_is_refused(tmp_path: Path, models: Path) -> None:
    shutil.copy(models / LIGHTNING_FILE, tmp_path / MULTIPOSE_FILE)

    with pytest.raises(ModelError, match=rf"{MULTIPOSE_FILE} is damaged, or another file"):
        MultiPose(tmp_path)


def test_the_card_has_the_sums_of_the_files_and_they_say_where_they_come_from(
    models: Path,
) -> None:
    card = (models / "pose-movenet.md").read_text()

    for name in (MULTIPOSE_FILE, LIGHTNING_FILE):
        content = (models / name).read_bytes()
        row = re.search(rf"`{name}` \| ([\d,]+) \| `(\w+)`", card)
        assert row is not None
        assert int(row[1].replace(",", "")) == len(content)
        assert row[2] == SUMS[name] == hashlib.sha256(content).hexdigest()
        said = {p.key: p.value for p in onnx.load_from_string(content).metadata_props}
        assert said["license"].startswith("Apache-2.0")
        assert said["source_sha256"] in card
