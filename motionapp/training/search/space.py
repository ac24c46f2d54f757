"""What is searched among: the choices of a recipe, and what a network sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from motionapp.core.representation import Representation
from motionapp.training.choices import LEARNING_RATES, OPTIMISERS
from motionapp.training.recipe import Recipe

OPTIMISER: Final = "optimiser"
RATE: Final = "learning_rate_factor"
WIDTH: Final = "width"
DROPOUT: Final = "dropout"
STEPS: Final = "clip_steps"
LAG: Final = "lag_s"
NAMES: Final = (OPTIMISER, RATE, WIDTH, DROPOUT, STEPS, LAG)
"""Of all that can be searched for."""

RATE_FACTORS: Final = (0.1, 10.0)
"""Of an optimiser's own rate: beyond, trainings stand still or come to no numbers."""
HIGHEST_RATE: Final = 10.0
MOST_DROPOUT: Final = 0.6
CLIPS: Final = (0.5, 1.0, 1.5)
"""Lengths of a clip, as parts of what was asked for. Each length and lag is gathered by itself, and
kept: hence a few only."""
LAGS: Final = (1.0, 2.0)
MOST_LAG_S: Final = 2.0
MOST_STEPS: Final = 64

Parameters = Mapping[str, Any]
"""A trial's choices by name: text, whole or other numbers."""


@dataclass(frozen=True, slots=True)
class Choices:
    """One of several."""

    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Between two numbers, both included."""

    low: float
    high: float
    is_log: bool = False
    """Each doubling is as likely as the next."""
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Space:
    """What is searched among, around a recipe and a representation.

    Parameters
    ----------
    recipe : Recipe
        What is not searched for stays as it is here.
    representation : Representation
    fixed : frozenset of str
        What of `NAMES` a person has chosen, and so is not searched for.
    """

    recipe: Recipe
    representation: Representation
    fixed: frozenset[str] = frozenset()

    def ranges(self) -> dict[str, Choices | Numbers]:
        """What each parameter that is searched for may be."""
        recipe, shape = self.recipe, self.representation
        steps = {min(MOST_STEPS, max(1, round(part * shape.steps))) for part in CLIPS}
        lags = {round(min(MOST_LAG_S, part * shape.lag_s), 6) for part in LAGS}
        all_of: dict[str, Choices | Numbers] = {
            OPTIMISER: Choices(OPTIMISERS),
            RATE: Numbers(*RATE_FACTORS, is_log=True),
            WIDTH: Numbers(max(1, recipe.width // 2), 2 * recipe.width, is_log=True, is_whole=True),
            DROPOUT: Numbers(0.0, MOST_DROPOUT),
            STEPS: Choices(tuple(sorted(steps))),
            LAG: Choices(tuple(sorted(lags))),
        }
        return {name: all_of[name] for name in NAMES if name not in self.fixed}

    def usual(self) -> dict[str, Any]:
        """What was asked for, as the first trial: a search never comes to less."""
        recipe, shape = self.recipe, self.representation
        own = {
            OPTIMISER: recipe.optimiser,
            RATE: min(
                RATE_FACTORS[1],
                max(RATE_FACTORS[0], recipe.learning_rate / LEARNING_RATES[recipe.optimiser]),
            ),
            WIDTH: recipe.width,
            DROPOUT: min(MOST_DROPOUT, recipe.dropout),
            STEPS: shape.steps,
            LAG: round(shape.lag_s, 6),
        }
        return {name: own[name] for name in self.ranges()}

    def recipe_of(self, chosen: Parameters) -> Recipe:
        """The recipe with a trial's choices."""
        recipe = self.recipe
        optimiser = chosen.get(OPTIMISER, recipe.optimiser)
        rate, decay = recipe.learning_rate, recipe.weight_decay
        if RATE in chosen:
            rate = min(HIGHEST_RATE, chosen[RATE] * LEARNING_RATES[optimiser])
        if optimiser != recipe.optimiser:
            decay = Recipe().weight_decay if optimiser == "adamw" else 0.0
        return replace(
            recipe,
            optimiser=optimiser,
            learning_rate=rate,
            weight_decay=decay,
            width=chosen.get(WIDTH, recipe.width),
            dropout=chosen.get(DROPOUT, recipe.dropout),
        )

    def shape_of(self, chosen: Parameters) -> Representation:
        """What a trial's network sees."""
        shape = self.representation
        return replace(
            shape, steps=chosen.get(STEPS, shape.steps), lag_s=chosen.get(LAG, shape.lag_s)
        )
