"""What a search found before a candidate is trained in full: plain values that need no Optuna."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from motionapp.training.comparison.candidate import Candidate
from motionapp.training.search.space import (
    DROPOUT,
    LAG,
    NAMES,
    OPTIMISER,
    RATE,
    STEPS,
    WIDTH,
    Space,
)
from motionapp.training.search.trial import Made

if TYPE_CHECKING:
    from motionapp.training.search.search import Found

GATHERED: Final = frozenset({LAG, STEPS})
"""What has windows of its own, which have to be gathered: not searched for within a limit, of which
half may go to gathering once."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search found for a candidate."""

    wanted: int
    """Trials."""
    trials: int
    """Those that were made; fewer where the time was over."""
    given_up: int
    core_s: float
    """What they took, each on one core."""
    parameters: dict[str, Any]
    """Of the best, by name."""
    asked_accuracy: float
    """Share of windows that is right by the recipe that was asked for: the first trial."""
    found_accuracy: float
    """By the best, chosen on the same folds."""
    unseen_accuracy: float | None
    """Chosen each time by the folds that it is not measured on; None of a single fold."""
    importance: dict[str, float]
    """How much each choice mattered, the most first: shares of 1; empty of too few trials."""

    @property
    def optimism(self) -> float | None:
        """By how much its accuracy is too good for having been chosen; None where nobody knows."""
        if self.unseen_accuracy is None:
            return None
        return max(0.0, self.found_accuracy - self.unseen_accuracy)

    @property
    def is_cut(self) -> bool:
        """Whether the time was over before all trials were made."""
        return self.trials < self.wanted

    def chosen(self, candidate: Candidate) -> Candidate:
        """The candidate with what was found."""
        space = Space(candidate.recipe, candidate.representation)
        return Candidate(space.shape_of(self.parameters), space.recipe_of(self.parameters))

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        return {**asdict(self), "optimism": self.optimism}

    @classmethod
    def of(cls, found: Found, wanted: int, made: tuple[Made, ...]) -> Searched:
        """What a search told.

        Parameters
        ----------
        found : Found
            Of those trials by whose recipes there was time to train.
        wanted : int
        made : tuple of Made
            All trials.
        """
        return cls(
            wanted=wanted,
            trials=len(made),
            given_up=sum(one.is_pruned for one in made),
            core_s=sum(one.took_s for one in made),
            parameters=dict(found.best.parameters),
            asked_accuracy=made[0].value,
            found_accuracy=found.best.value,
            unseen_accuracy=found.unseen,
            importance=found.matters,
        )

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Searched:
        """What `document` was made of.

        Raises
        ------
        KeyError, TypeError, ValueError
            It was none.
        """
        found = cls(**{field.name: document[field.name] for field in fields(cls)})
        if set(found.parameters) - set(NAMES):
            raise ValueError("no search")
        return found


def found_options(candidate: Candidate, searched: Searched) -> list[str]:
    """What was found, as options of `motionapp train`.

    Parameters
    ----------
    candidate : Candidate
        With what was found.
    searched : Searched
    """
    recipe, shape = candidate.recipe, candidate.representation
    values = {
        OPTIMISER: ("--optimiser", recipe.optimiser),
        RATE: ("--learning-rate", repr(recipe.learning_rate)),
        WIDTH: ("--width", str(recipe.width)),
        DROPOUT: ("--dropout", repr(recipe.dropout)),
        STEPS: ("--clip-s", repr(round(shape.steps * shape.grid_s, 6))),
        LAG: ("--lag-s", repr(shape.lag_s)),
    }
    return [word for name in NAMES if name in searched.parameters for word in values[name]]


@dataclass(frozen=True, slots=True)
class Share:
    """What there is of the time for one candidate: its search, and its full training after it."""

    seconds: float
    load_s: float = 0.0
    """Of these, until its windows are at hand again after the search."""
    slower: float = 1.0
    """How much longer than reckoned the trainings before it took."""
