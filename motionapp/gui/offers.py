"""What can be chosen in the window. No Qt."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Offers:
    """Front-ends, networks and sources."""

    frontends: tuple[tuple[str, str], ...]
    """Their names, and what each is for."""
    classifiers: tuple[str, ...]
    examples: tuple[tuple[str, str], ...] = ()
    """Titles and sources for the menu of examples."""
