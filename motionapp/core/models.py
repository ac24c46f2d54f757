"""The networks of a road, as one value that a settings change carries."""

from __future__ import annotations

from dataclasses import dataclass

from motionapp.core.seams import PersonFinder, Recogniser


@dataclass(frozen=True, slots=True, eq=False)
class Models:
    """The loaded networks of a road."""

    recogniser: Recogniser | None = None
    """The one that decides an event's label."""
    others: tuple[Recogniser, ...] = ()
    """Those that look at the same bodies beside it."""
    people: PersonFinder | None = None
    """What tells people from whatever else moves; None where nobody is looked for."""
    falls: bool = False
    """Whether bodies with points are watched for falls: that takes no network."""
    note: str = ""
    """One line that says why there is none; empty if there is one or none was asked for."""
    digest: str = ""
    """SHA-256 of the model file, as hex; of several, one after the other."""

    @property
    def all(self) -> tuple[Recogniser, ...]:
        """Every network, the deciding one first."""
        return () if self.recogniser is None else (self.recogniser, *self.others)


NO_MODELS = Models()
"""Nothing is named."""
