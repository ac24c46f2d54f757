"""Networks as they are built: what their heads say."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from motionapp.recognition.catalogue import ARCHITECTURES
from motionapp.training.architectures import FamilyHead, Shape, build

FAMILIES = ("in place", "locomotion", "in place", "none", "locomotion")


def head() -> FamilyHead:
    torch.manual_seed(1)
    return FamilyHead(6, FAMILIES)


def test_a_label_is_as_likely_as_its_family_and_it_within_its_family() -> None:
    decides, features = head(), torch.randn(7, 6, generator=torch.Generator().manual_seed(2))

    shares = decides(features).exp().detach().numpy()

    families = decides.family(features).softmax(1).detach().numpy()
    assert shares.sum(1) == pytest.approx(np.ones(7), abs=1e-6)
    assert shares[:, 0] + shares[:, 2] == pytest.approx(families[:, 0], abs=1e-6)
    assert shares[:, 1] + shares[:, 4] == pytest.approx(families[:, 1], abs=1e-6)
    assert shares[:, 3] == pytest.approx(families[:, 2], abs=1e-6)


def test_what_a_label_is_told_changes_nothing_between_labels_of_other_families() -> None:
    """A walk that was taken for a run teaches which of the two it is, not whether somebody
    waves."""
    decides, features = head(), torch.ones(1, 6)
    within = decides.label.weight

    (decides(features)[0, 1] - decides(features)[0, 4]).backward()

    assert within.grad is not None
    assert within.grad[[0, 2, 3]].abs().max() == 0
    assert within.grad[[1, 4]].abs().min() > 0
    assert decides.family.weight.grad.abs().max() < 1e-6


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_a_network_without_families_decides_between_all_at_once(name: str) -> None:
    shape = Shape(channels=3, side_px=32, outputs=5, width=2, dense=8, dropout=0.0)
    network = build(name, shape, torch.Generator().manual_seed(1)).eval()

    assert isinstance(network.head, torch.nn.Linear)
    assert network(torch.zeros(2, 3, 32, 32)).shape == (2, 5)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_networks_of_every_side_build_and_answer(name: str) -> None:
    """Sides of 15 beyond a multiple of 16 failed with the second one, after all was gathered.

    In steps of 5, every remainder by 16 and by 32 is among them.
    """
    for side_px in range(32, 193, 5):
        shape = Shape(channels=1, side_px=side_px, outputs=3, width=1, dense=4, dropout=0.0)
        network = build(name, shape, torch.Generator().manual_seed(1)).eval()

        with torch.no_grad():
            assert network(torch.zeros(2, 1, side_px, side_px)).shape == (2, 3), side_px
