"""What a person wants searched: a plain value that needs no Optuna."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace
from pathlib import Path

from motionapp.training.search.space import NAMES


@dataclass(frozen=True, slots=True)
class SearchOrder:
    """What a person wants searched."""

    trials: int
    jobs: int
    """Processes that make trials."""
    study: Path
    """Where trials are kept."""
    fixed: frozenset[str] = frozenset()
    """What was chosen, and is not searched for."""
    anew: bool = False
    """Whether trials that were kept are forgotten."""

    def without(self, names: Set[str]) -> SearchOrder:
        """The same, with more that is not searched for."""
        return replace(self, fixed=self.fixed | names)

    @property
    def searched_for(self) -> tuple[str, ...]:
        """The names of what is searched for."""
        return tuple(name for name in NAMES if name not in self.fixed)
