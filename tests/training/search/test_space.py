"""What is searched among stays within what can be trained, and leaves alone what was chosen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from motionapp.core.representation import Representation
from motionapp.training.choices import LEARNING_RATES, OPTIMISERS
from motionapp.training.recipe import Recipe
from motionapp.training.search.space import (
    DROPOUT,
    LAG,
    NAMES,
    OPTIMISER,
    RATE,
    STEPS,
    WIDTH,
    Choices,
    Numbers,
    Space,
)

USUAL = Space(Recipe(), Representation("absdiff", steps=12))


def values(one: Choices | Numbers) -> st.SearchStrategy[object]:
    if isinstance(one, Choices):
        return st.sampled_from(one.values)
    if one.is_whole:
        return st.integers(int(one.low), int(one.high))
    return st.floats(one.low, one.high)


CHOSEN = st.fixed_dictionaries({name: values(one) for name, one in USUAL.ranges().items()})


@given(CHOSEN)
def test_whatever_is_proposed_is_a_recipe_that_a_model_can_hold(chosen: dict[str, object]) -> None:
    recipe, shape = USUAL.recipe_of(chosen), USUAL.shape_of(chosen)

    assert Recipe.from_document(recipe.document()) == recipe
    assert shape.steps in (6, 12, 18)
    assert shape.lag_s in (0.08, 0.16)
    assert (recipe.weight_decay > 0) == (recipe.optimiser == "adamw")


def test_the_first_trial_is_what_was_asked_for() -> None:
    chosen = USUAL.usual()

    assert USUAL.recipe_of(chosen) == USUAL.recipe
    assert USUAL.shape_of(chosen) == USUAL.representation
    assert set(chosen) == set(NAMES)


@given(st.sets(st.sampled_from(NAMES)).map(frozenset))
def test_what_was_chosen_is_not_searched_for(fixed: frozenset[str]) -> None:
    space = Space(Recipe(width=5, dropout=0.1), Representation("absdiff"), fixed)

    assert set(space.ranges()) == set(NAMES) - fixed
    if {WIDTH, DROPOUT} <= fixed:
        recipe = space.recipe_of({name: space.usual()[name] for name in space.ranges()})
        assert (recipe.width, recipe.dropout) == (5, 0.1)


def test_a_rate_is_told_by_the_optimiser_s_own() -> None:
    for optimiser in OPTIMISERS:
        recipe = USUAL.recipe_of({**USUAL.usual(), OPTIMISER: optimiser, RATE: 1.0})
        assert recipe.learning_rate == LEARNING_RATES[optimiser]


def test_short_clips_and_long_lags_stay_within_bounds() -> None:
    short = Space(Recipe(), Representation("absdiff", steps=1, lag_s=2.0))

    ranges = short.ranges()
    assert ranges[STEPS] == Choices((1, 2))
    assert ranges[LAG] == Choices((2.0,))
