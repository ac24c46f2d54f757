"""Figures that are held to bars. Nothing is measured here."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Figure = float | int | str | None


@dataclass(frozen=True, slots=True)
class Bar:
    """What a figure has to be at least, or at most."""

    name: str
    kind: Literal["least", "most"]
    limit: float

    def is_missed(self, value: Figure) -> bool:
        """Whether a figure is on the wrong side; one that was not measured is."""
        if not isinstance(value, int | float):
            return True
        return value < self.limit if self.kind == "least" else value > self.limit

    def said(self, value: Figure) -> str:
        """In words."""
        return f"{self.name} is {value}, at {self.kind} {self.limit:g}"


def missed(figures: Mapping[str, Figure], bars: Sequence[Bar]) -> list[str]:
    """Which bars were missed, in words."""
    return [bar.said(figures.get(bar.name)) for bar in bars if bar.is_missed(figures.get(bar.name))]


def report(figures: Mapping[str, Figure], bars: Sequence[Bar]) -> int:
    """Print figures as JSON and by lines, then which bars were missed; gives the exit code."""
    print(json.dumps(dict(figures)))
    for name, value in figures.items():
        print(f"{name:>28}: {value}")
    wrong = missed(figures, bars)
    print("all bars met" if not wrong else f"missed: {'; '.join(wrong)}", flush=True)
    return 1 if wrong else 0


def share_of(values: Sequence[float], share: float) -> float | None:
    """A percentile of what was measured, rounded; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, math.ceil(share * (len(ordered) - 1)))], 2)
