"""The thread budget."""

from __future__ import annotations

import cv2
import pytest

from motionapp.runtime import ThreadPlan, apply_threads, plan_threads, usable_cores


def test_the_default_budget_is_what_this_process_may_use() -> None:
    assert plan_threads() == plan_threads(usable_cores())


@pytest.mark.parametrize(
    ("budget", "inputs", "decode", "network"),
    [(2, 1, 4, 2), (8, 2, 6, 4), (64, 1, 8, 64), (2, 2, 1, 1), (1, 5, 1, 1)],
)
def test_inputs_share_the_budget_and_have_one_thread_at_least(
    budget: int, inputs: int, decode: int, network: int
) -> None:
    plan = plan_threads(budget, inputs=inputs)

    assert (plan.decode, plan.opencv, plan.network) == (decode, 1, network)


def test_the_plan_is_applied_to_opencv() -> None:
    before = cv2.getNumThreads()
    try:
        apply_threads(ThreadPlan(decode=1, opencv=2, network=1))
        assert cv2.getNumThreads() == 2
        apply_threads(plan_threads(2))
        assert cv2.getNumThreads() == 1
    finally:
        cv2.setNumThreads(before)
