"""What is compared: a layout of a network behind a way of seeing motion."""

from __future__ import annotations

from dataclasses import dataclass

from motionapp.core.representation import Representation
from motionapp.training.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Candidate:
    """A network that could be trained."""

    representation: Representation
    recipe: Recipe

    @property
    def frontend(self) -> str:
        """The front-end whose maps it sees."""
        return self.representation.frontend

    @property
    def architecture(self) -> str:
        """The name of its layout."""
        return self.recipe.architecture

    @property
    def key(self) -> str:
        """What tells it from the others of a comparison; fits for a file's name."""
        return f"{self.frontend}-{self.architecture}"

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.architecture} behind {self.frontend}"


def by_frontend(candidates: tuple[Candidate, ...]) -> dict[str, tuple[Candidate, ...]]:
    """The candidates of each front-end, in their order."""
    found: dict[str, tuple[Candidate, ...]] = {}
    for one in candidates:
        found[one.frontend] = (*found.get(one.frontend, ()), one)
    return found
