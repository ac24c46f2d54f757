"""What is wrong with a data set, as values: which recordings, why it matters, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How much a finding matters; in the order in which they are told."""

    FAULT = "fault"
    """Figures would be wrong, or a recording is left out: to be put right before training."""
    WARNING = "warning"
    """Figures are right, and may not mean what they seem to."""
    NOTE = "note"
    """Worth knowing; nothing is wrong."""


class Kind(Enum):
    """What a finding is about."""

    UNREADABLE = "unreadable"
    DAMAGED = "damaged"
    STRETCH = "stretch"
    DUPLICATE = "duplicate"
    LEAK = "leak"
    SINGLE_GROUP = "single_group"
    NO_GROUPS = "no_groups"
    IMBALANCE = "imbalance"
    BACKGROUND = "background"
    FIRST_FRAME = "first_frame"
    NOT_COMPARED = "not_compared"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found."""

    kind: Kind
    severity: Severity
    sentence: str
    """What it is, with names and figures."""
    advice: str
    """What to do about it."""
    recordings: tuple[str, ...] = ()
    """As the data set names them."""
    labels: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """The worst first; among equals as they were found."""
    worst = list(Severity)
    return tuple(sorted(findings, key=lambda finding: worst.index(finding.severity)))
