"""The rules together: what each took is told, and regions are found no more often than needed."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest

from motionapp.core.motion import Contrast
from motionapp.regions import Found, find_regions
from motionapp.suppression import RULES, Evidence, Removed, Settled, SuppressionChain, chain

SHAPE = (90, 160)


class Left:
    """Takes out the left half."""

    name: ClassVar[str] = "left"
    blocks: ClassVar[int] = 1

    def __init__(self, shape: tuple[int, int] = SHAPE) -> None:
        self.given: list[Evidence] = []

    def step(self, evidence: Evidence) -> Removed:
        self.given.append(evidence)
        taken = evidence.mask.copy()
        taken[:, SHAPE[1] // 2 :] = 0
        return Removed(taken, self.name, (("halves", 1),))


class Onlooker(Left):
    """Takes out nothing, and marks places."""

    name: ClassVar[str] = "onlooker"
    blocks: ClassVar[int] = 3

    def step(self, evidence: Evidence) -> Removed:
        self.given.append(evidence)
        return Removed(None, self.name, places=np.ones((2, 3), np.uint8))


def moving(*columns: int) -> np.ndarray:
    mask = np.zeros(SHAPE, np.uint8)
    for column in columns:
        mask[30:60, column : column + 12] = 255
    return mask


def settled(rules: SuppressionChain, mask: np.ndarray, *, off: tuple[str, ...] = ()) -> Settled:
    contrast = Contrast(np.zeros_like(mask), mask, mask, 64.0)
    return rules.step(mask, contrast, pts_s=0.0, level=0, min_area=0.0004, merge_gap=0.03, off=off)


def test_what_a_rule_took_is_told_and_the_rest_is_found() -> None:
    mask = moving(20, 120)

    outcome = settled(SuppressionChain([Onlooker(), Left()]), mask)

    (removal,) = outcome.removed
    assert (removal.rule, removal.px, removal.figures) == ("left", 30 * 12, (("halves", 1),))
    assert [region.box.x0 for region in outcome.found.regions] == [120]
    assert np.array_equal(outcome.mask, moving(120))
    assert outcome.places is not None


def test_a_rule_is_given_what_those_before_it_left_and_all_that_was_found() -> None:
    last = Onlooker()

    settled(SuppressionChain([Left(), last]), moving(20, 120))

    (evidence,) = last.given
    assert [region.box.x0 for region in evidence.regions] == [120]
    assert {region.box.x0 for region in evidence.found} == {20, 120}


def test_what_one_rule_has_taken_another_cannot_take_again() -> None:
    outcome = settled(SuppressionChain([Left(), Left()]), moving(20))

    assert [removal.px for removal in outcome.removed] == [30 * 12]
    assert outcome.found.regions == ()


def test_a_rule_that_is_off_learns_and_takes_nothing() -> None:
    left, onlooker = Left(), Onlooker()
    mask = moving(20)

    outcome = settled(SuppressionChain([onlooker, left]), mask, off=("left", "onlooker"))

    assert len(left.given) == len(onlooker.given) == 1
    assert outcome.removed == ()
    assert outcome.places is None
    assert outcome.mask is mask


@pytest.mark.parametrize(("columns", "times"), [((120,), 1), ((20, 120), 2), ((20,), 2), ((), 1)])
def test_regions_are_found_once_and_once_more_where_anything_was_taken(
    monkeypatch: pytest.MonkeyPatch, columns: tuple[int, ...], times: int
) -> None:
    looked: list[np.ndarray] = []

    def counting(mask: np.ndarray, **how: object) -> Found:
        looked.append(mask)
        return find_regions(mask, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(chain, "find_regions", counting)

    settled(SuppressionChain([Left(), Left(), Onlooker()]), moving(*columns))

    assert len(looked) == times


def test_the_pieces_of_a_region_are_counted_once_for_all_rules() -> None:
    first, second = Onlooker(), Onlooker()

    settled(SuppressionChain([first, second]), moving(20))

    evidence = first.given[0]
    assert second.given[0].pieces(evidence.regions[0]) is evidence.pieces(evidence.regions[0])
    (region,) = evidence.regions
    assert evidence.pieces(region) is evidence.pieces(region)
    assert evidence.pieces(region).areas.tolist() == [30 * 12]


def test_the_chain_remembers_as_long_as_its_rules_do() -> None:
    assert SuppressionChain([Left(), Onlooker()]).memory_s == 6.0
    assert SuppressionChain([]).memory_s == 0.0
    assert SuppressionChain.of_all(SHAPE).memory_s == max(2.0 * rule.blocks for rule in RULES)
