"""What is frequent where a network is used weighs more, for bodies that travel."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from motionapp.core.clip import Going
from motionapp.core.contract import Prior
from motionapp.recognition.prior import PRIORS, weighed

LABELS = ("side", "walk")
STROLLS, STANDS = Going(0.4, 0.0, 0.4), Going(0.05, 0.02, 0.4)
JOGS = Going(-1.3, 0.2, 0.5)


def shares(*rows: tuple[float, ...]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.array(rows, np.float32)


def test_on_a_street_who_travels_mostly_walks() -> None:
    found = weighed(shares((0.6, 0.3, 0.1)), LABELS, [STROLLS], "street")

    np.testing.assert_allclose(found, shares((0.6 / 3.7, 3.0 / 3.7, 0.1 / 3.7)), atol=1e-6)


def test_who_stands_is_as_likely_to_do_anything() -> None:
    """A prior for everybody made walkers of people who stood."""
    answer = shares((0.6, 0.3, 0.1))

    np.testing.assert_array_equal(weighed(answer, LABELS, [STANDS], "street"), answer)


def test_who_is_too_fast_for_walking_mostly_runs() -> None:
    labels, answer = ("run", "skip", "walk"), shares((0.4, 0.35, 0.25))

    strolling = weighed(answer, labels, [STROLLS], "street")[0]
    jogging = weighed(answer, labels, [JOGS], "street")[0]

    assert labels[strolling.argmax()] == "walk"
    assert labels[jogging.argmax()] == "run"
    assert jogging.max() > 0.8


@pytest.mark.parametrize("prior", get_args(Prior))
def test_a_network_that_is_sure_is_believed_and_labels_of_others_are_left_alone(
    prior: Prior,
) -> None:
    sure = weighed(shares((0.95, 0.03, 0.02)), LABELS, [STROLLS], prior)
    theirs = weighed(shares((0.7, 0.3)), ("juggle", "sweep"), [STROLLS], prior)

    assert sure[0].argmax() == 0
    np.testing.assert_allclose(theirs, shares((0.7, 0.3)))
    np.testing.assert_allclose(sure.sum(axis=1), 1.0, atol=1e-6)


def test_there_is_a_prior_for_each_name() -> None:
    assert set(PRIORS) == set(get_args(Prior))
