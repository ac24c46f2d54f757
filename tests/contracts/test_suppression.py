"""What every rule of suppression promises, whatever it takes for nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

import cv2
import numpy as np
import pytest

from motionapp.core.motion import Contrast
from motionapp.core.places import RESTLESS
from motionapp.core.window import BLOCK_S
from motionapp.suppression import RULES, Evidence, Removed, SuppressionRule
from motionapp.suppression.pieces import Cells
from motionapp.testing import evidence_of

SHAPE = (180, 240)
RATE_HZ = 12.5
MOVING_S = 12.0
THRESHOLD = 9.0

RuleType = type[SuppressionRule]


@pytest.fixture(params=RULES, ids=lambda rule: rule.name)
def rule(request: pytest.FixtureRequest) -> RuleType:
    made: RuleType = request.param
    return made


@cache
def busy(pts_s: float, shape: tuple[int, int] = SHAPE) -> Evidence:
    """All that rules are for at once: crumbs, a counter, a soft shadow, and somebody."""
    rng = np.random.default_rng(round(pts_s * RATE_HZ))
    height, width = shape
    rough = np.random.default_rng(1).normal(0.0, 14.0, (height // 3 + 1, width // 3 + 1))
    then = np.rint(120.0 + np.kron(rough, np.ones((3, 3)))[:height, :width]).astype(np.uint8)
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    reach = 0.15 * height
    at_x = 0.75 * width + 0.01 * width * pts_s
    hill = 0.15 * np.exp(-(((x - at_x) / reach) ** 2 + ((y - 0.5 * height) / reach) ** 2))
    now = np.rint(then * (1.0 + hill)).astype(np.uint8)
    change = np.zeros(shape, np.uint8)
    # Crumbs come in gusts, so that what is remembered changes.
    if pts_s % 9 < 3:
        crumbs = np.zeros(shape, np.uint8)
        crumbs[rng.integers(height // 5, height, 500), rng.integers(0, width // 2, 500)] = 60
        change = np.maximum(change, cv2.dilate(crumbs, np.ones((3, 3), np.uint8)))
    # Somebody comes to where they stir.
    if 7 <= pts_s % 9 < 7.5:
        change[3 * height // 4 : 9 * height // 10, width // 20 : width // 6] = 100
    change[height // 20 : height // 10, width // 3 : width // 3 + 8] = 60
    stride = int(20 * pts_s) % max(1, width // 3)
    change[height // 3 : 2 * height // 3, width // 2 + stride // 2 : width // 2 + 20] = 60
    # Light shades the wall, whoever comes covers it.
    now = np.where(change > 0, 120 + change, now).astype(np.uint8)
    change = cv2.absdiff(now, then)
    mask = np.where(change > THRESHOLD, np.uint8(255), np.uint8(0))
    evidence = evidence_of(mask, pts_s, contrast=Contrast(then, now, change, THRESHOLD))
    return evidence.with_places(np.full(Cells(shape).shape, RESTLESS, np.uint8))


def times(from_s: float, until_s: float) -> Iterator[float]:
    for k in range(round(from_s * RATE_HZ), round(until_s * RATE_HZ)):
        yield k / RATE_HZ


def run(rule: SuppressionRule, evidence: Iterable[Evidence]) -> list[Removed]:
    return [rule.step(each) for each in evidence]


def told(removed: Removed, shape: tuple[int, int] = SHAPE) -> bytes:
    """All that an answer says, as far as it matters to whoever comes after."""
    mask = np.zeros(shape, np.uint8) if removed.mask is None else removed.mask
    places = b"" if removed.places is None else removed.places.tobytes()
    return mask.tobytes() + places


def test_it_has_a_name_of_its_own_and_a_memory_that_ends(rule: RuleType) -> None:
    assert [other.name for other in RULES].count(rule.name) == 1
    assert 0 <= rule.blocks * BLOCK_S <= 10.0


def test_its_answers_say_whose_they_are_and_what_was_measured(rule: RuleType) -> None:
    (removed,) = run(rule(SHAPE), [busy(0.0)])

    assert removed.rule == rule.name
    assert all(isinstance(name, str) and value >= 0 for name, value in removed.figures)


def test_where_nothing_moves_nothing_is_removed(rule: RuleType) -> None:
    still = np.zeros(SHAPE, np.uint8)
    judge = rule(SHAPE)

    for pts_s in times(0.0, 2 * BLOCK_S):
        removed = judge.step(evidence_of(still, pts_s))
        assert removed.mask is None or not removed.mask.any()
        assert removed.places is None


def test_the_rules_are_put_to_the_test_by_this_scene() -> None:
    """Or the cases below would hold for rules that do nothing."""
    for rule in RULES:
        seen = run(rule(SHAPE), map(busy, times(0.0, MOVING_S)))
        assert any(one.places is not None or (one.mask is not None and one.mask.any())
                   for one in seen), rule.name  # fmt: skip


def test_what_is_removed_has_moved(rule: RuleType) -> None:
    judge = rule(SHAPE)

    for pts_s in times(0.0, 6.0):
        evidence = busy(pts_s)
        removed = judge.step(evidence)
        if removed.mask is not None:
            assert removed.mask.dtype == np.uint8
            assert set(np.unique(removed.mask)) <= {0, 255}
            assert not (removed.mask & ~evidence.mask).any()


def test_somebody_who_walks_stays_whole(rule: RuleType) -> None:
    judge = rule(SHAPE)

    for pts_s in times(0.0, 4.0):
        mask = np.zeros(SHAPE, np.uint8)
        left = round(40 + 50 * pts_s)
        mask[60:130, left : left + 24] = 255
        removed = judge.step(evidence_of(mask, pts_s))
        assert removed.mask is None or not removed.mask.any()
        assert removed.places is None


def test_evidence_is_not_changed_in_place(rule: RuleType) -> None:
    judge = rule(SHAPE)

    for pts_s in times(0.0, 4.0):
        evidence = busy(pts_s)
        held = [evidence.mask, evidence.contrast.then, evidence.contrast.now]
        before = [array.copy() for array in held]
        for array in held:
            array.flags.writeable = False
        judge.step(evidence)
        assert all(np.array_equal(a, b) for a, b in zip(held, before, strict=True))


def test_what_was_answered_does_not_change_later(rule: RuleType) -> None:
    judge = rule(SHAPE)
    answers = run(judge, map(busy, times(0.0, 3.0)))
    before = [told(answer) for answer in answers]

    run(judge, map(busy, times(3.0, 5.0)))

    assert [told(answer) for answer in answers] == before


def test_the_same_evidence_gives_the_same_answers_twice(rule: RuleType) -> None:
    once = run(rule(SHAPE), map(busy, times(0.0, 5.0)))
    again = run(rule(SHAPE), map(busy, times(0.0, 5.0)))

    assert [(told(a), a.figures) for a in once] == [(told(a), a.figures) for a in again]


@pytest.mark.parametrize("from_s", [1.04, 4.0, 6.48])
def test_a_run_that_starts_its_memory_earlier_says_what_one_that_always_ran_says(
    rule: RuleType, from_s: float
) -> None:
    """The block in which it starts is not a full one: it comes on top."""
    ready_s = from_s + (rule.blocks + 1) * BLOCK_S
    always = run(rule(SHAPE), map(busy, times(0.0, ready_s + 6.0)))
    late = run(rule(SHAPE), map(busy, times(from_s, ready_s + 6.0)))

    judged = len(list(times(ready_s, ready_s + 6.0)))
    assert [told(one) for one in late[-judged:]] == [told(one) for one in always[-judged:]]


def test_frames_that_were_not_seen_are_no_error(rule: RuleType) -> None:
    judge = rule(SHAPE)

    for pts_s in (*times(0.0, 3.0), 9.52, *times(3600.0, 3601.0)):
        assert judge.step(busy(pts_s)).rule == rule.name


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (17, 23), (48, 64), (95, 400)])
def test_pictures_too_small_to_judge_are_taken(rule: RuleType, shape: tuple[int, int]) -> None:
    judge = rule(shape)

    for pts_s in times(0.0, 4.5):
        mask = np.full(shape, 255 if round(pts_s * RATE_HZ) % 2 else 0, np.uint8)
        removed = judge.step(evidence_of(mask, pts_s))
        assert removed.mask is None or removed.mask.shape == shape


def test_another_size_has_a_rule_of_its_own(rule: RuleType) -> None:
    """Two at once, as around a change of size, know nothing of each other."""
    small, large = (120, 200), SHAPE
    alone = [told(one) for one in run(rule(large), map(busy, times(0.0, 3.0)))]
    here, there = rule(large), rule(small)

    beside = []
    for pts_s in times(0.0, 3.0):
        beside.append(told(here.step(busy(pts_s))))
        there.step(busy(pts_s, small))

    assert beside == alone
