"""Whether a body counts for events at a frame, and by which rule: decided once, read by all."""

from __future__ import annotations

from typing import Literal, NamedTuple

Rule = Literal["", "displacement", "travel", "visit"]
"""Which rule judged a body: where it stays among leaves or rain, how far it has gone, or whether it
is in the zone. Empty: none of them asks anything of it."""


class Standing(NamedTuple):
    """What eligibility says of a body; a tuple, since every body has a new one at every frame."""

    counts: bool
    """Its motion, when it is seen to move, is motion for events."""
    since_s: float
    """Since when its motion counts; where it does not count, since when the body is known."""
    rule: Rule = ""
    """Of the rules that ask something of it, the first that said no, or else the last."""
    measured: float = 0.0
    """What that rule measured: for both ways, a share of the picture's height."""
    needed: float = 0.0
    """The least of it that counts."""
    is_doubtful: bool = False
    """It counts, but stays where leaves may turn out to stir: an event of such bodies alone is held
    back until that is known."""
    is_settled: bool = True
    """False while it does not count, but may yet: an event that it could keep open waits for it."""
