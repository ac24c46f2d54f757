"""Whether labels are told without any movement, and not by luck."""

from __future__ import annotations

import math

import numpy as np
import pytest

from motionapp.recognition.stretch import WHOLE, Stretch
from motionapp.training.inspection.finding import Kind, Severity
from motionapp.training.inspection.probing import Probe, probe
from motionapp.training.inspection.rooms import Rooms, probe_background, rooms_told
from motionapp.training.inspection.views import View, view_of

LABELS = ("run", "walk") * 12
GROUPS = tuple(f"group {number // 2}" for number in range(24))
"""Twelve people who do both."""
TELLS = Probe(samples=24, right=1.0, chance=0.5, by_luck=0.8, p=0.0002)
KNOWS_NOTHING = Probe(samples=24, right=0.5, chance=0.5, by_luck=0.8, p=0.6)


def rooms(known: float, *, seed: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Pictures of 16 cells: noise, and so much of the label."""
    generator = np.random.default_rng(seed)
    of_label = {"run": generator.normal(size=16), "walk": generator.normal(size=16)}
    noise = generator.normal(size=(24, 16))
    return noise + known * np.stack([of_label[label] for label in LABELS])


def test_a_room_for_each_label_gives_the_answer() -> None:
    found = probe(rooms(4.0, seed=1), LABELS, GROUPS, seed=1)

    assert found is not None
    assert found.tells
    assert found.right == 1.0
    assert found.chance == pytest.approx(0.5, abs=0.03)
    assert found.chance < found.by_luck < found.right


def test_of_healthy_sets_hardly_any_is_called_unhealthy() -> None:
    """One in 200 is, in the long run."""
    probes = [probe(rooms(0.0, seed=seed), LABELS, GROUPS, seed=1) for seed in range(12)]

    assert not any(found is not None and found.tells for found in probes)


def test_how_bright_a_picture_is_does_not_count() -> None:
    brightness = np.array([100.0 if label == "run" else 0.0 for label in LABELS])[:, None]
    pictures = rooms(0.0, seed=1)

    lit = probe(pictures + brightness, LABELS, GROUPS, seed=1)

    assert lit == probe(pictures, LABELS, GROUPS, seed=1)


def test_the_same_group_never_answers() -> None:
    """Each is most like the other of its own group, and there only."""
    own = np.random.default_rng(1).normal(size=(12, 16)) * 9
    pictures = np.repeat(own, 2, axis=0) + rooms(0.0, seed=2) / 9
    labels = tuple(f"label {number // 2 % 3}" for number in range(24))

    found = probe(pictures, labels, GROUPS, seed=1)

    assert found is not None
    assert found.right < 1.0
    assert not found.tells


def test_groups_of_one_label_each_change_places_as_a_whole() -> None:
    """Ten pictures of each of four groups: alike as they are, four groups are no evidence."""
    generator = np.random.default_rng(1)
    labels = tuple("run" if number < 20 else "walk" for number in range(40))
    groups = tuple(f"group {number // 10}" for number in range(40))
    pictures = np.repeat(generator.normal(size=(2, 16)), 20, axis=0) * 5
    pictures += generator.normal(size=(40, 16)) / 5

    found = probe(pictures, labels, groups, seed=1)

    assert found is not None
    assert found.right == 1.0
    assert not found.tells


@pytest.mark.parametrize(
    ("labels", "groups"),
    [
        ((), ()),
        (("run", "run"), ("ann", "bob")),
        (("run", "walk"), ("ann", "bob")),
        (("run", "walk"), ("ann", "ann")),
    ],
)
def test_where_no_label_is_in_two_groups_nothing_is_measured(
    labels: tuple[str, ...], groups: tuple[str, ...]
) -> None:
    assert probe(np.zeros((len(labels), 4)), labels, groups, seed=1) is None


def test_the_background_is_what_does_not_move() -> None:
    shown = np.full((10, 16, 16), 50, np.uint8)
    for step in range(10):
        shown[step, 8, step] = 200
    shown[:, 2, 2] = 90

    view = view_of(shown, np.arange(10) / 5, WHOLE)

    assert view is not None
    assert view.background[2, 2] == 90
    assert view.is_still[2, 2]
    assert (view.background[8] == 50).all()
    assert not view.is_still[7:10, :11].any()
    assert view.is_still[:7].all()
    assert view.is_still[:, 11:].all()
    assert view_of(shown, np.arange(10) / 5, Stretch(5.0, math.inf)) is None


def test_backgrounds_are_compared_where_all_are_still() -> None:
    """One whose every cell moves is left out; of so many, nothing is said at all."""
    generator = np.random.default_rng(1)
    still, moving = np.ones((16, 16), np.bool_), np.zeros((16, 16), np.bool_)

    def view(is_still: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> View:
        picture = generator.integers(0, 255, (16, 16), np.uint8)
        return View(picture, picture, is_still)

    few = [view(moving if number < 4 else still) for number in range(24)]
    many = [view(moving if number < 16 else still) for number in range(24)]

    found = probe_background(few, LABELS, GROUPS)
    assert found is not None
    assert found.samples == 20
    assert probe_background(many, LABELS, GROUPS) is None
    assert probe_background([], (), ()) is None


@pytest.mark.parametrize(
    ("first", "background", "told"),
    [
        (KNOWS_NOTHING, KNOWS_NOTHING, []),
        (None, None, []),
        (TELLS, KNOWS_NOTHING, [(Kind.FIRST_FRAME, Severity.NOTE)]),
        (TELLS, None, [(Kind.FIRST_FRAME, Severity.WARNING)]),
        (
            TELLS,
            TELLS,
            [(Kind.BACKGROUND, Severity.WARNING), (Kind.FIRST_FRAME, Severity.WARNING)],
        ),
        (KNOWS_NOTHING, TELLS, [(Kind.BACKGROUND, Severity.WARNING)]),
    ],
)
def test_the_two_probes_are_read_together(
    first: Probe | None, background: Probe | None, told: list[tuple[Kind, Severity]]
) -> None:
    findings = rooms_told(Rooms(first, background))

    assert [(finding.kind, finding.severity) for finding in findings] == told
