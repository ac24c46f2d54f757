"""What a search found, as people read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from motionapp.training.comparison.candidate import Candidate
from motionapp.training.comparison.searched import Searched
from motionapp.training.search.space import (
    DROPOUT,
    LAG,
    NAMES,
    OPTIMISER,
    RATE,
    STEPS,
    WIDTH,
)

NAMED: Final = {
    OPTIMISER: "optimiser",
    RATE: "learning rate",
    WIDTH: "width",
    DROPOUT: "dropout",
    STEPS: "clip length",
    LAG: "lag",
}
"""What is searched for, as people call it."""


def named(names: Iterable[str]) -> list[str]:
    """Parameters of a search as people call them."""
    return [NAMED[name] for name in names]


def found_text(candidate: Candidate, searched: Searched) -> str:
    """What was found for a candidate, which has it."""
    recipe, shape = candidate.recipe, candidate.representation
    values = {
        OPTIMISER: recipe.optimiser,
        RATE: f"{recipe.learning_rate:.2g}",
        WIDTH: str(recipe.width),
        DROPOUT: f"{recipe.dropout:.2f}",
        STEPS: f"{shape.steps * shape.grid_s:.3g} s",
        LAG: f"{shape.lag_s:.3g} s",
    }
    return ", ".join(f"{NAMED[n]} {values[n]}" for n in NAMES if n in searched.parameters)


def mattered_text(searched: Searched) -> str:
    """What mattered, the most first; empty of too few trials."""
    return ", ".join(f"{NAMED[n]} {100 * share:.0f} %" for n, share in searched.importance.items())


def trials_text(searched: Searched) -> str:
    """How many trials there were, and why no more."""
    short = f" of {searched.wanted}, then the time was over" if searched.is_cut else ""
    return f"{searched.trials}{short}; {searched.given_up} given up"
