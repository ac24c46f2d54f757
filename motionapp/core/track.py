"""Regions of one thing over time, and the bodies that they belong to."""

from __future__ import annotations

from typing import NamedTuple

from motionapp.core.geometry import Box
from motionapp.core.standing import Standing

UPRIGHT = 1.7
"""Height over width from which a part looks like a whole standing person: arms are broader."""


Trail = tuple[tuple[float, float, float], ...]
"""Where something has been, the oldest place first: seconds, x and y in display pixels."""


class Track(NamedTuple):
    """One moving thing, as far as it is known at a frame.

    A tuple, as a `Box` is: every track is a new value at every frame, and making a frozen
    dataclass of nine fields takes 1.7 µs where this takes 0.7.
    """

    track_id: int
    """Counted from 1 after each rest."""
    box: Box
    """Where it is; a prediction where `is_seen` is false."""
    born_s: float
    """When it was first seen."""
    seen_s: float
    """When it was last seen."""
    is_seen: bool
    """A region belongs to it at this very frame."""
    is_confirmed: bool
    """It has moved long enough to count as motion."""
    group_id: int
    """The body that it belongs to."""
    velocity_px_s: tuple[float, float] = (0.0, 0.0)
    watched_s: float = 0.0
    """For how long a region belonged to it: what confirms it."""
    person: int = 0
    """The person that it is; 0 where it is only something that moves."""
    moving: Box | None = None
    """What moves of a person; None where the box is that."""


class Sought(NamedTuple):
    """What is known of the search for people in one body."""

    waited_s: float
    """From when the body came until a search looked at it; as long as none has, until now."""
    looks: int
    """So often a search has looked at it; 0 while it waits for its first."""


class Group(NamedTuple):
    """Tracks of one body, or of bodies that touch; a tuple, as a track is."""

    group_id: int
    box: Box
    """Round its parts that are seen now; where none is, round where they should be."""
    reach: Box
    """How far it has reached within about the last second, carried along: the whole body, also
    while only a head and a foot move."""
    track_ids: tuple[int, ...]
    is_seen: bool
    """At least one of its tracks is seen at this very frame."""
    is_confirmed: bool
    """At least one of its tracks is confirmed."""
    born_s: float
    label: str | None = None
    """What it does, smoothed; None while no network has looked."""
    score: float | None = None
    person: int = 0
    """The person that it is; 0 where nobody was found."""
    moving: Box | None = None
    """What moves of a person, whose box is the whole of them; None where the box is that."""
    is_nobody: bool = False
    """A search has twice found no person in it: it is given no movement's name."""
    is_faint: bool = False
    """It was called a person, but so faintly that it may as well be nobody: its name waits."""
    sought: Sought | None = None
    """How long it waited to be looked at; None where nobody is looked for, or before it is sure."""
    standing: Standing | None = None
    """Whether it counts for events; None where nobody has judged: then it counts from its birth."""
    trail: Trail = ()
    """Where its middle has been in the last seconds; only who draws it looks at it."""

    @property
    def may_be_nobody(self) -> bool:
        """Whether people are looked for, and none has been found in it, or not yet."""
        return self.is_nobody or (self.sought is not None and not self.person)

    @property
    def moves(self) -> bool:
        """Whether it is motion for events at this very frame."""
        return self.is_seen and (self.standing is None or self.standing.counts)

    @property
    def since_s(self) -> float:
        """Since when its motion counts, or else since when it is known."""
        return self.born_s if self.standing is None else self.standing.since_s

    @property
    def is_settled(self) -> bool:
        """Whether it is confirmed, and no rule waits for what becomes of it."""
        return self.is_confirmed and (self.standing is None or self.standing.is_settled)

    @property
    def is_doubtful(self) -> bool:
        """Whether it may turn out to be leaves or rain."""
        return self.standing is not None and self.standing.is_doubtful


class Bodies(NamedTuple):
    """What a tracker makes of the regions of one frame."""

    tracks: tuple[Track, ...]
    groups: tuple[Group, ...]
    """The bodies behind the tracks, by number."""
