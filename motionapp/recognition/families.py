"""Which movements are of a kind: who goes somewhere, who moves on the spot, who falls.

What is hard to tell apart is of one family, mostly: a walk and a run. A network that knows families
decides first which one it sees, and then which movement of it.

References
----------
Morin, Bengio, "Hierarchical probabilistic neural network language model", AISTATS 2005. Redmon,
Farhadi, "YOLO9000: better, faster, stronger", CVPR 2017, section 4 (a tree of labels).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from motionapp.core.event import UNKNOWN

NONE: Final = "none"
"""The family of what is no movement with a name."""

_MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "locomotion": ("walk", "run", "jog", "side", "skip", "jump"),
    "in place": ("bend", "jack", "pjump", "wave1", "wave2", "clap", "box"),
    "transition": ("fall", "lie-down", "sit-down", "stand-up"),
    "interaction": ("fight", "handshake", "hug", "kick", "point", "punch", "push"),
    NONE: (UNKNOWN,),
}
FAMILIES: Final[Mapping[str, str]] = {
    label: family for family, labels in _MEMBERS.items() for label in labels
}
"""The family of every movement that has one, by its name."""


def families_of(labels: Sequence[str]) -> tuple[str, ...]:
    """The family of each label; empty where one of them has none, or all are of one.

    What a person teaches under a name of their own is of no family that anybody knows; and where
    there is one family alone, there is nothing to decide first.
    """
    found = [FAMILIES.get(label, "") for label in labels]
    return tuple(found) if all(found) and len(set(found)) > 1 else ()
