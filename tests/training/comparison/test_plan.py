"""A plan never promises more than the time that there is, and tells whom it leaves out."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from motionapp.training.comparison.plan import (
    FEWEST_TRIALS,
    LEAST_STEPS,
    MOST_STEPS,
    SCREENING_SHARE,
    Work,
    all_s,
    ending_s,
    fits,
    found_s,
    in_order,
    is_worth_searching,
    plan_screening,
    search_ends_s,
    wanted_in_full,
)

FRONTENDS = ("absdiff", "flow", "pose")


@st.composite
def works(draw: st.DrawFn) -> list[Work]:
    count = draw(st.integers(1, 12))
    return [
        Work(
            key=f"candidate-{number}",
            frontend=draw(st.sampled_from(FRONTENDS)),
            step_s=draw(st.floats(0.001, 2.0)),
            steps=draw(st.integers(10, 5000)),
            networks=draw(st.integers(1, 10)),
            export_s=draw(st.floats(0.0, 60.0)),
            ask_s=draw(st.floats(0.0, 20.0)),
            trials=draw(st.integers(0, 40)),
        )
        for number in range(count)
    ]


LOADS = st.fixed_dictionaries({name: st.floats(0.0, 120.0) for name in FRONTENDS})
CORES = st.integers(1, 16)
LEFT = st.floats(-10.0, 20_000.0)


@given(works(), LOADS, LEFT, CORES, st.integers(0, 400))
def test_a_screening_never_promises_more_than_its_share_of_the_time(
    listed: list[Work], loads: dict[str, float], left_s: float, cores: int, usual: int
) -> None:
    plan = plan_screening(listed, loads, left_s, cores, usual_steps=usual)

    assert plan.promised_s <= SCREENING_SHARE * max(0.0, left_s) + 1e-6


@given(works(), LOADS, LEFT, CORES)
def test_all_are_screened_or_it_is_said_who_is_not(
    listed: list[Work], loads: dict[str, float], left_s: float, cores: int
) -> None:
    plan = plan_screening(listed, loads, left_s, cores)

    assert sorted((*plan.keys, *plan.left_out)) == sorted(one.key for one in listed)
    assert bool(plan.keys) == (plan.steps > 0)
    if plan.keys:
        assert LEAST_STEPS <= plan.steps <= MOST_STEPS


@given(works(), LOADS, CORES)
def test_with_time_enough_nobody_is_left_out(
    listed: list[Work], loads: dict[str, float], cores: int
) -> None:
    plan = plan_screening(listed, loads, 1e7, cores)

    assert plan.left_out == ()


@given(works(), LOADS, LEFT, CORES)
def test_who_is_left_out_of_a_screening_is_never_cheaper_than_who_is_not(
    listed: list[Work], loads: dict[str, float], left_s: float, cores: int
) -> None:
    plan = plan_screening(listed, loads, left_s, cores)

    costs = {one.key: one.screened_s(LEAST_STEPS, cores) for one in listed}
    if plan.keys and plan.left_out:
        assert max(costs[k] for k in plan.keys) <= min(costs[k] for k in plan.left_out)


@given(works(), LOADS, LEFT, CORES, st.floats(0.5, 3.0))
def test_full_trainings_that_fit_one_after_the_other_fit_together(
    listed: list[Work], loads: dict[str, float], left_s: float, cores: int, slower: float
) -> None:
    """Each takes what was reckoned: the time is never overdrawn."""
    spent_s = 0.0
    for work in in_order(listed):
        load_s = loads[work.frontend]
        if fits(work, load_s=load_s, left_s=left_s - spent_s, cores=cores, slower=slower):
            spent_s += load_s + work.full_s(cores)

    assert spent_s <= max(0.0, left_s) + 1e-6


@given(works(), st.integers(0, 12))
def test_every_candidate_has_its_turn_once_and_the_best_third_comes_first(
    listed: list[Work], count: int
) -> None:
    full, ranked = listed[:count], listed[count:]
    assume(ranked)

    order = in_order(ranked, full)

    assert sorted(one.key for one in order) == sorted(one.key for one in ranked)
    wanted = max(0, wanted_in_full(len(listed)) - len(full))
    assert list(order[:wanted]) == ranked[:wanted]


@given(works())
def test_each_front_end_has_its_turn_before_the_others_of_one_that_had_it(
    listed: list[Work],
) -> None:
    order = in_order(listed)

    frontends = {one.frontend for one in listed}
    first = order[: wanted_in_full(len(listed)) + len(frontends)]
    assert {one.frontend for one in first} == frontends


def test_a_third_of_the_candidates_and_two_at_least_are_wanted_in_full() -> None:
    assert [wanted_in_full(count) for count in (1, 2, 3, 6, 7, 14)] == [1, 2, 2, 2, 3, 5]


@given(st.floats(0.01, 1e6))
def test_the_end_takes_a_tenth_of_the_time_at_most(limit_s: float) -> None:
    assert 0 < ending_s(limit_s) <= 0.1 * limit_s + 1e-9


@given(works(), LOADS, CORES)
def test_all_of_them_take_as_long_as_each_and_the_reading(
    listed: list[Work], loads: dict[str, float], cores: int
) -> None:
    assert all_s(listed, loads, cores) >= sum(one.full_s(cores) for one in listed)


def test_two_folds_side_by_side_take_as_long_as_one() -> None:
    one = Work("a", "absdiff", 0.1, 100, 1)
    two, three = (Work("a", "absdiff", 0.1, 100, count) for count in (2, 3))

    assert one.full_s(2) == two.full_s(2)
    assert three.full_s(2) == 2 * one.full_s(2)


@given(works(), st.floats(0.0, 20_000.0), st.floats(0.0, 60.0), CORES, st.floats(0.5, 4.0))
def test_a_search_leaves_the_time_for_the_training_after_it(
    listed: list[Work], share_s: float, load_s: float, cores: int, slower: float
) -> None:
    work = listed[0]
    ends_s = search_ends_s(work, share_s=share_s, load_s=load_s, cores=cores, slower=slower)

    assert 0 <= ends_s <= share_s
    if ends_s:
        after_s = share_s - ends_s
        assert fits(work, load_s=load_s, left_s=after_s + 1e-6, cores=cores, slower=slower)


@given(works(), CORES, st.integers(1, 8))
def test_nobody_is_searched_who_has_no_time_for_a_few_trials(
    listed: list[Work], cores: int, jobs: int
) -> None:
    work = listed[0]
    few = min(work.trials, FEWEST_TRIALS)

    assert is_worth_searching(work, work.searched_s(few, jobs), jobs)
    if few:
        assert not is_worth_searching(work, 0.99 * work.searched_s(few, jobs), jobs)


@given(works(), CORES)
def test_a_trial_by_the_usual_recipe_promises_what_was_reckoned_without_it(
    listed: list[Work], cores: int
) -> None:
    work = listed[0]
    trial_s = work.networks * work.steps * work.step_s

    assert abs(found_s(work, trial_s, cores) - work.full_s(cores)) <= 1e-6 * work.full_s(cores)


@given(works(), LOADS, CORES, st.integers(1, 8))
def test_searching_takes_longer_than_training_alone_and_more_processes_no_longer(
    listed: list[Work], loads: dict[str, float], cores: int, jobs: int
) -> None:
    alone = all_s([replace(one, trials=0) for one in listed], loads, cores)
    searched = all_s(listed, loads, cores, jobs)

    assert alone <= searched
    assert all_s(listed, loads, cores, jobs + 1) <= searched
